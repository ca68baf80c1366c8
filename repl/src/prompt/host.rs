//! A session's access to the world around it: evaluation's input and output, files, the transcript.

use crate::config::files;
use crate::output::console::ProgramConsole;
use crate::output::muted::Muted;
use crate::output::style::ErrorStyle;
use crate::output::transcript::Transcript;
use crate::prompt::lessons::{Folder, Kept};
use nivis::Result;
use nivis::io::{Console, Io, SystemIo};
use std::rc::Rc;

/// The functions by which a session acts outside itself.
#[derive(Clone)]
pub(crate) struct Host {
    /// Makes the console and files of an evaluation for each new engine.
    pub(crate) make_io: Rc<dyn Fn() -> Box<dyn Io>>,
    /// The destination of messages.
    pub(crate) console: Rc<dyn Console>,
    /// Writes a file that the user names.
    pub(crate) write: WriteFile,
    /// Makes a folder for the files of the lesson with this name, and goes there; `None` for a lesson without files.
    pub(crate) enter_folder: fn(&str) -> Result<Option<Folder>>,
    /// The user's progress in lessons.
    pub(crate) lessons: Kept,
    /// True if evaluations may print.
    pub(crate) muted: Muted,
    /// The text of the session so far.
    pub(crate) transcript: Transcript,
}

impl Host {
    /// The system's files, and messages in this style on standard error.
    pub(crate) fn system(errors: ErrorStyle) -> Self {
        let (muted, transcript) = (Muted::default(), Transcript::default());
        let console =
            ProgramConsole { muted: muted.clone(), transcript: transcript.clone(), ..ProgramConsole::new(errors) };
        let make_io = Rc::new(|| -> Box<dyn Io> { Box::new(SystemIo) });
        Self {
            make_io,
            console: Rc::new(console),
            write: files::write_named,
            enter_folder: Folder::enter,
            lessons: Kept::default(),
            muted,
            transcript,
        }
    }

    /// A host in memory: nothing is written anywhere.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn in_memory(make_io: Rc<dyn Fn() -> Box<dyn Io>>) -> Self {
        let (muted, transcript) = (Muted::default(), Transcript::default());
        Self {
            make_io,
            console: Rc::new(nivis::io::Silent),
            write: |_, _| Ok(()),
            enter_folder: |_| Ok(None),
            lessons: Kept::default(),
            muted,
            transcript,
        }
    }
}

/// Writes a text into a file.
pub(crate) type WriteFile = fn(&str, &[u8]) -> Result<()>;
