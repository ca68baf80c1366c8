//! The rooms of the library depend one way: a room imports only those to its left.

use crate::support::{files, project};
use libtest_mimic::{Failed, Trial};
use std::fs;
use std::path::Path;

/// The rooms, lowest first. ARCHITECTURE.md quotes this list.
const ROOMS: &[&str] = &[
    "path",
    "stack",
    "codec",
    "heap",
    "source",
    "symbol",
    "error",
    "flake_ref",
    "settings",
    "io",
    "syntax",
    "ir",
    "lower",
    "cache",
    "value",
    "store",
    "fetch",
    "eval",
    "print",
    "flake",
    "builtins",
    "report",
    "engine",
];

/// Imports that go up nevertheless, as `room -> room`.
const EXCEPTIONS: &[&str] = &[
    // Messages show values, and printing evaluates them.
    "eval -> print",
    // Settings hold what is configured of flakes, and an entry of the search path may be a flake.
    "eval -> flake",
];

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("layers/rooms import only rooms below them", || check(&project().join("src"))),
        Trial::test("layers/an import of a room above is found", finds_upward_imports),
    ]
}

fn check(sources: &Path) -> Result<(), Failed> {
    let mut upward = Vec::new();
    for file in files(sources, ".rs") {
        let text = fs::read_to_string(&file)?;
        let inside = file.strip_prefix(sources)?;
        if inside.iter().any(|name| name == "tests" || name == "tests.rs") {
            continue;
        }
        let first = inside.iter().next().and_then(|name| name.to_str()).unwrap_or_default();
        let room = first.strip_suffix(".rs").unwrap_or(first);
        let found = upward_imports(room, &text).into_iter();
        upward.extend(found.map(|(line, above)| format!("src/{}:{line}: {room} -> {above}", inside.display())));
    }
    if upward.is_empty() { Ok(()) } else { Err(upward.join("\n").into()) }
}

/// The lines that name a room above this one, and that room. Unit tests and documentation may name any.
fn upward_imports<'t>(room: &str, text: &'t str) -> Vec<(usize, &'t str)> {
    let position = |name: &str| ROOMS.iter().position(|known| *known == name);
    let Some(own) = position(room) else { return Vec::new() };
    let code = text.lines().take_while(|line| *line != "#[cfg(test)]").enumerate();
    let code = code.filter(|(_, line)| !line.trim_start().starts_with("//"));
    let named = code.flat_map(|(index, line)| named_rooms(line).map(move |name| (index + 1, name)));
    let is_upward = |name: &str| {
        position(name).is_some_and(|other| other > own) && !EXCEPTIONS.contains(&&*format!("{room} -> {name}"))
    };
    named.filter(|(_, name)| is_upward(name)).collect()
}

/// The rooms in `crate::room` and `crate::{room, room}`.
fn named_rooms(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::").skip(1).flat_map(|rest| {
        let list = rest.strip_prefix('{').and_then(|rest| rest.split('}').next());
        let names =
            list.unwrap_or_else(|| rest.split(|c: char| c != '_' && !c.is_alphanumeric()).next().unwrap_or_default());
        names.split(',').map(|name| name.trim().split("::").next().unwrap_or_default())
    })
}

fn finds_upward_imports() -> Result<(), Failed> {
    let text =
        "use crate::io::Io;\nuse crate::{heap, report::Message};\nfn f() { crate::eval::g(); crate::print::h() }";
    let found = upward_imports("eval", text);
    if found != [(2, "report")] || !upward_imports("report", text).is_empty() {
        return Err(format!("{found:?}").into());
    }
    Ok(())
}
