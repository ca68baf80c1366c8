//! `:learn`: lessons with tasks.

use crate::command_line::words::usage;
use crate::prompt::lessons::{LESSONS, find};
use crate::prompt::session::{Reply, Session};
use nivis::Result;
use std::fmt::Write as _;

pub(super) fn learn(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    match argument {
        "" => Ok(Reply::Output(contents(session))),
        "answer" => {
            let answer = session.lesson_answer().ok_or_else(no_lesson)?;
            Ok(Reply::Output(answer.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")))
        }
        "again" => session.lesson_again().ok_or_else(no_lesson),
        "next" if session.lesson().is_some() => session.next_step(),
        "next" => Err(no_lesson()),
        "stop" => {
            let title = session.end_lesson().ok_or_else(no_lesson)?;
            Ok(Reply::Output(format!("Left the lesson: {title}.")))
        }
        word => {
            let lesson =
                find(word).ok_or_else(|| usage(format!("there is no lesson '{word}'; ':learn' lists the lessons")))?;
            session.begin_lesson(lesson)
        }
    }
}

fn no_lesson() -> nivis::Error {
    usage("no lesson is running; ':learn' lists the lessons")
}

fn contents(session: &Session<'_>) -> String {
    let mut text = "Lessons:\n".to_owned();
    for (index, lesson) in LESSONS.iter().enumerate() {
        let mark = if session.lesson().is_some_and(|current| current.name == lesson.name) { "▸" } else { " " };
        let _ = writeln!(text, "{mark}{:3}  {:18} {}", index + 1, lesson.name, lesson.title());
    }
    text.push_str(
        "\n':learn 3' or ':learn laziness' begins a lesson. Type what you like; the lesson\n\
         continues when the task is done. ':learn answer' shows a solution, ':learn again'\n\
         the task. ':learn next' skips the task, ':learn stop' ends the lesson.",
    );
    text
}

/// The words that can follow `:learn`.
pub(super) fn words(before: &str) -> Vec<String> {
    let lessons = LESSONS.iter().map(|lesson| lesson.name);
    let words = lessons.chain(["again", "answer", "next", "stop"]).map(str::to_owned);
    if before.trim().is_empty() { words.collect() } else { Vec::new() }
}
