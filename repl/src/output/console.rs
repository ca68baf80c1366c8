//! The [`Io`] of the program: the system's, with messages in the style of its errors.

use crate::output::downloads::Downloads;
use crate::output::muted::Muted;
use crate::output::stdio;
use crate::output::style::ErrorStyle;
use crate::output::transcript::{Part, Transcript};
use nivis::io::{FileType, Io, Progress, Status, SystemIo, TakePiece};
use nivis::report::Message;
use std::cell::RefCell;
use std::io;
use std::rc::Rc;

/// The system, and how messages look.
#[derive(Clone, Debug)]
pub(crate) struct ProgramIo {
    pub(crate) errors: ErrorStyle,
    pub(crate) muted: Muted,
    pub(crate) transcript: Transcript,
    pub(crate) downloads: Downloads,
    pub(crate) warnings: Warnings,
}

impl ProgramIo {
    /// For a program that doesn't talk.
    pub(crate) fn new(errors: ErrorStyle) -> Self {
        let (muted, transcript) = (Muted::default(), Transcript::default());
        Self { errors, muted, transcript, downloads: Downloads::default(), warnings: Warnings::default() }
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

impl Io for ProgramIo {
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        SystemIo.read_file(path)
    }

    fn read_in_pieces(&self, path: &[u8], take: TakePiece<'_>) -> io::Result<()> {
        SystemIo.read_in_pieces(path, take)
    }

    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        SystemIo.read_dir(path)
    }

    fn status(&self, path: &[u8]) -> io::Result<Option<Status>> {
        SystemIo.status(path)
    }

    fn modified(&self, path: &[u8]) -> io::Result<Option<i64>> {
        SystemIo.modified(path)
    }

    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        SystemIo.read_link(path)
    }

    fn variable(&self, name: &[u8]) -> Option<Vec<u8>> {
        SystemIo.variable(name)
    }

    fn now(&self) -> i64 {
        SystemIo.now()
    }

    fn nanoseconds(&self) -> i64 {
        SystemIo.nanoseconds()
    }

    fn current_dir(&self) -> Vec<u8> {
        SystemIo.current_dir()
    }

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
            stdio::eprint_bytes(&text);
            self.transcript.add(Part::Text(String::from_utf8_lossy(&text).into_owned()));
        }
    }

    fn progress(&self, progress: &Progress<'_>) {
        if !self.muted.interrupts() {
            self.downloads.show(progress);
        }
    }
}
