//! The user's progress in each lesson, kept between sessions.

use super::Lesson;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// The number of tasks done, by lesson, and the file that keeps it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    file: Option<PathBuf>,
    done: BTreeMap<String, usize>,
}

impl Kept {
    /// Reads a file of lines `NAME TASKS`. There is none the first time.
    pub(crate) fn read(file: Option<PathBuf>) -> Self {
        let text = file.as_ref().and_then(|file| fs::read_to_string(file).ok()).unwrap_or_default();
        let done = text.lines().filter_map(|line| {
            let (name, count) = line.split_once(' ')?;
            Some((name.to_owned(), count.trim().parse().ok()?))
        });
        Self { done: done.collect(), file }
    }

    /// The number of tasks of a lesson that are done.
    pub(crate) fn tasks(&self, lesson: &Lesson) -> usize {
        self.done.get(lesson.name).copied().unwrap_or(0)
    }

    /// True if all tasks of a lesson are done.
    pub(crate) fn has_done(&self, lesson: &Lesson) -> bool {
        self.tasks(lesson) >= lesson.steps().0.len()
    }

    /// Notes that this many tasks of a lesson are done. A lesson goes on if the file can't be written.
    pub(crate) fn note(&mut self, lesson: &Lesson, tasks: usize) {
        let known = self.done.entry(lesson.name.to_owned()).or_default();
        if *known >= tasks {
            return;
        }
        *known = tasks;
        let Some(file) = &self.file else { return };
        let text: String = self.done.iter().map(|(name, tasks)| format!("{name} {tasks}\n")).collect();
        let _ = file.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(file, text));
    }
}
