//! Fetching: from the attributes of an input, as in [`crate::flake_ref`], to a tree on this machine.
//!
//! [`Fetch`] is the interface. [`NoFetch`] is its implementation unless an engine has [another
//! one](crate::Engine::with_fetcher). This room evaluates no Nix code and reads no lock file; `flake` does.
//!
//! - [`cache`]: the cache of fetched inputs.
//! - [`git`]: Git repositories.
//! - [`options`]: the configuration.
//! - [`path`]: trees on this machine.
//!
//! With the cargo feature `fetch`:
//!
//! - [`system`]: the real fetcher, with a table of the types of inputs.
//! - [`http`]: downloads; [`download`] caches and unpacks them.
//! - [`tarball`] and [`forges`]: inputs that are downloads; [`git`]: inputs that the program `git` fetches.

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

use crate::codec::hash::Hash;
use crate::error::{ErrorKind, Result};
use crate::flake_ref::{InputAttr, InputAttrs, file_path, input_url};
use crate::io::{Console, Io};
use crate::store::backend::Store;
use crate::store::selection::Selection;
use std::fmt::{self, Debug};
use std::sync::Arc;

/// The context that fetching needs from its caller.
#[derive(Clone, Copy)]
pub struct FetchContext<'w> {
    /// The outside world, for the environment and the clock.
    pub io: &'w dyn Io,
    /// The destination of messages and progress.
    pub console: &'w dyn Console,
    /// The store that receives the trees.
    pub store: &'w dyn Store,
    /// The store directory that store paths begin with, for example `/nix/store`.
    pub store_dir: &'w str,
    /// Returns true if the fetch should stop. It is called regularly; the error is then [`ErrorKind::Interrupted`].
    pub stop: &'w dyn Fn() -> bool,
}

impl Debug for FetchContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchContext").field("store", &self.store).finish_non_exhaustive()
    }
}

/// A fetched or local tree.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// Its real location: in the store's folder, or anywhere else on this machine.
    pub place: Vec<u8>,
    /// The part of the location that belongs to the tree; `None` for all of it.
    pub selection: Option<Arc<Selection>>,
    /// The hash of its archive, if it was computed on the way.
    pub hash: Option<Hash>,
    /// The attributes of the input with the facts that fetching found: `rev`, `lastModified`, … but not `narHash`.
    /// With `dirtyRev` there is no `rev`.
    pub attrs: InputAttrs,
    /// A short identifier of the contents, for example a commit, if there is one.
    pub fingerprint: Option<String>,
}

/// A downloaded file.
#[derive(Clone, Debug)]
pub struct Downloaded {
    /// Its real location.
    pub place: Vec<u8>,
    /// The SHA-256 hash of its contents.
    pub hash: Hash,
}

/// A fetcher. The caller decides whether a fetch is allowed, and compares the result with a lock.
///
/// What a result depends on is asked through the context's [`Io`] and [`Store`], or told with [`Io::observe`] and
/// [`Io::ask_elsewhere`].
pub trait Fetch: Debug {
    /// The tree that the checked attributes of an input describe. `indirect` inputs and relative paths of `path`
    /// inputs are resolved by the caller.
    ///
    /// # Errors
    ///
    /// Fails on network or disk errors, if an external program fails, or if the type of the input is not supported.
    fn tree(&self, context: &FetchContext<'_>, input: &InputAttrs) -> Result<Fetched>;

    /// Downloads the file at an address into the store under this name.
    ///
    /// # Errors
    ///
    /// Fails on network or disk errors.
    fn file(&self, context: &FetchContext<'_>, url: &str, name: &[u8]) -> Result<Downloaded>;

    /// False if nothing is ever downloaded. Then the store path is computed from the expected hash.
    fn is_connected(&self) -> bool;

    /// The cache of earlier runs.
    fn cache(&self) -> Option<&cache::FetchCache>;
}

/// The fetcher that supports only files and trees on this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFetch;

impl Fetch for NoFetch {
    fn tree(&self, context: &FetchContext<'_>, input: &InputAttrs) -> Result<Fetched> {
        if path::is_path(input) {
            return path::fetch(context, input);
        }
        match local_file(input) {
            Some(place) => Ok(Fetched { place, selection: None, hash: None, attrs: input.clone(), fingerprint: None }),
            None => not_downloaded(&input_url(input).unwrap_or_default()),
        }
    }

    fn file(&self, _: &FetchContext<'_>, url: &str, _: &[u8]) -> Result<Downloaded> {
        not_downloaded(url)
    }

    fn is_connected(&self) -> bool {
        false
    }

    fn cache(&self) -> Option<&cache::FetchCache> {
        None
    }
}

/// The location of the file that an input names, if it is on this machine.
fn local_file(input: &InputAttrs) -> Option<Vec<u8>> {
    match (input.get(&b"type"[..]), input.get(&b"url"[..])) {
        (Some(InputAttr::String(kind)), Some(InputAttr::String(url))) if kind == b"file" => {
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
