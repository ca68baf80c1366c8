//! Git repositories, through the `git` program: it supports every transport, and the user's own configuration and
//! credentials.
//!
//! - `program`, `running`, `objects`: running the program, and reading objects through it.
//! - `request`: the request, for a local work tree or a repository to fetch from.
//! - `work_tree`, `status`: work trees with their uncommitted changes.
//! - `source`: from a request to a commit, and to a folder with all of its files, with the help of
//!   `remote` (copies of remote repositories), `commit`, `tree`, `ignored` (attributes),
//!   `modules` (submodules) and `large_files` (Git LFS).
//! - `observed`: the files that decide what Git says of a repository.

mod commit;
mod ignored;
mod large_files;
mod modules;
mod objects;
mod observed;
mod program;
mod remote;
mod request;
mod running;
mod source;
mod status;
mod tree;
mod work_tree;

use super::cache::{FetchCache, Record};
use super::options::FetchOptions;
use super::{FetchContext, Fetched};
use crate::codec::hash::Hash;
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::{hash_to_text, parse_sri};
use crate::error::Result;
use crate::flake_ref::{InputAttr, InputAttrs};
use crate::io::SystemIo;
use crate::store::backend::NewEntry;
use crate::store::content::{ContentAddress, Method};
use crate::store::tree::hash_archive;
use objects::Objects;
use request::{Location, Request};
use source::{Fetcher, LocalCommit};
use std::os::unix::ffi::OsStrExt;

/// Fetches the tree of an input of the type `git`, whose attributes are
/// [checked](crate::flake_ref::check_input).
///
/// # Errors
///
/// Fails on Git, network or disk errors, or if Git is not installed.
pub fn fetch(
    options: &FetchOptions,
    cache: &FetchCache,
    context: &FetchContext<'_>,
    input: &InputAttrs,
) -> Result<Fetched> {
    let request = Request::new(context, input)?;
    let fetcher = Fetcher { options, cache, context };
    match &request.location {
        Location::Local(folder) if request.reference.is_none() && request.rev.is_none() => {
            fetcher.work_tree(&request, folder)
        }
        _ => from_commit(&fetcher, &request),
    }
}

fn from_commit(fetcher: &Fetcher<'_>, request: &Request) -> Result<Fetched> {
    let found = fetcher.find(request, false)?;
    let commit = commit::commit(&mut Objects::of(&found.git)?, &found.rev)?;
    let mut attrs = request.attrs.clone();
    attrs.extend(found.reference.clone().map(|name| (b"ref".to_vec(), InputAttr::String(name))));
    attrs.insert(b"rev".to_vec(), InputAttr::String(found.rev.clone().into_bytes()));
    // Values that the input already has are trusted.
    attrs.entry(b"lastModified".to_vec()).or_insert(InputAttr::Int(commit.time));
    if !request.shallow && !attrs.contains_key(&b"revCount"[..]) {
        let count = commit::count(&found.git, fetcher.cache, &found.rev)?;
        attrs.extend(count.map(|count| (b"revCount".to_vec(), InputAttr::Int(count))));
    }
    let fingerprint = Some(request.fingerprint(&found.rev));
    let (hash, place) = match known(fetcher, request, &found.rev)? {
        Some(known) => known,
        None => written(fetcher, request, &found)?,
    };
    Ok(Fetched { place, selection: None, hash: Some(hash), attrs, fingerprint })
}

/// The cache key: everything that decides which files belong to a commit.
fn question(request: &Request, rev: &str) -> InputAttrs {
    InputAttrs::from([
        (b"rev".to_vec(), InputAttr::String(rev.as_bytes().to_vec())),
        (b"submodules".to_vec(), InputAttr::Bool(request.submodules)),
        (b"exportIgnore".to_vec(), InputAttr::Bool(request.export_ignore)),
        (b"lfs".to_vec(), InputAttr::Bool(request.large_files)),
    ])
}

/// The tree of a commit, if it was fetched before and is still in the store.
fn known(fetcher: &Fetcher<'_>, request: &Request, rev: &str) -> Result<Option<(Hash, Vec<u8>)>> {
    let record = fetcher.cache.get("git-tree", &question(request, rev));
    let hash = record.and_then(|record| match record.answer.get(&b"narHash"[..]) {
        Some(InputAttr::String(text)) => parse_sri(text).ok(),
        _ => None,
    });
    let Some(hash) = hash else { return Ok(None) };
    let path = source_path(fetcher, &hash)?;
    Ok(fetcher.context.store.locate(&path).map(|place| (hash, place)))
}

/// Writes the tree of a commit into the store.
fn written(fetcher: &Fetcher<'_>, request: &Request, found: &LocalCommit<'_>) -> Result<(Hash, Vec<u8>)> {
    let context = fetcher.context;
    let staging = context.store.stage()?;
    let index = staging.place().with_extension("index");
    fetcher.write(request, found, (staging.place(), &index))?;
    let place = staging.place().as_os_str().as_bytes();
    let hash = hash_archive(&SystemIo, place, &mut |_, _| running::check(context).map(|()| true))?;
    let place = context.store.publish(&staging, &NewEntry::alone(&source_path(fetcher, &hash)?, Method::Archive))?;
    let text = hash_to_text(&hash, HashFormat::Sri, true).into_bytes();
    let answer = InputAttrs::from([(b"narHash".to_vec(), InputAttr::String(text))]);
    fetcher.cache.put("git-tree", &question(request, &found.rev), &Record::of(context.io, answer));
    Ok((hash, place))
}

fn source_path(fetcher: &Fetcher<'_>, hash: &Hash) -> Result<Box<[u8]>> {
    let address = ContentAddress { method: Method::Archive, hash: hash.clone() };
    address.path(fetcher.context.store_dir, b"source")
}
