//! Values of one type where another is needed.

use super::scene::Scene;
use crate::error::Code;

/// `"port ${80}"`
pub(super) fn number_as_string(scene: &Scene<'_>) -> Option<String> {
    let is_number = matches!(scene.found(), "int" | "float" | "bool" | "null" | "list");
    if !scene.is(Code::NOT_A_STRING) || !is_number {
        return None;
    }
    let text = scene.nearest(|spot| spot.node().map(|node| spot.text(node))).unwrap_or_default();
    let inner = text.trim_start_matches("${").trim_end_matches('}');
    Some(match scene.found() {
        "list" => format!("join the elements: `builtins.concatStringsSep \" \" {}`", parenthesised(inner)),
        _ => format!("make a string of it: `toString {}`", parenthesised(inner)),
    })
}

fn parenthesised(text: &str) -> String {
    if text.contains(' ') && !text.starts_with(['(', '[']) { format!("({text})") } else { text.to_owned() }
}

/// A set stands for a string if it says for which.
pub(super) fn set_as_string(scene: &Scene<'_>) -> Option<String> {
    let is_set = scene.is(Code::NOT_A_STRING) && scene.found() == "set";
    is_set.then(|| {
        "a set stands for a string only if it has `outPath`, as packages do, or `__toString`; \
         perhaps one of its attributes is meant, or `builtins.toJSON`"
            .to_owned()
    })
}

/// A path where text is needed.
pub(super) fn path_as_string(scene: &Scene<'_>) -> Option<String> {
    let is_path = scene.is(Code::WRONG_TYPE) && scene.found() == "path" && scene.message().contains("a string");
    is_path.then(|| {
        "`\"${path}\"` copies the file to the store and gives that path; `toString path` gives the path as it is"
            .to_owned()
    })
}

/// A text where a path is needed.
pub(super) fn string_as_path(scene: &Scene<'_>) -> Option<String> {
    scene.is(Code::NOT_A_PATH).then(|| {
        "a path is written without quotes: `./a`; from a string in a variable: `./. + \"/${name}\"`".to_owned()
    })
}

/// `1 + "a"`, `1 < "a"`
pub(super) fn different_types(scene: &Scene<'_>) -> Option<String> {
    let message = scene.message();
    if scene.is(Code::NOT_ADDABLE) {
        return Some(match scene.found() {
            "string" => "`+` adds numbers or joins strings; make the number a string with `toString`".to_owned(),
            "list" => "lists are joined with `++`".to_owned(),
            "set" => "sets are joined with `//`".to_owned(),
            _ => "`+` adds numbers, or joins strings and paths".to_owned(),
        });
    }
    if scene.is(Code::NOT_A_STRING) && scene.frames.iter().any(|frame| frame.message.contains("path segment")) {
        return match scene.found() {
            "list" => Some("lists are joined with `++`".to_owned()),
            "lambda" => Some("the function may lack an argument".to_owned()),
            _ => None,
        };
    }
    (scene.is(Code::NOT_COMPARABLE) && !message.contains("incomparable"))
        .then(|| "only two numbers, two strings, two paths or two lists can be compared".to_owned())
}
