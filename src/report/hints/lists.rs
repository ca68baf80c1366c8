//! List access: what looks like it in the language, and how it is written.

use super::scene::{Scene, Spot};
use crate::error::Code;
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;

/// `xs.0` is `xs` applied to the float `.0`.
pub(super) fn dotted_number(scene: &Scene<'_>) -> Option<String> {
    scene.nearest(|spot| spot.around().take(4).find_map(|node| dotted_pair(node)).map(|pair| explain(spot, pair)))
}

/// An expression, and the number written like an attribute right behind it.
pub(super) fn dotted_pair(node: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    if !matches!(node.kind(), NODE_APPLY | NODE_LIST) {
        return None;
    }
    let nodes: Vec<_> = node.nodes().collect();
    let inner = nodes.iter().copied().filter(|child| child.kind() == NODE_APPLY).find_map(dotted_pair);
    let pair = |pair: &[Node<'_>]| is_dotted_number(pair[1]) && pair[0].span().end == pair[1].start;
    inner.or_else(|| nodes.windows(2).find(|two| pair(two)).map(|two| (last_argument(two[0]), two[1])))
}

fn is_dotted_number(node: Node<'_>) -> bool {
    node.kind() == NODE_LITERAL && node.first_token().is_some_and(|token| token.text.starts_with('.'))
}

/// In `f xs.0` the number stands behind `xs`.
fn last_argument(node: Node<'_>) -> Node<'_> {
    if node.kind() == NODE_APPLY { node.nodes().last().unwrap_or(node) } else { node }
}

fn explain(spot: &Spot, (base, number): (Node<'_>, Node<'_>)) -> String {
    let (base, number) = (spot.text(base), spot.text(number));
    let index = number.trim_start_matches('.');
    let index = if index.is_empty() || !index.bytes().all(|byte| byte.is_ascii_digit()) { "0" } else { index };
    let index = if index.len() > 1 { index.trim_start_matches('0') } else { index };
    format!(
        "`{base}{number}` is `{base}` and then the number {number}; an element is `builtins.elemAt {base} {index}`. \
         (`{base}{number}` is for the command line: -A {base}{number})"
    )
}

/// `xs[0]` is `xs` applied to the list `[ 0 ]`.
pub(super) fn bracketed_number(scene: &Scene<'_>) -> Option<String> {
    scene.nearest(|spot| {
        let call = spot.around().take(2).find(|node| node.kind() == NODE_APPLY)?;
        let mut nodes = call.nodes();
        let (base, list) = (nodes.next()?, nodes.next()?);
        let is_index = list.kind() == NODE_LIST && list.start == base.span().end && list.nodes().count() == 1;
        let index = list.nodes().next().filter(|_| is_index)?;
        let (base, index) = (spot.text(base), spot.text(index));
        Some(format!("`{base}[{index}]` calls {base} with a list; an element is `builtins.elemAt {base} {index}`"))
    })
}

/// `xs."0"`, `xs.a`: lists have no attributes. `xs.${0}`: names are strings.
pub(super) fn name_on_list(scene: &Scene<'_>) -> Option<String> {
    let on_list = scene.found() == "list" && scene.step() == "while selecting an attribute";
    let by_number = scene.found() == "int" && scene.step() == "while evaluating an attribute name";
    if !on_list && !by_number {
        return None;
    }
    scene.nearest(|spot| {
        let select = spot.around().take(3).find(|node| node.kind() == NODE_SELECT)?;
        let mut nodes = select.nodes();
        let (base, path) = (nodes.next()?, nodes.next()?);
        let name = spot.text(path.nodes().last()?);
        let index = name.trim_matches(['"', '$', '{', '}']);
        let base = spot.text(base);
        Some(if index.bytes().all(|byte| byte.is_ascii_digit()) && !index.is_empty() {
            format!("lists have no attributes; an element is `builtins.elemAt {base} {index}`")
        } else if by_number {
            format!("names of attributes are strings; an element of a list is `builtins.elemAt {base} {index}`")
        } else {
            format!("lists have no attributes; of every element: `map (x: x.{name}) {base}`")
        })
    })
}

/// `[ f x ]` has two elements.
pub(super) fn list_of_two(scene: &Scene<'_>) -> Option<String> {
    if scene.found() != "lambda" || scene.is(Code::NOT_A_FUNCTION) {
        return None;
    }
    scene.nearest(|spot| {
        let around = spot.around().filter(|node| node.kind() == NODE_LIST);
        let given =
            spot.call().into_iter().flat_map(|call| call.arguments).map(|node| spot.defined_as(node).unwrap_or(node));
        let (function, argument) = around.chain(given).find_map(|list| call_without_parentheses(spot, list))?;
        let (function, argument) = (spot.text(function), spot.text(argument));
        Some(format!(
            "`[ {function} {argument} ]` has two elements; a call in a list needs parentheses: \
             `[ ({function} {argument}) ]`"
        ))
    })
}

/// A function in a list, and the element behind it.
fn call_without_parentheses<'s>(spot: &'s Spot, list: Node<'s>) -> Option<(Node<'s>, Node<'s>)> {
    if list.kind() != NODE_LIST {
        return None;
    }
    let elements: Vec<_> = list.nodes().collect();
    let is_function = |node: Node<'_>| {
        let builtin = super::arguments::builtin_named(&spot.text(node)).is_some();
        builtin || spot.defined_as(node).is_some_and(|value| value.unwrapped().kind() == NODE_LAMBDA)
    };
    elements.windows(2).find(|pair| is_function(pair[0])).map(|pair| (pair[0], pair[1]))
}

/// The last element has the index length - 1.
pub(super) fn past_the_end(scene: &Scene<'_>) -> Option<String> {
    let message = scene.message();
    let (_, length) = message.rsplit_once("on a list of size ").filter(|_| scene.is(Code::OUT_OF_LIST))?;
    let length: u64 = length.parse().ok()?;
    Some(match length {
        0 => "the list is empty".to_owned(),
        1 => "elements are counted from 0, and the list has one".to_owned(),
        _ => format!("elements are counted from 0, so the last one has the index {}", length - 1),
    })
}
