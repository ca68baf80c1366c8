//! Values are where a collection finds them: no vector, table or box of values but those that `Scratch` allocates.

use crate::support::{files, project};
use libtest_mimic::{Failed, Trial};
use std::fs;

/// The types that put their items into memory that a collection doesn't look through.
const CONTAINERS: &[&str] = &[
    "Vec",
    "VecDeque",
    "BinaryHeap",
    "HashMap",
    "HashSet",
    "FxHashMap",
    "FxHashSet",
    "HashTable",
    "BTreeMap",
    "BTreeSet",
    "IndexMap",
    "IndexSet",
    "Box",
    "Rc",
    "IntoIter",
];

/// Containers that are no danger, by file and a part of the line, with the reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("src/builtins/constants.rs", "Vec<Attr", "the evaluator is not called"),
    (
        "src/builtins/derivation/outputs.rs",
        "Vec<(&'h [u8], Output)>",
        "the attributes of the derivation keep the names",
    ),
    ("src/builtins/json/tree.rs", "Vec<Open<", "what is open has its values in scratch"),
    ("src/builtins/lists/closure.rs", "FxHashSet<&'h [u8]>", "the keys that were seen keep their texts"),
    ("src/eval/attribute_path.rs", "Vec<Attr", "roots keep the values"),
    ("src/eval/host/load.rs", "FxHashMap<Symbol, Value", "the evaluator is not called while a file is loaded"),
    ("src/eval/link.rs", "Vec<Value", "the evaluator is not called"),
    ("src/eval/mod.rs", "stack: Vec<Value", "the slots, which are a root"),
    ("src/eval/mod.rs", "Box<Watch", "it has its thunks in scratch"),
    ("src/eval/mod.rs", "Box<CallRecord", "it has its values in scratch"),
    ("src/eval/mod.rs", "Box<Debugging", "it has its frames in scratch"),
    ("src/eval/mod.rs", "Box<Stepping", "it has its values in scratch"),
    ("src/eval/mod.rs", "items: Vec<Attr", "the evaluator is not called"),
    ("src/eval/stack_frame.rs", "Vec<ScopeNames", "each has its names in scratch"),
    ("src/eval/host/tree_value.rs", "Vec<(&'static str, Value", "the evaluator is not called"),
    ("src/flake/outputs.rs", "Vec<(&'static str, Value", "the evaluator is not called"),
    ("src/print/nix.rs", "Vec<Open<", "what is open has its items in scratch"),
    ("src/value/attrs.rs", "unique: Vec<Attr", "the evaluator is not called"),
    ("src/value/shape_memo.rs", "Shape<", "a collection takes out the shapes that it frees"),
    ("src/value/shape_memo.rs", "FxHashMap<Attrs", "a collection takes out the sets that it frees"),
];

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("scratch/values are where a collection finds them", check),
        Trial::test("scratch/a vector of values is found", finds_containers),
    ]
}

fn check() -> Result<(), Failed> {
    let mut found = Vec::new();
    for folder in ["src", "repl/src"] {
        for file in files(&project().join(folder), ".rs") {
            let name = file.strip_prefix(project())?.display().to_string();
            let inside_tests = file.iter().any(|part| part == "tests" || part == "tests.rs");
            if inside_tests || name.starts_with("src/heap/") {
                continue;
            }
            let text = fs::read_to_string(&file)?;
            let code = text.lines().take_while(|line| *line != "#[cfg(test)]").enumerate();
            for (index, line) in code.filter(|(_, line)| has_container_of_values(line)) {
                if !EXCEPTIONS.iter().any(|(file, part, _)| *file == name && line.contains(part)) {
                    found.push(format!("{name}:{}: {}", index + 1, line.trim()));
                }
            }
        }
    }
    let advice = "values that live across a call of the evaluator belong into a ScratchVec (`Scope::gather`)";
    if found.is_empty() { Ok(()) } else { Err(format!("{advice}:\n{}", found.join("\n")).into()) }
}

/// True for a line that names a container whose items have the brand of a heap.
fn has_container_of_values(line: &str) -> bool {
    if line.trim_start().starts_with("//") {
        return false;
    }
    let is_part_of_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices('<').any(|(at, _)| {
        let name = line[..at].rsplit(|c| !is_part_of_name(c)).next().unwrap_or_default();
        let arguments = balanced(&line[at..]);
        CONTAINERS.contains(&name) && arguments.contains("'h") && !arguments.contains("Scratch")
    })
}

/// The text up to the bracket that closes the first one.
fn balanced(text: &str) -> &str {
    let mut depth = 0;
    let end = text.char_indices().find(|(at, c)| {
        match c {
            '<' => depth += 1,
            '>' if !text[..*at].ends_with('-') => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    end.map_or(text, |(at, _)| &text[..=at])
}

fn finds_containers() -> Result<(), Failed> {
    let dangers =
        ["let all: Vec<(Symbol, Value<'h>)> = f();", "seen: FxHashSet<&'h [u8]>,", "x: Option<Box<Watch<'h>>>"];
    let harmless = [
        "fn f(x: Vec<u8>, y: Value<'h>)",
        "// Vec<Value<'h>>",
        "x: ScratchVec<'h, Value<'h>>",
        "Vec<ScratchVec<'h, u8>>",
    ];
    let wrong = dangers.iter().filter(|line| !has_container_of_values(line));
    let wrong: Vec<_> = wrong.chain(harmless.iter().filter(|line| has_container_of_values(line))).collect();
    if wrong.is_empty() { Ok(()) } else { Err(format!("{wrong:?}").into()) }
}
