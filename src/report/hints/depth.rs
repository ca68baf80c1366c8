//! Hints for too much depth: nested calls, or a value.

use super::scene::Scene;
use crate::error::{Action, Code, FrameKind, SetText, TraceFrame};

/// From this number of calls on, the calls are too deep.
const FEW_CALLS: usize = 4;
/// Builtins that walk through a whole value.
const WALKS: [&str; 3] = ["deepSeq", "toJSON", "toXML"];

/// True if a value was being walked through: the evaluator says so, or only few of many steps are calls. If no step
/// is a call, calls are not reported.
fn is_value(scene: &Scene<'_>) -> bool {
    let is_call = |frame: &&TraceFrame| frame.kind == FrameKind::Call || frame.action.is_call();
    let calls = scene.frames.iter().filter(is_call).take(FEW_CALLS).count();
    let is_walk = |frame: &TraceFrame| matches!(frame.action, Action::Builtin(name) if WALKS.contains(&name));
    let is_walked = scene.error.details().is_some_and(|details| details.is_deep_value);
    let is_long = scene.frames.len() > 4 * FEW_CALLS;
    is_walked || ((1..FEW_CALLS).contains(&calls) && (is_long || scene.frames.iter().any(is_walk)))
}

/// True if the nearest steps lead from one `__toString` to the next.
fn is_text(scene: &Scene<'_>) -> bool {
    let nearest = scene.frames.iter().take(4 * FEW_CALLS);
    let is_step = |frame: &&TraceFrame| {
        matches!(frame.action, Action::SetText(SetText::CallingToString | SetText::UsingToString))
    };
    nearest.filter(is_step).nth(FEW_CALLS - 1).is_some()
}

/// A set whose text contains its own text. Applies to E0041 if one `__toString` needs the next.
pub(super) fn endless_text(scene: &Scene<'_>) -> Option<String> {
    (scene.is(Code::TOO_DEEP) && is_text(scene))
        .then(|| "`__toString` must not turn its own set into text: that calls it again, without end".to_owned())
}

/// A function that calls itself without end. Applies to E0041 if calls wait for each other.
pub(super) fn endless_call(scene: &Scene<'_>) -> Option<String> {
    (scene.is(Code::TOO_DEEP) && !is_text(scene) && !is_value(scene)).then(|| {
        "each call waits for the next one; does this ever end? If it does, raise `--max-call-depth`".to_owned()
    })
}

/// A value that contains itself. Applies to E0041 if a value was being walked through.
pub(super) fn endless_value(scene: &Scene<'_>) -> Option<String> {
    (scene.is(Code::TOO_DEEP) && !is_text(scene) && is_value(scene)).then(|| {
        "the value has too many levels: perhaps it contains itself, or never ends; if it does end, raise \
         `--max-call-depth`"
            .to_owned()
    })
}
