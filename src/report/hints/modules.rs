//! Hints for NixOS modules whose structure depends on their own result.

use super::scene::{Scene, Spot};
use crate::error::{Action, Code, FrameKind, TraceFrame};
use crate::report::library::is_library;
use crate::source::Place;
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;

/// An argument of a module, used before the module system has it.
struct Early {
    /// For example `config` or `pkgs`.
    argument: String,
    /// The module's own attribute that uses it, for example `imports`; `None` if it decides about the whole module.
    attribute: Option<String>,
}

/// `imports` that need `config`. Applies to a cycle through an argument of a module that its `imports` use.
pub(super) fn config_in_imports(scene: &Scene<'_>) -> Option<String> {
    let early = early(scene)?;
    if early.attribute.as_deref() != Some("imports") {
        return None;
    }
    let argument = early.argument;
    Some(match argument.as_str() {
        "config" => {
            "`imports` are read before `config` exists: always import the file and put the condition inside it, with \
             `lib.mkIf`; or pass what decides through `specialArgs`"
                .to_owned()
        }
        _ => format!(
            "`{argument}` is known only after all `imports` are read; pass what `imports` need through \
             `specialArgs`, such as `specialArgs = {{ inherit inputs; }}`"
        ),
    })
}

/// `config = if config.a then … else { }`. Applies to a cycle through an argument of a module that decides which
/// attributes its `config`, or the whole module, has.
pub(super) fn condition_of_config(scene: &Scene<'_>) -> Option<String> {
    let early = early(scene)?;
    let argument = early.argument;
    match early.attribute.as_deref() {
        Some("config") => Some(format!(
            "which options a module defines must not depend on `{argument}`: write `config = lib.mkIf condition {{ … }};`, and \
             `lib.mkMerge [ … ]` for several"
        )),
        Some(_) => None,
        None => Some(format!(
            "the attributes of a module must not depend on `{argument}`: always define them, and put the condition \
             into `config` with `lib.mkIf`"
        )),
    }
}

fn early(scene: &Scene<'_>) -> Option<Early> {
    // The module system's own words.
    let is_argument = |frame: &TraceFrame| matches!(&frame.action, Action::Custom(words) if words.starts_with("while evaluating the module argument `"));
    let in_module = scene.frames.iter().any(|frame| frame.kind == FrameKind::Always && is_argument(frame));
    if !in_module || !scene.is(Code::INFINITE_RECURSION) {
        return None;
    }
    let inner = scene.frames.iter().take_while(|frame| frame.action != Action::InfiniteRecursion);
    let places = inner.map(|frame| frame.place).filter(|place| *place != Place::NOWHERE);
    let spots = places.filter_map(|place| scene.spot(place));
    spots.filter(|spot| !is_library(&spot.location.source.origin)).find_map(|spot| early_at(&spot))
}

/// The argument that a spot in a module uses.
fn early_at(spot: &Spot) -> Option<Early> {
    let start = spot.node().map_or(spot.location.offset, |node| node.unwrapped().start);
    let path: Vec<Node<'_>> = spot.outline().path_to(start);
    let argument = path.last().filter(|node| node.kind() == NODE_IDENT).map(|node| spot.text(*node))?;
    let formal = spot.outline().definition(path.last()?.start).filter(|definition| definition.value.is_none())?;
    let takes_it = |node: &Node<'_>| {
        let pattern = node.nodes().next().filter(|first| first.kind() == NODE_PATTERN);
        node.kind() == NODE_LAMBDA
            && pattern.is_some_and(|pattern| {
                pattern.span().start <= formal.name.start && formal.name.end <= pattern.span().end
            })
    };
    let module = path.iter().position(takes_it)?;
    let inside = &path[module + 1..];
    let definition = inside.iter().find(|node| node.kind() == NODE_ATTRPATH_VALUE);
    let is_deciding = inside
        .iter()
        .any(|node| matches!(node.kind(), NODE_IF_ELSE | NODE_APPLY | NODE_BIN_OP | NODE_WITH | NODE_SELECT));
    let attribute = match definition {
        Some(definition) => Some(spot.text(definition.nodes().next()?)),
        None if is_deciding => None,
        None => return None,
    };
    Some(Early { argument, attribute })
}
