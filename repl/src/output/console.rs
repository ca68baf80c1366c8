//! The [`Console`] of the program: messages in the style of its errors.

use crate::output::downloads::Downloads;
use crate::output::log_records;
use crate::output::muted::Muted;
use crate::output::stdio;
use crate::output::style::ErrorStyle;
use crate::output::transcript::{Part, Transcript};
use nivis::io::{Console, Message, Progress};
use std::cell::RefCell;
use std::rc::Rc;

/// The destination and look of messages.
#[derive(Clone, Debug)]
pub(crate) struct ProgramConsole {
    pub(crate) errors: ErrorStyle,
    pub(crate) muted: Muted,
    pub(crate) transcript: Transcript,
    pub(crate) downloads: Downloads,
    pub(crate) warnings: Warnings,
}

impl ProgramConsole {
    /// For a program that doesn't talk.
    pub(crate) fn new(errors: ErrorStyle) -> Self {
        let (muted, transcript) = (Muted::default(), Transcript::default());
        Self { errors, muted, transcript, downloads: Downloads::default(), warnings: Warnings::default() }
    }
}

/// Warnings that were shown, kept on request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Warnings(Option<Rc<RefCell<Vec<Vec<u8>>>>>);

impl Warnings {
    /// Warnings that are kept until they are taken.
    pub(crate) fn kept() -> Self {
        Self(Some(Rc::default()))
    }

    /// The messages since the last call, in C++ Nix's words.
    pub(crate) fn take(&self) -> Vec<Vec<u8>> {
        self.0.as_ref().map(|kept| kept.take()).unwrap_or_default()
    }

    fn add(&self, message: &Message<'_>) {
        if let (Some(kept), Message::Warn(_) | Message::Warning(..)) = (&self.0, message) {
            kept.borrow_mut().push(message.plain(false));
        }
    }
}

impl Console for ProgramConsole {
    fn message(&self, message: &Message<'_>) {
        if self.muted.interrupts() {
            return;
        }
        self.warnings.add(message);
        if !self.errors.warns && !matches!(message, Message::Trace(_) | Message::Note(_)) {
            return;
        }
        let text = self.errors.render_message(message);
        if !text.is_empty() || matches!(message, Message::Trace(_) | Message::Warn(_)) {
            match message {
                Message::Trace(_) if log_records::are_wanted() => log_records::message(log_records::ERROR, &text),
                Message::Note(_) => stdio::eprint_bytes(&text),
                _ if log_records::are_wanted() => log_records::message(log_records::WARNING, &text),
                _ => stdio::eprint_bytes(&text),
            }
            self.transcript.add(Part::Text(String::from_utf8_lossy(&text).into_owned()));
        }
    }

    fn progress(&self, progress: &Progress<'_>) {
        if !self.muted.interrupts() {
            self.downloads.show(progress);
        }
    }
}
