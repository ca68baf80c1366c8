//! The outside world as the program sees it: the system's, with messages in the voice of its errors.

use crate::output;
use crate::style::ErrorStyle;
use nivis::io::{FileType, Io, SystemIo};
use nivis::report::Message;
use std::io;

/// The system, and how messages look.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outside {
    pub(crate) errors: ErrorStyle,
}

impl Io for Outside {
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        SystemIo.read_file(path)
    }

    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        SystemIo.read_dir(path)
    }

    fn file_type(&self, path: &[u8]) -> io::Result<Option<FileType>> {
        SystemIo.file_type(path)
    }

    fn is_executable(&self, path: &[u8]) -> io::Result<bool> {
        SystemIo.is_executable(path)
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

    fn current_dir(&self) -> Vec<u8> {
        SystemIo.current_dir()
    }

    fn message(&self, message: &Message<'_>) {
        let text = self.errors.render_message(message);
        if !text.is_empty() || matches!(message, Message::Trace(_) | Message::Warn(_)) {
            output::complain_bytes(&text);
        }
    }
}
