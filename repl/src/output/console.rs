//! The program's console: messages in the voice of its errors.

use crate::output::downloads::Downloads;
use crate::output::stdio;
use crate::output::style::ErrorStyle;
use crate::prompt::session::{Part, Spoken, Stop};
use nivis::io::{Console, Message, Progress};
use std::cell::RefCell;
use std::rc::Rc;

/// Where messages go, and how they look.
#[derive(Clone, Debug)]
pub(crate) struct Outside {
    pub(crate) errors: ErrorStyle,
    pub(crate) hush: Hush,
    pub(crate) spoken: Spoken,
    pub(crate) downloads: Downloads,
    pub(crate) warnings: Warnings,
}

impl Outside {
    /// For a program that doesn't talk.
    pub(crate) fn new(errors: ErrorStyle) -> Self {
        let (hush, spoken) = (Hush::default(), Spoken::default());
        Self { errors, hush, spoken, downloads: Downloads::default(), warnings: Warnings::default() }
    }
}

/// Warnings that were shown, for one who asks for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Warnings(Option<Rc<RefCell<Vec<Vec<u8>>>>>);

impl Warnings {
    /// They are kept until somebody takes them.
    pub(crate) fn kept() -> Self {
        Self(Some(Rc::default()))
    }

    /// Those since the last time, in C++ Nix's words.
    pub(crate) fn take(&self) -> Vec<Vec<u8>> {
        self.0.as_ref().map(|kept| kept.take()).unwrap_or_default()
    }

    fn add(&self, message: &Message<'_>) {
        if let (Some(kept), Message::Warn(_) | Message::Warning(..)) = (&self.0, message) {
            kept.borrow_mut().push(message.plain(false));
        }
    }
}

/// While it lasts no message is shown: what has something to say is stopped instead, to say it another time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hush(Rc<RefCell<Option<Stop>>>);

impl Hush {
    /// From now on what has something to say is stopped.
    pub(crate) fn begin(&self, stop: Stop) {
        *self.0.borrow_mut() = Some(stop);
    }

    /// Messages are shown again.
    pub(crate) fn end(&self) {
        *self.0.borrow_mut() = None;
    }
}

impl Console for Outside {
    fn message(&self, message: &Message<'_>) {
        if let Some(stop) = &*self.hush.0.borrow() {
            return stop.now();
        }
        self.warnings.add(message);
        if !self.errors.warns && !matches!(message, Message::Trace(_) | Message::Note(_)) {
            return;
        }
        let text = self.errors.render_message(message);
        if !text.is_empty() || matches!(message, Message::Trace(_) | Message::Warn(_)) {
            stdio::complain_bytes(&text);
            self.spoken.add(Part::Text(String::from_utf8_lossy(&text).into_owned()));
        }
    }

    fn progress(&self, progress: &Progress<'_>) {
        match &*self.hush.0.borrow() {
            Some(stop) => stop.now(),
            None => self.downloads.show(progress),
        }
    }
}
