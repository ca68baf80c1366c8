//! From the places in errors to lines, columns and ranges.

use crate::source::{Location, Part, Place, SourceText, Sources, Span};
use crate::syntax::locate::{LocatedPart, Outline, Walk};
use std::cell::RefCell;
use std::rc::Rc;

/// A finder of places. A text is parsed once, when a part of an expression in it is first looked up.
pub(super) struct Places<'s> {
    sources: &'s Sources,
    outlines: RefCell<Vec<(Rc<SourceText>, Rc<Outline>)>>,
}

impl<'s> Places<'s> {
    pub(super) fn new(sources: &'s Sources) -> Self {
        Self { sources, outlines: RefCell::default() }
    }

    /// All texts.
    pub(super) fn sources(&self) -> &'s Sources {
        self.sources
    }

    /// The start of the expression that a place is a part of.
    pub(super) fn here(&self, place: Place) -> Option<Location> {
        self.sources.locate(place.position)
    }

    /// C++ Nix's position of a place; `None` for nowhere.
    pub(super) fn locate(&self, place: Place) -> Option<Location> {
        let here = self.sources.locate(place.position)?;
        if place.part == Part::Here {
            return Some(here);
        }
        match self.found(&here, place.part) {
            Some(found) => self.sources.locate(here.source.position(found.at?)),
            None => Some(here),
        }
    }

    /// The text of the expression there, and its start.
    pub(super) fn range(&self, place: Place) -> Option<(Location, Span)> {
        let here = self.sources.locate(place.position)?;
        let span = self.found(&here, place.part)?.span;
        Some((self.sources.locate(here.source.position(span.start))?, span))
    }

    /// Like [`Places::range_or_start`], for many places, most of them near the previous one.
    pub(super) fn ranges(&self, places: impl Iterator<Item = Place>) -> Vec<Option<(Location, Span)>> {
        let texts: Vec<_> = places
            .map(|place| {
                let here = self.sources.locate(place.position)?;
                Some((place, self.outline(&here.source), here))
            })
            .collect();
        let mut walks: Vec<(&Outline, Walk<'_>)> = Vec::new();
        let ranges = texts.iter().map(|text| {
            let (place, outline, here) = text.as_ref()?;
            let known = walks.iter().position(|(known, _)| std::ptr::eq(*known, &**outline));
            let index = known.unwrap_or_else(|| {
                walks.push((outline, Walk::new(outline)));
                walks.len() - 1
            });
            let Some(found) = walks[index].1.find(here.offset, place.part) else {
                return self.range_or_start(*place);
            };
            Some((self.sources.locate(here.source.position(found.span.start))?, found.span))
        });
        ranges.collect()
    }

    /// The text of the expression there; if there is none, the empty text at its start.
    pub(super) fn range_or_start(&self, place: Place) -> Option<(Location, Span)> {
        self.range(place).or_else(|| {
            let location = self.locate(place)?;
            let span = Span::new(location.offset, location.offset);
            Some((location, span))
        })
    }

    fn found(&self, here: &Location, part: Part) -> Option<LocatedPart> {
        self.outline(&here.source).find(here.offset, part)
    }

    /// The tree of a text.
    pub(super) fn outline(&self, source: &Rc<SourceText>) -> Rc<Outline> {
        let mut outlines = self.outlines.borrow_mut();
        if let Some((_, known)) = outlines.iter().find(|(known, _)| Rc::ptr_eq(known, source)) {
            return Rc::clone(known);
        }
        let outline = Rc::new(Outline::of(&source.text));
        outlines.push((Rc::clone(source), Rc::clone(&outline)));
        outline
    }
}
