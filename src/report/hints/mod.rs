//! What to write instead, wherever one is known.
//!
//! In: an error and the text around the places it tells of. Out: sentences and labels. A hint is a guess from how the
//! program is written; it is given only where the guess is nearly always right.

mod lists;
mod operators;
mod scene;
mod values;
mod variables;

use super::places::Places;
use crate::error::{Code, Error, LIST_ACCESS, TraceFrame};
use crate::source::{Location, Span};
use scene::Scene;

/// What is to be said besides the message.
#[derive(Default)]
pub(super) struct Advice {
    /// What the place of the error is.
    pub(super) primary: &'static str,
    /// Other places that help.
    pub(super) labels: Vec<(Location, Span, String)>,
    /// What to write instead.
    pub(super) hints: Vec<String>,
    /// The topic that the first hint is about, for `nivis explain`; empty if there is none.
    pub(super) topic: &'static str,
}

/// A rule: what it has to say of a scene, if anything.
type Rule = fn(&Scene<'_>) -> Option<String>;

/// What looks like the element of a list; what is said of it comes first.
const ACCESS: &[Rule] = &[
    lists::number_or_default,
    lists::dotted_number,
    lists::bracketed_number,
    lists::name_on_list,
    lists::swapped_arguments,
];

/// The first rule of each group that has something to say is heard.
const RULES: &[&[Rule]] = &[
    &[variables::minus_in_name, variables::quoted_interpolation, variables::shadowing_with],
    &[operators::negative_argument, operators::path_for_division, operators::url_for_function, operators::list_of_two],
    &[
        values::number_as_string,
        values::set_as_string,
        values::path_as_string,
        values::string_as_path,
        values::different_types,
    ],
];

/// What is to be said about an error.
pub(super) fn advice(error: &Error, frames: &[TraceFrame], places: &Places<'_>) -> Advice {
    let scene = Scene::new(error, frames, places);
    let mut advice = Advice { primary: primary(error.code()), ..Advice::default() };
    let said = |group: &[Rule]| group.iter().find_map(|rule| rule(&scene));
    if let Some(hint) = said(ACCESS) {
        advice.topic = LIST_ACCESS;
        advice.hints.push(hint);
    }
    advice.hints.extend(RULES.iter().filter_map(|group| said(group)));
    advice.hints.extend(notes(error));
    if advice.topic.is_empty() {
        advice.topic = error.details().map_or("", |details| details.topic);
    }
    advice.labels.extend(variables::definition(&scene));
    advice
}

fn primary(code: Code) -> &'static str {
    match code {
        Code::NOT_A_FUNCTION => "called as a function here",
        Code::UNDEFINED_VARIABLE => "not defined",
        Code::MISSING_ATTRIBUTE => "selected here",
        Code::MISSING_ARGUMENT | Code::UNEXPECTED_ARGUMENT => "the function",
        Code::INFINITE_RECURSION => "needed here while it is being evaluated",
        Code::DEFINED_TWICE => "defined again here",
        _ => "",
    }
}

/// What the error brought along.
fn notes(error: &Error) -> Vec<String> {
    let Some(details) = error.details() else { return Vec::new() };
    let mut notes = details.notes.clone();
    if error.code() == Code::MISSING_ATTRIBUTE {
        notes.push(match details.present_count {
            0 => "the set is empty".to_owned(),
            count => {
                let more = count - details.present.len();
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("the set has {}{more}", details.present.join(", "))
            }
        });
    }
    notes
}
