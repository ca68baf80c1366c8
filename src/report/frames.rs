//! The trace of an error: labels for some steps, and a summary of the others.

use super::library::is_library;
use super::places::Places;
use super::pretty::Audience;
use crate::error::{Action, Code, Derivation, Error, FrameKind, TraceFrame};
use crate::source::{Origin, Place};
use rustc_hash::FxHashSet;

/// The number of innermost steps with a label in the source.
const INNER_LABELS: usize = 2;

/// The steps with a label: the innermost ones, and the outermost, which is most likely the user's own code.
pub(super) fn to_label<'f>(error: &Error, frames: &'f [TraceFrame], places: &Places<'_>) -> Vec<&'f TraceFrame> {
    let with_place = || {
        let known = frames.iter().filter(|frame| frame.place != Place::NOWHERE && !is_told_otherwise(frame));
        known.filter(|frame| places.here(frame.place).is_some_and(|here| !is_library(&here.source.origin)))
    };
    // The steps of a cycle have their own labels.
    let inner = if error.code() == Code::INFINITE_RECURSION { 0 } else { INNER_LABELS };
    let mut chosen: Vec<&TraceFrame> = with_place().take(inner).collect();
    chosen.extend(with_place().next_back());
    chosen
}

/// True for steps that are shown in another way: a running function by its call, and an assertion by its condition.
fn is_told_otherwise(frame: &TraceFrame) -> bool {
    let is_function = frame.kind == FrameKind::Call && frame.action != Action::CallSite;
    is_function || matches!(frame.action, Action::Assertion(_))
}

/// The context lines that are always shown: from the program itself, derivations and infinite recursion, and the
/// subject of a message that lacks it.
pub(super) fn always(message: &str, frames: &[TraceFrame], places: &Places<'_>) -> Vec<String> {
    /// The largest number of such lines.
    const MOST: usize = 4;
    let mut seen = FxHashSet::default();
    let is_told = |frame: &TraceFrame| match frame.kind {
        FrameKind::Always => true,
        FrameKind::Subject => !frame.action.subject().is_some_and(|subject| message.contains(subject)),
        FrameKind::Step | FrameKind::Call => false,
    };
    let told = frames.iter().filter(|frame| is_told(frame) && frame.action != Action::InfiniteRecursion);
    let mut lines: Vec<String> = told
        .filter(|frame| seen.insert(frame.message()))
        .map(|frame| format!("… {}", without_library(&frame.action, places)))
        .collect();
    if lines.len() > MOST + 1 {
        let more = lines.len() - MOST;
        lines.truncate(MOST);
        lines.push(format!("… and {more} more of this kind"));
    }
    lines
}

/// The text of an action. Places in a library are not helpful.
fn without_library(action: &Action, places: &Places<'_>) -> Action {
    let location = |derivation: &Derivation| places.here(derivation.location.as_ref()?.0.into());
    match action {
        Action::Derivation(derivation) if location(derivation).is_some_and(|at| is_library(&at.source.origin)) => {
            Action::Derivation(Box::new(Derivation { location: None, ..(**derivation).clone() }))
        }
        action => action.clone(),
    }
}

/// The distribution over files of the steps without a label.
pub(super) fn folded(frames: &[TraceFrame], labels: usize, places: &Places<'_>, audience: Audience) -> Option<String> {
    /// Fewer steps than this are not worth a summary.
    const FEW: usize = 4;
    let mut seen = FxHashSet::default();
    let with_place = frames.iter().filter(|frame| frame.place != Place::NOWHERE && !is_told_otherwise(frame));
    let steps: Vec<&TraceFrame> = with_place.filter(|frame| seen.insert(frame.place)).collect();
    if steps.len() < labels + FEW {
        return None;
    }
    let mut counts: Vec<(String, usize)> = Vec::new();
    for frame in &steps {
        let Some(place) = places.here(frame.place) else { continue };
        let name = short_name(&place.source.origin);
        match counts.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let files: Vec<_> = counts.iter().take(3).map(|(name, count)| format!("{count} in {name}")).collect();
    let more = if counts.len() > files.len() { ", …" } else { "" };
    let flag = if audience == Audience::Program { "; --show-trace lists them" } else { "" };
    Some(format!("{} steps led here ({}{more}){flag}", steps.len(), files.join(", ")))
}

/// The last two names of a path, which are enough for people.
fn short_name(origin: &Origin) -> String {
    let name = origin.display();
    match name.rmatch_indices('/').nth(1) {
        Some((at, _)) => name[at + 1..].to_owned(),
        None => name,
    }
}

/// All steps, innermost first; repeated ones are only counted.
pub(super) fn listed(frames: &[TraceFrame], places: &Places<'_>) -> Option<String> {
    let mut text = "trace, innermost first:".to_owned();
    let mut seen = FxHashSet::default();
    let mut repeated = 0_usize;
    for frame in frames {
        if !seen.insert((frame.place, frame.message())) {
            repeated += 1;
            continue;
        }
        tell_repeated(&mut text, &mut repeated);
        text.push_str(&format!("\n  {}", frame.action));
        if let Some(place) = places.locate(frame.place) {
            text.push_str(&format!(" ({}:{}:{})", place.source.name(), place.line, place.column));
        }
    }
    tell_repeated(&mut text, &mut repeated);
    (!frames.is_empty()).then_some(text)
}

fn tell_repeated(text: &mut String, repeated: &mut usize) {
    let count = std::mem::take(repeated);
    if count > 0 {
        text.push_str(&format!("\n  ({count} steps listed above, repeated)"));
    }
}
