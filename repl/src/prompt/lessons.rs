//! The lessons of `:learn`: pages of `docs/lessons`, taken apart.
//!
//! A step is the text up to a task, which is a block quotation. A fence `check` after it has an expression that is true
//! once the task is done, a fence `answer` has inputs that do it. A fence `setup` has bindings that the step begins
//! with, a fence `file NAME` a file that is there from this step on.

mod folder;
#[cfg(test)]
mod tests;

pub(crate) use folder::Folder;

/// A lesson.
#[derive(Debug)]
pub(crate) struct Lesson {
    /// The name of its file.
    pub(crate) name: &'static str,
    text: &'static str,
}

/// A task, and the text before it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Step {
    /// Markdown.
    pub(crate) text: String,
    /// Bindings to begin with.
    pub(crate) setup: String,
    /// Names of files that exist from now on, with their contents.
    pub(crate) files: Vec<(String, String)>,
    /// An expression that is true when the task is done.
    pub(crate) check: String,
    /// Inputs that do it.
    pub(crate) answer: String,
}

macro_rules! lessons {
    ($($name:literal)*) => {
        &[$(Lesson { name: $name, text: include_str!(concat!("../../docs/lessons/", $name, ".md")) },)*]
    };
}

/// All lessons, in the order in which one may take them.
pub(crate) const LESSONS: &[Lesson] = lessons! {
    "values" "attribute-sets" "laziness" "functions" "with-and-inherit" "list-access" "fixpoints" "derivations" "overriding"
    "systems" "purity" "without-flakes" "flakes" "fetching-by-hash"
};

/// The lesson with this name, number from 1 on, or a name that begins like this.
pub(crate) fn find(word: &str) -> Option<&'static Lesson> {
    let by_number = word.parse::<usize>().ok().and_then(|number| LESSONS.get(number.wrapping_sub(1)));
    let by_name = || LESSONS.iter().find(|lesson| lesson.name == word);
    by_number.or_else(by_name).or_else(|| LESSONS.iter().find(|lesson| lesson.name.starts_with(word)))
}

impl Lesson {
    /// Its title.
    pub(crate) fn title(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default().trim_start_matches('#').trim_start()
    }

    /// Its steps, and the text after the last.
    pub(crate) fn steps(&self) -> (Vec<Step>, String) {
        let mut steps = Vec::new();
        let mut step = Step::default();
        let mut fence: Option<&str> = None;
        for line in self.text.lines().skip(1) {
            match (line.strip_prefix("```"), fence) {
                (Some(kind), None) => {
                    fence = Some(kind);
                    step.files.extend(kind.strip_prefix("file ").map(|name| (name.to_owned(), String::new())));
                }
                (Some(_), Some("answer")) => {
                    steps.push(std::mem::take(&mut step));
                    fence = None;
                    continue;
                }
                (Some(_), Some(_)) => {
                    if !matches!(fence.take(), Some("setup" | "check")) {
                        step.push(line);
                    }
                    continue;
                }
                _ => {}
            }
            match fence {
                Some("setup" | "check" | "answer") if line.starts_with("```") => {}
                Some("setup") => push(&mut step.setup, line),
                Some("check") => push(&mut step.check, line),
                Some("answer") => push(&mut step.answer, line),
                Some(kind) if kind.starts_with("file ") && !line.starts_with("```") => {
                    step.push(line);
                    step.files.last_mut().into_iter().for_each(|(_, text)| push(text, line));
                }
                _ => step.push(line),
            }
        }
        steps.iter_mut().for_each(Step::trim);
        step.trim();
        (steps, step.text)
    }
}

impl Step {
    /// Adds a line of text. Empty lines, which fences that are not shown leave, don't add up.
    fn push(&mut self, line: &str) {
        if !line.is_empty() || !self.text.ends_with("\n\n") {
            push(&mut self.text, &as_task(line));
        }
    }

    fn trim(&mut self) {
        self.text = self.text.trim().to_owned();
    }
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// A line of a quotation with the sign that stands before tasks.
fn as_task(line: &str) -> String {
    line.strip_prefix("> ").map_or_else(|| line.to_owned(), |task| format!("▸ {task}"))
}
