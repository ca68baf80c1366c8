//! Which expression people should look at first. The evaluator knows where a call or an operator is; which argument or
//! operand is not what it should be follows from what was being done, and the text.

use super::arguments;
use super::scene::{Scene, Spot};
use super::variables::with_article;
use crate::error::Code;
use crate::source::{Part, Place, Span};
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;

/// The expression to look at first.
pub(super) struct Blame {
    pub(super) spot: Spot,
    /// What is to be said of it.
    pub(super) label: String,
    /// True if the value that is not what is needed is that of this expression.
    pub(super) is_value: bool,
}

impl Blame {
    pub(super) fn new(spot: &Spot, span: Span, label: impl Into<String>, is_value: bool) -> Self {
        Self { spot: spot.at(span), label: label.into(), is_value }
    }
}

type Rule = fn(&Scene<'_>) -> Option<Blame>;

const RULES: &[Rule] = &[
    missing_name,
    arguments::of_builtin,
    operand,
    comparison,
    side,
    base,
    callee,
    arguments::of_pattern,
    arguments::not_a_set,
    condition,
    joined,
];

/// The first rule that knows counts.
pub(super) fn find(scene: &Scene<'_>) -> Option<Blame> {
    RULES.iter().find_map(|rule| rule(scene))
}

/// What stands between the last quotes of a message.
pub(super) fn last_quoted(message: &str) -> &str {
    message.rsplit('\'').nth(1).unwrap_or_default()
}

/// In `a.b.c`, the name that is missing.
fn missing_name(scene: &Scene<'_>) -> Option<Blame> {
    if !scene.is(Code::MISSING_ATTRIBUTE) {
        return None;
    }
    let message = scene.message();
    let missing = last_quoted(&message);
    scene.nearest(|spot| in_selection(spot, missing).or_else(|| in_inherit(spot, missing)))
}

fn in_selection(spot: &Spot, missing: &str) -> Option<Blame> {
    let mut selects = spot.around().take(6).filter(|node| node.kind() == NODE_SELECT);
    selects.find_map(|select| {
        let mut nodes = select.nodes();
        let (base, path) = (nodes.next()?, nodes.next()?);
        let name = path.nodes().find(|name| spot.text(*name).trim_matches('"') == missing.trim_matches('"'))?;
        let before = path.nodes().take_while(|before| before.start < name.start).last().unwrap_or(base);
        let set = spot.text_of(Span::new(base.start, before.span().end));
        let label = if set == "…" { "not there".to_owned() } else { format!("`{set}` has no `{missing}`") };
        Some(Blame::new(spot, name.span(), label, false))
    })
}

/// `inherit (a) b;`
fn in_inherit(spot: &Spot, missing: &str) -> Option<Blame> {
    let inherit = spot.around().take(3).find(|node| node.kind() == NODE_INHERIT)?;
    let set = inherit.child(NODE_INHERIT_FROM)?.nodes().next()?;
    let name = inherit.nodes().find(|name| spot.text(*name) == missing)?;
    Some(Blame::new(spot, name.span(), format!("`{}` has no `{missing}`", spot.text(set)), false))
}

/// The operand of `-`, `*`, `/` or `<` that is no number.
fn operand(scene: &Scene<'_>) -> Option<Blame> {
    let part = match scene.step() {
        step if step.starts_with("while evaluating the first argument of the ") => Part::Left,
        step if step.starts_with("while evaluating the second argument of the ") => Part::Right,
        _ if scene.message() == "division by zero" => Part::Right,
        _ => return None,
    };
    let label = if scene.is(Code::ARITHMETIC) { "this is 0" } else { "a number is needed here" };
    let place = scene.frames.iter().map(|frame| frame.place).find(|place| *place != Place::NOWHERE)?;
    let spot = scene.spot(Place { part, ..place })?;
    let span = spot.node()?.span();
    Some(Blame::new(&spot, span, label, true))
}

/// The sign between two values that can't be compared.
fn comparison(scene: &Scene<'_>) -> Option<Blame> {
    let place = scene.frames.iter().map(|frame| frame.place).find(|place| *place != Place::NOWHERE);
    let spot = scene.spot(place.filter(|_| scene.is(Code::NOT_COMPARABLE))?)?;
    let sign = spot.node().filter(|node| node.kind() == NODE_BIN_OP)?.first_token()?.span();
    Some(Blame::new(&spot, sign, "compared here", false))
}

/// What is no string in `"${…}"` or `… + …`.
fn side(scene: &Scene<'_>) -> Option<Blame> {
    let is_piece = scene.step() == "while evaluating a path segment";
    if !is_piece && !scene.is(Code::NOT_ADDABLE) {
        return None;
    }
    let spot = scene.spot(scene.error.place()).or_else(|| scene.spot(scene.frames.first()?.place))?;
    let span = spot.node()?.span();
    if matches!(scene.found(), "list" | "set") && matches!(spot.part, Part::LeftSide | Part::RightSide) {
        let sign = Span::new(spot.location.offset, spot.location.offset + 1);
        return Some(Blame::new(&spot, sign, format!("`+` does not join {}s", scene.found()), false));
    }
    let label = match spot.part {
        Part::Piece(_) | Part::Inside(_) => "needed as a string here".to_owned(),
        _ => format!("this is {}", with_article(scene.found())),
    };
    Some(Blame::new(&spot, span, label, true))
}

/// In `a.b.c`, what is no set.
fn base(scene: &Scene<'_>) -> Option<Blame> {
    if !scene.is(Code::WRONG_TYPE) || scene.step() != "while selecting an attribute" {
        return None;
    }
    let spot = scene.spot(scene.error.place()).or_else(|| scene.spot(scene.frames.first()?.place))?;
    let select = spot.node().filter(|node| node.kind() == NODE_SELECT)?;
    let mut nodes = select.nodes();
    let (base, path) = (nodes.next()?, nodes.next()?);
    let names = scene.error.details().map_or(0, |details| details.selected);
    let last = path.nodes().take(names).last().unwrap_or(base);
    let label = format!("this is {}, not a set", with_article(scene.found()));
    Some(Blame::new(&spot, Span::new(base.start, last.span().end), label, names == 0))
}

/// What is called and is no function: in `f a b` that may be the result of `f a`.
fn callee(scene: &Scene<'_>) -> Option<Blame> {
    if !scene.is(Code::NOT_A_FUNCTION) {
        return None;
    }
    let spot = scene.spot(scene.error.place())?;
    let call = spot.call()?;
    let known = parameters(&spot, call.callee);
    let result = known.checked_sub(1).and_then(|last| call.arguments.get(last));
    Some(match result {
        Some(last) if known < call.arguments.len() => {
            let span = Span::new(call.callee.start, last.span().end);
            let label = format!("this is {}, called as a function", with_article(scene.found()));
            Blame::new(&spot, span, label, false)
        }
        _ => Blame::new(&spot, call.callee.span(), "called as a function here", true),
    })
}

/// How many arguments a function takes, as far as its text tells.
fn parameters(spot: &Spot, function: Node<'_>) -> usize {
    let text = spot.text(function);
    if let Some(builtin) = arguments::builtin_named(&text) {
        return builtin.arity();
    }
    let mut body = spot.defined_as(function).map_or(function, Node::unwrapped).unwrapped();
    let mut count = 0;
    while body.kind() == NODE_LAMBDA {
        count += 1;
        let Some(inner) = body.nodes().last() else { break };
        body = inner.unwrapped();
    }
    count
}

/// The condition of an `assert`.
fn condition(scene: &Scene<'_>) -> Option<Blame> {
    if !scene.is(Code::ASSERTION) {
        return None;
    }
    let places = Some(scene.error.place()).into_iter().chain(scene.frames.iter().take(8).map(|frame| frame.place));
    places.filter_map(|place| scene.spot(place)).find_map(|spot| {
        let assertion = spot.node().filter(|node| node.kind() == NODE_ASSERT)?;
        let span = assertion.nodes().next()?.span();
        Some(Blame::new(&spot, span, "this is not true", false))
    })
}

/// The operand of `++` that is no list.
fn joined(scene: &Scene<'_>) -> Option<Blame> {
    if scene.step() != "while evaluating one of the elements to concatenate" {
        return None;
    }
    let (place, label) = scene.error.details()?.related.first()?;
    let spot = scene.spot(*place)?;
    let span = spot.node()?.span();
    Some(Blame::new(&spot, span, label.as_str(), true))
}

/// The type of an expression's value, where its text tells.
pub(super) fn type_of(spot: &Spot, node: Node<'_>) -> &'static str {
    let node = node.unwrapped();
    match node.kind() {
        NODE_IDENT => spot
            .defined_as(node)
            .filter(|value| value.unwrapped().kind() != NODE_IDENT)
            .map_or("", |value| type_of(spot, value)),
        NODE_STRING => "string",
        NODE_LIST => "list",
        NODE_ATTR_SET => "set",
        NODE_LAMBDA => "lambda",
        NODE_PATH_ABS | NODE_PATH_REL | NODE_PATH_HOME => "path",
        NODE_LITERAL => match node.first_token().map(|token| token.kind) {
            Some(TOKEN_INTEGER) => "int",
            Some(TOKEN_FLOAT) => "float",
            Some(TOKEN_URI) => "string",
            _ => "",
        },
        _ => "",
    }
}
