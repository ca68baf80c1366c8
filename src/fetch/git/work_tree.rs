//! FetchContext trees: all tracked files with their current contents.

use super::super::Fetched;
use super::commit::{commit, count};
use super::ignored::{Attributes, is_ignored, is_mentioned, prefixes, questions, with_attribute};
use super::modules;
use super::objects::Objects;
use super::observed;
use super::program::Git;
use super::request::{Location, Request, warn_dirty};
use super::source::{Fetcher, open};
use super::status::{Status, status};
use crate::codec::base::encode_base16;
use crate::codec::hash::{HashAlgorithm, Hasher};
use crate::error::{Error, Result};
use crate::flake_ref::{InputAttr, InputAttrs, check_input};
use crate::store::selection::Selection;
use rustc_hash::FxHashSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

/// The placeholder for a commit where there is none yet.
pub(super) const NO_REV: &str = "0000000000000000000000000000000000000000";

impl Fetcher<'_> {
    /// The work tree in a folder.
    ///
    /// # Errors
    ///
    /// Fails if Git fails, or if there are changes and they are not allowed.
    pub(super) fn work_tree(&self, request: &Request, folder: &Path) -> Result<Fetched> {
        let mut selection = Selection::of_repository(folder.as_os_str().as_bytes());
        let git = open(self.context, folder)?;
        let status = status(&git, folder)?;
        let is_clean = self.select(request, (&git, &status), folder, (b"", &mut selection))?;
        let mut attrs = request.attrs.clone();
        let mut insert = |name: &str, value: InputAttr| attrs.insert(name.as_bytes().to_vec(), value);
        let text = |text: String| InputAttr::String(text.into_bytes());
        if is_clean {
            if let Some(name) = &status.branch {
                insert("ref", InputAttr::String(name.clone()));
            }
            insert("rev", text(status.head.clone().unwrap_or_else(|| NO_REV.to_owned())));
            if let Some(count) = self.count_unless_shallow(request, &git, status.head.as_deref())? {
                insert("revCount", InputAttr::Int(count));
            }
        } else {
            warn_dirty(self.context, self.options, &request.shown())?;
            if let Some(head) = &status.head {
                insert("dirtyRev", text(format!("{head}-dirty")));
                insert("dirtyShortRev", text(format!("{}-dirty", head.get(..7).unwrap_or(head))));
            }
        }
        let time = status.head.as_ref().map(|head| Ok::<_, Error>(commit(&mut Objects::of(&git)?, head)?.time));
        insert("lastModified", InputAttr::Int(time.transpose()?.unwrap_or(0)));
        let fingerprint = match (&status.head, is_clean) {
            (Some(head), true) => Some(request.fingerprint(head)),
            (None, true) => None,
            (_, false) => changed_fingerprint(request, &status, folder),
        };
        let place = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf()).into_os_string().into_vec();
        Ok(Fetched { place, selection: Some(Arc::new(selection)), hash: None, attrs, fingerprint })
    }

    /// The number of commits; `None` for a shallow request.
    fn count_unless_shallow(&self, request: &Request, git: &Git<'_>, head: Option<&str>) -> Result<Option<u64>> {
        match head {
            _ if request.shallow => Ok(None),
            None => Ok(Some(0)),
            Some(head) => count(git, self.cache, head),
        }
    }

    /// Adds the files of a work tree and its submodules. `at` is its path in the root work tree of the selection.
    /// Returns true if none of them has changes.
    fn select(
        &self,
        request: &Request,
        (git, status): (&Git<'_>, &Status),
        folder: &Path,
        (at, selection): (&[u8], &mut Selection),
    ) -> Result<bool> {
        observed::work_tree(self.context.io, folder, status);
        if request.export_ignore {
            // It depends on attribute files anywhere.
            self.context.io.ask_elsewhere();
        }
        let ignored = if request.export_ignore { ignored(git, status)? } else { FxHashSet::default() };
        for file in &status.files {
            add(selection, at, file, &ignored);
        }
        let mut is_clean = !status.is_dirty();
        let file = folder.join(".gitmodules");
        if !request.submodules || file.symlink_metadata().is_err() {
            return Ok(is_clean);
        }
        for module in modules::read(git, modules::From::File(&file))? {
            let inner = folder.join(OsStr::from_bytes(&module.path));
            let at = if at.is_empty() { module.path } else { [at, b"/", &module.path].concat() };
            selection.add(&at);
            is_clean &= self.select_module(&inner, (&at, selection))?;
        }
        Ok(is_clean)
    }

    fn select_module(&self, folder: &Path, into: (&[u8], &mut Selection)) -> Result<bool> {
        let attrs = InputAttrs::from([
            (b"type".to_vec(), InputAttr::String(b"git".to_vec())),
            (b"url".to_vec(), InputAttr::String(folder.as_os_str().as_bytes().to_vec())),
            (b"submodules".to_vec(), InputAttr::Bool(true)),
        ]);
        let request = Request::new(self.context, &check_input(attrs)?)?;
        let Location::Local(folder) = &request.location else {
            // It is not checked out. C++ Nix takes the folder for a bare repository, and fails.
            let fetcher = Fetcher { ..*self };
            let found = fetcher.find(&request, false);
            let error = found.err().unwrap_or_else(|| {
                let shown = request.shown();
                Error::fetch(format!("the submodule at '{shown}' is a repository without a work tree"))
            });
            return Err(not_checked_out(error));
        };
        let git = open(self.context, folder).map_err(not_checked_out)?;
        let status = status(&git, folder)?;
        let is_clean = self.select(&request, (&git, &status), folder, into)?;
        if !is_clean {
            warn_dirty(self.context, self.options, &request.shown())?;
        }
        Ok(is_clean)
    }
}

/// The error for a submodule whose folder is not a work tree, with the command that checks it out.
#[cold]
fn not_checked_out(error: Error) -> Error {
    error.with_note("`git submodule update --init --recursive` checks submodules out")
}

/// Adds a file, or those of its parent folders that are not ignored.
fn add(selection: &mut Selection, at: &[u8], path: &[u8], ignored: &FxHashSet<Vec<u8>>) {
    let kept = if is_ignored(ignored, path) {
        prefixes(path).take_while(|prefix| !ignored.contains(*prefix)).last()
    } else {
        Some(path)
    };
    match kept {
        Some(path) if at.is_empty() => selection.add(path),
        Some(path) => selection.add(&[at, b"/", path].concat()),
        None => {}
    }
}

/// The paths that `export-ignore` removes from a work tree.
fn ignored(git: &Git<'_>, status: &Status) -> Result<FxHashSet<Vec<u8>>> {
    if !is_mentioned(git, status.attribute_files.iter().map(String::as_str), "export-ignore")? {
        return Ok(FxHashSet::default());
    }
    let mut seen = FxHashSet::default();
    let paths = status.files.iter().flat_map(|file| prefixes(file).map(|path| (path, path.len() < file.len())));
    let asked = questions(git, paths.filter(|(path, _)| seen.insert(*path)));
    with_attribute(git, Attributes::Index, ("export-ignore", "set"), asked)
}

/// An identifier of a work tree with changes: its commit and a digest of the changes. `None` if it has submodules,
/// whose changes are not tracked here.
fn changed_fingerprint(request: &Request, status: &Status, folder: &Path) -> Option<String> {
    if folder.join(".gitmodules").symlink_metadata().is_ok() {
        return None;
    }
    let mut hasher = Hasher::new(HashAlgorithm::Sha512);
    for path in &status.changed {
        token(&mut hasher, b"modified:");
        token(&mut hasher, &[b"/", path.as_slice()].concat());
        file(&mut hasher, &folder.join(OsStr::from_bytes(path)))?;
    }
    for path in &status.deleted {
        token(&mut hasher, b"deleted:");
        token(&mut hasher, &[b"/", path.as_slice()].concat());
    }
    let digest = encode_base16(&hasher.finish().bytes);
    Some(format!("{};d={digest}", request.fingerprint(status.head.as_deref().unwrap_or(NO_REV))))
}

/// Adds a text in the archive format: its length, its bytes, and padding zeros.
fn token(hasher: &mut Hasher, text: &[u8]) {
    hasher.update(&(text.len() as u64).to_le_bytes());
    hasher.update(text);
    hasher.update(&[0; 8][..text.len().next_multiple_of(8) - text.len()]);
}

/// The archive of a file or link.
fn file(hasher: &mut Hasher, path: &Path) -> Option<()> {
    let metadata = path.symlink_metadata().ok()?;
    let mut tokens: Vec<Vec<u8>> = vec![b"nix-archive-1".to_vec(), b"(".to_vec(), b"type".to_vec()];
    if metadata.is_symlink() {
        let target = fs::read_link(path).ok()?.into_os_string().into_vec();
        tokens.extend([b"symlink".to_vec(), b"target".to_vec(), target]);
    } else {
        tokens.push(b"regular".to_vec());
        if metadata.permissions().mode() & 0o100 != 0 {
            tokens.extend([b"executable".to_vec(), Vec::new()]);
        }
        tokens.extend([b"contents".to_vec(), fs::read(path).ok()?]);
    }
    tokens.push(b")".to_vec());
    tokens.iter().for_each(|text| token(hasher, text));
    Some(())
}
