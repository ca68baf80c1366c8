//! Labels in their texts, collected one after the other.

use super::canvas::Canvas;
use super::files::Texts;

use super::places::Places;
use crate::codec::palette::Look;
use crate::codec::terminal::visible;
use crate::source::{Location, Place, Span};
use codespan_reporting::diagnostic::{Diagnostic, Label, Severity};
use codespan_reporting::term::{Config, emit_to_write_style};
use rustc_hash::FxHashSet;

/// A picture of an error under construction.
pub(super) struct Picture<'s> {
    pub(super) places: Places<'s>,
    texts: Texts,
    labels: Vec<Label<usize>>,
    /// The start of each label, and the end of those where it is known to matter.
    labelled: FxHashSet<(usize, u32)>,
    ranges: FxHashSet<(usize, Span)>,
    look: Look,
}

impl<'s> Picture<'s> {
    pub(super) fn new(places: Places<'s>, look: Look) -> Self {
        Self {
            places,
            look,
            texts: Texts::new(look.width),
            labels: Vec::new(),
            labelled: FxHashSet::default(),
            ranges: FxHashSet::default(),
        }
    }

    /// The number of labels.
    pub(super) fn len(&self) -> usize {
        self.labels.len()
    }

    /// Labels the expression at a place, unless there is a label with the same start. The first label is the primary
    /// one.
    pub(super) fn label(&mut self, place: Place, message: &str) {
        if let Some((location, span)) = self.places.range_or_start(place) {
            let span = location.source.last_names(span);
            self.add(&location, span, message, true);
        }
    }

    /// Labels a range of a location's text, unless exactly this range has a label.
    pub(super) fn label_span(&mut self, location: &Location, span: Span, message: &str) {
        self.add(location, span, message, false);
    }

    fn add(&mut self, location: &Location, span: Span, message: &str, is_only: bool) {
        let Some((text, range)) = self.texts.label(location, span) else { return };
        let is_new = self.labelled.insert((text, span.start));
        if !self.ranges.insert((text, span)) || (is_only && !is_new) {
            return;
        }
        let label = if self.labels.is_empty() { Label::primary(text, range) } else { Label::secondary(text, range) };
        self.labels.push(label.with_message(visible(message, false)));
    }

    /// The picture as text.
    pub(super) fn render(
        self,
        severity: Severity,
        code: Option<String>,
        title: &str,
        notes: Vec<String>,
    ) -> Option<String> {
        let colour = self.look.has_colours();
        let notes = notes.iter().map(|note| visible(note, colour).into_owned()).collect();
        let title = visible(title, colour);
        let mut diagnostic = Diagnostic::new(severity).with_message(title).with_labels(self.labels).with_notes(notes);
        diagnostic.code = code;
        let mut canvas = Canvas::new();
        let config = Config { tab_width: 8, ..Config::default() };
        emit_to_write_style(&mut canvas, &config, &self.texts, &diagnostic).ok()?;
        Some(canvas.text(self.look))
    }
}
