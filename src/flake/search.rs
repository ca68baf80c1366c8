//! Flake references as people type them: a URL, a name, or a path, from which the flake is searched upwards.

use super::reference::warn_of_parameters;
use crate::error::{Error, ErrorKind, Result};
use crate::eval::Eval;
use crate::flake_ref::{FlakeRef, Read, Reading, read};
use crate::io::{FileType, Io, Message};
use crate::path::canonical;

/// Requirements on the target of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// It may be missing.
    pub may_be_missing: bool,
    /// It must be a flake, and not just a tree or file.
    pub is_flake: bool,
}

impl Default for Wanted {
    /// An existing flake.
    fn default() -> Self {
        Self { may_be_missing: false, is_flake: true }
    }
}

/// Parses a reference and the fragment after its `#`. Relative paths start from `base`. A path in a Git repository
/// becomes a reference to the repository.
///
/// # Errors
///
/// Fails if the text is not a reference, or if no flake is found at its path.
pub fn find_flake(cx: &Eval<'_>, text: &[u8], base: &[u8], wanted: Wanted) -> Result<(FlakeRef, Vec<u8>)> {
    let reading = Reading { base: Some(base), keeps_relative: false, is_tree: wanted.is_flake };
    warn_of_parameters(cx, text, &reading);
    let path = match read(text, &reading)? {
        Read::Whole { attrs, fragment } => return Ok((FlakeRef::split(attrs), fragment)),
        Read::Path(path) => path,
    };
    let search = Search { cx, io: cx.shared().world.outside(), wanted };
    let start = if path.path.starts_with(b"/") { path.path.clone() } else { [base, b"/", &path.path].concat() };
    let start = cx.fetching(|| cx.resolve_links(&canonical(&start)))?;
    let found = if wanted.is_flake { search.flake(start)? } else { FlakeFolder { path: start, repository: None } };
    let reference = match found.repository {
        None => path.at(Some(&found.path)),
        Some(root) => {
            let dir = found.path[root.len()..].strip_prefix(b"/").unwrap_or_default();
            path.in_repository(&root, dir, search.has(&root, b".git/shallow"))
        }
    };
    let (attrs, fragment) = reference?;
    Ok((FlakeRef::split(attrs), fragment))
}

/// The location of a flake.
struct FlakeFolder {
    path: Vec<u8>,
    /// The repository that contains it.
    repository: Option<Vec<u8>>,
}

struct Search<'s, 'h> {
    cx: &'s Eval<'h>,
    io: &'s dyn Io,
    wanted: Wanted,
}

impl Search<'_, '_> {
    fn has(&self, folder: &[u8], name: &[u8]) -> bool {
        let path = [folder.strip_suffix(b"/").unwrap_or(folder), b"/", name].concat();
        matches!(self.io.status(&path), Ok(Some(_)))
    }

    fn flake(&self, start: Vec<u8>) -> Result<FlakeFolder> {
        let mut path = self.folder(start)?;
        if !self.wanted.may_be_missing && !self.has(&path, b"flake.nix") {
            let text = format!("path {} does not contain a 'flake.nix', searching up", quoted(&path));
            self.cx.message(&Message::Note(text.as_bytes()));
            path = self.upwards(path)?;
        }
        let is_repository = |folder: &&[u8]| *folder != b"/" && self.has(folder, b".git");
        let repository = upwards(&path).find(is_repository).map(<[u8]>::to_vec);
        Ok(FlakeFolder { path, repository })
    }

    /// The folder that a path refers to.
    fn folder(&self, path: Vec<u8>) -> Result<Vec<u8>> {
        let failed =
            |reason: &str| Error::from(ErrorKind::Io(format!("getting status of {}: {reason}", quoted(&path))));
        let status = self.io.status(&path).map_err(|error| failed(&error.to_string()))?;
        match status.map(|status| status.kind) {
            None => Err(failed("No such file or directory")),
            Some(FileType::Directory) => Ok(path),
            Some(_) => match path.strip_suffix(b"/flake.nix") {
                Some(parent) => {
                    let should = "should point at the directory containing the 'flake.nix' file, not the file itself";
                    let (shown, parent_shown) = (quoted(&path), quoted(parent));
                    let text = format!("Path {shown} {should}. Pretending that you meant {parent_shown}");
                    self.cx.warn(&Error::eval(text));
                    Ok(parent.to_vec())
                }
                None => {
                    let text = format!("path {} is not a flake (because it's not a directory)", quoted(&path));
                    Err(Error::fetch(text))
                }
            },
        }
    }

    /// The nearest folder above with a flake, within the same repository.
    fn upwards(&self, start: Vec<u8>) -> Result<Vec<u8>> {
        for folder in upwards(&start).filter(|folder| *folder != b"/") {
            if self.has(folder, b"flake.nix") {
                return Ok(folder.to_vec());
            }
            if self.has(folder, b".git") {
                let reason = "neither it nor its parent directories contain a 'flake.nix' file";
                let text = format!("path {} is not part of a flake ({reason})", quoted(folder));
                return Err(Error::fetch(text));
            }
        }
        Err(Error::fetch("could not find a flake.nix file"))
    }
}

/// A folder and all folders above it, nearest first.
fn upwards(folder: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::successors(Some(folder), |folder| above(folder))
}

fn above(folder: &[u8]) -> Option<&[u8]> {
    (folder.len() > 1).then(|| crate::path::parent(folder))
}

/// A path between double quotes, in C++ Nix's form for local paths.
pub(super) fn quoted(path: &[u8]) -> String {
    format!("\"{}\"", String::from_utf8_lossy(path).replace('\\', "\\\\").replace('"', "\\\""))
}
