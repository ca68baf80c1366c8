//! `:learn`: lessons with tasks.

use crate::command_line::words::usage;
use crate::output::wrap::add_wrapped;
use crate::prompt::lessons::{LESSONS, find};
use crate::prompt::session::{Reply, Session};
use nivis::Result;
use std::fmt::Write as _;

pub(super) fn learn(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    match argument {
        "" => Ok(Reply::Output(contents(session))),
        "answer" => session.lesson_answer().map(indented).map(Reply::Output).ok_or_else(no_lesson),
        "hint" => session.lesson_hint().map(Reply::Output).ok_or_else(no_lesson),
        "restart" => session.restart_lesson().ok_or_else(no_lesson)?,
        "again" => session.lesson_again().ok_or_else(no_lesson),
        "next" if session.lesson().is_some() => session.next_step(),
        "next" => {
            let next = LESSONS.iter().find(|lesson| !session.kept_lessons().has_done(lesson));
            session.begin_lesson(next.ok_or_else(|| usage("all lessons are done"))?)
        }
        "stop" => {
            let title = session.end_lesson().ok_or_else(no_lesson)?;
            Ok(Reply::Output(format!("Left the lesson: {title}.")))
        }
        word => {
            let unknown = || usage(format!("there is no lesson '{word}'; ':learn' lists the lessons"));
            session.begin_lesson(find(word).ok_or_else(unknown)?)
        }
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

const HELP: &str = "':learn 3' or ':learn laziness' begins a lesson, ':learn next' the first that is not done. Type what \
                    you like; the lesson continues when the task is done. In a lesson, ':learn hint' helps, ':learn \
                    answer' shows a solution, ':learn again' the task. ':learn next' skips the task, ':learn restart' \
                    begins with the first, ':learn stop' ends the lesson.";

fn no_lesson() -> nivis::Error {
    usage("no lesson is running; ':learn' lists the lessons")
}

fn contents(session: &Session<'_>) -> String {
    let mut text = "Lessons:\n".to_owned();
    for (index, lesson) in LESSONS.iter().enumerate() {
        let is_current = session.lesson().is_some_and(|current| current.name == lesson.name);
        let (done, all) = (session.kept_lessons().tasks(lesson), lesson.steps().0.len());
        let mark = match (is_current, done >= all) {
            (true, _) => "▸",
            (false, true) => "✓",
            (false, false) => " ",
        };
        let part = if (1..all).contains(&done) { format!("  ({done}/{all})") } else { String::new() };
        let _ = writeln!(text, "{mark}{:3}  {:18} {}{part}", index + 1, lesson.name, lesson.title());
    }
    text.push('\n');
    add_wrapped(&mut text, "", HELP, session.look().width.unwrap_or(80).min(80));
    text.trim_end().to_owned()
}

/// The words that can follow `:learn`.
pub(super) fn words(before: &str) -> Vec<String> {
    let lessons = LESSONS.iter().map(|lesson| lesson.name);
    let words = lessons.chain(["again", "answer", "hint", "next", "restart", "stop"]).map(str::to_owned);
    if before.trim().is_empty() { words.collect() } else { Vec::new() }
}
