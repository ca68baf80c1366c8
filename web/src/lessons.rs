//! The lessons that a page can give: those that need no files and only the commands that the page has.

use crate::prompt::pages::{LESSONS, Lesson};
use serde_json::{Value as Json, json};

/// The commands that answers may use.
const COMMANDS: [&str; 6] = [":p", ":t", ":lazy", ":step", ":graph", ":access"];

fn suits(lesson: &&Lesson) -> bool {
    let (steps, _) = lesson.steps();
    let is_known = |line: &str| {
        let word = line.split_whitespace().next().unwrap_or_default();
        !word.starts_with(':') || COMMANDS.contains(&word)
    };
    steps.iter().all(|step| step.files.is_empty() && step.answer.lines().all(is_known))
}

/// All of them, with their steps.
pub(crate) fn all() -> Json {
    let lessons = LESSONS.iter().filter(suits).map(|lesson| {
        let (steps, ending) = lesson.steps();
        let steps = steps.iter().map(|step| {
            let remarks = step.remarks.iter().map(|remark| {
                json!({ "condition": remark.condition, "text": html(&remark.text), "is_part": remark.is_part })
            });
            json!({
                "text": html(&quoted(&step.text)),
                "setup": step.setup,
                "check": step.check,
                "answer": step.answer.trim_end(),
                "hint": html(&step.hint),
                "remarks": remarks.collect::<Vec<_>>(),
            })
        });
        let steps: Vec<Json> = steps.collect();
        json!({ "name": lesson.name, "title": lesson.title(), "steps": steps, "ending": html(&ending) })
    });
    Json::Array(lessons.collect())
}

/// Tasks are quotations.
fn quoted(text: &str) -> String {
    let line = |line: &str| line.strip_prefix("▸ ").map_or_else(|| line.to_owned(), |task| format!("> {task}"));
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn html(markdown: &str) -> String {
    let mut out = String::new();
    pulldown_cmark::html::push_html(&mut out, pulldown_cmark::Parser::new(markdown));
    out
}
