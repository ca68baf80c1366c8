//! Hints for texts that C++ Nix reads differently from most people.

use super::blame::parameters;
use super::scene::{Scene, Spot};
use super::values::sides;
use crate::error::{Cause, Code};
use crate::syntax::tree::{Element, Node};
use rnix::SyntaxKind::*;

/// `f -1` is a subtraction. Applies if a function is left of a `-` that touches only its right operand, and the error
/// is about that function or the call of the right operand.
pub(super) fn negative_argument(scene: &Scene<'_>) -> Option<String> {
    let wrong = scene.wrong()?;
    let node = wrong.node()?;
    let difference = wrong.around().take(6).find(|node| node.kind() == NODE_BIN_OP && node.has_token(TOKEN_SUB))?;
    let mut nodes = difference.nodes();
    let (function, number) = (nodes.next()?, nodes.next()?);
    let sign = difference.first_token()?.span();
    let touches_right_only = function.span().end < sign.start && sign.end == number.start;
    let is_function = match scene.error.code() {
        Code::WRONG_TYPE => scene.found() == "lambda" && function.unwrapped().span() == node.unwrapped().span(),
        // In `f -1 2` the number is called.
        Code::NOT_A_FUNCTION => {
            number.start == node.start && node.kind() == NODE_LITERAL && parameters(&wrong, function) > 0
        }
        _ => false,
    };
    if !touches_right_only || !is_function {
        return None;
    }
    let (function, written) = (wrong.text(function), wrong.text(number));
    let (first, rest) = if number.kind() == NODE_APPLY {
        let first = wrong.text(node);
        let rest = written.strip_prefix(&first)?.to_owned();
        (first, rest)
    } else {
        (written.clone(), String::new())
    };
    Some(format!(
        "`{function} -{written}` is a subtraction; a negative argument needs parentheses: `{function} \
         (-{first}){rest}`"
    ))
}

/// `1/2` is a path. Applies if the path is part of the sum or text in the error, and both of its halves are numbers
/// or variables.
pub(super) fn path_for_division(scene: &Scene<'_>) -> Option<String> {
    let is_sum = matches!(scene.error.code(), Code::NOT_ADDABLE | Code::NOT_A_STRING);
    let is_number =
        scene.is(Code::WRONG_TYPE) && scene.found() == "path" && !matches!(scene.expected(), "" | "a string" | "a set");
    let is_copied = scene.is(Code::FILE) && scene.is_copied();
    let may_be_meant = is_sum || is_copied || is_number;
    if !may_be_meant {
        return None;
    }
    let spot = scene.first()?;
    let left = sides(spot).filter(|_| is_sum).map(|(left, _)| left);
    let text = left.into_iter().chain(spot.node()).find_map(|node| quotient(spot, node))?;
    let (left, right) = text.split_once('/')?;
    Some(format!("`{text}` is a path; a division needs spaces: `{left} / {right}`"))
}

/// The path that looks like a quotient in an expression, or in the definition of the variable there.
fn quotient(spot: &Spot, node: Node<'_>) -> Option<String> {
    let text =
        first_token(node, TOKEN_PATH_REL, 3).or_else(|| first_token(spot.defined_as(node)?, TOKEN_PATH_REL, 0))?;
    let (left, right) = text.split_once('/')?;
    (is_operand(spot, left) && is_operand(spot, right)).then_some(text)
}

/// True for a number, and for a variable that the program defines.
pub(super) fn is_operand(spot: &Spot, text: &str) -> bool {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number || spot.defines(text)
}

/// `x:x` is a URL, and so a string. Applies if this string is called, or used as a function, or as an operand that
/// must not be a string, and if it begins with a possible parameter that is not the scheme of a URL.
pub(super) fn url_for_function(scene: &Scene<'_>) -> Option<String> {
    let is_compared = scene.is(Code::NOT_COMPARABLE) || scene.is(Code::NOT_ADDABLE);
    let is_called = scene.is(Code::NOT_A_FUNCTION) || (scene.expected() == "a function" && scene.found() == "string");
    let text = if is_called {
        token_near(&scene.wrong()?, TOKEN_URI)
    } else {
        let spot = scene.first().filter(|_| is_compared)?;
        first_token(spot.around().find(|node| node.kind() == NODE_BIN_OP)?, TOKEN_URI, 3)
    }?;
    let mut body = text.as_str();
    let mut parameters = String::new();
    while let Some((parameter, rest)) = body.split_once(':').filter(|(name, _)| is_parameter(name)) {
        parameters += &format!("{parameter}: ");
        body = rest;
    }
    let is_link = body.starts_with("//") || body.is_empty() || body.contains('@');
    (!parameters.is_empty() && !is_link)
        .then(|| format!("`{text}` is a URL, which is a string; a function needs a space: `{parameters}{body}`"))
}

/// URL schemes without `//`.
const SCHEMES: &[&str] = &[
    "data",
    "doi",
    "flake",
    "git",
    "github",
    "gitlab",
    "indirect",
    "magnet",
    "mailto",
    "news",
    "path",
    "sip",
    "sms",
    "sourcehut",
    "tel",
    "urn",
    "xmpp",
];

fn is_parameter(name: &str) -> bool {
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_name && name.starts_with(|first: char| first.is_ascii_alphabetic()) && !SCHEMES.contains(&name)
}

/// The first token of a kind in the expression there, or in the definition of the variable there.
fn token_near(spot: &Spot, kind: rnix::SyntaxKind) -> Option<String> {
    let node = spot.node()?;
    first_token(node, kind, 3).or_else(|| first_token(spot.defined_as(node)?, kind, 0))
}

/// A call over two lines: the first line may lack its end. Applies if a value that is not a function is called with
/// an argument that begins on a later line and isn't indented further.
pub(super) fn missing_semicolon(scene: &Scene<'_>) -> Option<String> {
    let spot = scene.spot(scene.place()).filter(|_| scene.is(Code::NOT_A_FUNCTION))?;
    let call = spot.call()?;
    let argument = call.arguments.first()?.start;
    let between = spot.between(call.callee.span().end, argument);
    let is_value = matches!(scene.found(), "set" | "string" | "list" | "path" | "int");
    let operator = match scene.found() {
        "set" => " or `//`",
        "list" => " or `++`",
        "string" => " or `+`",
        _ => "",
    };
    let is_next = between.contains(&b'\n') && indentation(&spot, argument) <= indentation(&spot, call.callee.start);
    (is_value && is_next).then(|| format!("the next line is its argument; perhaps `;`{operator} is missing before it"))
}

/// The indentation of the line of an offset, in bytes.
fn indentation(spot: &Spot, offset: u32) -> usize {
    let before = spot.between(0, offset);
    let line = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    spot.location.source.text.iter().skip(line).take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// `f a b` where `f` takes one argument. Applies if the number of its arguments is visible in the text, and its
/// result is called.
pub(super) fn one_argument_more(scene: &Scene<'_>) -> Option<String> {
    let blame = scene.blame.as_ref().filter(|blame| scene.is(Code::NOT_A_FUNCTION) && !blame.is_value)?;
    let text = blame.spot.text_of(blame.spot.span?);
    Some(format!("`{text}` already has its result; what follows is one argument too many"))
}

/// `a.f b c` where the number of arguments of `a.f` is not known. Applies if a selection is called with several
/// arguments.
pub(super) fn many_arguments(scene: &Scene<'_>) -> Option<String> {
    let spot = scene.spot(scene.place()).filter(|_| scene.is(Code::NOT_A_FUNCTION))?;
    let call = spot.call().filter(|call| call.arguments.len() > 1 && call.callee.kind() == NODE_SELECT)?;
    let (callee, count) = (spot.text(call.callee), call.arguments.len());
    Some(format!("`{callee}` gets {count} arguments here; if that is more than it takes, its result is called"))
}

/// A failed assertion, as written. Applies to `assert`, except for its message about two different values.
pub(super) fn failed_assertion(scene: &Scene<'_>) -> Option<String> {
    let blame = scene.blame.as_ref().filter(|_| *scene.cause() == Cause::FalseCondition)?;
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
