//! Output for locked flakes, kept for the next run: C++ Nix's evaluation cache.
//!
//! A locked flake's values depend on nothing but its [fingerprint](nivis::flake::LockedFlake::fingerprint), so output
//! is kept under a digest of that and of all else that decides what is printed. Only output of evaluations that
//! succeeded without a message is kept. Where derivations are written to the store, kept output counts only while all
//! of them exist.

use crate::command_line::args::Arguments;
use crate::output::style::wants_colour;
use crate::tasks::kept_files::KeptFile;
use nivis::flake::LockedFlake;
use nivis::{Eval, Result, Settings};
use std::io::IsTerminal;

/// Where a text is or will be kept.
#[derive(Debug)]
pub(crate) struct KeptValue {
    file: KeptFile,
    /// How many messages had been shown before the evaluation.
    messages: usize,
}

/// The identity of this build of the program.
const BUILD: &str = env!("NIVIS_BUILD");

/// True if only the value is asked for. To show how it is evaluated, it has to be evaluated.
fn is_wanted(settings: &Settings, arguments: &Arguments) -> bool {
    let watches = arguments.common.debugger || settings.trace_function_calls || settings.tell_files;
    settings.pure && arguments.common.keeps_values && !watches
}

impl KeptValue {
    /// The place of the output for this command line and flake; `None` if it may depend on anything else, or should not
    /// be kept. `asked` is the part of the flake that the command looks at.
    ///
    /// # Errors
    /// If attributes of an input can't be read.
    pub(crate) fn of(
        cx: &Eval<'_>,
        locked: &LockedFlake,
        arguments: &Arguments,
        asked: &[String],
    ) -> Result<Option<Self>> {
        let settings = cx.settings();
        if !is_wanted(settings, arguments) {
            return Ok(None);
        }
        let Some(fingerprint) = locked.fingerprint(cx)? else { return Ok(None) };
        let form = (arguments.common.format, arguments.common.pretty);
        let flags = (arguments.command, &arguments.task);
        let output = std::io::stdout();
        let terminal = (output.is_terminal(), wants_colour(&output));
        let place = (cx.sources().shown(&locked.flake.folder), locked.flake.original.url());
        let build = (nivis::BUILD, BUILD);
        let text = format!(
            "{build:?} {:?} {place:?} {asked:?} {form:?} {flags:?} {terminal:?} {settings:?}",
            fingerprint.bytes
        );
        let messages = cx.message_count();
        Ok(KeptFile::of(text.as_bytes()).map(|file| Self { file, messages }))
    }

    /// The text, if it is kept and still good.
    pub(crate) fn get(&self, cx: &Eval<'_>) -> Option<Vec<u8>> {
        let kept = self.file.get()?;
        let (needed, text) = kept.split_at(blank_line(&kept)?);
        let mut needed = needed.split(|&byte| byte == b'\n').filter(|path| !path.is_empty());
        let is_good = cx.settings().read_only || needed.all(|path| cx.is_stored(path));
        is_good.then(|| text[2..].to_vec())
    }

    /// Keeps a text, unless a message was shown meanwhile.
    pub(crate) fn put(&self, cx: &Eval<'_>, text: &[u8]) {
        if cx.message_count() == self.messages {
            let needed: Vec<Box<[u8]>> = cx.computed().text_paths();
            self.file.put(&[&needed.join(&b'\n'), &b"\n\n"[..], text].concat());
        }
    }
}

/// Where the lines of paths that are needed end.
fn blank_line(text: &[u8]) -> Option<usize> {
    text.windows(2).position(|pair| pair == b"\n\n")
}
