//! Hints, wherever one is known.
//!
//! In: an error and the text around its places. Out: sentences and labels. A hint is a guess from the program's text;
//! it is given only if the guess is nearly always right.

mod arguments;
mod around;
mod blame;
mod cycle;
mod depth;
mod lists;
mod modules;
mod names;
mod nixpkgs;
mod operators;
mod options;
mod origin;
mod scene;
#[cfg(test)]
mod tests;
mod values;
mod variables;

pub(super) use arguments::builtin_named;
pub(super) use around::is_around;

use super::library::is_library;
use super::phrasing;
use super::places::Places;
use crate::error::{Action, Cause, Code, Error, LIST_ACCESS, Operand, Purpose, TraceFrame};
use crate::source::{Location, Origin, Place, Span};
use scene::Scene;

/// A place, and the text of its label.
pub(super) type Label = (Location, Span, String);

/// The additions to the message.
#[derive(Default)]
pub(super) struct Advice {
    /// The place that people should look at first.
    pub(super) primary: Option<Label>,
    /// Other helpful places.
    pub(super) labels: Vec<Label>,
    /// Suggestions of another text.
    pub(super) hints: Vec<String>,
    /// Further information.
    pub(super) facts: Vec<String>,
    /// A message that is more useful than the error's own.
    pub(super) title: Option<String>,
    /// The topic of the first hint, for `nivis explain`; empty if there is none.
    pub(super) topic: &'static str,
}

/// A rule: returns its hint for a scene, if it applies.
type Rule = fn(&Scene<'_>) -> Option<String>;

/// Rules with their names.
macro_rules! rules {
    ($($module:ident::$rule:ident,)*) => { &[$((stringify!($rule), $module::$rule)),*] };
}

/// Rules for texts that look like list access; their hint comes first.
const ACCESS: &[(&str, Rule)] = rules![
    lists::number_or_default,
    lists::dotted_number,
    lists::bracketed_number,
    lists::name_on_list,
    lists::number_as_name,
    lists::swapped_arguments,
];

/// The first rule that applies counts.
const RULES: &[(&str, Rule)] = rules![
    lists::version_or_range,
    nixpkgs::import_not_called,
    nixpkgs::overlay_of_one_argument,
    nixpkgs::overlay_of_itself,
    nixpkgs::package_without_name,
    nixpkgs::type_of_option,
    lists::list_of_two,
    modules::config_in_imports,
    modules::condition_of_config,
    names::number_before_name,
    names::implication,
    names::minus_in_name,
    names::or_without_selection,
    names::own_attribute,
    names::argument_of_files,
    names::default_not_in_set,
    names::quoted_interpolation,
    names::known_elsewhere,
    names::pure_search_path,
    names::impure_builtin,
    names::forbidden_path,
    names::search_path,
    arguments::outputs_of_flake,
    variables::shadowing_with,
    operators::negative_argument,
    operators::path_for_division,
    operators::url_for_function,
    operators::missing_semicolon,
    operators::one_argument_more,
    operators::many_arguments,
    values::joined_with_plus,
    values::element_joined,
    values::function_as_value,
    values::number_as_string,
    values::set_as_string,
    values::path_as_string,
    values::string_as_path,
    values::copied_path,
    values::different_types,
    arguments::signature,
    depth::endless_text,
    depth::endless_call,
    depth::endless_value,
    cycle::own_name,
];

/// The advice for an error.
pub(super) fn advice(error: &Error, frames: &[TraceFrame], places: &Places<'_>) -> Advice {
    let scene = Scene::new(error, frames, places);
    let mut advice = Advice { facts: facts(error), title: title(&scene), ..Advice::default() };
    let said = |rules: &[(&str, Rule)]| rules.iter().find_map(|(_, rule)| rule(&scene));
    match said(ACCESS) {
        Some(hint) => {
            advice.topic = LIST_ACCESS;
            advice.hints.push(hint);
        }
        None => advice.hints.extend(nixpkgs::single_package(&scene, places).or_else(|| said(RULES))),
    }
    if advice.topic.is_empty() {
        advice.topic = error.details().map_or("", |details| details.topic);
    }
    let mut cycle = cycle::labels(&scene).into_iter();
    advice.primary = cycle.next().or_else(|| blamed(&scene)).or_else(|| nearest(&scene, places));
    let is_file = scene.is(Code::FILE) || scene.is_copied();
    let in_library = advice.primary.as_ref().is_none_or(|label| is_library(&label.0.source.origin));
    advice.facts.extend(cycle::whole_cycle(&scene));
    let outside = nixpkgs::list_label(&scene, places).or_else(|| origin::outside(&scene, places));
    if let Some(outside) = outside.filter(|_| in_library) {
        advice.labels.extend(advice.primary.replace(outside));
    } else if let Some(argument) = arguments::through_parameter(&scene).filter(|_| is_file) {
        advice.labels.extend(advice.primary.replace(argument));
    } else if !in_library {
        advice.labels.extend(arguments::through_parameter(&scene));
    }
    advice.labels.extend(cycle);
    let is_shown = |label: &Label| !in_library || !is_library(&label.0.source.origin);
    advice.labels.extend(variables::definition(&scene).filter(is_shown));
    advice.labels.extend(values::other_side(&scene));
    advice.labels.extend(values::compared(&scene));
    advice.labels.extend(names::label(&scene));
    advice.labels.extend(names::first_formal(&scene));
    let is_elsewhere =
        [Code::MISSING_ARGUMENT, Code::UNEXPECTED_ARGUMENT, Code::MISSING_ATTRIBUTE].contains(&error.code());
    if scene.blame.is_some() && is_elsewhere {
        advice.labels.extend(own_place(error, places));
    }
    advice
}

/// The advice for a warning, which carries its own hints.
pub(super) fn of_warning(warning: &Error, places: &Places<'_>) -> Advice {
    let place = Some(warning.place()).filter(|place| *place != Place::NOWHERE);
    let primary = place.and_then(|place| places.range_or_start(place)).map(|(at, span)| (at, span, String::new()));
    let hints = warning.details().map(|details| details.notes.clone()).unwrap_or_default();
    Advice { primary, hints, ..Advice::default() }
}

/// A message without parts that only programmers of the evaluator understand.
fn title(scene: &Scene<'_>) -> Option<String> {
    match scene.cause() {
        Cause::InvalidJson(reason) => Some(format!("invalid JSON: {reason}")),
        _ => operators::failed_assertion(scene),
    }
}

fn blamed(scene: &Scene<'_>) -> Option<Label> {
    let blame = scene.blame.as_ref()?;
    Some((blame.spot.location.clone(), blame.spot.span?, blame.label.clone()))
}

/// The evaluator's own place, if another one is more to blame.
fn own_place(error: &Error, places: &Places<'_>) -> Option<Label> {
    let place = Some(error.place()).filter(|place| *place != Place::NOWHERE)?;
    let (location, span) = places.range_or_start(place)?;
    Some((location, span, primary(error.code()).to_owned()))
}

/// The place of the error, or of the nearest step. The evaluator's own texts come last.
fn nearest(scene: &Scene<'_>, places: &Places<'_>) -> Option<Label> {
    let all = Some(scene.place()).into_iter().chain(scene.frames.iter().map(|frame| frame.place));
    let known: Vec<Place> = all.filter(|place| *place != Place::NOWHERE).collect();
    let is_ours = |place: &&Place| {
        places.here(**place).is_some_and(|location| matches!(location.source.origin, Origin::Internal(_)))
    };
    let Some(place) = known.iter().copied().find(|place| !is_ours(&place)) else {
        return derivation(scene, places).or_else(|| {
            let (location, span) = places.range_or_start(*known.first()?)?;
            Some((location, span, String::new()))
        });
    };
    let (location, span) = places.range_or_start(place)?;
    let step = scene.frames.iter().find(|frame| frame.place == place).map(|frame| phrasing::label_of(frame, places));
    let is_compared = scene.is(Code::TOO_DEEP) && place == scene.place() && scene.error.place() != place;
    let label = match primary(scene.error.code()) {
        "" if is_compared => "compared here".to_owned(),
        "" => needed(scene).or(step).unwrap_or_default(),
        label => label.to_owned(),
    };
    Some((location, span, label))
}

/// The type that an operator or condition needs, if the value has another.
fn needed(scene: &Scene<'_>) -> Option<String> {
    let is_operand = match scene.purpose() {
        Some(Purpose::BranchCondition | Purpose::AssertCondition) => true,
        Some(Purpose::Operand(operand)) => !operand.is_number() && *operand != Operand::Sum,
        _ => false,
    };
    let expected = Some(scene.expected()).filter(|expected| is_operand && !expected.is_empty())?;
    Some(format!("{expected} is needed here"))
}

/// The derivation that was being evaluated.
fn derivation(scene: &Scene<'_>, places: &Places<'_>) -> Option<Label> {
    let derivation = scene.frames.iter().find_map(|frame| match &frame.action {
        Action::Derivation(derivation) => Some(derivation),
        _ => None,
    })?;
    let location = places.here(derivation.location.as_ref()?.0.into())?;
    let span = Span::new(location.offset, location.offset);
    Some((location, span, "in this derivation".to_owned()))
}

fn primary(code: Code) -> &'static str {
    match code {
        Code::NOT_A_FUNCTION => "called as a function here",
        Code::UNDEFINED_VARIABLE => "not defined",
        Code::MISSING_ATTRIBUTE => "selected here",
        Code::MISSING_ARGUMENT | Code::UNEXPECTED_ARGUMENT => "the function",
        Code::INFINITE_RECURSION => "needed here while it is being evaluated",
        Code::DEFINED_TWICE => "defined again here",
        Code::ARITHMETIC => "this has no result of 64 bits",
        Code::SEARCH_PATH => "not in the search path",
        Code::INTERRUPTED => "the evaluation was here",
        _ => "",
    }
}

/// From this number of names on, none are listed.
const MANY_NAMES: usize = 200;

/// The facts from the error's details.
fn facts(error: &Error) -> Vec<String> {
    let Some(details) = error.details() else { return Vec::new() };
    let mut facts = details.notes.clone();
    if error.code() == Code::MISSING_ATTRIBUTE {
        facts.push(match details.present_count {
            0 => "the set is empty".to_owned(),
            // The first few of this many in alphabetical order would not help.
            count if count >= MANY_NAMES => format!("the set has {count} attributes"),
            count => {
                let more = count - details.present.len();
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("the set has {}{more}", details.present.join(", "))
            }
        });
    }
    facts
}
