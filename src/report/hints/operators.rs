//! Texts that C++ Nix reads in another way than most people do.

use super::scene::{Scene, Spot};
use super::values::sides;
use crate::error::Code;
use crate::syntax::tree::{Element, Node};
use rnix::SyntaxKind::*;

/// `f -1` is a difference.
pub(super) fn negative_argument(scene: &Scene<'_>) -> Option<String> {
    if scene.found() != "lambda" {
        return None;
    }
    scene.nearest(|spot| {
        let difference = spot.around().take(2).find(|node| node.kind() == NODE_BIN_OP && node.has_token(TOKEN_SUB))?;
        let mut nodes = difference.nodes();
        let (function, number) = (spot.text(nodes.next()?), spot.text(nodes.next()?));
        Some(format!(
            "`{function} -{number}` is a difference; a negative argument needs parentheses: `{function} (-{number})`"
        ))
    })
}

/// `1/2` is a path.
pub(super) fn path_for_division(scene: &Scene<'_>) -> Option<String> {
    let is_sum = matches!(scene.error.code(), Code::NOT_ADDABLE | Code::NOT_A_STRING);
    scene.nearest(|spot| {
        let other = sides(spot).filter(|_| is_sum).map(|(left, _)| left);
        let text = other.into_iter().chain(spot.node()).find_map(|node| quotient(spot, node))?;
        let (left, right) = text.split_once('/')?;
        Some(format!("`{text}` is a path; a quotient needs blanks: `{left} / {right}`"))
    })
}

/// The path that looks like a quotient in an expression or the definition of the variable there.
fn quotient(spot: &Spot, node: Node<'_>) -> Option<String> {
    let text =
        first_token(node, TOKEN_PATH_REL, 3).or_else(|| first_token(spot.defined_as(node)?, TOKEN_PATH_REL, 0))?;
    (!text.starts_with('.') && text.matches('/').count() == 1).then_some(text)
}

/// `x:x` is a URL, and so a string.
pub(super) fn url_for_function(scene: &Scene<'_>) -> Option<String> {
    scene.nearest(|spot| {
        let text = token_near(spot, TOKEN_URI)?;
        let (parameter, body) = text.split_once(':').filter(|(_, body)| !body.starts_with("//"))?;
        Some(format!("`{text}` is a URL, which is a string; a function needs a blank: `{parameter}: {body}`"))
    })
}

/// The text of the first token of a kind at the place or in the variable's definition there.
fn token_near(spot: &Spot, kind: rnix::SyntaxKind) -> Option<String> {
    let mut node = spot.node()?;
    first_token(node, kind, 3).or_else(|| {
        while node.kind() == NODE_APPLY {
            node = node.nodes().next()?.unwrapped();
        }
        first_token(spot.defined_as(node)?, kind, 0)
    })
}

/// A call over two lines: perhaps the first line lacks its end.
pub(super) fn missing_semicolon(scene: &Scene<'_>) -> Option<String> {
    let spot = scene.spot(scene.error.place()).filter(|_| scene.is(Code::NOT_A_FUNCTION))?;
    let call = spot.call()?;
    let end = call.callee.span().end;
    let between = spot.location.source.text.get(end as usize..call.arguments.first()?.start as usize)?;
    let is_value = matches!(scene.found(), "set" | "string" | "list" | "path" | "int");
    let operator = match scene.found() {
        "set" => " or `//`",
        "list" => " or `++`",
        "string" => " or `+`",
        _ => "",
    };
    (is_value && between.contains(&b'\n'))
        .then(|| format!("what follows on the next line is its argument; perhaps `;`{operator} is missing before that"))
}

/// `f a b` where `f` takes one argument.
pub(super) fn one_argument_more(scene: &Scene<'_>) -> Option<String> {
    let blame = scene.blame.as_ref().filter(|blame| scene.is(Code::NOT_A_FUNCTION) && !blame.is_value)?;
    let text = blame.spot.text_of(blame.spot.span?);
    Some(format!("`{text}` has its result already; what follows is one argument too many"))
}

/// `f a b` where nobody knows how many arguments `f` takes.
pub(super) fn many_arguments(scene: &Scene<'_>) -> Option<String> {
    let spot = scene.spot(scene.error.place()).filter(|_| scene.is(Code::NOT_A_FUNCTION))?;
    let call = spot.call().filter(|call| call.arguments.len() > 1 && call.callee.kind() == NODE_SELECT)?;
    let (callee, count) = (spot.text(call.callee), call.arguments.len());
    Some(format!("`{callee}` gets {count} arguments here; if that is more than it takes, its result is called"))
}

/// A function that calls itself without end.
pub(super) fn endless_call(scene: &Scene<'_>) -> Option<String> {
    scene.is(Code::TOO_DEEP).then(|| {
        "each call waits for the one that it makes; does it end? If it does, `--max-call-depth` allows more of them"
            .to_owned()
    })
}

/// A failed assertion, as it is written.
pub(super) fn failed_assertion(scene: &Scene<'_>) -> Option<String> {
    let blame = scene.blame.as_ref().filter(|_| scene.message().starts_with("assertion '"))?;
    let text = blame.spot.text_of(blame.spot.span?);
    (text != "…").then(|| format!("assertion `{text}` failed"))
}

fn first_token(node: Node<'_>, kind: rnix::SyntaxKind, depth: usize) -> Option<String> {
    node.children().find_map(|child| match child {
        Element::Token(token) => (token.kind == kind).then(|| token.text.to_owned()),
        Element::Node(node) if depth > 0 => first_token(node, kind, depth - 1),
        Element::Node(_) => None,
    })
}
