//! Output for locked flakes, kept for the next run: C++ Nix's evaluation cache.
//!
//! A locked flake's values depend on nothing but its [fingerprint](nivis::flake::LockedFlake::fingerprint), so output
//! is kept under a digest of that and of all else that decides what is printed. Only output of evaluations that
//! succeeded without a message is kept. Where derivations are written to the store, kept output counts only while all
//! of them exist.

use crate::command_line::args::Arguments;
use crate::config::files;
use crate::output::style::wants_colour;
use nivis::codec::base::encode_base16;
use nivis::codec::hash::{HashAlgorithm, hash_bytes};
use nivis::flake::LockedFlake;
use nivis::{Eval, Result, Settings};
use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The longest text that is kept.
const LONGEST: usize = 4 << 20;
/// Of more texts than this, the oldest half goes.
const MOST: usize = 2000;

/// Where a text is or will be kept.
#[derive(Debug)]
pub(crate) struct KeptValue {
    file: PathBuf,
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
        let (Some(folder), true) = (files::cache("values"), is_wanted(settings, arguments)) else { return Ok(None) };
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
        let digest = encode_base16(&hash_bytes(HashAlgorithm::Sha256, text.as_bytes()).bytes);
        Ok(Some(Self { file: folder.join(digest), messages: cx.message_count() }))
    }

    /// The text, if it is kept and still good.
    pub(crate) fn get(&self, cx: &Eval<'_>) -> Option<Vec<u8>> {
        let kept = fs::read(&self.file).ok()?;
        let (digest, rest) = kept.split_at_checked(64)?;
        let sound = encode_base16(&hash_bytes(HashAlgorithm::Sha256, rest).bytes);
        let (needed, text) = rest.split_at(blank_line(rest)?);
        let mut needed = needed.split(|&byte| byte == b'\n').filter(|path| !path.is_empty());
        let is_good = sound.as_bytes() == digest && (cx.settings().read_only || needed.all(|path| cx.is_stored(path)));
        is_good.then(|| text[2..].to_vec())
    }

    /// Keeps a text, unless a message was shown meanwhile.
    pub(crate) fn put(&self, cx: &Eval<'_>, text: &[u8]) {
        if text.len() > LONGEST || cx.message_count() != self.messages {
            return;
        }
        let needed: Vec<Box<[u8]>> = cx.computed().text_paths();
        let mut rest = needed.join(&b'\n');
        rest.extend_from_slice(b"\n\n");
        rest.extend_from_slice(text);
        let digest = encode_base16(&hash_bytes(HashAlgorithm::Sha256, &rest).bytes);
        // What can't be kept is computed again.
        let _ = self.write(&[digest.as_bytes(), &rest].concat());
    }

    fn write(&self, contents: &[u8]) -> std::io::Result<()> {
        let folder = self.file.parent().unwrap_or(&self.file);
        fs::create_dir_all(folder)?;
        make_room(folder);
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(contents)?;
        file.persist(&self.file)?;
        Ok(())
    }
}

/// Where the lines of paths that are needed end.
fn blank_line(text: &[u8]) -> Option<usize> {
    text.windows(2).position(|pair| pair == b"\n\n")
}

/// Removes the older half, if there is too much.
fn make_room(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let age = |entry: fs::DirEntry| Some((entry.metadata().ok()?.modified().ok()?, entry.path()));
    let mut entries: Vec<_> = entries.flatten().filter_map(age).collect();
    if entries.len() > MOST {
        entries.sort();
        for (_, path) in &entries[..MOST / 2] {
            let _ = fs::remove_file(path);
        }
    }
}

/// Removes all that is kept.
///
/// # Errors
/// Fails if a file can't be removed.
pub(crate) fn clear() -> std::io::Result<()> {
    let Some(folder) = files::cache("values").filter(|folder| folder.exists()) else { return Ok(()) };
    fs::read_dir(folder)?.try_for_each(|entry| fs::remove_file(entry?.path()))
}
