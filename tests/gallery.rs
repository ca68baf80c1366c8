//! The pages in `docs` that show errors: `errors.md` is the gallery, `error-json.md` describes the JSON form.
//!
//! The word after `nix` is the name of the program's file, in `/`. The fence after it is the text for people:
//! `error`, or `warning` for a program that has a value; `trace` is the error with `--show-trace`, `json` is the JSON
//! form.

use crate::markdown::{self, Case, CaseIo};
use crate::support::project;
use libtest_mimic::{Failed, Trial};
use nivis::io::Message;
use nivis::report;
use nivis::{Engine, Settings};
use std::rc::Rc;

/// One trial per program; when accepting, one per page.
pub(crate) fn trials() -> Vec<Trial> {
    let page =
        |name: &str| markdown::trials(&format!("gallery/{name}"), &project().join(format!("docs/{name}.md")), run);
    ["errors", "error-json"].into_iter().flat_map(page).collect()
}

fn run(case: &Case, kind: &str) -> Result<String, Failed> {
    let json = kind == "json";
    let show = if json {
        |message: &Message<'_>| message.json().into_bytes()
    } else {
        |message: &Message<'_>| message.pretty(false)
    };
    let path = format!("/{}", case.words.first().map_or("example.nix", String::as_str));
    let mut case = case.clone();
    case.files.push((path.clone(), case.program.clone()));
    let io = CaseIo::new(&case, show);
    let mut engine = Engine::with_io(Settings::default(), Box::new(io.clone())).with_console(Rc::new(io.clone()));
    let result = engine.eval_file(path.as_str()).and_then(|value| engine.render(&value));
    let said = io.messages();
    let told = match (kind, result) {
        ("warning", Ok(value)) => value,
        ("error" | "trace", Err(error)) => report::pretty(&error, engine.sources(), false, kind == "trace"),
        ("json", Err(error)) => report::json(&error, engine.sources()),
        (_, Ok(value)) => return Err(format!("has a value: {value}").into()),
        (_, Err(error)) => return Err(format!("failed: {error}").into()),
    };
    let separator = if json { "\n" } else { "\n\n" };
    Ok(said.into_iter().chain([told]).collect::<Vec<_>>().join(separator))
}
