//! Variables with a wrong value: the place of their definition.

use super::Label;
use super::scene::{Scene, Spot};
use crate::error::Code;
use crate::source::Span;
use crate::syntax::locate::bound_in;
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;

/// A variable of a `let` or function takes precedence over a `with`. Applies if such a variable has the wrong value,
/// and a `with` in between defines the name, as far as its text shows.
pub(super) fn shadowing_with(scene: &Scene<'_>) -> Option<String> {
    if !matches!(scene.error.code(), Code::NOT_A_FUNCTION | Code::WRONG_TYPE | Code::NOT_A_STRING | Code::NOT_ADDABLE) {
        return None;
    }
    let spot = scene.first()?;
    // The wrong side of a sum may be either.
    let sides = super::values::sides(spot).filter(|_| scene.is(Code::NOT_ADDABLE));
    let sides = sides.into_iter().flat_map(|(left, right)| [left.unwrapped(), right.unwrapped()]);
    let mut variables = culprit(scene, spot).into_iter().chain(sides).filter(|node| node.kind() == NODE_IDENT);
    variables.find_map(|variable| shadowed(spot, variable))
}

fn shadowed(spot: &Spot, variable: Node<'_>) -> Option<String> {
    let definition = spot.outline().definition(variable.start)?;
    let with = spot.around().find(|node| node.kind() == NODE_WITH && node.start > definition.name.start)?;
    let name = spot.text(variable);
    // The opened expression itself is outside of the `with`.
    let taken_from = with.nodes().next().filter(|opened| variable.start >= opened.span().end)?;
    let written = spot.defined_as(taken_from).unwrap_or(taken_from).unwrapped();
    if written.kind() == NODE_ATTR_SET && bound_in(written, &name).is_none() {
        return None;
    }
    let set = spot.text(taken_from);
    Some(format!(
        "`{name}` is the variable defined outside, which wins over `with {set};`; the attribute is `{set}.{name}`"
    ))
}

/// The definition of the variable with the wrong value.
pub(super) fn definition(scene: &Scene<'_>) -> Option<Label> {
    let spot = scene.first()?;
    let variable = culprit(scene, spot)?;
    let definition = spot.outline().definition(variable.start)?;
    let name = spot.text(variable);
    let what = match scene.found() {
        "" => "is defined here".to_owned(),
        found if definition.value.is_none() => format!("is {} here", with_article(found)),
        found => format!("is {}", with_article(found)),
    };
    let source = &spot.location.source.text;
    let between = source.get(definition.name.start as usize..spot.location.offset as usize).unwrap_or_default();
    // The label of the place itself already shows it.
    if definition.value.is_none() && !between.contains(&b'\n') {
        return None;
    }
    let span = Span::new(definition.name.start, definition.value.map_or(definition.name.end, |value| value.end));
    Some((spot.location.clone(), span, format!("`{name}` {what}")))
}

/// The variable with the wrong value.
pub(super) fn culprit<'s>(scene: &Scene<'_>, spot: &'s Spot) -> Option<Node<'s>> {
    let mut node = spot.node()?.unwrapped();
    match &scene.blame {
        Some(blame) if !blame.is_value => node = base_of_missing(scene, spot)?,
        Some(_) => {}
        None if scene.is(Code::INFINITE_RECURSION) => return None,
        None => {}
    }
    if matches!(node.kind(), NODE_INTERPOL | NODE_DYNAMIC) {
        node = node.nodes().next()?.unwrapped();
    }
    (node.kind() == NODE_IDENT).then_some(node)
}

/// In `a.b`, the variable `a` if `b` is missing.
fn base_of_missing<'s>(scene: &Scene<'_>, spot: &'s Spot) -> Option<Node<'s>> {
    let name = spot.span.filter(|_| scene.is(Code::MISSING_ATTRIBUTE))?;
    let select = spot.around().find(|node| node.kind() == NODE_SELECT)?;
    let mut nodes = select.nodes();
    let (base, path) = (nodes.next()?, nodes.next()?);
    (path.nodes().next()?.span() == name).then_some(base)
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
