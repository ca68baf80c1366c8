//! What the rules look at: an error, and the syntax around the places that it tells of.

use crate::error::{Code, Error, TraceFrame};
use crate::report::places::Places;
use crate::source::{Location, Part, Place, Span};
use crate::syntax::locate::Outline;
use crate::syntax::tree::Node;
use std::rc::Rc;

/// Steps nearest to the error whose text is looked at.
const STEPS: usize = 3;

pub(super) struct Scene<'a> {
    pub(super) error: &'a Error,
    pub(super) frames: &'a [TraceFrame],
    spots: Vec<Spot>,
}

/// A place of the error with the tree of its text.
pub(super) struct Spot {
    pub(super) location: Location,
    pub(super) part: Part,
    outline: Rc<Outline>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(error: &'a Error, frames: &'a [TraceFrame], places: &Places<'_>) -> Self {
        let known = |place: &Place| *place != Place::NOWHERE;
        let steps = frames.iter().map(|frame| frame.place).filter(known).take(STEPS);
        let all = Some(error.place()).filter(known).into_iter().chain(steps);
        let spots = all.filter_map(|place| {
            let location = places.here(place)?;
            let outline = places.outline(&location.source);
            Some(Spot { location, part: place.part, outline })
        });
        Self { error, frames, spots: spots.collect() }
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

    /// The place of the error itself.
    pub(super) fn first(&self) -> Option<&Spot> {
        self.spots.first()
    }

    /// What a rule says of the nearest spot that it knows something of.
    pub(super) fn nearest<T>(&self, rule: impl Fn(&Spot) -> Option<T>) -> Option<T> {
        self.spots.iter().find_map(rule)
    }
}

impl Spot {
    /// The expression there.
    pub(super) fn node(&self) -> Option<Node<'_>> {
        self.outline.node(self.location.offset, self.part)
    }

    /// The nodes around it, innermost first.
    pub(super) fn around(&self) -> impl Iterator<Item = Node<'_>> {
        let start = self.node().map_or(self.location.offset, |node| node.start);
        self.outline.path_to(start).into_iter().rev()
    }

    pub(super) fn outline(&self) -> &Outline {
        &self.outline
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
