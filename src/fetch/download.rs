//! Cached downloads: files, the trees in archives, and facts read from small texts.
//!
//! A recent download is used without a request. An older one is used if the server confirms it or does not answer. A
//! second process that wants the same download waits for the first.

use super::archives::unpack;
use super::cache::{FetchCache, Record};
use super::http::{Client, Failed, Received, Request, interrupted, warn};
use super::{Downloaded, FetchContext};
use crate::codec::hash::Hash;
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::{hash_to_text, parse_sri};
use crate::error::{Error, Result};
use crate::flake_ref::{InputAttr, InputAttrs};
use crate::io::SystemIo;
use crate::store::backend::NewEntry;
use crate::store::content::{ContentAddress, Method};
use crate::store::folder::disk_error;
use crate::store::tree::hash_archive;
use std::fs;
use std::os::unix::ffi::OsStrExt;

/// The downloader together with its cache.
#[derive(Clone, Copy, Debug)]
pub struct Downloads<'d> {
    /// The HTTP client.
    pub client: &'d Client,
    /// The cache of earlier downloads.
    pub cache: &'d FetchCache,
    /// The context of the fetch.
    pub context: &'d FetchContext<'d>,
}

/// A tree unpacked from an archive.
#[derive(Clone, Debug)]
pub struct DownloadedTree {
    /// Its real location.
    pub place: Vec<u8>,
    /// The hash of its archive.
    pub hash: Hash,
    /// The newest modification time in it.
    pub last_modified: u64,
    /// An address with immutable contents, if the server names one.
    pub immutable_url: Option<String>,
}

/// The key of a cached download.
#[derive(Clone, Debug)]
struct Question {
    kind: &'static str,
    /// The attributes. If they include `url`, the address that it redirects to gets the same result.
    attrs: InputAttrs,
    /// True if the result never changes.
    is_fixed: bool,
    /// True if an old result is better than none. In C++ Nix this is so for files, not yet for tarballs.
    may_be_old: bool,
}

/// The received download and its result; the result is empty if the cached one is still valid.
type Made = std::result::Result<(Received, InputAttrs), Failed>;

const STORE_PATH: &str = "storePath";

impl Downloads<'_> {
    /// The file at an address, put into the store under this name.
    ///
    /// # Errors
    ///
    /// Fails on network or disk errors.
    pub fn file(&self, request: &Request, name: &[u8]) -> Result<Downloaded> {
        let attrs = self.question(&[("url", &request.url), ("name", &String::from_utf8_lossy(name))]);
        let question = Question { kind: "file", attrs, is_fixed: false, may_be_old: true };
        let answer = self.kept(&question, request, &mut |request| {
            let staged = self.context.store.stage()?;
            let received = self.client.download(self.context, request, staged.place())?;
            if received.is_unchanged {
                return Ok((received, InputAttrs::new()));
            }
            let address = ContentAddress { method: Method::Flat, hash: received.hash.clone() };
            let path = address.path(self.context.store_dir, name)?;
            self.context.store.publish(&staged, &NewEntry::alone(&path, Method::Flat))?;
            let answer = [("hash", sri(&received.hash)), (STORE_PATH, String::from_utf8_lossy(&path).into_owned())];
            Ok((received, answer.map(|(name, value)| (name.into(), string(value))).into()))
        })?;
        Ok(Downloaded { place: self.place(&answer)?, hash: hash_in(&answer, "hash")? })
    }

    /// The tree in the archive at an address, put into the store as `source`.
    ///
    /// # Errors
    ///
    /// Fails on network or disk errors, or if the file is not an archive.
    pub fn tree(&self, request: &Request) -> Result<DownloadedTree> {
        let attrs = self.question(&[("url", &request.url)]);
        self.tree_for(&Question { kind: "tarball", attrs, is_fixed: false, may_be_old: false }, request)
    }

    /// The tree in an archive that never changes. `question` identifies it, whatever its address is.
    ///
    /// # Errors
    ///
    /// Fails on network or disk errors, or if the file is not an archive.
    pub fn fixed_tree(&self, question: &[(&str, &str)], request: &Request) -> Result<DownloadedTree> {
        self.tree_for(
            &Question { kind: "forge", attrs: self.question(question), is_fixed: true, may_be_old: false },
            request,
        )
    }

    fn tree_for(&self, question: &Question, request: &Request) -> Result<DownloadedTree> {
        let answer = self.kept(question, request, &mut |request| {
            let archive = self.context.store.stage()?;
            let received = self.client.download(self.context, request, archive.place());
            let received = received.map_err(|failed| Failed::Other(unopened(failed, &request.url)))?;
            let answer = if received.is_unchanged { InputAttrs::new() } else { self.unpacked(archive.place())? };
            Ok((received, answer))
        })?;
        let last_modified = match answer.get(&b"lastModified"[..]) {
            Some(InputAttr::Int(time)) => *time,
            _ => 0,
        };
        Ok(DownloadedTree {
            place: self.place(&answer)?,
            hash: hash_in(&answer, "narHash")?,
            last_modified,
            immutable_url: text_in(&answer, "immutableUrl"),
        })
    }

    /// Unpacks an archive into the store.
    fn unpacked(&self, archive: &std::path::Path) -> Result<InputAttrs> {
        let mut staged = self.context.store.stage()?;
        let place = staged.place();
        fs::create_dir(place).map_err(|error| disk_error("creating directory", place, &error))?;
        let unpacked = unpack(archive, staged.place(), self.context.stop)?;
        staged.narrow(&unpacked.root)?;
        let place = staged.place().as_os_str().as_bytes();
        let hash = hash_archive(&SystemIo, place, &mut |_, _| interrupted(self.context).map(|()| true))?;
        let address = ContentAddress { method: Method::Archive, hash };
        let path = address.path(self.context.store_dir, b"source")?;
        self.context.store.publish(&staged, &NewEntry::alone(&path, Method::Archive))?;
        Ok([
            (b"narHash".to_vec(), string(sri(&address.hash))),
            (STORE_PATH.into(), string(String::from_utf8_lossy(&path))),
            (b"lastModified".to_vec(), InputAttr::Int(unpacked.last_modified)),
        ]
        .into())
    }

    /// The facts about a subject in a small text at an address, as attributes.
    ///
    /// # Errors
    ///
    /// Fails on network errors, or if `read` fails.
    pub fn said(
        &self,
        request: &Request,
        about: &str,
        read: &dyn Fn(&[u8]) -> Result<InputAttrs>,
    ) -> Result<InputAttrs> {
        let attrs = [(b"url".to_vec(), string(&*request.url)), (b"about".to_vec(), string(about))].into();
        self.kept(&Question { kind: "said", attrs, is_fixed: false, may_be_old: true }, request, &mut |request| {
            let (received, text) = self.client.text(self.context, request)?;
            let answer = if received.is_unchanged { InputAttrs::new() } else { read(&text)? };
            Ok((received, answer))
        })
    }

    /// The cached result, or a new one.
    fn kept(
        &self,
        question: &Question,
        request: &Request,
        make: &mut dyn FnMut(&Request) -> Made,
    ) -> Result<InputAttrs> {
        let before = self.known(question);
        if let Some(record) = before.as_ref().filter(|record| self.is_fresh(question, record)) {
            self.cache.observe(self.context.io, question.kind, &question.attrs);
            return Ok(record.answer.clone());
        }
        self.context.io.ask_elsewhere();
        // Without a lock, the same file may be downloaded twice.
        let _lock = self.cache.lock(question.kind, &question.attrs).ok();
        let known = self.known(question);
        let is_new = known.is_some() && known != before;
        if let Some(record) = known.as_ref().filter(|record| is_new || self.is_fresh(question, record)) {
            return Ok(record.answer.clone());
        }
        let etag = known.as_ref().and_then(|record| text_in(&record.answer, "etag")).unwrap_or_default();
        match (make(&Request { etag, ..request.clone() }), known) {
            (Ok((received, answer)), known) => Ok(self.remember(question, received, answer, known)),
            (Err(Failed::Transfer(text)), Some(known)) if question.may_be_old => {
                warn(self.context, format!("{text}; using cached version"));
                Ok(known.answer)
            }
            (Err(failed), _) => Err(failed.into()),
        }
    }

    /// Stores a result in the cache.
    fn remember(
        &self,
        question: &Question,
        received: Received,
        mut answer: InputAttrs,
        known: Option<Record>,
    ) -> InputAttrs {
        match known {
            Some(known) if received.is_unchanged => answer = known.answer,
            _ => {
                answer.insert(b"etag".to_vec(), string(received.etag));
                answer.extend(received.immutable_url.map(|url| (b"immutableUrl".to_vec(), string(url))));
            }
        }
        let record = Record { answer, time: self.context.io.now() };
        self.cache.put(question.kind, &question.attrs, &record);
        if question.attrs.contains_key(&b"url"[..]) {
            for url in received.urls.into_iter().skip(1) {
                let mut attrs = question.attrs.clone();
                attrs.insert(b"url".to_vec(), string(url));
                self.cache.put(question.kind, &attrs, &record);
            }
        }
        record.answer
    }

    /// The cached result, if the store path in it still exists.
    fn known(&self, question: &Question) -> Option<Record> {
        let is_there = |record: &Record| {
            let path = text_in(&record.answer, STORE_PATH);
            path.is_none_or(|path| self.context.store.locate(path.as_bytes()).is_some())
        };
        self.cache.get(question.kind, &question.attrs).filter(is_there)
    }

    fn is_fresh(&self, question: &Question, record: &Record) -> bool {
        let options = self.client.options();
        let ttl = i64::try_from(options.tarball_ttl).unwrap_or(i64::MAX);
        let is_young = || ttl > 0 && self.context.io.is_before(record.time.saturating_add(ttl).saturating_add(1));
        question.is_fixed || options.offline || (!options.refresh && is_young())
    }

    /// A request key with the name of the store directory.
    fn question(&self, words: &[(&str, &str)]) -> InputAttrs {
        let store = [("store", self.context.store_dir)];
        words.iter().chain(&store).map(|(name, value)| (name.as_bytes().to_vec(), string(*value))).collect()
    }

    fn place(&self, answer: &InputAttrs) -> Result<Vec<u8>> {
        let path = text_in(answer, STORE_PATH).unwrap_or_default();
        let missing = || Error::fetch(format!("path '{path}' is not valid"));
        self.context.store.locate(path.as_bytes()).ok_or_else(missing)
    }
}

/// The error in C++ Nix's words. Except for zip files, it opens an archive during the download and reports that
/// failure first.
fn unopened(failed: Failed, url: &str) -> Error {
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    match failed {
        Failed::Transfer(text) if !path.ends_with(".zip") => {
            // It was rendered once by itself.
            let rendered = text.replace('\n', "\n       ").replace("\n       \n", "\n\n");
            let in_nix = format!("Failed to open archive (Source threw exception: error: {rendered})");
            Error::fetch(text).in_nix_words(in_nix)
        }
        other => other.into(),
    }
}

fn string(text: impl Into<String>) -> InputAttr {
    InputAttr::String(text.into().into_bytes())
}

fn sri(hash: &Hash) -> String {
    hash_to_text(hash, HashFormat::Sri, true)
}

/// The text of a string attribute.
pub(super) fn text_in(attrs: &InputAttrs, name: &str) -> Option<String> {
    match attrs.get(name.as_bytes()) {
        Some(InputAttr::String(text)) => Some(String::from_utf8_lossy(text).into_owned()),
        _ => None,
    }
}

fn hash_in(attrs: &InputAttrs, name: &str) -> Result<Hash> {
    parse_sri(text_in(attrs, name).unwrap_or_default().as_bytes()).map_err(|error| Error::fetch(error.to_string()))
}
