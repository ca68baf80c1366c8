//! A lesson under way: its texts, and whether an input does what was asked for.

use super::{Reply, Session};
use crate::prompt::lessons::{Folder, Lesson, Step};
use crate::tasks::explain::render;
use nivis::{Result, Value};

/// How far a lesson has come.
pub(super) struct Progress {
    lesson: &'static Lesson,
    steps: Vec<Step>,
    ending: String,
    at: usize,
    /// Where its files are, if it has any.
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
        self.lesson = Some(Progress { lesson, steps, ending, at: 0, folder });
        let page = self.begin_step()?;
        Ok(match place {
            Some(place) => Reply::Several(vec![place, page]),
            None => page,
        })
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
            None if progress.ending.is_empty() => format!("Lesson complete: {title}\n"),
            None => format!("{}\n\nLesson complete: {title}\n", progress.ending),
        };
        render(&markdown, self.colours).trim_end().to_owned()
    }

    /// Looks at what was typed in a lesson: if that was it, the next step follows.
    pub(super) fn follow_lesson(&mut self, typed: &str, reply: Reply) -> Reply {
        let task = self.lesson.as_ref().and_then(|progress| progress.steps.get(progress.at));
        let is_about_session = [":learn", ":?", ":h", ":q", ":set", ":export", ":explain", ":doc"]
            .iter()
            .any(|command| typed.split_whitespace().next().is_some_and(|word| word.starts_with(command)));
        let Some(check) = task.map(|step| step.check.clone()).filter(|_| !is_about_session) else { return reply };
        if !self.is_done(&check, typed, &reply) {
            let help = "… not yet; ':learn answer' shows a solution, ':learn again' the task";
            return Reply::Several(vec![reply, Reply::Output(help.to_owned())]);
        }
        let next = self.next_step().unwrap_or_else(Reply::Error);
        Reply::Several(vec![reply, Reply::Output("✓ Right.\n".to_owned()), next])
    }

    /// Evaluates a check. It sees what the user sees, and what was typed and replied.
    fn is_done(&mut self, check: &str, typed: &str, reply: &Reply) -> bool {
        let (mut text, mut failed) = (String::new(), false);
        gather(reply, &mut text, &mut failed);
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

/// The text of a reply, and whether it is an error.
fn gather(reply: &Reply, text: &mut String, failed: &mut bool) {
    match reply {
        Reply::Value(value) => text.push_str(&String::from_utf8_lossy(value)),
        Reply::Output(output) | Reply::Drawn(output, _) => text.push_str(output),
        Reply::Error(_) => *failed = true,
        Reply::Several(replies) => replies.iter().for_each(|reply| gather(reply, text, failed)),
        Reply::Nothing | Reply::Incomplete | Reply::Bound(..) | Reply::Edit(_) | Reply::Resume(_) | Reply::Quit => {}
    }
}
