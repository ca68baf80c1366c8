//! Fetching: from the attributes of an input, as [`crate::codec::flake_ref`] has them, to a tree on this machine.
//!
//! [`Fetch`] is the door, and [`NoFetch`] what is behind it unless an engine is [given more](crate::Engine::with_fetcher).
//! No Nix program is evaluated here, and no lock file read: that is `flake`'s business.
//!
//! - [`cache`]: what was fetched before.
//! - [`git`]: Git repositories.
//! - [`options`]: what can be configured.
//! - [`path`]: trees that lie on this machine.
//!
//! With the cargo feature `fetch`:
//!
//! - [`system`]: who fetches for real, by a table of the types of inputs.
//! - [`http`]: downloads; [`download`] keeps and unpacks them.
//! - [`tarball`] and [`forges`]: inputs that are downloads; [`git`]: those that the program `git` fetches.

#[cfg(feature = "fetch")]
pub mod archives;
pub mod cache;
#[cfg(feature = "fetch")]
pub mod download;
#[cfg(feature = "fetch")]
pub mod forges;
#[cfg(feature = "fetch")]
pub mod git;
#[cfg(feature = "fetch")]
pub mod http;
pub mod options;
pub mod path;
#[cfg(feature = "fetch")]
pub mod system;
#[cfg(feature = "fetch")]
pub mod tarball;

use crate::codec::flake_ref::{Attr, Attrs, file_path, input_url};
use crate::codec::hash::Hash;
use crate::error::{ErrorKind, Result};
use crate::io::Io;
use crate::store::backend::Store;
use crate::store::selection::Selection;
use std::fmt::{self, Debug};
use std::sync::Arc;

/// What fetching needs of who asks for it.
#[derive(Clone, Copy)]
pub struct Work<'w> {
    /// The outside world, for messages, the environment and the clock.
    pub io: &'w dyn Io,
    /// Where trees are put.
    pub store: &'w dyn Store,
    /// What paths of the store begin with, as `/nix/store`.
    pub store_dir: &'w str,
    /// True if somebody wants this to end. Asked now and then; the error is then [`ErrorKind::Interrupted`].
    pub stop: &'w dyn Fn() -> bool,
}

impl Debug for Work<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Work").field("store", &self.store).finish_non_exhaustive()
    }
}

/// A tree that was fetched, or lies here.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// Where it really lies: in the store's folder, or anywhere else on this machine.
    pub place: Vec<u8>,
    /// If not all that lies there belongs to it: what does.
    pub selection: Option<Arc<Selection>>,
    /// The hash of its archive, if it was computed on the way.
    pub hash: Option<Hash>,
    /// The attributes of the input, and what fetching found out: `rev`, `lastModified`, … but not `narHash`. With
    /// `dirtyRev` it has no `rev`.
    pub attrs: Attrs,
    /// What stands for the contents, if something shorter than their hash does, as a commit.
    pub fingerprint: Option<String>,
}

/// A file that was downloaded.
#[derive(Clone, Debug)]
pub struct Downloaded {
    /// Where it really lies.
    pub place: Vec<u8>,
    /// The SHA-256 hash of its contents.
    pub hash: Hash,
}

/// Who fetches. Whether that may be done, and whether the result is what a lock says, is for the caller to see.
pub trait Fetch: Debug {
    /// The tree that the attributes of an input describe, which are checked. `indirect` inputs are none of its business,
    /// nor paths of `path` inputs that are relative.
    ///
    /// # Errors
    /// Those of the network, of programs that are asked, of the disk; that the type of the input is not supported.
    fn tree(&self, work: &Work<'_>, input: &Attrs) -> Result<Fetched>;

    /// The file at an address, which lies in the store under this name afterwards.
    ///
    /// # Errors
    /// Those of the network and the disk.
    fn file(&self, work: &Work<'_>, url: &str, name: &[u8]) -> Result<Downloaded>;

    /// False if nothing is ever downloaded: then the hash that something must have is enough to tell its store path.
    fn is_connected(&self) -> bool;

    /// What is known of earlier runs.
    fn cache(&self) -> Option<&cache::FetchCache>;
}

/// Nothing is fetched but what lies on this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFetch;

impl Fetch for NoFetch {
    fn tree(&self, work: &Work<'_>, input: &Attrs) -> Result<Fetched> {
        if path::is_path(input) {
            return path::fetch(work, input);
        }
        match local_file(input) {
            Some(place) => Ok(Fetched { place, selection: None, hash: None, attrs: input.clone(), fingerprint: None }),
            None => not_downloaded(&input_url(input).unwrap_or_default()),
        }
    }

    fn file(&self, _: &Work<'_>, url: &str, _: &[u8]) -> Result<Downloaded> {
        not_downloaded(url)
    }

    fn is_connected(&self) -> bool {
        false
    }

    fn cache(&self) -> Option<&cache::FetchCache> {
        None
    }
}

/// Where the file lies that an input is, if that is on this machine.
fn local_file(input: &Attrs) -> Option<Vec<u8>> {
    match (input.get(&b"type"[..]), input.get(&b"url"[..])) {
        (Some(Attr::String(kind)), Some(Attr::String(url))) if kind == b"file" => {
            file_path(url).filter(|path| path.starts_with(b"/"))
        }
        _ => None,
    }
}

#[cold]
fn not_downloaded<T>(url: &str) -> Result<T> {
    let text = format!("cannot download '{url}': this evaluator uses no network, and no hash or local copy is given");
    Err(ErrorKind::Unsupported(text).into())
}
