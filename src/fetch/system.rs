//! The fetcher that uses the network and this machine.

use super::cache::FetchCache;
use super::download::{Downloads, text_in};
use super::forges::fetch_forge;
use super::http::{Client, Request};
use super::options::FetchOptions;
use super::tarball::{fetch_file, fetch_tarball};
use super::{Downloaded, Fetch, FetchContext, Fetched, git, path};
use crate::error::{ErrorKind, Result};
use crate::flake_ref::InputAttrs;

/// The fetcher that uses the network and this machine. It opens, reads and creates nothing before the first fetch.
#[derive(Debug)]
pub struct SystemFetcher {
    client: Client,
    cache: FetchCache,
}

/// Fetches an input of one type.
type FetchType = fn(&SystemFetcher, &FetchContext<'_>, &InputAttrs) -> Result<Fetched>;

const TYPES: &[(&str, FetchType)] = &[
    ("file", |it, context, input| fetch_file(&it.downloads(context), input)),
    ("git", |it, context, input| git::fetch(it.client.options(), &it.cache, context, input)),
    ("github", |it, context, input| fetch_forge(&it.downloads(context), input)),
    ("gitlab", |it, context, input| fetch_forge(&it.downloads(context), input)),
    ("hg", |_, _, _| Err(ErrorKind::Unsupported("Mercurial repositories are not supported".to_owned()).into())),
    ("path", |_, context, input| path::fetch(context, input)),
    ("sourcehut", |it, context, input| fetch_forge(&it.downloads(context), input)),
    ("tarball", |it, context, input| fetch_tarball(&it.downloads(context), input)),
];

fn not_supported(kind: &str) -> Result<Fetched> {
    Err(ErrorKind::Unsupported(format!("inputs of type '{kind}' are not supported")).into())
}

impl SystemFetcher {
    /// A fetcher with this configuration.
    pub fn new(options: FetchOptions) -> Self {
        let cache = FetchCache::at(&options.cache_folder);
        Self { client: Client::new(options), cache }
    }

    fn downloads<'d>(&'d self, context: &'d FetchContext<'d>) -> Downloads<'d> {
        Downloads { client: &self.client, cache: &self.cache, context }
    }
}

impl Fetch for SystemFetcher {
    fn tree(&self, context: &FetchContext<'_>, input: &InputAttrs) -> Result<Fetched> {
        let kind = text_in(input, "type").unwrap_or_default();
        match TYPES.iter().find(|(known, _)| *known == kind) {
            Some((_, fetch)) => fetch(self, context, input),
            None => not_supported(&kind),
        }
    }

    fn file(&self, context: &FetchContext<'_>, url: &str, name: &[u8]) -> Result<Downloaded> {
        self.downloads(context).file(&Request { url: url.to_owned(), ..Request::default() }, name)
    }

    fn is_connected(&self) -> bool {
        !self.client.options().offline
    }

    fn cache(&self) -> Option<&FetchCache> {
        Some(&self.cache)
    }
}
