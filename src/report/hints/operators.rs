//! Texts that C++ Nix reads in another way than most people do.

use super::scene::{Scene, Spot};
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
    scene.nearest(|spot| {
        let text = token_near(spot, TOKEN_PATH_REL)?;
        let is_quotient = !text.starts_with('.') && text.matches('/').count() == 1;
        let (left, right) = text.split_once('/').filter(|_| is_quotient)?;
        Some(format!("`{text}` is a path; a quotient needs blanks: `{left} / {right}`"))
    })
}

/// `x:x` is a URL, and so a string.
pub(super) fn url_for_function(scene: &Scene<'_>) -> Option<String> {
    scene.nearest(|spot| {
        let text = token_near(spot, TOKEN_URI)?;
        let (parameter, body) = text.split_once(':').filter(|(_, body)| !body.starts_with("//"))?;
        Some(format!("`{text}` is a URL, which is a string; a function needs a blank: `{parameter}: {body}`"))
    })
}

/// `[ f x ]` has two elements.
pub(super) fn list_of_two(scene: &Scene<'_>) -> Option<String> {
    if scene.found() != "lambda" || scene.is(Code::NOT_A_FUNCTION) {
        return None;
    }
    scene.nearest(|spot| {
        let list = spot.around().find(|node| node.kind() == NODE_LIST && node.nodes().count() > 1)?;
        let mut nodes = list.nodes();
        let (function, argument) = (spot.text(nodes.next()?), spot.text(nodes.next()?));
        Some(format!("`[ {function} {argument} ]` has two elements; a call in a list needs parentheses: `[ ({function} {argument}) ]`"))
    })
}

/// The text of the first token of a kind at the place or in the variable's definition there.
fn token_near(spot: &Spot, kind: rnix::SyntaxKind) -> Option<String> {
    let node = spot.node()?;
    first_token(node, kind, 3).or_else(|| {
        let mut callee = node;
        while callee.kind() == NODE_APPLY {
            callee = callee.nodes().next()?.unwrapped();
        }
        let value = spot.outline().definition(callee.start)?.value?;
        let text = spot.text_of(value);
        let is_kind = match kind {
            TOKEN_URI => text.contains(':') && !text.contains([' ', '"']),
            _ => text.contains('/') && !text.contains([' ', '"', '.']),
        };
        is_kind.then_some(text)
    })
}

fn first_token(node: Node<'_>, kind: rnix::SyntaxKind, depth: usize) -> Option<String> {
    node.children().find_map(|child| match child {
        Element::Token(token) => (token.kind == kind).then(|| token.text.to_owned()),
        Element::Node(node) if depth > 0 => first_token(node, kind, depth - 1),
        Element::Node(_) => None,
    })
}
