//! The lessons of `:learn`, which are `docs/lessons/*.md`: their sessions are run, and their answers are right.

use crate::support::{accepts, files, isolated, project, run_with_input};
use crate::{markdown, sessions, support};
use libtest_mimic::{Failed, Trial};
use std::path::Path;
use std::process::Command;

/// The message for a finished task.
const RIGHT: &str = "✓ Right.";

/// One trial per session in a lesson, and one for the answers of each lesson.
pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = sessions::trials_in("docs/lessons", "lessons");
    if !accepts() {
        let lessons = files(&project().join("docs/lessons"), ".md").into_iter();
        for path in lessons {
            let (name, other) = (markdown::stem(&path), path.clone());
            trials.push(Trial::test(format!("lessons/{name}: answers"), move || check(&path)));
            trials.push(Trial::test(format!("lessons/{name}: mistakes"), move || check_mistakes(&other)));
        }
    }
    trials
}

/// The inputs of each answer.
fn answers(text: &str) -> Vec<String> {
    let fences = text.split("\n```answer\n").skip(1);
    fences.map(|rest| rest.split_once("```").map_or("", |(answer, _)| answer).to_owned()).collect()
}

/// Each task is finished by its answer, and not without it.
fn check(path: &Path) -> Result<(), Failed> {
    let answers = answers(&std::fs::read_to_string(path)?);
    for count in 0..=answers.len() {
        let inputs = format!(":learn {}\n{}\"something else\"\n", markdown::stem(path), answers[..count].concat());
        let said = replies(&inputs)?;
        let right = said.matches(RIGHT).count();
        let has_ended = said.contains("Lesson complete: ");
        if right != count || has_ended != (count == answers.len()) {
            return Err(format!("{right} tasks are done by {count} answers\n{said}").into());
        }
    }
    Ok(())
}

/// A usual mistake, or the first half of an answer: the task that it is about, the input, and what is said to it.
struct Remark {
    task: usize,
    input: String,
    text: String,
}

fn remarks(text: &str) -> Vec<Remark> {
    let tasks = text.split("\n```answer\n").enumerate();
    let in_task = |(task, text): (usize, &str)| {
        let fences = ["\n```wrong ", "\n```partly "].map(|fence| text.split(fence).skip(1).collect::<Vec<_>>());
        let remark = move |fence: &str| {
            let (input, rest) = fence.split_once('\n')?;
            let (_, text) = rest.split_once('\n')?;
            let text = text.split_once("\n```")?.0.split_whitespace().collect::<Vec<_>>().join(" ");
            Some(Remark { task, input: input.to_owned(), text })
        };
        fences.concat().into_iter().filter_map(remark).collect::<Vec<_>>()
    };
    tasks.flat_map(in_task).collect()
}

/// A mistake is no answer, and is told what it is.
fn check_mistakes(path: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(path)?;
    let answers = answers(&text);
    let mut problems = String::new();
    for Remark { task, input, text } in remarks(&text) {
        let inputs = format!(":learn {}\n{}{input}\n", markdown::stem(path), answers[..task].concat());
        let said = replies(&inputs)?;
        let is_said = said.lines().any(|line| line.ends_with(&text));
        if !is_said || said.matches(RIGHT).count() != task {
            let last: Vec<&str> = said.lines().rev().take(4).collect();
            problems.push_str(&format!("task {}: {input}\n  is not told: {text}\n  but: {last:?}\n", task + 1));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

fn replies(inputs: &str) -> Result<String, Failed> {
    let folder = tempfile::tempdir()?;
    let mut command = isolated(Command::new(env!("CARGO_BIN_EXE_nivis")));
    command.arg("repl").env("_NIX_TEST_REPL_ECHO", "1").current_dir(folder.path());
    let output = run_with_input(command, inputs.as_bytes())?;
    let both = [output.stdout, output.stderr].concat();
    Ok(String::from_utf8_lossy(&support::neutral(folder.path(), &both)).into_owned())
}
