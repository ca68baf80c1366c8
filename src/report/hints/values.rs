//! Hints for values of the wrong type.

use super::Label;
use super::blame::{joins_alike, type_of};
use super::scene::{Scene, Spot};
use super::variables::with_article;
use crate::error::{Action, Cause, Code, Comparison, Purpose};
use crate::source::{Part, Place};
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;

/// Lists and sets are not joined with `+`. Applies if a side of a sum is one, and the other is not text.
pub(super) fn joined_with_plus(scene: &Scene<'_>) -> Option<String> {
    let is_sum = scene.is(Code::NOT_ADDABLE)
        || scene.first().is_some_and(|spot| scene.is(Code::NOT_A_STRING) && joins_alike(spot));
    match scene.found() {
        "list" if is_sum => Some("lists are joined with `++`".to_owned()),
        "set" if is_sum => Some("sets are joined with `//`".to_owned()),
        _ => None,
    }
}

/// The operands of the sum with one side at a spot.
pub(super) fn sides(spot: &Spot) -> Option<(Node<'_>, Node<'_>)> {
    matches!(spot.part, Part::LeftSide | Part::RightSide).then_some(())?;
    let sum = spot.around().find(|node| {
        let sign = node.tokens().next().map(|token| token.start);
        node.kind() == NODE_BIN_OP && sign == Some(spot.location.offset)
    })?;
    let mut nodes = sum.nodes();
    Some((nodes.next()?, nodes.next()?))
}

/// `"port ${80}"`. Applies to numbers, Booleans, `null` and lists that are needed as text; the expression is named
/// only if the value is known to be its own, and not a part of it.
pub(super) fn number_as_string(scene: &Scene<'_>) -> Option<String> {
    let is_number = matches!(scene.found(), "int" | "float" | "bool" | "null" | "list");
    if !scene.is(Code::NOT_A_STRING) || !is_number {
        return None;
    }
    let is_length = matches!(scene.purpose(), Some(Purpose::Argument(_, name)) if name == "builtins.stringLength");
    if scene.found() == "list" && is_length {
        return Some("`builtins.length` counts the elements of a list".to_owned());
    }
    let is_in_sum = |spot: &Spot| {
        let other = sides(spot).map(|(left, right)| if spot.part == Part::LeftSide { right } else { left });
        other.is_some_and(|other| matches!(type_of(spot, other), "int" | "float"))
    };
    if matches!(scene.found(), "bool" | "null") && scene.first().is_some_and(is_in_sum) {
        return Some("`+` adds numbers, or joins strings and paths".to_owned());
    }
    let wrong = scene.wrong();
    let is_part = wrong.is_none() && matches!(scene.purpose(), Some(Purpose::Element(_)));
    let text = wrong.as_ref().and_then(|spot| written(spot).map(|node| (spot, node)));
    Some(match (scene.found(), text) {
        ("bool", None) => {
            "`toString` makes \"1\" of true and \"\" of false; `if … then \"true\" else \"false\"` gives words"
                .to_owned()
        }
        ("list", None) if is_part => {
            "one element is itself a list: join it first, or make one list of both with `++` or \
                           `builtins.concatLists`"
                .to_owned()
        }
        ("list", None) => "`builtins.concatStringsSep` joins the elements of a list".to_owned(),
        ("null", _) => "`null` is not text; `toString null` is the empty string".to_owned(),
        ("int" | "float", None) if is_part => "turn the elements into strings first: `map toString …`".to_owned(),
        (found, None) => format!("`toString` turns {} into a string", with_article(found)),
        ("list", Some((spot, node))) => joined(spot, node),
        (found, Some((spot, node))) => {
            let inner = parenthesised(spot, node);
            match found {
                "bool" => format!("`if {inner} then \"true\" else \"false\"` is text; `toString` gives \"1\" and \"\""),
                _ => format!("turn it into a string: `toString {inner}`"),
            }
        }
    })
}

/// The hint for converting a list to text: elements that are not strings need `toString`.
fn joined(spot: &Spot, node: Node<'_>) -> String {
    let inner = parenthesised(spot, node);
    let list = spot.defined_as(node).unwrap_or(node).unwrapped();
    let is_text = |element: Node<'_>| matches!(type_of(spot, element), "" | "string" | "path");
    if list.kind() == NODE_LIST && !list.nodes().all(is_text) {
        return format!("join the elements: `toString {inner}` puts spaces between them");
    }
    format!("join the elements: `builtins.concatStringsSep \" \" {inner}`")
}

/// The expression at a spot, without `${…}` around it; `None` if its text is too long to repeat.
fn written(spot: &Spot) -> Option<Node<'_>> {
    let node = spot.node()?;
    let inner = if matches!(node.kind(), NODE_INTERPOL | NODE_DYNAMIC) { node.nodes().next()? } else { node };
    (spot.text(inner) != "…").then_some(inner)
}

/// The text of an expression in a form that can be an argument, or an element of a list.
fn parenthesised(spot: &Spot, node: Node<'_>) -> String {
    const OPEN: [rnix::SyntaxKind; 9] = [
        NODE_APPLY,
        NODE_LAMBDA,
        NODE_BIN_OP,
        NODE_UNARY_OP,
        NODE_HAS_ATTR,
        NODE_IF_ELSE,
        NODE_LET_IN,
        NODE_WITH,
        NODE_ASSERT,
    ];
    let text = spot.text(node);
    if OPEN.contains(&node.kind()) { format!("({text})") } else { text }
}

/// A set needs a conversion to be used as a string. Applies if a set without one is needed as text.
pub(super) fn set_as_string(scene: &Scene<'_>) -> Option<String> {
    let is_set = scene.is(Code::NOT_A_STRING) && scene.found() == "set";
    is_set.then(|| {
        "a set becomes a string only if it has `outPath`, as packages do, or `__toString`; perhaps you mean one of \
         its attributes, or `builtins.toJSON`"
            .to_owned()
    })
}

/// A function in a string, or in place of an attribute of its result. Applies if the value itself, and not a part of
/// it, is a function; the expression is named only if it is known.
pub(super) fn function_as_value(scene: &Scene<'_>) -> Option<String> {
    if scene.found() != "lambda" {
        return None;
    }
    if scene.is(Code::NOT_A_STRING) {
        let name = scene.wrong().and_then(|spot| Some(format!(": `{} …`", callee(spot.text(written(&spot)?)))));
        return Some(format!("call the function to get a result{}", name.unwrap_or_default()));
    }
    let base = scene.blame.as_ref().filter(|_| scene.is_selection())?;
    let text = base.spot.text_of(base.spot.span?);
    Some(format!("a function has no attributes; its result may: `({} …).name`", callee(text)))
}

/// A text that can be called.
fn callee(text: String) -> String {
    if text.contains(':') && !text.starts_with('(') { format!("({text})") } else { text }
}

/// A path in place of text. Applies if only a string is accepted.
pub(super) fn path_as_string(scene: &Scene<'_>) -> Option<String> {
    let is_path = scene.is(Code::WRONG_TYPE) && scene.found() == "path" && scene.expected() == "a string";
    is_path.then(|| {
        "`builtins.readFile` gives the text of a file, `toString` the path itself as text, and `\"${…}\"` a copy of \
         the file in the store"
            .to_owned()
    })
}

/// A path in a string. Applies if it can't be copied to the store, which is the meaning of a path in a string.
pub(super) fn copied_path(scene: &Scene<'_>) -> Option<String> {
    if !scene.is_copied() {
        return None;
    }
    if scene.is(Code::FILE) {
        let sum = scene.first().and_then(|spot| {
            let (left, right) = sides(spot)?;
            Some(format!("{} + toString {}", spot.text(left), spot.text(right)))
        });
        if let Some(sum) = sum.filter(|_| scene.is_missing_file()) {
            return Some(format!(
                "`+` with a string copies the file to the store, so the file must exist; its own path as text is `{sum}`"
            ));
        }
        return scene.is_missing_file().then(|| {
            "a path in a string copies the file to the store, so the file must exist; `toString` gives the path \
             itself as text"
                .to_owned()
        });
    }
    (*scene.cause() == Cause::StoreName).then(|| {
        "the copy in the store has the file's name; `builtins.path { path = …; name = \"…\"; }` gives it \
         another name"
            .to_owned()
    })
}

/// A text in place of a path. Applies to strings that are not absolute paths.
pub(super) fn string_as_path(scene: &Scene<'_>) -> Option<String> {
    if !scene.is(Code::NOT_A_PATH) {
        return None;
    }
    let text = match scene.cause() {
        Cause::RelativePath(text) => &**text,
        _ => "",
    };
    let is_plain = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-+/".contains(&byte))
    };
    if let Some(home) = text.strip_prefix("~/").filter(|rest| is_plain(rest)) {
        return Some(format!("in a string, `~` has no meaning; write the path without quotes: `~/{home}`"));
    }
    if text.starts_with('<') && text.ends_with('>') {
        return Some(format!("write what is in the search path without quotes: `{text}`"));
    }
    if text.contains("://") {
        return Some("this is a URL, not a file; `builtins.fetchurl` downloads it and gives a path".to_owned());
    }
    let path = match text {
        _ if !is_plain(text) => "./a".to_owned(),
        _ if text.starts_with("./") || text.starts_with("../") => text.to_owned(),
        _ => format!("./{text}"),
    };
    Some(format!("write a path without quotes: `{path}`; with a string in a variable: `./. + \"/${{name}}\"`"))
}

/// `1 + "a"`, `1 < "a"`. Applies to sums and comparisons of two incompatible types.
pub(super) fn different_types(scene: &Scene<'_>) -> Option<String> {
    if scene.is(Code::NOT_ADDABLE) {
        return Some(match scene.found() {
            "string" => "`+` adds numbers or joins strings; make the number a string with `toString`".to_owned(),
            "lambda" => "call the function to get a result to add".to_owned(),
            _ => "`+` adds numbers, or joins strings and paths".to_owned(),
        });
    }
    (scene.is(Code::NOT_COMPARABLE) && !matches!(scene.cause(), Cause::Incomparable { is_one_type: true, .. }))
        .then(|| "only two numbers, two strings, two paths or two lists can be compared".to_owned())
}

/// One element after `++`. Applies if a side of `++` is neither a list nor a function.
pub(super) fn element_joined(scene: &Scene<'_>) -> Option<String> {
    if scene.purpose() != Some(&Purpose::Concatenation) || !scene.is(Code::WRONG_TYPE) {
        return None;
    }
    let blame = scene.blame.as_ref()?;
    let node = blame.spot.node()?;
    let joined = blame.spot.around().find(|node| node.kind() == NODE_BIN_OP && node.has_token(TOKEN_CONCAT));
    let is_set = |side: Node<'_>| type_of(&blame.spot, side) == "set";
    match scene.found() {
        "lambda" => None,
        "null" => Some("`++` joins lists; the empty list is `[ ]`, not `null`".to_owned()),
        "set" if joined?.nodes().all(is_set) => Some("`++` joins lists; sets are joined with `//`".to_owned()),
        _ => Some(format!("`++` joins lists; with one element: `[ {} ]`", parenthesised(&blame.spot, node))),
    }
}

/// The other side of a sum, which decides the type of this side.
pub(super) fn other_side(scene: &Scene<'_>) -> Option<Label> {
    let spot = scene.first()?;
    let is_about_types = matches!(scene.error.code(), Code::NOT_ADDABLE | Code::NOT_A_STRING);
    let (left, right) = sides(spot).filter(|_| is_about_types)?;
    if matches!(scene.found(), "list" | "set") && joins_alike(spot) {
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
    let Cause::Incomparable { types: [first, second], .. } = scene.cause() else { return Vec::new() };
    let place = scene.frames.iter().map(|frame| frame.place).find(|place| *place != Place::NOWHERE);
    let spot = place.and_then(|place| scene.spot(place)).filter(|_| scene.is(Code::NOT_COMPARABLE));
    let Some(spot) = spot else { return Vec::new() };
    let Some(node) = spot.node().filter(|node| node.kind() == NODE_BIN_OP) else { return Vec::new() };
    let is_turned = node.has_token(TOKEN_MORE) || node.has_token(TOKEN_LESS_OR_EQ);
    let kinds = if is_turned { [second, first] } else { [first, second] };
    let is_of_elements =
        scene.frames.iter().any(|frame| matches!(frame.action, Action::Comparison(Comparison::Elements)));
    let verb = if is_of_elements { "an element of this list is" } else { "this is" };
    let sides = node.nodes().zip(kinds);
    sides.map(|(side, kind)| (spot.location.clone(), side.span(), format!("{verb} {kind}"))).collect()
}
