//! Variables: names that are not what they look like, and where they are defined.

use super::scene::{Scene, Spot};
use crate::error::Code;
use crate::source::{Location, Span};
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;

/// `a-b` is one name.
pub(super) fn minus_in_name(scene: &Scene<'_>) -> Option<String> {
    let spot = scene.first().filter(|_| scene.is(Code::UNDEFINED_VARIABLE))?;
    let name = spot.node().map(|node| spot.text(node))?;
    let (left, right) = name.split_once('-').filter(|(left, right)| !left.is_empty() && !right.is_empty())?;
    Some(format!("`{name}` is one name, as names may contain `-`; a difference needs blanks: `{left} - {right}`"))
}

/// `''echo ${HOME}''`: the shell's variables look like Nix's.
pub(super) fn quoted_interpolation(scene: &Scene<'_>) -> Option<String> {
    let spot = scene.first().filter(|_| scene.is(Code::UNDEFINED_VARIABLE))?;
    let string = spot.around().take(3).find(|node| node.kind() == NODE_STRING)?;
    let name = spot.node().map(|node| spot.text(node))?;
    let is_indented = string.first_token().is_some_and(|token| token.text == "''");
    Some(if is_indented {
        format!("in a '' string, `''${{{name}}}` stands for the text ${{{name}}} itself")
    } else {
        format!("in a string, `\\${{{name}}}` stands for the text ${{{name}}} itself")
    })
}

/// A variable that a `let` or function defines is never taken from a `with`.
pub(super) fn shadowing_with(scene: &Scene<'_>) -> Option<String> {
    if !matches!(scene.error.code(), Code::NOT_A_FUNCTION | Code::WRONG_TYPE | Code::NOT_A_STRING | Code::NOT_ADDABLE) {
        return None;
    }
    let spot = scene.first()?;
    let variable = culprit(scene, spot)?;
    let definition = spot.outline().definition(variable.start)?;
    let with = spot.around().find(|node| node.kind() == NODE_WITH && node.start > definition.name.start)?;
    let name = spot.text(variable);
    let set = spot.text(with.nodes().next()?);
    Some(format!(
        "`{name}` is the variable defined outside, which wins over `with {set};`; the attribute is `{set}.{name}`"
    ))
}

/// Where the variable is defined whose value is the problem.
pub(super) fn definition(scene: &Scene<'_>) -> Option<(Location, Span, String)> {
    let spot = scene.first()?;
    let variable = culprit(scene, spot)?;
    let definition = spot.outline().definition(variable.start)?;
    let name = spot.text(variable);
    let what = match scene.found() {
        "" => "is defined here".to_owned(),
        _ if definition.value.is_none() => "comes from here".to_owned(),
        found => format!("is {}", with_article(found)),
    };
    let span = Span::new(definition.name.start, definition.value.map_or(definition.name.end, |value| value.end));
    Some((spot.location.clone(), span, format!("`{name}` {what}")))
}

/// The variable whose value is not what is needed.
fn culprit<'s>(scene: &Scene<'_>, spot: &'s Spot) -> Option<Node<'s>> {
    let mut node = spot.node()?;
    while matches!(node.kind(), NODE_APPLY | NODE_SELECT) && is_about_base(scene, node) {
        node = node.nodes().next()?.unwrapped();
    }
    (node.kind() == NODE_IDENT).then_some(node)
}

fn is_about_base(scene: &Scene<'_>, node: Node<'_>) -> bool {
    match node.kind() {
        NODE_APPLY => scene.is(Code::NOT_A_FUNCTION),
        _ => matches!(scene.error.code(), Code::WRONG_TYPE | Code::MISSING_ATTRIBUTE) && node.nodes().count() == 2,
    }
}

pub(super) fn with_article(kind: &str) -> &str {
    match kind {
        "int" => "an integer",
        "bool" => "a Boolean",
        "float" => "a float",
        "string" => "a string",
        "path" => "a path",
        "set" => "a set",
        "list" => "a list",
        "lambda" => "a function",
        other => other,
    }
}
