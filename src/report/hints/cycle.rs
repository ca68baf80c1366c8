//! Infinite recursion: the values that need each other, each step with its place.

use super::Label;
use super::scene::{Scene, Spot};
use crate::error::{Action, Code, FrameKind};
use crate::source::{Place, Span};
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;

/// The largest number of steps that are shown.
const MOST: usize = 6;

/// A needed expression, and the definition that needs it.
struct Dependency {
    spot: Spot,
    /// The definition around it, if there is one.
    inside: Option<(Span, String)>,
    is_call: bool,
    /// True for the call of a builtin, which needs its arguments.
    is_builtin: bool,
}

/// The labels of a cycle, the one where it closes first.
pub(super) fn labels(scene: &Scene<'_>) -> Vec<Label> {
    if !scene.is(Code::INFINITE_RECURSION) {
        return Vec::new();
    }
    let steps = steps(scene);
    let labels = (0..steps.len()).take(MOST).filter_map(|index| {
        let step = &steps[index];
        // The innermost step needs the subject of the outermost one.
        let next = index.checked_sub(1).or(steps.len().checked_sub(1))?;
        let needed = steps[next].inside.as_ref().filter(|_| !step.is_call || step.is_builtin);
        let needed = needed.and_then(|(name, _)| variable(step, *name));
        let (span, text) = needed.or_else(|| whole(step))?;
        let again = if index == 0 { ", which is being evaluated already" } else { "" };
        let message = match &step.inside {
            Some((_, name)) => format!("`{name}` needs {text}{again}"),
            None => format!("{text} is needed{again}"),
        };
        Some((step.spot.location.clone(), span, message))
    });
    labels.collect()
}

/// The names of a cycle of several definitions, if the text shows them: labels show only those steps that have a place.
pub(super) fn whole_cycle(scene: &Scene<'_>) -> Option<String> {
    if !scene.is(Code::INFINITE_RECURSION) {
        return None;
    }
    let step = steps(scene).into_iter().next()?;
    let binding = step.spot.around().find(|node| node.kind() == NODE_ATTRPATH_VALUE)?;
    let mut names = super::nixpkgs::definitions_in_cycle(&step.spot, binding)?;
    if names.len() < 3 {
        return None;
    }
    names.push(names[0].clone());
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    Some(format!("the cycle is {}", names.join(" → ")))
}

/// `let x = x + 1;`
pub(super) fn own_name(scene: &Scene<'_>) -> Option<String> {
    let steps = if scene.is(Code::INFINITE_RECURSION) { steps(scene) } else { Vec::new() };
    let [step] = steps.as_slice() else { return None };
    let (defined_at, name) = step.inside.as_ref()?;
    variable(step, *defined_at)?;
    Some(format!("on the right, `{name}` already means the new value; give one of the two another name"))
}

/// The variable in a step's expression that is defined at a place.
fn variable(step: &Dependency, defined_at: Span) -> Option<(Span, String)> {
    let mut pending = vec![expression(step)?];
    while let Some(node) = pending.pop() {
        let definition = (node.kind() == NODE_IDENT).then(|| step.spot.outline().definition(node.start)).flatten();
        if definition.is_some_and(|definition| definition.name.start == defined_at.start) {
            return Some((node.span(), format!("`{}`", step.spot.text(node))));
        }
        pending.extend(node.nodes());
    }
    None
}

fn whole(step: &Dependency) -> Option<(Span, String)> {
    let node = expression(step)?;
    let text = step.spot.text(node);
    Some((node.span(), if text == "…" { "this".to_owned() } else { format!("`{text}`") }))
}

fn expression(step: &Dependency) -> Option<Node<'_>> {
    let start = step.spot.location.offset;
    let call = || step.spot.around().filter(|node| node.kind() == NODE_APPLY && node.start == start).last();
    step.is_call.then(call).flatten().or_else(|| step.spot.node())
}

/// The steps from the place where the cycle closes outwards to its beginning.
fn steps(scene: &Scene<'_>) -> Vec<Dependency> {
    let inner = scene.frames.iter().take_while(|frame| frame.action != Action::InfiniteRecursion);
    let inner = inner.filter(|frame| frame.kind == FrameKind::Step || frame.action == Action::CallSite);
    let places = inner.map(|frame| (frame.place, frame.action == Action::CallSite));
    let builtins = scene.frames.iter().filter(|frame| matches!(frame.action, Action::Builtin(_)));
    let builtins: Vec<Place> = builtins.map(|frame| frame.place).collect();
    let mut steps: Vec<Dependency> = Vec::new();
    for (place, is_call) in Some((scene.place(), false)).into_iter().chain(places) {
        let Some(spot) = Some(place).filter(|place| *place != Place::NOWHERE).and_then(|place| scene.spot(place))
        else {
            continue;
        };
        let inside = definition_around(&spot);
        let is_same = |step: &Dependency| {
            step.inside.as_ref().map(|inside| inside.0) == inside.as_ref().map(|inside| inside.0)
                && step.spot.location.source.origin == spot.location.source.origin
        };
        if inside.as_ref().is_some_and(|(name, _)| name.start == spot.location.offset) || steps.iter().any(is_same) {
            continue;
        }
        let is_builtin = builtins.contains(&place);
        steps.push(Dependency { spot, inside, is_call: is_call || is_builtin, is_builtin });
    }
    steps
}

/// The nearest definition around an expression: the place of its name, and the name.
fn definition_around(spot: &Spot) -> Option<(Span, String)> {
    let binding = spot.around().find(|node| node.kind() == NODE_ATTRPATH_VALUE)?;
    let path: Node<'_> = binding.nodes().next()?;
    Some((path.span(), spot.text(path)))
}
