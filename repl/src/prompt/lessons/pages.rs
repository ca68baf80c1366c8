//! Lessons: pages of `docs/lessons`, taken apart.
//!
//! A step is the text up to a task, which is a block quotation. A fence `check` after it has an expression that is true
//! once the task is done, a fence `answer` has inputs that do it. A fence `setup` has bindings that the step begins
//! with, a fence `file NAME` a file that is there from this step on. A fence `hint` helps without giving the answer away.
//! A fence `wrong INPUT` is about a usual mistake, of which INPUT is an example: its first line is an expression that is
//! true then, the others say why it is one. A fence `partly INPUT` is the same for the first half of an answer. A fence
//! `claim` has an expression that is true in nixpkgs, where `pkgs` and `lib` are its own: a test checks what the text
//! says about it.

/// A lesson.
#[derive(Debug)]
pub(crate) struct Lesson {
    /// The name of its file.
    pub(crate) name: &'static str,
    pub(super) text: &'static str,
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
    /// Help.
    pub(crate) hint: String,
    /// The answers to usual mistakes and to halves of answers.
    pub(crate) remarks: Vec<Remark>,
}

/// An answer to an input that does not do the task.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Remark {
    /// An expression that is true of such an input.
    pub(crate) condition: String,
    pub(crate) text: String,
    /// The input does a part of the task.
    pub(crate) is_part: bool,
}

macro_rules! lessons {
    ($($name:literal)*) => {
        &[$(Lesson { name: $name, text: include_str!(concat!("../../../docs/lessons/", $name, ".md")) },)*]
    };
}

/// All lessons, in the order in which one may take them.
pub(crate) const LESSONS: &[Lesson] = lessons! {
    "values" "strings-and-paths" "attribute-sets" "laziness" "functions" "lists-and-folds" "recursion" "with-and-inherit"
    "list-access" "reading-errors" "import" "fixpoints" "derivations" "overriding" "overlays" "callpackage" "modules"
    "systems" "cross" "purity" "without-flakes" "flakes" "fetching-by-hash" "lock-files"
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
        let mut reader = StepReader::default();
        self.text.lines().skip(1).for_each(|line| reader.line(line));
        let StepReader { mut steps, step: mut rest, .. } = reader;
        steps.iter_mut().for_each(Step::trim);
        rest.trim();
        (steps, rest.text)
    }
}

/// The steps of a page, while it is read.
#[derive(Default)]
struct StepReader<'p> {
    steps: Vec<Step>,
    /// The step that has no answer yet.
    step: Step,
    /// The kind of the fence that is open.
    fence: Option<&'p str>,
}

impl<'p> StepReader<'p> {
    fn line(&mut self, line: &'p str) {
        match (line.strip_prefix("```"), self.fence) {
            (Some(kind), None) => self.open(kind, line),
            (Some(_), Some(kind)) => self.close(kind, line),
            (None, Some(kind)) => self.step.push_fenced(kind, line),
            (None, None) => self.step.push(line),
        }
    }

    fn open(&mut self, kind: &'p str, line: &str) {
        self.fence = Some(kind);
        self.step.files.extend(kind.strip_prefix("file ").map(|name| (name.to_owned(), String::new())));
        if is_remark(kind) {
            self.step.remarks.push(Remark { is_part: kind.starts_with("partly "), ..Remark::default() });
        }
        if !is_hidden(kind) {
            self.step.push(line);
        }
    }

    fn close(&mut self, kind: &str, line: &str) {
        self.fence = None;
        match kind {
            "answer" => self.steps.push(std::mem::take(&mut self.step)),
            _ if is_hidden(kind) => {}
            _ => self.step.push(line),
        }
    }
}

impl Step {
    /// Adds a line of a fence. Lines of files and other code are shown.
    fn push_fenced(&mut self, kind: &str, line: &str) {
        match kind {
            "setup" => push(&mut self.setup, line),
            "check" => push(&mut self.check, line),
            "answer" => push(&mut self.answer, line),
            "hint" => push(&mut self.hint, line),
            "claim" => {}
            _ if is_remark(kind) => self.remark(line),
            _ => {
                self.push(line);
                let file = self.files.last_mut().filter(|_| kind.starts_with("file "));
                file.into_iter().for_each(|(_, text)| push(text, line));
            }
        }
    }

    /// Adds a line of text. Empty lines, which fences that are not shown leave, don't add up.
    fn push(&mut self, line: &str) {
        if !line.is_empty() || !self.text.ends_with("\n\n") {
            push(&mut self.text, &as_task(line));
        }
    }

    /// A line of a remark: the condition, or its text.
    fn remark(&mut self, line: &str) {
        let Some(remark) = self.remarks.last_mut() else { return };
        if remark.condition.is_empty() {
            remark.condition = line.to_owned();
        } else {
            remark.text.push_str(if remark.text.is_empty() { "" } else { " " });
            remark.text.push_str(line.trim());
        }
    }

    fn trim(&mut self) {
        self.text = self.text.trim().to_owned();
    }
}

fn is_remark(kind: &str) -> bool {
    kind.starts_with("wrong ") || kind.starts_with("partly ")
}

/// True for fences that are not part of the page.
fn is_hidden(kind: &str) -> bool {
    matches!(kind, "setup" | "check" | "answer" | "hint" | "claim") || is_remark(kind)
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// A line of a quotation with the sign that stands before tasks.
fn as_task(line: &str) -> String {
    line.strip_prefix("> ").map_or_else(|| line.to_owned(), |task| format!("▸ {task}"))
}
