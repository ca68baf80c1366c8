//! What the rules look at: an error, and the syntax around the places that it tells of.

use super::blame::{self, Blame};
use crate::error::{Code, Error, TraceFrame};
use crate::report::places::Places;
use crate::source::{Location, Part, Place, Span};
use crate::syntax::locate::Outline;
use crate::syntax::tree::Node;
use rnix::SyntaxKind::NODE_APPLY;
use std::rc::Rc;

/// Steps nearest to the error whose text is looked at.
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
    /// The expression there, if it is known better than by its part.
    pub(super) span: Option<Span>,
    outline: Rc<Outline>,
}

/// A function and what it is called with.
pub(super) struct Call<'s> {
    pub(super) callee: Node<'s>,
    pub(super) arguments: Vec<Node<'s>>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(error: &'a Error, frames: &'a [TraceFrame], places: &'a Places<'a>) -> Self {
        let mut scene = Self { error, frames, blame: None, places, spots: Vec::new() };
        let known = |place: &Place| *place != Place::NOWHERE;
        let steps = frames.iter().map(|frame| frame.place).filter(known).take(STEPS);
        let all = Some(error.place()).filter(known).into_iter().chain(steps);
        scene.spots = all.filter_map(|place| scene.spot(place)).collect();
        scene.blame = blame::find(&scene);
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

    pub(super) fn is(&self, code: Code) -> bool {
        self.error.code() == code
    }

    /// The type of the value that was not what is needed.
    pub(super) fn found(&self) -> &'static str {
        self.error.details().map_or("", |details| details.found)
    }

    pub(super) fn message(&self) -> String {
        self.error.to_string()
    }

    /// What was being done nearest to the error.
    pub(super) fn step(&self) -> &str {
        self.frames.first().map_or("", |frame| &frame.message)
    }

    /// The place that is to blame, or else that of the error itself.
    pub(super) fn first(&self) -> Option<&Spot> {
        self.spots.first()
    }

    /// What a rule says of the nearest spot that it knows something of.
    pub(super) fn nearest<T>(&self, rule: impl Fn(&Spot) -> Option<T>) -> Option<T> {
        self.spots.iter().find_map(rule)
    }

    /// The nearest places where functions were called.
    pub(super) fn call_sites(&self, most: usize) -> Vec<Spot> {
        let is_call = |frame: &&TraceFrame| {
            frame.message == crate::eval::CALL_SITE || frame.message.starts_with("while calling a functor")
        };
        let sites = self.frames.iter().filter(is_call).take(most);
        sites.filter_map(|site| self.spot(site.place)).collect()
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
        let start = self.location.offset;
        let is_call = |node: &Node<'_>| node.kind() == NODE_APPLY && node.start == start;
        let mut callee = self.outline.path_to(start).into_iter().find(is_call)?;
        let mut arguments = Vec::new();
        while callee.kind() == NODE_APPLY {
            let mut nodes = callee.nodes();
            let (function, argument) = (nodes.next()?, nodes.next()?);
            arguments.insert(0, argument);
            callee = function;
        }
        Some(Call { callee, arguments })
    }

    pub(super) fn outline(&self) -> &Outline {
        &self.outline
    }

    /// The value that the variable at a node is defined as.
    pub(super) fn defined_as(&self, node: Node<'_>) -> Option<Node<'_>> {
        let value = self.outline.definition(node.unwrapped().start)?.value?;
        self.outline.node_of(value)
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
