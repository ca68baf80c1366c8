//! The pages in `docs` that show errors: `errors.md` is the gallery, `error-json.md` describes the JSON form.
//!
//! The word after `nix` is the name of the program's file, in `/`. The fence after it is the text for people:
//! `error`, or `warning` for a program that has a value; `trace` is the error with `--show-trace`, `json` is the JSON
//! form.

use crate::markdown::{self, Case, CaseIo};
use crate::support::project;
use libtest_mimic::{Failed, Trial};
use nivis::codec::palette::Look;
use nivis::codec::terminal::columns;
use nivis::io::Message;
use nivis::report;
use nivis::{Engine, Settings};
use std::collections::HashSet;
use std::rc::Rc;

/// The widths at which the gallery is shown.
const WIDTHS: [usize; 4] = [40, 80, 120, 200];

/// One trial per program; when accepting, one per page. At each width, one for the gallery.
pub(crate) fn trials() -> Vec<Trial> {
    let widths =
        WIDTHS.into_iter().map(|width| Trial::test(format!("gallery/errors: width {width}"), move || at_width(width)));
    let page =
        |name: &str| markdown::trials(&format!("gallery/{name}"), &project().join(format!("docs/{name}.md")), run);
    ["errors", "error-json"].into_iter().flat_map(page).chain(widths).collect()
}

/// At a terminal of this width no line is too long, no word is divided, and all carets are there.
fn at_width(width: usize) -> Result<(), Failed> {
    let cases = markdown::cases(&std::fs::read_to_string(project().join("docs/errors.md"))?);
    let mut problems = String::new();
    for case in &cases {
        let kind = case.kinds().next().unwrap_or("error");
        let narrow = shown(case, kind, Look { palette: None, width: Some(width) })?;
        let wide = shown(case, kind, Look { palette: None, width: Some(10_000) })?;
        for line in narrow.lines().filter(|line| columns(line) > width) {
            problems.push_str(&format!("{}: too long: {line}\n", case.name));
        }
        if lines_with(&narrow, '^') < lines_with(&wide, '^') {
            problems.push_str(&format!("{}: carets are missing:\n{narrow}\n", case.name));
        }
        let words = words(&narrow);
        let divided =
            words_of_prose(&wide).into_iter().find(|word| columns(word) + 12 < width && !words.contains(word));
        if let Some(word) = divided {
            problems.push_str(&format!("{}: '{word}' is divided:\n{narrow}\n", case.name));
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

/// The number of lines that underline something.
fn lines_with(text: &str, sign: char) -> usize {
    text.lines().filter(|line| line.contains(sign)).count()
}

fn words(text: &str) -> HashSet<&str> {
    text.split_whitespace().collect()
}

/// The words of titles and notes. Source lines may be cut.
fn words_of_prose(text: &str) -> Vec<&str> {
    let is_prose = |line: &&str| !line.contains(['│', '┌']);
    text.lines().filter(is_prose).flat_map(str::split_whitespace).collect()
}

fn run(case: &Case, kind: &str) -> Result<String, Failed> {
    shown(case, kind, Look::PLAIN)
}

fn shown(case: &Case, kind: &str, look: Look) -> Result<String, Failed> {
    let json = kind == "json";
    let show: fn(&Message<'_>, Look) -> Vec<u8> = if json {
        |message: &Message<'_>, _: Look| message.json().into_bytes()
    } else {
        |message: &Message<'_>, look: Look| message.pretty(look)
    };
    let show = move |message: &Message<'_>| show(message, look);
    let path = format!("/{}", case.words.first().map_or("example.nix", String::as_str));
    let mut case = case.clone();
    case.files.push((path.clone(), case.program.clone()));
    let io = CaseIo::new(&case, show);
    let mut engine = Engine::with_io(Settings::default(), Box::new(io.clone())).with_console(Rc::new(io.clone()));
    let result = engine.eval_file(path.as_str()).and_then(|value| engine.render(&value));
    let said = io.messages();
    let told = match (kind, result) {
        ("warning", Ok(value)) => value,
        ("error" | "trace", Err(error)) => report::pretty(&error, engine.sources(), look, kind == "trace"),
        ("json", Err(error)) => report::json(&error, engine.sources()),
        (_, Ok(value)) => return Err(format!("has a value: {value}").into()),
        (_, Err(error)) => return Err(format!("failed: {error}").into()),
    };
    let separator = if json { "\n" } else { "\n\n" };
    Ok(said.into_iter().chain([told]).collect::<Vec<_>>().join(separator))
}
