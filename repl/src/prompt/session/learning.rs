//! A lesson under way: its texts, and whether an input does what was asked for.

use super::scope::words;
use super::{Reply, Session};
use crate::output::markdown::render;
use crate::prompt::lessons::{Folder, Kept, LESSONS, Lesson, Step, is_literal};
use crate::prompt::steps::listed;
use nivis::codec::palette::Look;
use nivis::{Result, Value};

/// The progress of a lesson.
pub(super) struct Progress {
    lesson: &'static Lesson,
    steps: Vec<Step>,
    ending: String,
    at: usize,
    /// The folder of its files, if it has any.
    folder: Option<Folder>,
}

impl Session<'_> {
    /// Begins a lesson.
    pub(crate) fn begin_lesson(&mut self, lesson: &'static Lesson) -> Result<Reply> {
        // The folder of another lesson is left first.
        self.lesson = None;
        let (steps, ending) = lesson.steps();
        let has_files = steps.iter().any(|step| !step.files.is_empty());
        let folder = if has_files { (self.host.enter_folder)(lesson.name)? } else { None };
        let place = folder.as_ref().map(|folder| {
            Reply::Output(format!("This session is in {} until the lesson ends.\n", folder.path().display()))
        });
        let at = Some(self.host.lessons.tasks(lesson)).filter(|&tasks| tasks < steps.len()).unwrap_or(0);
        self.lesson = Some(Progress { lesson, steps, ending, at: 0, folder });
        let continues = (at > 0).then(|| {
            let text = format!("Continuing with task {}; ':learn restart' begins with the first.\n", at + 1);
            Reply::Output(text)
        });
        let page = self.begin_step_at(at)?;
        Ok(Reply::Several(place.into_iter().chain(continues).chain([page]).collect()))
    }

    /// Begins with the first task again.
    pub(crate) fn restart_lesson(&mut self) -> Option<Result<Reply>> {
        self.lesson.as_mut()?.at = 0;
        Some(self.begin_step())
    }

    /// Begins a later task, as if those before had been done.
    fn begin_step_at(&mut self, at: usize) -> Result<Reply> {
        let mut page = self.begin_step()?;
        for _ in 0..at {
            let answer = self.lesson_answer().unwrap_or_default().to_owned();
            for input in answer.lines() {
                // Only bindings and files leave something for later tasks.
                let _ = match input.split_once(' ') {
                    Some((":l", file)) => self.load(file),
                    Some((":lf", word)) => self.load_flake(word),
                    _ => self.bind(input),
                };
            }
            page = self.next_step()?;
        }
        Ok(page)
    }

    /// The user's progress in all lessons.
    pub(crate) fn kept_lessons(&self) -> &Kept {
        &self.host.lessons
    }

    /// Help with the current task.
    pub(crate) fn lesson_hint(&self) -> Option<String> {
        let progress = self.lesson.as_ref()?;
        progress.steps.get(progress.at).map(|step| render(&step.hint, self.look()).trim_end().to_owned())
    }

    /// Ends the lesson, and gives its title if there was one.
    pub(crate) fn end_lesson(&mut self) -> Option<&'static str> {
        self.lesson.take().map(|progress| progress.lesson.title())
    }

    /// The lesson under way.
    pub(crate) fn lesson(&self) -> Option<&'static Lesson> {
        self.lesson.as_ref().map(|progress| progress.lesson)
    }

    /// The answer to the current task.
    pub(crate) fn lesson_answer(&self) -> Option<&str> {
        let progress = self.lesson.as_ref()?;
        progress.steps.get(progress.at).map(|step| step.answer.trim_end())
    }

    /// Shows the task at hand again.
    pub(crate) fn lesson_again(&self) -> Option<Reply> {
        self.lesson.as_ref().map(|progress| Reply::Output(self.page(progress)))
    }

    /// Goes on to the next task.
    pub(crate) fn next_step(&mut self) -> Result<Reply> {
        if let Some(progress) = &mut self.lesson {
            progress.at += 1;
        }
        self.begin_step()
    }

    /// Shows the current task after preparing for it. After the last one the lesson ends.
    fn begin_step(&mut self) -> Result<Reply> {
        let Some(progress) = &self.lesson else { return Ok(Reply::Nothing) };
        let page = self.page(progress);
        if let (Some(folder), Some(step)) = (&progress.folder, progress.steps.get(progress.at)) {
            step.files.iter().try_for_each(|(name, text)| folder.write(name, text))?;
        }
        let setup = progress.steps.get(progress.at).map(|step| step.setup.clone());
        match setup {
            None => self.lesson = None,
            Some(setup) if setup.is_empty() => {}
            Some(setup) => {
                self.bind(&setup)?;
            }
        }
        Ok(Reply::Output(page))
    }

    fn page(&self, progress: &Progress) -> String {
        let title = progress.lesson.title();
        let markdown = match progress.steps.get(progress.at) {
            Some(step) => format!("# {title}, {} of {}\n\n{}\n", progress.at + 1, progress.steps.len(), step.text),
            None => {
                let next = LESSONS.iter().skip_while(|lesson| lesson.name != progress.lesson.name).nth(1);
                let next = next.map(|next| format!(" Next: `:learn {}`", next.name)).unwrap_or_default();
                format!("{}\n\nLesson complete: {title}.{next}\n", progress.ending)
            }
        };
        let look = self.look();
        // Tasks are quotations.
        let quoted = |line: &str| line.strip_prefix("▸ ").map_or_else(|| line.to_owned(), |task| format!("> {task}"));
        let markdown = match look == Look::PLAIN {
            true => markdown,
            false => markdown.lines().map(quoted).collect::<Vec<_>>().join("\n"),
        };
        render(&markdown, look).trim_end().to_owned()
    }

    /// Looks at what was typed in a lesson: if that was it, the next step follows.
    pub(super) fn follow_lesson(&mut self, typed: &str, reply: Reply) -> Reply {
        let task = self.lesson.as_ref().and_then(|progress| progress.steps.get(progress.at));
        let is_about_session = [":learn", ":?", ":h", ":q", ":set", ":export", ":explain", ":doc"]
            .iter()
            .any(|command| typed.split_whitespace().next().is_some_and(|word| word.starts_with(command)));
        let Some(check) = task.map(|step| step.check.clone()).filter(|_| !is_about_session) else { return reply };
        if let Some(miss) = self.miss(&check, typed, &reply) {
            let help = render(&miss, self.look()).trim_end().to_owned();
            return Reply::Several(vec![reply, Reply::Output(help)]);
        }
        if let Some(progress) = &self.lesson {
            self.host.lessons.note(progress.lesson, progress.at + 1);
        }
        let next = self.next_step().unwrap_or_else(Reply::Error);
        Reply::Several(vec![reply, Reply::Output("✓ Right.\n".to_owned()), next])
    }

    /// The answer to an input that does not do the task; `None` if it does.
    fn miss(&mut self, check: &str, typed: &str, reply: &Reply) -> Option<String> {
        let answer = self.lesson_answer().and_then(|answer| answer.lines().last()).unwrap_or_default();
        let is_by_hand = is_literal(typed) && !is_literal(answer);
        let is_done = self.is_done(check, typed, reply);
        if is_done && !is_by_hand {
            return None;
        }
        if is_done {
            return Some("✗ That is the result, written by hand. Let Nix compute it.".to_owned());
        }
        Some(self.remark(typed, reply))
    }

    /// The remark of the task for what was typed.
    fn remark(&mut self, typed: &str, reply: &Reply) -> String {
        let steps = self.lesson.as_ref().map_or(&[][..], |progress| &progress.steps);
        let at = self.lesson.as_ref().map_or(0, |progress| progress.at);
        let remarks = steps.get(at).map_or(&[][..], |step| &step.remarks);
        let remarks: Vec<_> =
            remarks.iter().map(|remark| (remark.condition.clone(), remark.text.clone(), remark.is_part)).collect();
        match remarks.into_iter().find(|(condition, ..)| self.is_done(condition, typed, reply)) {
            Some((_, text, true)) => format!("✓ So far so good. {text}"),
            Some((_, text, false)) => format!("✗ {text}"),
            None => {
                "… not yet; `:learn hint` helps, `:learn answer` shows a solution, `:learn again` the task".to_owned()
            }
        }
    }

    /// Evaluates a check. It sees what the user sees, and what was typed and replied.
    fn is_done(&mut self, check: &str, typed: &str, reply: &Reply) -> bool {
        let (mut text, mut failed) = (String::new(), false);
        gather(reply, &mut text, &mut failed);
        // The result of an earlier input is no answer.
        if words(check).any(|word| word == "it") && !has_value(reply) {
            return false;
        }
        self.results.mention(check, &self.scope);
        self.input = "the check of the lesson".to_owned();
        let done = self.inside(|cx, scope| {
            let mut names = scope.to_vec();
            names.push(("typed", cx.string(typed)));
            names.push(("reply", cx.string(&text)));
            names.push(("failed", Value::bool(failed)));
            cx.eval_text(check.into(), &names).map(|value| value == Value::TRUE)
        });
        done.unwrap_or(false)
    }
}

/// True if an input had a value.
fn has_value(reply: &Reply) -> bool {
    match reply {
        Reply::Value(_) => true,
        Reply::Several(replies) => replies.iter().any(has_value),
        _ => false,
    }
}

/// The text of a reply, and whether it is an error.
fn gather(reply: &Reply, text: &mut String, failed: &mut bool) {
    match reply {
        Reply::Value(value) => text.push_str(&String::from_utf8_lossy(value)),
        Reply::Output(output) | Reply::Notice(output) | Reply::Drawn(output, _) => text.push_str(output),
        Reply::Steps(done) => text.push_str(&listed(done, Look { palette: None, width: None })),
        Reply::Explored(explored) => text.push_str(&explored.kind),
        Reply::Error(_) => *failed = true,
        Reply::Several(replies) => replies.iter().for_each(|reply| gather(reply, text, failed)),
        Reply::Nothing
        | Reply::Incomplete
        | Reply::Bound(..)
        | Reply::Slides(_)
        | Reply::Edit(_)
        | Reply::Resume(_)
        | Reply::Quit => {}
    }
}
