//! `flake init` and `flake new`: a template, copied into the current folder or a new one. What is there already is never
//! overwritten.

use super::git;
use super::installable::{DefaultOutputs, Installable};
use crate::command_line::args::Arguments;
use crate::command_line::options::FlakeOptions;
use crate::command_line::words::{lossy, usage};
use crate::config::files;
use crate::output::stdio;
use crate::tasks::outcome::Outcome;
use nivis::io::FileType;
use nivis::{Error, ErrorKind, Eval, Result, Value};
use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// Copies the template that the command line names.
///
/// # Errors
/// Fails if the template's flake can't be evaluated, a file can't be written, or a different file is in the way.
pub(super) fn perform(cx: &mut Eval<'_>, arguments: &Arguments, options: &FlakeOptions) -> Outcome {
    let folder = folder(cx, arguments)?;
    let mut arguments = arguments.clone();
    arguments.common.flakes.writes_no_lock = true;
    let word = options.template.clone().unwrap_or_else(|| b"templates".to_vec());
    let template = Installable::read(cx, &arguments, &word, DefaultOutputs::Templates)?.value(cx, &arguments)?;
    let template = cx.force_attrs(template, "while evaluating a template")?;
    let attribute = |cx: &Eval<'_>, name: &str| template.get(cx.intern(name.as_bytes()));
    let path = attribute(cx, "path").ok_or_else(|| Error::eval("attribute 'path' missing"))?;
    let source = cx.coerce_to_path(path, "")?.as_bytes().to_vec();
    let mut copy = Copy { cx, changed: Vec::new(), conflicts: 0 };
    copy.folder(&source, &folder)?;
    let (changed, conflicts) = (copy.changed, copy.conflicts);
    tell_git(&folder, &changed)?;
    if let Some(text) = attribute(cx, "welcomeText") {
        print_welcome(cx, text)?;
    }
    match conflicts {
        0 => Ok(()),
        count => Err(Error::eval(format!("encountered {count} conflicts - see above")).into()),
    }
}

fn print_welcome<'h>(cx: &mut Eval<'h>, text: Value<'h>) -> Outcome {
    let text = cx.force_plain_string(text, "while evaluating 'welcomeText'")?;
    stdio::eprint_line(&format!("\n\n{}", String::from_utf8_lossy(text.as_bytes())));
    Ok(())
}

/// The folder that the template goes to.
fn folder(cx: &Eval<'_>, arguments: &Arguments) -> Result<PathBuf> {
    let unexpected = |word: &[u8]| usage(format!("unexpected argument '{}'", lossy(Some(word.to_vec()))));
    let path =
        match (&arguments.common.inputs[..], arguments.command == crate::command_line::command::Command::FlakeNew) {
            ([], false) => cx.io().current_dir(),
            ([], true) => return Err(usage("more arguments are required")),
            ([path], true) => cx.absolute(path),
            ([word, ..], false) | ([_, word, ..], true) => return Err(unexpected(word)),
        };
    Ok(std::ffi::OsString::from_vec(path).into())
}

/// A template on its way into a folder.
struct Copy<'c, 'h> {
    cx: &'c Eval<'h>,
    changed: Vec<PathBuf>,
    conflicts: usize,
}

impl Copy<'_, '_> {
    fn folder(&mut self, from: &[u8], to: &Path) -> Result<()> {
        files::make_directories(to)?;
        let failed = |error: std::io::Error| unreadable(from, &error);
        let mut entries = self.cx.io().read_dir(from).map_err(failed)?;
        entries.sort_by(|left, right| left.0.cmp(&right.0));
        for (name, kind) in entries {
            self.cx.poll()?;
            let (from, to) = ([from, b"/", &name].concat(), to.join(OsStr::from_bytes(&name)));
            match kind {
                FileType::Directory => self.folder(&from, &to)?,
                _ => self.one(&from, kind, &to)?,
            }
        }
        Ok(())
    }

    fn one(&mut self, from: &[u8], kind: FileType, to: &Path) -> Result<()> {
        let shown = self.cx.sources().shown(from);
        let contents = self.contents(from, kind)?;
        if to.symlink_metadata().is_err() {
            create(kind, to, &contents)?;
            self.changed.push(to.to_path_buf());
            stdio::eprint_line(&format!("wrote: \"{}\"", to.display()));
        } else if is_same(kind, to, &contents) {
            stdio::eprint_line(&format!("skipping identical file: {shown}"));
        } else {
            let advice = format!("please merge it manually with '{shown}'");
            stdio::eprint_line(&format!("refusing to overwrite existing file \"{}\"\n {advice}", to.display()));
            self.conflicts += 1;
        }
        Ok(())
    }

    /// The contents of a file, or the target of a symbolic link.
    fn contents(&self, from: &[u8], kind: FileType) -> Result<Vec<u8>> {
        let io = self.cx.io();
        let contents = match kind {
            FileType::Regular => io.read_file(from),
            FileType::Symlink => io.read_link(from),
            _ => {
                let (path, kind) = (String::from_utf8_lossy(from), kind.name());
                let text = format!("path '{path}' needs to be a symlink, file, or directory but instead is a {kind}");
                return Err(Error::eval(text));
            }
        };
        contents.map_err(|error| unreadable(from, &error))
    }
}

fn create(kind: FileType, path: &Path, contents: &[u8]) -> Result<()> {
    match kind {
        FileType::Symlink => std::os::unix::fs::symlink(OsStr::from_bytes(contents), path)
            .map_err(|error| files::not_written(path, &error)),
        _ => files::write(path, contents),
    }
}

fn is_same(kind: FileType, path: &Path, contents: &[u8]) -> bool {
    match kind {
        FileType::Symlink => std::fs::read_link(path).is_ok_and(|target| target.as_os_str().as_bytes() == contents),
        _ => std::fs::read(path).is_ok_and(|there| there == contents),
    }
}

fn unreadable(path: &[u8], error: &std::io::Error) -> Error {
    let (path, reason) = (String::from_utf8_lossy(path), stdio::reason(error));
    ErrorKind::Io(format!("reading '{path}': {reason}")).into()
}

/// Makes new files known to the Git repository that the folder is, if it is one: flakes have only files that Git knows.
fn tell_git(folder: &Path, changed: &[PathBuf]) -> Result<()> {
    if changed.is_empty() || !folder.join(".git").exists() {
        return Ok(());
    }
    git::run(folder, &["add", "--intent-to-add", "--force"], changed, None)
}
