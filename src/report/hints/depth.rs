//! What is too deep: calls within each other, or a value.

use super::scene::Scene;
use crate::error::{Action, Code, FrameKind, SetText, TraceFrame};

/// With as many calls on the way, calls are what is too deep.
const FEW_CALLS: usize = 4;
/// Builtins that walk through all of a value.
const WALKS: [&str; 3] = ["deepSeq", "toJSON", "toXML"];

/// True if a value was being walked through: the evaluator says so, or only few of many steps are calls. Where no step is a
/// call, calls are not told of.
fn is_value(scene: &Scene<'_>) -> bool {
    let is_call = |frame: &&TraceFrame| frame.kind == FrameKind::Call || frame.action.is_call();
    let calls = scene.frames.iter().filter(is_call).take(FEW_CALLS).count();
    let is_walk = |frame: &TraceFrame| matches!(frame.action, Action::Builtin(name) if WALKS.contains(&name));
    let is_walked = scene.error.details().is_some_and(|details| details.is_deep_value);
    let is_long = scene.frames.len() > 4 * FEW_CALLS;
    is_walked || ((1..FEW_CALLS).contains(&calls) && (is_long || scene.frames.iter().any(is_walk)))
}

/// True if the nearest steps are those from one `__toString` to the next.
fn is_text(scene: &Scene<'_>) -> bool {
    let nearest = scene.frames.iter().take(4 * FEW_CALLS);
    let is_step = |frame: &&TraceFrame| {
        matches!(frame.action, Action::SetText(SetText::CallingToString | SetText::UsingToString))
    };
    nearest.filter(is_step).nth(FEW_CALLS - 1).is_some()
}

/// A set whose text is made of its text. Holds for E0041 where one `__toString` needs the next.
pub(super) fn endless_text(scene: &Scene<'_>) -> Option<String> {
    (scene.is(Code::TOO_DEEP) && is_text(scene))
        .then(|| "`__toString` must not turn its own set into text: that calls it again, without end".to_owned())
}

/// A function that calls itself without end. Holds for E0041 where calls wait for each other.
pub(super) fn endless_call(scene: &Scene<'_>) -> Option<String> {
    (scene.is(Code::TOO_DEEP) && !is_text(scene) && !is_value(scene)).then(|| {
        "each call waits for the next one; does this ever end? If it does, raise `--max-call-depth`".to_owned()
    })
}

/// A value that contains itself. Holds for E0041 where a value was being walked through.
pub(super) fn endless_value(scene: &Scene<'_>) -> Option<String> {
    (scene.is(Code::TOO_DEEP) && !is_text(scene) && is_value(scene)).then(|| {
        "the value has too many levels: perhaps it contains itself, or never ends; if it does end, raise \
         `--max-call-depth`"
            .to_owned()
    })
}
