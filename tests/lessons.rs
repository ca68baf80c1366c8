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
        trials.extend(
            lessons
                .map(|path| Trial::test(format!("lessons/{}: answers", markdown::stem(&path)), move || check(&path))),
        );
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

fn replies(inputs: &str) -> Result<String, Failed> {
    let folder = tempfile::tempdir()?;
    let mut command = isolated(Command::new(env!("CARGO_BIN_EXE_nivis")));
    command.arg("repl").env("_NIX_TEST_REPL_ECHO", "1").current_dir(folder.path());
    let output = run_with_input(command, inputs.as_bytes())?;
    let both = [output.stdout, output.stderr].concat();
    Ok(String::from_utf8_lossy(&support::neutral(folder.path(), &both)).into_owned())
}
