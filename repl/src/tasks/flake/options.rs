//! Flags about locking, and the writing of lock files.

use super::git;
use crate::command_line::args::Arguments;
use crate::command_line::words::usage;
use crate::config::files;
use nivis::flake::{InputPath, LockOptions, LockWrite, LockWriter, Wanted, find_flake, parse_input_path};
use nivis::flake_ref::FlakeRef;
use nivis::{Eval, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The options of locking that a command line gives.
#[derive(Debug)]
pub(crate) struct Locking {
    overrides: BTreeMap<InputPath, FlakeRef>,
    updates: BTreeSet<InputPath>,
    recreates: bool,
    keeps_tree: bool,
    without_registries: bool,
    may_update: bool,
    may_write: bool,
    commits: bool,
    /// Something that can't be written down is an error.
    pub(crate) fails_on_unlocked: bool,
    reference: Option<Vec<u8>>,
    output: Option<Vec<u8>>,
}

impl Locking {
    /// Reads the flags.
    ///
    /// # Errors
    /// Fails on an invalid input path or reference.
    pub(crate) fn of(cx: &Eval<'_>, arguments: &Arguments) -> Result<Self> {
        let flags = &arguments.common.flakes;
        let base = cx.io().current_dir();
        let mut overrides = BTreeMap::new();
        for (input, reference) in &flags.overrides {
            let wanted = Wanted { may_be_missing: true, ..Wanted::default() };
            let path = named_input("--override-input", input)?;
            overrides.insert(path, find_flake(cx, reference, &base, wanted)?.0);
        }
        let updates = flags.updates.iter().map(|input| named_input("--update-input", input)).collect::<Result<_>>()?;
        let absolute = |path: &Option<Vec<u8>>| path.as_ref().map(|path| cx.absolute(path));
        Ok(Self {
            overrides,
            updates,
            recreates: flags.recreates,
            keeps_tree: true,
            without_registries: flags.without_registries,
            may_update: !flags.keeps_lock,
            may_write: !flags.writes_no_lock,
            commits: flags.commits,
            fails_on_unlocked: false,
            reference: absolute(&flags.reference),
            output: absolute(&flags.output),
        })
    }

    /// Locks all inputs, or the given ones, anew, and writes the lock file.
    pub(crate) fn update(&mut self, inputs: BTreeSet<InputPath>) {
        self.recreates = inputs.is_empty();
        self.updates.extend(inputs);
        self.may_write = true;
        self.keeps_tree = false;
    }

    /// Locks missing inputs and writes the lock file.
    pub(crate) fn write(&mut self) {
        self.may_write = true;
        self.fails_on_unlocked = true;
        self.keeps_tree = false;
    }

    /// Nothing is written.
    pub(crate) fn only_read(&mut self) {
        self.may_write = false;
    }

    /// The same for the library.
    pub(crate) fn options(&self) -> LockOptions<'_> {
        LockOptions {
            recreate: self.recreates,
            may_update: self.may_update,
            may_write: self.may_write,
            fail_on_unlocked: self.fails_on_unlocked,
            keeps_tree: self.keeps_tree,
            commit: self.commits,
            read_from: self.reference.as_deref(),
            write_to: self.output.as_deref(),
            overrides: Some(&self.overrides),
            updates: Some(&self.updates),
            use_registries: self.without_registries.then_some(false),
            writer: Some(&Writer),
            ..LockOptions::default()
        }
    }
}

/// The path of an input that is to be updated.
pub(crate) fn input_path(text: &str) -> Result<InputPath> {
    below_flake(text, "input path to be updated cannot be zero-length; it")
}

/// The path of an input that a flag names.
fn named_input(flag: &str, text: &str) -> Result<InputPath> {
    below_flake(text, &format!("{flag} was passed a zero-length input path, which"))
}

/// The path of an input, which must not be the flake itself.
fn below_flake(text: &str, problem: &str) -> Result<InputPath> {
    match parse_input_path(text)? {
        path if path.is_empty() => Err(usage(format!("{problem} would refer to the flake itself, not an input"))),
        path => Ok(path),
    }
}

/// Writes lock files onto the disk. In a Git repository the file is made known to Git, and perhaps committed.
#[derive(Debug)]
struct Writer;

impl LockWriter for Writer {
    fn write(&self, write: &LockWrite) -> Result<()> {
        let file = Path::new(OsStr::from_bytes(&write.file));
        files::write(file, &write.contents)?;
        let Some(root) = repository(write) else { return Ok(()) };
        let (root, inside) = (Path::new(OsStr::from_bytes(root)), OsStr::from_bytes(&write.inside));
        let is_ignored = git::run(root, &["check-ignore", "--quiet"], &[inside], None).is_ok();
        if !is_ignored {
            git::run(root, &["add", "--intent-to-add"], &[inside], None)?;
            if let Some(message) = &write.commit_message {
                git::run(root, &["commit", "-F", "-"], &[inside], Some(message))?;
            }
        }
        Ok(())
    }
}

/// The Git repository that the flake of a lock file is in.
fn repository(write: &LockWrite) -> Option<&[u8]> {
    let flake = write.flake.as_ref()?;
    let is_git = flake.to_attrs().get(&b"type"[..]) == Some(&nivis::flake_ref::InputAttr::String(b"git".to_vec()));
    let root = write.file.strip_suffix(&write.inside[..])?.strip_suffix(b"/")?;
    is_git.then_some(root)
}
