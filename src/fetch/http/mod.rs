//! Downloads over HTTP and from files, with curl's features: redirections, conditional requests, timeouts, retries,
//! certificates, proxies, user names and passwords.
//!
//! A transfer runs in its own thread, so the caller can stop waiting at any time.

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
use crate::fetch::FetchContext;
use crate::fetch::options::FetchOptions;
use agent::Shared;
use body::{Sink, Target};
use std::cell::RefCell;
use std::fs::File;
use std::path::Path;
pub(in crate::fetch) use transfer::warn;

/// The HTTP client. It reads and opens nothing before the first download.
#[derive(Debug)]
pub struct Client {
    options: FetchOptions,
    shared: RefCell<Option<Shared>>,
}

/// A request for a download.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The address.
    pub url: String,
    /// Names and values of headers. They are sent only to the server of the address, not to servers that it redirects
    /// to.
    pub headers: Vec<(String, String)>,
    /// The tag of the copy that is already here; empty if there is none.
    pub etag: String,
}

/// A received download.
#[derive(Clone, Debug)]
pub struct Received {
    /// Its tag; empty if it has none.
    pub etag: String,
    /// The addresses on the way, the requested one first.
    pub urls: Vec<String>,
    /// An address with immutable contents, if the server names one.
    pub immutable_url: Option<String>,
    /// True if the existing copy is still valid and nothing was received.
    pub is_unchanged: bool,
    /// The SHA-256 hash of the received bytes.
    pub hash: Hash,
}

/// The reason why a download failed.
#[derive(Clone, Debug)]
pub enum Failed {
    /// A failure of the network or the server: an earlier download may be used instead.
    Transfer(String),
    /// Any other failure.
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
    /// A client with this configuration.
    pub fn new(options: FetchOptions) -> Self {
        Self { options, shared: RefCell::new(None) }
    }

    /// The configuration.
    pub fn options(&self) -> &FetchOptions {
        &self.options
    }

    /// Downloads into a new file.
    ///
    /// # Errors
    ///
    /// Fails on network, server or write errors.
    pub fn download(
        &self,
        context: &FetchContext<'_>,
        request: &Request,
        into: &Path,
    ) -> std::result::Result<Received, Failed> {
        let file = File::create_new(into);
        let file = file.map_err(|error| crate::store::folder::disk_error("creating file", into, &error))?;
        let sink = Sink::new(Target::File(file), self.options.size_limit);
        self.transfer(context, request, sink).map(|(received, _)| received)
    }

    /// Downloads a small text into memory.
    ///
    /// # Errors
    ///
    /// Fails on network or server errors.
    pub fn text(
        &self,
        context: &FetchContext<'_>,
        request: &Request,
    ) -> std::result::Result<(Received, Vec<u8>), Failed> {
        const LIMIT: u64 = 64 << 20;
        let sink = Sink::new(Target::Memory(Vec::new()), self.options.size_limit.min(LIMIT));
        self.transfer(context, request, sink).map(|(received, sink)| match sink.target {
            Target::Memory(bytes) => (received, bytes),
            Target::File(_) => (received, Vec::new()),
        })
    }

    fn shared(&self, context: &FetchContext<'_>) -> Shared {
        let mut shared = self.shared.borrow_mut();
        shared.get_or_insert_with(|| Shared::new(&self.options, context.io)).clone()
    }

    /// Cancels the transfers of all threads.
    fn abandon(&self) {
        if let Some(shared) = self.shared.take() {
            shared.agent.shutdown();
        }
    }
}

/// Fails if the fetch should stop.
pub(in crate::fetch) fn interrupted(context: &FetchContext<'_>) -> Result<()> {
    if (context.stop)() { Err(crate::error::ErrorKind::Interrupted.into()) } else { Ok(()) }
}
