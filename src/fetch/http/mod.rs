//! Downloads over HTTP, and from files, with what people expect of curl: redirections, conditional requests, patience and
//! its end, tries, certificates, proxies, names and passwords.
//!
//! A transfer runs in a thread of its own, so that who waits for it can be told to stop at any time.

mod address;
mod agent;
mod body;
mod exchange;
mod failure;
mod local;
mod netrc;
mod proxy;
mod relay;
mod retry;
mod transfer;

use crate::codec::hash::Hash;
use crate::error::{Error, Result};
use crate::fetch::Work;
use crate::fetch::options::FetchOptions;
use agent::Shared;
use body::{Sink, Target};
use std::cell::RefCell;
use std::fs::File;
use std::path::Path;
pub(in crate::fetch) use transfer::warn;

/// Who downloads. Nothing is read or opened before the first download.
#[derive(Debug)]
pub struct Client {
    options: FetchOptions,
    shared: RefCell<Option<Shared>>,
}

/// What to download.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The address.
    pub url: String,
    /// Names and values of headers, for the server of the address alone: not for those that it redirects to.
    pub headers: Vec<(String, String)>,
    /// The tag of what is here already; empty if nothing is.
    pub etag: String,
}

/// What came.
#[derive(Clone, Debug)]
pub struct Received {
    /// Its tag; empty if it has none.
    pub etag: String,
    /// The addresses that led to it, the asked one first.
    pub urls: Vec<String>,
    /// An address that always gives the same, if the server knows one.
    pub immutable_url: Option<String>,
    /// What is here already is still right, and nothing came.
    pub is_unchanged: bool,
    /// The SHA-256 hash of what came.
    pub hash: Hash,
}

/// Why nothing came.
#[derive(Clone, Debug)]
pub enum Failed {
    /// The network, or the server: what was downloaded before may do.
    Transfer(String),
    /// Everything else.
    Other(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl From<Failed> for Error {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Transfer(text) => Self::eval(text),
            Failed::Other(error) => error,
        }
    }
}

impl Client {
    /// A client that does as it is configured.
    pub fn new(options: FetchOptions) -> Self {
        Self { options, shared: RefCell::new(None) }
    }

    /// What is configured.
    pub fn options(&self) -> &FetchOptions {
        &self.options
    }

    /// Downloads into a new file.
    ///
    /// # Errors
    /// Those of the network, of the server, and of writing.
    pub fn download(&self, work: &Work<'_>, request: &Request, into: &Path) -> std::result::Result<Received, Failed> {
        let file = File::create_new(into);
        let file = file.map_err(|error| crate::store::folder::disk_error("creating file", into, &error))?;
        let sink = Sink::new(Target::File(file), self.options.size_limit);
        self.transfer(work, request, sink).map(|(received, _)| received)
    }

    /// Downloads something small.
    ///
    /// # Errors
    /// Those of the network and of the server.
    pub fn text(&self, work: &Work<'_>, request: &Request) -> std::result::Result<(Received, Vec<u8>), Failed> {
        const LIMIT: u64 = 64 << 20;
        let sink = Sink::new(Target::Memory(Vec::new()), self.options.size_limit.min(LIMIT));
        self.transfer(work, request, sink).map(|(received, sink)| match sink.target {
            Target::Memory(bytes) => (received, bytes),
            Target::File(_) => (received, Vec::new()),
        })
    }

    fn shared(&self, work: &Work<'_>) -> Shared {
        let mut shared = self.shared.borrow_mut();
        shared.get_or_insert_with(|| Shared::new(&self.options, work.io)).clone()
    }

    /// Breaks off what threads are still doing.
    fn abandon(&self) {
        if let Some(shared) = self.shared.take() {
            shared.agent.shutdown();
        }
    }
}

/// Fails if somebody wants this to end.
pub(in crate::fetch) fn interrupted(work: &Work<'_>) -> Result<()> {
    if (work.stop)() { Err(crate::error::ErrorKind::Interrupted.into()) } else { Ok(()) }
}
