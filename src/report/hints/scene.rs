//! The input of the rules: an error, and the syntax around its places.

use super::arguments;
use super::blame::{self, Blame};
use crate::error::{Action, Cause, Code, Error, Purpose, SetText, TraceFrame};
use crate::report::library::is_library;
use crate::report::places::Places;
use crate::source::{Location, Part, Place, Span};
use crate::syntax::locate::Outline;
use crate::syntax::tree::Node;
use rnix::SyntaxKind::NODE_APPLY;
use smol_str::SmolStr;
use std::rc::Rc;

/// The number of innermost steps whose text is examined.
const STEPS: usize = 3;

pub(super) struct Scene<'a> {
    pub(super) error: &'a Error,
    pub(super) frames: &'a [TraceFrame],
    pub(super) blame: Option<Blame>,
    places: &'a Places<'a>,
    spots: Vec<Spot>,
}

/// A place of the error with the tree of its text.
#[derive(Clone)]
pub(super) struct Spot {
    pub(super) location: Location,
    pub(super) part: Part,
    /// The expression there, if it is known more exactly than by its part.
    pub(super) span: Option<Span>,
    outline: Rc<Outline>,
}

/// A function and its arguments.
pub(super) struct Call<'s> {
    pub(super) callee: Node<'s>,
    pub(super) arguments: Vec<Node<'s>>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(error: &'a Error, frames: &'a [TraceFrame], places: &'a Places<'a>) -> Self {
        let mut scene = Self { error, frames, blame: None, places, spots: Vec::new() };
        let known = |place: &Place| *place != Place::NOWHERE;
        let steps = frames.iter().map(|frame| frame.place).filter(known).take(STEPS);
        let all = Some(place_of(error)).filter(known).into_iter().chain(steps);
        scene.spots = all.filter_map(|place| scene.spot(place)).collect();
        scene.blame = blame::find(&scene);
        if let Some(blame) = scene.blame.as_mut().filter(|_| stands_for_text(frames)) {
            blame.is_value = false;
        }
        if let Some(blame) = &scene.blame {
            scene.spots.insert(0, blame.spot.clone());
        }
        scene
    }

    /// A place with the tree of its text.
    pub(super) fn spot(&self, place: Place) -> Option<Spot> {
        let location = self.places.here(place)?;
        let outline = self.places.outline(&location.source);
        Some(Spot { location, part: place.part, span: None, outline })
    }

    /// The place of the error: C++ Nix's, or else the one that is only shown to people.
    pub(super) fn place(&self) -> Place {
        place_of(self.error)
    }

    /// The expression of the program itself with the wrong value, if it is known.
    pub(super) fn wrong(&self) -> Option<Spot> {
        let blame = self.blame.as_ref().filter(|blame| blame.is_value)?;
        if !is_library(&blame.spot.location.source.origin) {
            return Some(blame.spot.clone());
        }
        let (location, span, _) = arguments::through_parameter(self)?;
        let outline = self.places.outline(&location.source);
        let spot = Spot { location, part: Part::Here, span: Some(span), outline };
        (!is_library(&spot.location.source.origin)).then_some(spot)
    }

    /// True if a path was being copied to the store when the error happened.
    pub(super) fn is_copied(&self) -> bool {
        let is_shown = self.error.details().is_some_and(|details| details.place != Place::NOWHERE);
        is_shown && !self.is(Code::TOO_DEEP)
    }

    pub(super) fn is(&self, code: Code) -> bool {
        self.error.code() == code
    }

    /// The type of the wrong value.
    pub(super) fn found(&self) -> &'a str {
        self.error.details().map_or("", |details| details.found)
    }

    /// The cause of the error.
    pub(super) fn cause(&self) -> &'a Cause {
        self.error.cause()
    }

    /// The expected type, with an article; empty if it is not about a type.
    pub(super) fn expected(&self) -> &'a str {
        match self.cause() {
            Cause::Expected(expected) => expected,
            _ => "",
        }
    }

    /// True if a file is missing.
    pub(super) fn is_missing_file(&self) -> bool {
        self.is(Code::FILE) && matches!(self.cause(), Cause::MissingFile(_))
    }

    pub(super) fn message(&self) -> String {
        self.error.to_string()
    }

    /// The innermost step.
    pub(super) fn step(&self) -> Option<&'a Action> {
        self.frames.first().map(|frame| &frame.action)
    }

    /// The purpose of the wrong value.
    pub(super) fn purpose(&self) -> Option<&'a Purpose<SmolStr>> {
        self.step()?.purpose()
    }

    /// True if an attribute was selected from a value that is not a set.
    pub(super) fn is_selection(&self) -> bool {
        self.step() == Some(&Action::Selection) && self.is(Code::WRONG_TYPE)
    }

    /// The place to blame, or else the place of the error itself.
    pub(super) fn first(&self) -> Option<&Spot> {
        self.spots.first()
    }

    /// The result of a rule for the nearest spot to which it applies.
    pub(super) fn nearest<T>(&self, rule: impl Fn(&Spot) -> Option<T>) -> Option<T> {
        self.spots.iter().find_map(rule)
    }

    /// The nearest places of calls.
    pub(super) fn call_sites(&self, most: usize) -> Vec<Spot> {
        let sites = self.frames.iter().filter(|frame| frame.action.is_call()).take(most);
        sites.filter_map(|site| self.spot(site.place)).collect()
    }
}

/// True if the value is not that of an expression itself, but of a set's conversion to text.
fn stands_for_text(frames: &[TraceFrame]) -> bool {
    let is_through =
        |frame: &TraceFrame| matches!(frame.action, Action::SetText(SetText::UsingOutPath | SetText::UsingToString));
    frames.iter().take(STEPS).any(is_through)
}

fn place_of(error: &Error) -> Place {
    match error.place() {
        Place::NOWHERE => error.details().map_or(Place::NOWHERE, |details| details.place),
        place => place,
    }
}

impl Spot {
    /// The expression there.
    pub(super) fn node(&self) -> Option<Node<'_>> {
        match self.span {
            Some(span) => self.outline.node_of(span),
            None => self.outline.node(self.location.offset, self.part),
        }
    }

    /// Another expression of the same text.
    pub(super) fn at(&self, span: Span) -> Self {
        Self { span: Some(span), ..self.clone() }
    }

    /// The nodes around it, innermost first.
    pub(super) fn around(&self) -> impl Iterator<Item = Node<'_>> {
        let start = self.span.map(|span| span.start).or_else(|| self.node().map(|node| node.start));
        self.outline.path_to(start.unwrap_or(self.location.offset)).into_iter().rev()
    }

    /// The call that begins there.
    pub(super) fn call(&self) -> Option<Call<'_>> {
        self.call_at(self.location.offset)
    }

    /// The call that begins at an offset.
    pub(super) fn call_at(&self, start: u32) -> Option<Call<'_>> {
        let is_call = |node: &Node<'_>| node.kind() == NODE_APPLY && node.start == start;
        let mut callee = self.outline.path_to(start).into_iter().find(is_call)?;
        let mut arguments = Vec::new();
        while callee.kind() == NODE_APPLY {
            let mut nodes = callee.nodes();
            let (function, argument) = (nodes.next()?, nodes.next()?);
            arguments.push(argument);
            callee = function;
        }
        arguments.reverse();
        Some(Call { callee, arguments })
    }

    /// True if a variable of this name is defined around the expression: by a `let`, a `rec` set or a function.
    pub(super) fn defines(&self, name: &str) -> bool {
        self.outline.definition_of(name, self.location.offset).is_some()
    }

    pub(super) fn outline(&self) -> &Outline {
        &self.outline
    }

    /// The value that the variable at a node is defined as.
    pub(super) fn defined_as(&self, node: Node<'_>) -> Option<Node<'_>> {
        let value = self.outline.definition(node.unwrapped().start)?.value?;
        self.outline.node_of(value)
    }

    /// The text between two offsets.
    pub(super) fn between(&self, start: u32, end: u32) -> &[u8] {
        self.location.source.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The text of a node, on one line and not too long.
    pub(super) fn text(&self, node: Node<'_>) -> String {
        self.text_of(node.span())
    }

    pub(super) fn text_of(&self, span: Span) -> String {
        const LONGEST: usize = 40;
        let bytes = self.location.source.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        let text = String::from_utf8_lossy(bytes).split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().count() > LONGEST { "…".to_owned() } else { text }
    }
}
