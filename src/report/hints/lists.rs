//! List access: what looks like it in the language, and how it is written.

use super::scene::{Scene, Spot};
use crate::error::Code;
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;

/// `xs.0` is `xs` applied to the float `.0`.
pub(super) fn dotted_number(scene: &Scene<'_>) -> Option<String> {
    let pair = |spot: &Spot| {
        let pair = spot.around().take(4).find_map(dotted_pair)?;
        let is_called = spot.node().is_some_and(|node| node.start == pair.0.start);
        let is_set = scene.is(Code::NOT_A_FUNCTION) && scene.found() == "set" && is_called;
        Some(if is_set { explain_name(spot, pair) } else { explain(spot, pair) })
    };
    scene.nearest(pair)
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
    let index = index_of(&number);
    format!(
        "`{base}{number}` is `{base}` and then the number {number}; an element is `builtins.elemAt {base} {index}`. \
         (`{base}{number}` is for the command line: -A {base}{number})"
    )
}

/// The index that a number such as `.01` was meant to be.
fn index_of(number: &str) -> &str {
    let digits = number.trim_start_matches('.');
    match digits.trim_start_matches('0') {
        index if !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit()) => index,
        _ => "0",
    }
}

/// `set.0` is no attribute either.
fn explain_name(spot: &Spot, (base, number): (Node<'_>, Node<'_>)) -> String {
    let (base, number) = (spot.text(base), spot.text(number));
    let name = number.trim_start_matches('.');
    format!(
        "`{base}{number}` is {base} and then the number {number}; an attribute whose name is a number is written in \
         quotes: `{base}.\"{name}\"`"
    )
}

/// `xs.0 or d` is `xs` applied to `.0 or`, where `or` is a variable, and to `d`.
pub(super) fn number_or_default(scene: &Scene<'_>) -> Option<String> {
    let spot = scene.first().filter(|_| scene.is(Code::UNDEFINED_VARIABLE))?;
    let variable = spot.node().filter(|node| spot.text(*node) == "or")?;
    let (base, number) = spot.around().take(5).find_map(|node| number_before(node, variable))?;
    let (base, number) = (spot.text(base), spot.text(number));
    let index = index_of(&number);
    Some(format!(
        "`{base}{number} or` is {base}, the number {number} and a variable `or`; a default for an element that may not be \
         there: `if builtins.length {base} > {index} then builtins.elemAt {base} {index} else …`"
    ))
}

/// The number in front of `or`, and what stands right before it.
fn number_before<'t>(node: Node<'t>, or: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
    let nodes: Vec<_> = node.nodes().collect();
    let with_or =
        |node: Node<'t>| node.nodes().next().filter(|first| is_dotted_number(*first) && node.span().end >= or.start);
    nodes.windows(2).find_map(|two| {
        let number = with_or(two[1]).filter(|number| number.start == two[0].span().end)?;
        Some((last_argument(two[0]), number))
    })
}

/// `xs[0]` is `xs` applied to the list `[ 0 ]`; `xs(0)` to the number.
pub(super) fn bracketed_number(scene: &Scene<'_>) -> Option<String> {
    if !scene.is(Code::NOT_A_FUNCTION) || scene.found() != "list" {
        return None;
    }
    scene.nearest(|spot| {
        let call = spot.around().take(2).find(|node| node.kind() == NODE_APPLY)?;
        let mut nodes = call.nodes();
        let (base, list) = (nodes.next()?, nodes.next()?);
        let is_index = list.start == base.span().end && list.nodes().count() == 1;
        let index = list.nodes().next().filter(|_| is_index)?;
        let (base, written, index) = (spot.text(base), spot.text(list), spot.text(index));
        let what = match list.kind() {
            NODE_LIST => "a list",
            NODE_PAREN => "a number",
            _ => return None,
        };
        Some(format!("`{base}{written}` calls {base} with {what}; an element is `builtins.elemAt {base} {index}`"))
    })
}

/// `xs."0"`, `xs.a`: lists have no attributes. `xs.${0}`: names are strings.
pub(super) fn name_on_list(scene: &Scene<'_>) -> Option<String> {
    let is_argument = scene.step().contains(" passed to ");
    let on_list = scene.message().starts_with("expected a set but found a list") && !is_argument;
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
            format!(
                "lists have no attributes; an element is `builtins.elemAt {base} {index}`, or on the command line the path \
                 -A {base}.{index}"
            )
        } else if by_number {
            format!("names of attributes are strings; an element of a list is `builtins.elemAt {base} {index}`")
        } else {
            match METHODS.iter().find(|(names, _)| names.contains(&name.as_str())) {
                Some((_, builtin)) => format!("lists have no methods; that is `builtins.{builtin} {base}`"),
                None => format!("lists have no attributes; of every element: `map (x: x.{name}) {base}`"),
            }
        })
    })
}

/// What lists have in other languages, and how it is done here.
const METHODS: &[(&[&str], &str)] =
    &[(&["length", "size", "count"], "length"), (&["head", "first"], "head"), (&["tail", "rest"], "tail")];

/// `elemAt 0 xs`
pub(super) fn swapped_arguments(scene: &Scene<'_>) -> Option<String> {
    let is_list = scene.is(Code::WRONG_TYPE) && scene.message().starts_with("expected an integer but found a list");
    let is_index = scene.frames.iter().any(|frame| frame.message.ends_with("passed to 'builtins.elemAt'"));
    (is_list && is_index).then(|| "elemAt takes the list first and then the index: `builtins.elemAt xs 0`".to_owned())
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
