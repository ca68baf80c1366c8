//! Values of one type where another is needed.

use super::Label;
use super::blame::type_of;
use super::scene::{Scene, Spot};
use super::variables::with_article;
use crate::error::Code;
use crate::source::{Part, Place};
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;

/// Lists and sets are not joined with `+`.
pub(super) fn joined_with_plus(scene: &Scene<'_>) -> Option<String> {
    let is_sum = scene.is(Code::NOT_ADDABLE)
        || scene.first().is_some_and(|spot| scene.is(Code::NOT_A_STRING) && sides(spot).is_some());
    match scene.found() {
        "list" if is_sum => Some("lists are joined with `++`".to_owned()),
        "set" if is_sum => Some("sets are joined with `//`".to_owned()),
        _ => None,
    }
}

/// The operands of the sum that one side of is at a spot.
pub(super) fn sides(spot: &Spot) -> Option<(Node<'_>, Node<'_>)> {
    matches!(spot.part, Part::LeftSide | Part::RightSide).then_some(())?;
    let sum = spot.around().find(|node| {
        let sign = node.tokens().next().map(|token| token.start);
        node.kind() == NODE_BIN_OP && sign == Some(spot.location.offset)
    })?;
    let mut nodes = sum.nodes();
    Some((nodes.next()?, nodes.next()?))
}

/// `"port ${80}"`
pub(super) fn number_as_string(scene: &Scene<'_>) -> Option<String> {
    let is_number = matches!(scene.found(), "int" | "float" | "bool" | "null" | "list");
    if !scene.is(Code::NOT_A_STRING) || !is_number {
        return None;
    }
    let blame = scene.blame.as_ref().filter(|blame| blame.is_value);
    let text = blame.and_then(|blame| blame.spot.node().map(|node| blame.spot.text(node)));
    let Some(text) = text else {
        let how = if scene.found() == "list" { "builtins.concatStringsSep" } else { "toString" };
        return Some(format!("`{how}` makes a string of {}", with_article(scene.found())));
    };
    let inner = parenthesised(text.trim_start_matches("${").trim_end_matches('}'));
    Some(match scene.found() {
        "list" => format!("join the elements: `builtins.concatStringsSep \" \" {inner}`"),
        "bool" => format!("`if {inner} then \"true\" else \"false\"` is text; `toString` gives \"1\" and \"\""),
        "null" => "`null` stands for no text; `toString null` is the empty string".to_owned(),
        _ => format!("make a string of it: `toString {inner}`"),
    })
}

fn parenthesised(text: &str) -> String {
    if text.contains(' ') && !text.starts_with(['(', '[']) { format!("({text})") } else { text.to_owned() }
}

/// A set stands for a string if it says for which.
pub(super) fn set_as_string(scene: &Scene<'_>) -> Option<String> {
    let is_set = scene.is(Code::NOT_A_STRING) && scene.found() == "set";
    is_set.then(|| {
        "a set stands for a string only if it has `outPath`, as packages do, or `__toString`; perhaps one of its \
         attributes is meant, or `builtins.toJSON`"
            .to_owned()
    })
}

/// A function in a string, or where an attribute of its result is meant.
pub(super) fn function_as_value(scene: &Scene<'_>) -> Option<String> {
    if scene.found() != "lambda" {
        return None;
    }
    let spot = scene.first()?;
    let node = spot.node()?;
    let text = spot.text(node);
    let text = text.trim_start_matches("${").trim_end_matches('}');
    if scene.is(Code::NOT_A_STRING) {
        return Some(format!("a function has to be called before there is a result: `{text} …`"));
    }
    let is_base = scene.step() == "while selecting an attribute" && scene.is(Code::WRONG_TYPE);
    is_base.then(|| format!("a function has no attributes; its result may: `({text} …).name`"))
}

/// A path where text is needed.
pub(super) fn path_as_string(scene: &Scene<'_>) -> Option<String> {
    let is_path = scene.is(Code::WRONG_TYPE) && scene.found() == "path" && scene.message().contains("a string");
    is_path.then(|| {
        "`builtins.readFile` gives the text of a file, `toString` the path itself as text, and `\"${…}\"` a copy of \
         the file in the store"
            .to_owned()
    })
}

/// A text where a path is needed.
pub(super) fn string_as_path(scene: &Scene<'_>) -> Option<String> {
    if !scene.is(Code::NOT_A_PATH) {
        return None;
    }
    let message = scene.message();
    let text = message.strip_prefix("string '").and_then(|rest| rest.split_once('\'')).map_or("a", |(text, _)| text);
    let is_plain =
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+/".contains(&byte));
    let path = if is_plain { text.trim_start_matches("./") } else { "a" };
    Some(format!("a path is written without quotes: `./{path}`; from a string in a variable: `./. + \"/${{name}}\"`"))
}

/// `1 + "a"`, `1 < "a"`
pub(super) fn different_types(scene: &Scene<'_>) -> Option<String> {
    let message = scene.message();
    if scene.is(Code::NOT_ADDABLE) {
        return Some(match scene.found() {
            "string" => "`+` adds numbers or joins strings; make the number a string with `toString`".to_owned(),
            "lambda" => "a function has to be called before there is a result to add".to_owned(),
            _ => "`+` adds numbers, or joins strings and paths".to_owned(),
        });
    }
    (scene.is(Code::NOT_COMPARABLE) && !message.contains("incomparable"))
        .then(|| "only two numbers, two strings, two paths or two lists can be compared".to_owned())
}

/// One element behind `++`.
pub(super) fn element_joined(scene: &Scene<'_>) -> Option<String> {
    if scene.step() != "while evaluating one of the elements to concatenate" || !scene.is(Code::WRONG_TYPE) {
        return None;
    }
    let blame = scene.blame.as_ref()?;
    let text = blame.spot.text(blame.spot.node()?);
    (scene.found() != "lambda").then(|| format!("`++` joins lists; with one element: `[ {} ]`", parenthesised(&text)))
}

/// Where the other side of a sum decides what this side must be.
pub(super) fn other_side(scene: &Scene<'_>) -> Option<Label> {
    let spot = scene.first()?;
    let is_about_types = matches!(scene.error.code(), Code::NOT_ADDABLE | Code::NOT_A_STRING);
    let (left, right) = sides(spot).filter(|_| is_about_types)?;
    if matches!(scene.found(), "list" | "set") {
        let (side, kind) = if spot.part == Part::LeftSide { (left, scene.found()) } else { (right, scene.found()) };
        return Some((spot.location.clone(), side.span(), format!("this is {}", with_article(kind))));
    }
    let is_right = spot.part == Part::RightSide;
    let other = if is_right { left } else { right };
    let known = type_of(spot, other);
    let what = match (known, scene.error.code(), is_right) {
        ("path", ..) => "this is a path",
        ("string", ..) => "this is a string",
        ("int" | "float", ..) => "this is a number",
        (_, Code::NOT_ADDABLE, true) => "this is a number",
        (_, Code::NOT_A_STRING, true) => "this is a string or a path",
        _ => return None,
    };
    Some((spot.location.clone(), other.span(), what.to_owned()))
}

/// Both sides of a comparison.
pub(super) fn compared(scene: &Scene<'_>) -> Vec<Label> {
    let message = scene.message();
    let kinds = message.strip_prefix("cannot compare ").and_then(|rest| rest.split_once("; ")).map(|(kinds, _)| kinds);
    let place = scene.frames.iter().map(|frame| frame.place).find(|place| *place != Place::NOWHERE);
    let spot = place.and_then(|place| scene.spot(place)).filter(|_| scene.is(Code::NOT_COMPARABLE));
    let (Some((first, second)), Some(spot)) = (kinds.and_then(|kinds| kinds.split_once(" with ")), spot) else {
        return Vec::new();
    };
    let Some(node) = spot.node().filter(|node| node.kind() == NODE_BIN_OP) else { return Vec::new() };
    let is_turned = node.has_token(TOKEN_MORE) || node.has_token(TOKEN_LESS_OR_EQ);
    let kinds = if is_turned { [second, first] } else { [first, second] };
    let sides = node.nodes().zip(kinds);
    sides.map(|(side, kind)| (spot.location.clone(), side.span(), format!("this is {kind}"))).collect()
}
