//! The expression that people should look at first. The evaluator knows the place of a call or an operator; the wrong
//! argument or operand follows from the step and the text.

use super::arguments;
use super::scene::{Scene, Spot};
use super::values::sides;
use super::variables::with_article;
use crate::error::{Action, Arithmetic, Cause, Code, ErrorKind, Operand, Purpose, TraceFrame};
use crate::source::{Part, Place, Span};
use crate::syntax::locate::bound_in;
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;

/// The expression to look at first.
pub(super) struct Blame {
    pub(super) spot: Spot,
    /// The text of its label.
    pub(super) label: String,
    /// True if this expression's value is the wrong one.
    pub(super) is_value: bool,
}

impl Blame {
    pub(super) fn new(spot: &Spot, span: Span, label: impl Into<String>, is_value: bool) -> Self {
        Self { spot: spot.at(span), label: label.into(), is_value }
    }
}

type Rule = fn(&Scene<'_>) -> Option<Blame>;

const RULES: &[Rule] = &[
    undefined_name,
    missing_name,
    arguments::of_builtin,
    operand,
    overflow,
    comparison,
    side,
    base,
    callee,
    arguments::of_pattern,
    arguments::not_a_set,
    condition,
    opened_set,
    joined,
    attribute_of_derivation,
    copied_path,
];

/// Returns the result of the first rule that applies.
pub(super) fn find(scene: &Scene<'_>) -> Option<Blame> {
    RULES.iter().find_map(|rule| rule(scene))
}

/// In `a.b`, the undefined variable `a`.
fn undefined_name(scene: &Scene<'_>) -> Option<Blame> {
    let spot = scene.spot(scene.place()).filter(|_| scene.is(Code::UNDEFINED_VARIABLE))?;
    let variable = spot.around().next().filter(|node| node.kind() == NODE_IDENT)?.span();
    Some(Blame::new(&spot, variable, "not defined", false))
}

/// In `a.b.c`, the missing name.
fn missing_name(scene: &Scene<'_>) -> Option<Blame> {
    let ErrorKind::MissingAttribute(missing) = scene.error.kind() else { return None };
    scene.nearest(|spot| in_selection(spot, missing).or_else(|| in_inherit(spot, missing)))
}

fn in_selection(spot: &Spot, missing: &str) -> Option<Blame> {
    let offset = spot.location.offset;
    let is_here = |select: &Node<'_>| {
        let in_path = select.child(NODE_ATTRPATH).is_some_and(|path| path.start <= offset && offset < path.span().end);
        select.kind() == NODE_SELECT && (select.start == offset || in_path)
    };
    let mut selects = spot.around().take(6).filter(is_here);
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

/// The operand of `-`, `*`, `/` or `<` that is not a number.
fn operand(scene: &Scene<'_>) -> Option<Blame> {
    let part = match scene.purpose() {
        Some(Purpose::Operand(Operand::First(operation))) if *operation != Arithmetic::Division => Part::Left,
        Some(Purpose::Operand(Operand::Second(operation))) if *operation != Arithmetic::Division => Part::Right,
        _ if *scene.cause() == Cause::DivisionByZero => Part::Right,
        _ => return None,
    };
    let label = if scene.is(Code::ARITHMETIC) { "this is 0" } else { "a number is needed here" };
    let place = scene.frames.iter().map(|frame| frame.place).find(|place| *place != Place::NOWHERE)?;
    let operands = [part, Part::Operand].into_iter();
    let spot = operands.filter_map(|part| scene.spot(Place { part, ..place })).find(|spot| spot.node().is_some())?;
    let span = spot.node()?.span();
    Some(Blame::new(&spot, span, label, true))
}

/// The sum whose result has no place in 64 bits.
fn overflow(scene: &Scene<'_>) -> Option<Blame> {
    let spot = scene.spot(scene.place()).filter(|_| scene.is(Code::ARITHMETIC))?;
    let (left, right) = sides(&spot)?;
    Some(Blame::new(&spot, Span::new(left.start, right.span().end), "this has no result of 64 bits", false))
}

/// The sign between two values that can't be compared.
fn comparison(scene: &Scene<'_>) -> Option<Blame> {
    let place = scene.frames.iter().map(|frame| frame.place).find(|place| *place != Place::NOWHERE);
    let spot = scene.spot(place.filter(|_| scene.is(Code::NOT_COMPARABLE))?)?;
    let sign = spot.node().filter(|node| node.kind() == NODE_BIN_OP)?.first_token()?.span();
    Some(Blame::new(&spot, sign, "compared here", false))
}

/// The part of `"${…}"` or `… + …` that is not a string.
fn side(scene: &Scene<'_>) -> Option<Blame> {
    let is_piece = scene.purpose() == Some(&Purpose::PathSegment);
    if !is_piece && !scene.is(Code::NOT_ADDABLE) {
        return None;
    }
    let spot = scene.spot(scene.place()).or_else(|| scene.spot(scene.frames.first()?.place))?;
    let span = spot.node()?.span();
    if matches!(scene.found(), "list" | "set") && joins_alike(&spot) {
        let sign = Span::new(spot.location.offset, spot.location.offset + 1);
        return Some(Blame::new(&spot, sign, format!("`+` does not join {}s", scene.found()), false));
    }
    let label = match spot.part {
        Part::Piece(_) | Part::Inside(_) => "needed as a string here".to_owned(),
        _ => format!("this is {}", with_article(scene.found())),
    };
    Some(Blame::new(&spot, span, label, true))
}

/// True if a side of a sum may have the other side's type: it is not a string or path.
pub(super) fn joins_alike(spot: &Spot) -> bool {
    let other = sides(spot).map(|(left, right)| if spot.part == Part::LeftSide { right } else { left });
    other.is_some_and(|other| !matches!(type_of(spot, other), "string" | "path"))
}

/// In `a.b.c`, the part that is not a set.
fn base(scene: &Scene<'_>) -> Option<Blame> {
    if !scene.is_selection() {
        return None;
    }
    let spot = scene.spot(scene.place()).or_else(|| scene.spot(scene.frames.first()?.place))?;
    let select = spot.node().filter(|node| node.kind() == NODE_SELECT)?;
    let mut nodes = select.nodes();
    let (base, path) = (nodes.next()?, nodes.next()?);
    let names = scene.error.details().map_or(0, |details| details.selected);
    let last = path.nodes().take(names).last().unwrap_or(base);
    let label = format!("this is {}, not a set", with_article(scene.found()));
    Some(Blame::new(&spot, Span::new(base.start, last.span().end), label, names == 0))
}

/// The called expression that is not a function: in `f a b` it may be the result of `f a`.
fn callee(scene: &Scene<'_>) -> Option<Blame> {
    if !scene.is(Code::NOT_A_FUNCTION) {
        return None;
    }
    let spot = scene.spot(scene.place())?;
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

/// The number of arguments of a function, as far as its text shows.
pub(super) fn parameters(spot: &Spot, function: Node<'_>) -> usize {
    if let Some(builtin) = arguments::builtin_at(spot, function) {
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
    let places = Some(scene.place()).into_iter().chain(scene.frames.iter().take(8).map(|frame| frame.place));
    places.filter_map(|place| scene.spot(place)).find_map(|spot| {
        let assertion = spot.node().filter(|node| node.kind() == NODE_ASSERT)?;
        let span = assertion.nodes().next()?.span();
        Some(Blame::new(&spot, span, "this is not true", false))
    })
}

/// The value opened by `with` that is not a set.
fn opened_set(scene: &Scene<'_>) -> Option<Blame> {
    let is_opened = scene.purpose() == Some(&Purpose::Namespace);
    let place = scene.frames.first().filter(|_| is_opened && scene.is(Code::WRONG_TYPE))?.place;
    let spot = scene.spot(place)?;
    let with = spot.node().filter(|node| node.kind() == NODE_WITH)?;
    let set = with.nodes().next()?.span();
    Some(Blame::new(&spot, set, "a set is needed here", true))
}

/// The operand of `++` that is not a list.
fn joined(scene: &Scene<'_>) -> Option<Blame> {
    if scene.purpose() != Some(&Purpose::Concatenation) {
        return None;
    }
    let (place, label) = scene.error.details()?.related.first()?;
    let spot = scene.spot(*place)?;
    let span = spot.node()?.span();
    Some(Blame::new(&spot, span, label.as_str(), true))
}

/// The attribute of a derivation that cannot be used as text.
fn attribute_of_derivation(scene: &Scene<'_>) -> Option<Blame> {
    let is_attribute =
        |frame: &&TraceFrame| matches!(frame.action, Action::Member(_) | Action::DerivationAttribute { .. });
    let attribute = scene.frames.iter().take(3).find(is_attribute)?;
    let is_used = scene.is(Code::NOT_A_STRING) && !matches!(attribute.action, Action::Member(_));
    let spot = scene.spot(Some(attribute.place).filter(|place| is_used && *place != Place::NOWHERE)?)?;
    let definition = spot.around().find(|node| node.kind() == NODE_ATTRPATH_VALUE)?;
    let value = definition.nodes().nth(1)?;
    let wrong = first_of(&spot, vec![value], scene.found())?.span();
    Some(Blame::new(&spot, wrong, "needed as a string here", true))
}

/// A path that can't be copied to the store: where it is written, or where it enters the function that copies it.
fn copied_path(scene: &Scene<'_>) -> Option<Blame> {
    let spot = scene.spot(scene.place()).filter(|_| scene.is_copied())?;
    let node = spot.node()?;
    let inner = node.nodes().next().filter(|_| node.kind() == NODE_INTERPOL).unwrap_or(node);
    let is_written = matches!(inner.unwrapped().kind(), NODE_PATH_ABS | NODE_PATH_REL | NODE_PATH_HOME);
    let (whole, label) = match scene.is(Code::FILE) {
        true if is_written && scene.is_missing_file() => (inner, "there is no such file"),
        true => (node, "this is copied to the store"),
        false => (node, "this can't be copied to the store"),
    };
    Some(Blame::new(&spot, whole.span(), label, true))
}

/// Of expressions and the elements of lists among them, the first one with a value of a type. All before it must be
/// known to have other types, since an error is about the first wrong one.
pub(super) fn first_of<'s>(spot: &'s Spot, mut expressions: Vec<Node<'s>>, wanted: &str) -> Option<Node<'s>> {
    expressions.reverse();
    while let Some(node) = expressions.pop() {
        let inner = node.unwrapped();
        match type_of(spot, node) {
            "set" if ["outPath", "__toString"].iter().any(|name| bound_in(inner, name).is_some()) => {}
            found if found == wanted => return Some(node),
            "list" if inner.kind() == NODE_LIST => {
                let elements: Vec<_> = inner.nodes().collect();
                expressions.extend(elements.into_iter().rev());
            }
            "" | "list" => return None,
            _ => {}
        }
    }
    None
}

/// The type of an expression's value, if its text shows it.
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
