//! Rooms depend one way: a room imports only those to its left.

use crate::support::{files, project};
use libtest_mimic::{Failed, Trial};
use std::fs;
use std::path::Path;

/// The rooms of a crate, lowest first, and the imports that go up nevertheless, as `room -> room`.
struct House {
    sources: &'static str,
    rooms: &'static [&'static [&'static str]],
    exceptions: &'static [&'static str],
}

/// The library. ARCHITECTURE.md quotes the list.
const LIBRARY: House = House {
    sources: "src",
    rooms: &[
        &["path", "stack", "cores", "codec", "heap", "source", "symbol", "error", "flake_ref", "settings", "io"],
        &["syntax", "ir", "lower", "ahead", "cache", "value", "store", "record", "world", "fetch"],
        &["eval", "print", "flake", "builtins", "report", "engine", "front", "lib"],
    ],
    // Messages show values, and printing evaluates them.
    exceptions: &["eval -> print"],
};

/// The program.
const PROGRAM: House = House {
    sources: "repl/src",
    rooms: &[&["output", "command_line", "config", "tasks", "prompt", "main"]],
    exceptions: &[],
};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("layers/rooms of the library import only rooms below them", || check(&LIBRARY)),
        Trial::test("layers/rooms of the program import only rooms below them", || check(&PROGRAM)),
        Trial::test("layers/an import of a room above is found", finds_upward_imports),
    ]
}

fn check(house: &House) -> Result<(), Failed> {
    let mut upward = Vec::new();
    let sources = project().join(house.sources);
    for file in files(&sources, ".rs") {
        let text = fs::read_to_string(&file)?;
        let inside = file.strip_prefix(&sources)?;
        if inside.iter().any(|name| name == "tests" || name == "tests.rs") {
            continue;
        }
        let room = room_of(inside);
        if house.height(&room).is_none() {
            return Err(format!("{} is in no room of tests/layers.rs", file.display()).into());
        }
        let found = house.upward_imports(&room, &from_root(&text, inside));
        let place = |(line, above)| format!("{}/{}:{line}: {room} -> {above}", house.sources, inside.display());
        upward.extend(found.into_iter().map(place));
    }
    if upward.is_empty() { Ok(()) } else { Err(upward.join("\n").into()) }
}

fn room_of(inside: &Path) -> String {
    let first = inside.iter().next().and_then(|name| name.to_str()).unwrap_or_default();
    first.strip_suffix(".rs").unwrap_or(first).to_owned()
}

/// The text with `crate::` for as many `super::` as lead to the root.
fn from_root(text: &str, inside: &Path) -> String {
    let own = usize::from(!inside.ends_with("mod.rs"));
    text.replace(&"super::".repeat(inside.iter().count() - 1 + own), "crate::")
}

impl House {
    fn height(&self, room: &str) -> Option<usize> {
        self.rooms.iter().copied().flatten().position(|known| *known == room)
    }

    /// The lines that name a room above this one, and that room.
    fn upward_imports(&self, room: &str, text: &str) -> Vec<(usize, String)> {
        let text = code(text);
        let imports = text.match_indices("crate::").flat_map(|(start, word)| {
            let line = text[..start].lines().count().max(1);
            named_rooms(&text[start + word.len()..]).into_iter().map(move |name| (line, name))
        });
        let is_upward = |name: &str| {
            self.height(name) > self.height(room) && !self.exceptions.contains(&&*format!("{room} -> {name}"))
        };
        imports.filter(|(_, name)| is_upward(name)).collect()
    }
}

/// The text with comments blanked, without unit tests. Both may name any room.
fn code(text: &str) -> String {
    let tests = text.match_indices("#[cfg(test)]\nmod ").map(|(start, _)| start);
    let end = tests.into_iter().find(|start| text[*start..].lines().nth(1).is_some_and(|line| line.ends_with('{')));
    let lines = text[..end.unwrap_or(text.len())].lines();
    lines.map(|line| if line.trim_start().starts_with("//") { "\n".to_owned() } else { format!("{line}\n") }).collect()
}

/// The rooms that follow `crate::`: one, or those of a list in braces.
fn named_rooms(rest: &str) -> Vec<String> {
    let word = |text: &str| {
        let end = text.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(text.len());
        text[..end].to_owned()
    };
    let Some(list) = rest.strip_prefix('{') else { return vec![word(rest)] };
    let (mut depth, mut names, mut start) = (0, Vec::new(), 0);
    for (index, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(word(list[start..index].trim_start()));
                start = index + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names
}

fn finds_upward_imports() -> Result<(), Failed> {
    let text = "use crate::io::Io;\n// crate::flake\nuse crate::{heap::{Value, flake},\n report::Message};\n\
        fn f() { crate::builtins::g(); crate::print::h() }\n#[cfg(test)]\nmod tests;\nuse crate::engine;\n\
        #[cfg(test)]\nmod tests {\n    use crate::report; }";
    let found = LIBRARY.upward_imports("eval", text);
    let expected = [(3, "report"), (5, "builtins"), (8, "engine")].map(|(line, room)| (line, room.to_owned()));
    if found != expected || !LIBRARY.upward_imports("lib", text).is_empty() {
        return Err(format!("{found:?}").into());
    }
    let through_super = from_root("use super::super::report::f; use super::call;", Path::new("eval/a.rs"));
    if LIBRARY.upward_imports("eval", &through_super) != [(1, "report".to_owned())] {
        return Err("an import through `super` is not found".into());
    }
    Ok(())
}
