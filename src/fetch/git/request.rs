//! The requested repository and version, and their location.

use super::super::FetchContext;
use super::super::options::FetchOptions;
use crate::error::{Error, Result};
use crate::flake_ref::{InputAttr, InputAttrs, file_path, input_rev};
use crate::io::Message;
use crate::source::Sources;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The location of a repository.
#[derive(Clone, Debug)]
pub(super) enum Location {
    /// A folder with a work tree.
    Local(PathBuf),
    /// An address, possibly of a bare repository on this machine.
    Remote(String),
}

/// A request for a tree.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) attrs: InputAttrs,
    pub(super) location: Location,
    /// A branch, a tag, or another name.
    pub(super) reference: Option<Vec<u8>>,
    pub(super) rev: Option<String>,
    pub(super) shallow: bool,
    pub(super) submodules: bool,
    pub(super) large_files: bool,
    pub(super) export_ignore: bool,
    pub(super) all_refs: bool,
}

impl Request {
    /// Reads the attributes of an input.
    ///
    /// # Errors
    ///
    /// Fails if the commit's hash has an unsupported length, or if an attribute is not allowed here.
    pub(super) fn new(context: &FetchContext<'_>, input: &InputAttrs) -> Result<Self> {
        let rev = input_rev(input)?;
        check_length(rev.as_deref())?;
        let request = Self {
            location: location(context, text(input, "url").unwrap_or_default()),
            reference: text(input, "ref").map(<[u8]>::to_vec),
            rev,
            shallow: flag(input, "shallow")?,
            submodules: flag(input, "submodules")?,
            large_files: flag(input, "lfs")?,
            export_ignore: flag(input, "exportIgnore")?,
            all_refs: flag(input, "allRefs")?,
            attrs: input.clone(),
        };
        if request.export_ignore && request.submodules {
            return Err(Error::fetch("exportIgnore and submodules are not supported together yet"));
        }
        Ok(request)
    }

    /// The repository, as shown in messages.
    pub(super) fn shown(&self) -> String {
        match &self.location {
            Location::Local(path) => path.display().to_string(),
            Location::Remote(url) => url.clone(),
        }
    }

    /// An identifier of the contents of a commit for this request.
    pub(super) fn fingerprint(&self, rev: &str) -> String {
        let marks = [(self.submodules, ";s"), (self.export_ignore, ";e"), (self.large_files, ";l")];
        let marks = marks.into_iter().filter(|(is_asked, _)| *is_asked).map(|(_, mark)| mark);
        rev.to_owned() + &marks.collect::<String>()
    }
}

/// Accepts Git's two hash lengths, SHA-1 and SHA-256.
fn check_length(rev: Option<&str>) -> Result<()> {
    match rev {
        Some(rev) if !matches!(rev.len(), 40 | 64) => {
            let text = "is not supported by Git. Supported types are sha1 and sha256.";
            Err(Error::fetch(format!("Hash '{rev}' {text}")))
        }
        _ => Ok(()),
    }
}

fn text<'a>(attrs: &'a InputAttrs, name: &str) -> Option<&'a [u8]> {
    match attrs.get(name.as_bytes()) {
        Some(InputAttr::String(text)) => Some(text),
        _ => None,
    }
}

fn flag(attrs: &InputAttrs, name: &str) -> Result<bool> {
    match attrs.get(name.as_bytes()) {
        None => Ok(false),
        Some(InputAttr::Bool(truth)) => Ok(*truth),
        Some(_) => Err(Error::fetch(format!("input attribute '{name}' is not a Boolean"))),
    }
}

/// Local work trees are used in place. Repositories without one are fetched from, even on this machine.
fn location(context: &FetchContext<'_>, url: &[u8]) -> Location {
    let is_forced = context.io.variable(b"_NIX_FORCE_HTTP").as_deref() == Some(b"1");
    let given = file_path(url).map(|path| PathBuf::from(OsStr::from_bytes(&path)));
    let shown = String::from_utf8_lossy(url);
    let Some(given) = given else { return Location::Remote(without_folder(&shown)) };
    let here = context.io.current_dir();
    let path = Path::new(OsStr::from_bytes(&here)).join(&given);
    context.io.observe(path.join(".git").as_os_str().as_bytes());
    if is_forced || is_bare(&path) {
        return Location::Remote(shown.split('?').next().unwrap_or_default().to_owned());
    }
    if given.is_relative() {
        let text = "which uses a path relative to the current directory. This is not supported and will stop working in a \
                    future release. See https://github.com/NixOS/nix/issues/12281 for details.";
        warn(context, format!("Fetching Git repository '{shown}', {text}"));
    }
    Location::Local(path)
}

fn is_bare(path: &Path) -> bool {
    path.symlink_metadata().is_ok() && path.join(".git").symlink_metadata().is_err()
}

/// The address without the parameter `dir`, which old lock files have in it and Git does not know.
fn without_folder(url: &str) -> String {
    let Some((start, query)) = url.split_once('?') else { return url.to_owned() };
    let kept: Vec<_> = query.split('&').filter(|part| *part != "dir" && !part.starts_with("dir=")).collect();
    if kept.is_empty() { start.to_owned() } else { format!("{start}?{}", kept.join("&")) }
}

/// Shows a warning.
pub(super) fn warn(context: &FetchContext<'_>, text: String) {
    context.console.message(&Message::Warning(&Error::eval(text), &Sources::default()));
}

/// Refuses a work tree with changes if that is not allowed; otherwise warns, if warnings are on.
pub(super) fn warn_dirty(context: &FetchContext<'_>, options: &FetchOptions, shown: &str) -> Result<()> {
    let text = format!("Git tree '{shown}' is dirty");
    if !options.allow_dirty {
        return Err(Error::fetch(text));
    }
    if options.warn_dirty {
        warn(context, text);
    }
    Ok(())
}
