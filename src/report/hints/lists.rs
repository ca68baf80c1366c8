//! Hints for list access: similar texts in the language, and the right form.

use super::blame::{parameters, type_of};
use super::scene::{Scene, Spot};
use crate::error::{Code, Ordinal, Purpose};
use crate::source::Span;
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;

/// `xs.0` is `xs` applied to the float `.0`. Applies if the error is about `xs`, the number, or the call with both as
/// arguments, and `xs` may be a list; for other values there are other hints.
pub(super) fn dotted_number(scene: &Scene<'_>) -> Option<String> {
    if !is_about_types(scene) {
        return None;
    }
    scene.nearest(|spot| {
        let start = spot.node()?.start;
        let (base, number, around) =
            spot.around().take(4).find_map(|node| dotted_pair(node).map(|(base, number)| (base, number, node)))?;
        let is_it =
            [base.start, number.start].contains(&start) || (around.kind() == NODE_APPLY && around.start == start);
        if !is_it || is_number(base) {
            return None;
        }
        let is_called = scene.is(Code::NOT_A_FUNCTION) && start == base.start;
        let kind = if is_called { scene.found() } else { type_of(spot, base) };
        match kind {
            "list" | "" => Some(explain(spot, (base, number))),
            "set" => Some(explain_name(spot, (base, number))),
            "string" => Some(explain_letter(spot, (base, number))),
            _ => None,
        }
    })
}

/// True if the error is about a value of the wrong type.
fn is_about_types(scene: &Scene<'_>) -> bool {
    let codes = [
        Code::NOT_A_FUNCTION,
        Code::WRONG_TYPE,
        Code::NOT_A_STRING,
        Code::NOT_ADDABLE,
        Code::NOT_COMPARABLE,
        Code::MISSING_ARGUMENT,
    ];
    codes.contains(&scene.error.code())
}

/// `1.2.3` and `1..5` are two numbers. Applies if a number is called with a number directly after it.
pub(super) fn version_or_range(scene: &Scene<'_>) -> Option<String> {
    let spot = scene.first().filter(|_| scene.is(Code::NOT_A_FUNCTION))?;
    let (base, number) = spot.around().take(3).find_map(dotted_pair).filter(|(base, _)| is_number(*base))?;
    let text = spot.text_of(Span::new(base.start, number.span().end));
    Some(match text.split_once("..") {
        Some((first, last)) => {
            let count = first.parse::<u32>().ok().zip(last.parse::<u32>().ok());
            let count = count.map_or_else(
                || "n".to_owned(),
                |(first, last)| last.saturating_add(1).saturating_sub(first).to_string(),
            );
            format!(
                "`{text}` is two numbers; the list from {first} to {last} is `builtins.genList (i: i + {first}) {count}`, or \
                 in nixpkgs `lib.range {first} {last}`"
            )
        }
        None => format!("`{text}` is two numbers; a version is a string: `\"{text}\"`"),
    })
}

fn is_number(node: Node<'_>) -> bool {
    let token = node.first_token().filter(|_| node.kind() == NODE_LITERAL);
    token.is_some_and(|token| matches!(token.kind, TOKEN_INTEGER | TOKEN_FLOAT))
}

/// An expression, and the number written like an attribute directly after it.
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

/// In `f xs.0` the number is directly after `xs`.
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

/// `text.0` does not select a letter.
fn explain_letter(spot: &Spot, (base, number): (Node<'_>, Node<'_>)) -> String {
    let (base, number) = (spot.text(base), spot.text(number));
    let index = index_of(&number);
    format!(
        "`{base}{number}` is `{base}` and then the number {number}; a part of a string is `builtins.substring \
         {index} 1 {base}`"
    )
}

/// `set.0` does not select an attribute.
fn explain_name(spot: &Spot, (base, number): (Node<'_>, Node<'_>)) -> String {
    let (base, number) = (spot.text(base), spot.text(number));
    let name = number.trim_start_matches('.');
    format!(
        "`{base}{number}` is {base} and then the number {number}; an attribute name that is a number needs quotes: \
         `{base}.\"{name}\"`"
    )
}

/// Applies if the undefined variable is an `or` after a number: `xs.0 or d` is `xs` applied to `.0 or`, where `or` is
/// a variable, and to `d`.
pub(super) fn number_or_default(scene: &Scene<'_>) -> Option<String> {
    let spot = scene.first().filter(|_| scene.is(Code::UNDEFINED_VARIABLE))?;
    let variable = spot.node().filter(|node| spot.text(*node) == "or")?;
    let (base, number) = spot.around().take(5).find_map(|node| number_before(node, variable))?;
    let (base, number) = (spot.text(base), spot.text(number));
    let index = index_of(&number);
    Some(format!(
        "`{base}{number} or` is {base}, the number {number} and a variable `or`; a default for a missing element: \
         `if builtins.length {base} > {index} then builtins.elemAt {base} {index} else …`"
    ))
}

/// The number before `or`, and the expression directly before the number.
fn number_before<'t>(node: Node<'t>, or: Node<'t>) -> Option<(Node<'t>, Node<'t>)> {
    let nodes: Vec<_> = node.nodes().collect();
    let with_or =
        |node: Node<'t>| node.nodes().next().filter(|first| is_dotted_number(*first) && node.span().end >= or.start);
    nodes.windows(2).find_map(|two| {
        let number = with_or(two[1]).filter(|number| number.start == two[0].span().end)?;
        Some((last_argument(two[0]), number))
    })
}

/// `xs[0]` is `xs` applied to the list `[ 0 ]`; `xs(0)` to the number. Applies if brackets with one value in them
/// touch a list that is called, or an argument that may be a list.
pub(super) fn bracketed_number(scene: &Scene<'_>) -> Option<String> {
    if scene.is(Code::NOT_A_FUNCTION) {
        return bracketed_at(&scene.spot(scene.place())?, Some(scene.found()));
    }
    let is_list = scene.found() == "list" && is_about_types(scene);
    is_list.then(|| scene.nearest(|spot| bracketed_at(spot, None))).flatten()
}

/// Brackets that touch a list in the call at a spot. `called` is the type of the called value, if the error is about
/// that.
fn bracketed_at(spot: &Spot, called: Option<&str>) -> Option<String> {
    let call = spot.call()?;
    let all: Vec<Node<'_>> = std::iter::once(call.callee).chain(call.arguments.iter().copied()).collect();
    let touching = all.windows(2).find(|pair| pair[0].span().end == pair[1].start && index_in(pair[1]).is_some())?;
    let (base, brackets) = (touching[0], touching[1]);
    let is_callee = base.start == call.callee.start;
    let kind = if is_callee { called? } else { type_of(spot, base) };
    let index = index_in(brackets)?;
    let (base, written) = (spot.text(base), spot.text(brackets));
    let what = if brackets.kind() == NODE_LIST { "a list" } else { "a value" };
    let is = if is_callee { format!("calls {base} with {what}") } else { format!("is {base} and then {what}") };
    match kind {
        "set" if is_callee && brackets.kind() == NODE_LIST => {
            let text = spot.text(index);
            let name = match type_of(spot, index) {
                "string" => text,
                "int" => format!("\"{text}\""),
                _ => format!("${{{text}}}"),
            };
            Some(format!("`{base}{written}` {is}; an attribute is `{base}.{name}`"))
        }
        "list" => Some(format!("`{base}{written}` {is}; an element is `builtins.elemAt {base} {}`", spot.text(index))),
        "" if !is_callee && brackets.kind() == NODE_LIST => {
            Some(format!("`{base}{written}` {is}; an element is `builtins.elemAt {base} {}`", spot.text(index)))
        }
        _ => None,
    }
}

/// The only value in brackets.
fn index_in(brackets: Node<'_>) -> Option<Node<'_>> {
    let is_pair = matches!(brackets.kind(), NODE_LIST | NODE_PAREN);
    let mut inside = brackets.nodes();
    let index = inside.next().filter(|_| is_pair && inside.next().is_none())?;
    let is_index = brackets.kind() == NODE_LIST || is_number(index) || index.kind() == NODE_IDENT;
    is_index.then_some(index)
}

/// `xs."0"`, `xs.a`: lists have no attributes. Applies if a name is selected from a list.
pub(super) fn name_on_list(scene: &Scene<'_>) -> Option<String> {
    let blame = scene.blame.as_ref().filter(|_| scene.is_selection() && scene.found() == "list")?;
    let span = blame.spot.span?;
    let select = blame.spot.around().find(|node| node.kind() == NODE_SELECT && node.span().end > span.end)?;
    let name = select.child(NODE_ATTRPATH)?.nodes().find(|name| name.start >= span.end)?;
    let (base, name) = (blame.spot.text_of(span), blame.spot.text(name));
    let index = name.trim_matches(['"', '$', '{', '}']);
    if !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(format!(
            "lists have no attributes; an element is `builtins.elemAt {base} {index}`, or on the command line the path \
             -A {base}.{index}"
        ));
    }
    Some(match METHODS.iter().find(|(names, _)| names.contains(&name.as_str())) {
        Some((_, call)) => format!("lists have no methods; that is `{call} {base}`"),
        None => format!(
            "lists have no attributes; `{name}` of one element: `(builtins.elemAt {base} 0).{name}`, of every element: \
             `map (x: x.{name}) {base}`"
        ),
    })
}

/// Methods of lists in other languages, and their equivalents.
const METHODS: &[(&[&str], &str)] = &[
    (&["length", "size", "count"], "builtins.length"),
    (&["head", "first"], "builtins.head"),
    (&["tail", "rest"], "builtins.tail"),
    (&["map"], "map f"),
    (&["filter"], "builtins.filter f"),
    (&["join"], "builtins.concatStringsSep \", \""),
    (&["contains", "includes", "elem"], "builtins.elem x"),
    (&["sort", "sorted"], "builtins.sort builtins.lessThan"),
    (&["foldl", "fold", "reduce"], "builtins.foldl' f start"),
];

/// `xs.${0}`, `{ ${1} = 2; }`: names are strings. Applies if a number is in the place of a name.
pub(super) fn number_as_name(scene: &Scene<'_>) -> Option<String> {
    if scene.found() != "int" || scene.purpose() != Some(&Purpose::AttributeName) {
        return None;
    }
    let spot = scene.first()?;
    let number = spot.node()?;
    let index = spot.text(number);
    let name = if is_number(number) { format!("`\"{index}\"`") } else { format!("`${{toString {index}}}`") };
    let select = spot.around().take(4).find(|node| node.kind() == NODE_SELECT);
    let base = select.and_then(|select| select.nodes().next()).filter(|base| base.span().end <= number.start);
    match base.map(|base| (type_of(spot, base), spot.text(base))) {
        Some(("list", base)) => {
            Some(format!("lists have no attributes; an element is `builtins.elemAt {base} {index}`"))
        }
        Some(("", base)) => Some(format!(
            "attribute names are strings, here {name}; an element of a list is `builtins.elemAt {base} {index}`"
        )),
        _ => Some(format!("attribute names are strings, here {name}")),
    }
}

/// `elemAt 0 xs`. Applies if the second argument of `elemAt` is a list, and the first is not written as one.
pub(super) fn swapped_arguments(scene: &Scene<'_>) -> Option<String> {
    let is_index =
        matches!(scene.purpose(), Some(Purpose::Argument(Ordinal::Second, name)) if name == "'builtins.elemAt'");
    let spot = scene.wrong().filter(|_| is_index && scene.found() == "list")?;
    let call = spot.around().filter(|node| node.kind() == NODE_APPLY).find_map(|node| spot.call_at(node.start))?;
    let [first, second] = call.arguments.as_slice() else { return None };
    let (first, second) = (Some(*first).filter(|first| type_of(&spot, *first) != "list")?, *second);
    let (callee, first, second) = (spot.text(call.callee), spot.text(first), spot.text(second));
    Some(format!("elemAt takes the list first and then the index: `{callee} {second} {first}`"))
}

/// `[ f x ]` has two elements. Applies if the error is about a function from a list, followed by as many elements as
/// it takes arguments.
pub(super) fn list_of_two(scene: &Scene<'_>) -> Option<String> {
    if scene.found() != "lambda" || scene.is(Code::NOT_A_FUNCTION) || !is_about_types(scene) {
        return None;
    }
    scene.nearest(|spot| {
        let node = spot.node()?;
        let around = spot.around().take(3).filter(|list| list.nodes().any(|element| element.start == node.start));
        let given =
            spot.call().into_iter().flat_map(|call| call.arguments).map(|node| spot.defined_as(node).unwrap_or(node));
        around.chain(given).find_map(|list| call_without_parentheses(spot, list))
    })
}

/// The hint for a function in a list with elements after it.
fn call_without_parentheses(spot: &Spot, list: Node<'_>) -> Option<String> {
    if list.kind() != NODE_LIST {
        return None;
    }
    const COUNTS: [&str; 3] = ["two", "three", "four"];
    let elements: Vec<_> = list.nodes().collect();
    let first = elements.iter().position(|node| parameters(spot, *node) > 0)?;
    let arguments = parameters(spot, elements[first]);
    let call = elements.get(first..=first + arguments)?;
    // A list of functions is most likely intended.
    let is_functions = arguments == 1 && parameters(spot, call[1]) > 0;
    let count = COUNTS.get(arguments - 1).filter(|_| !is_functions)?;
    let text = call.iter().map(|node| spot.text(*node)).collect::<Vec<_>>().join(" ");
    Some(format!("`[ {text} ]` has {count} elements; a call in a list needs parentheses: `[ ({text}) ]`"))
}
