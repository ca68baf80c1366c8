//! Settings for fetching, as [`FetchOptions`].

use super::nix_conf::Environment;
use crate::command_line::args::Arguments;
use crate::command_line::command::Command;
use crate::config::files;
use nivis::fetch::options::FetchOptions;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// A place where no file can be: without a place for a cache, nothing is kept.
const NOWHERE: &str = "/dev/null/nivis";

/// The options that are being configured.
#[derive(Clone, Debug)]
pub(super) struct Fetching {
    pub(super) options: FetchOptions,
}

impl Fetching {
    /// Nothing is configured.
    pub(super) fn new() -> Self {
        let folder = files::cache("fetch").unwrap_or_else(|| PathBuf::from(NOWHERE));
        Self { options: FetchOptions::new(folder) }
    }

    /// Reads the variables of the environment.
    pub(super) fn read_environment(&mut self, variable: Environment<'_>) {
        let given = |name: &str| variable(name).filter(|value| !value.is_empty());
        let path = |bytes| PathBuf::from(OsString::from_vec(bytes));
        let certificates = variable("NIX_SSL_CERT_FILE").or_else(|| variable("SSL_CERT_FILE"));
        self.options.certificates = certificates.filter(|value| !value.is_empty()).map(path);
        let folder = given("NIX_CONF_DIR").map_or_else(|| PathBuf::from("/etc/nix"), path);
        self.options.netrc_file = Some(folder.join("netrc"));
        self.options.offline = given("NIVIS_OFFLINE").is_some();
    }

    /// `access-tokens`: words such as `github.com=token`, of which the first for a host counts. Other words are
    /// ignored.
    pub(super) fn set_tokens(&mut self, words: Vec<String>, adds: bool) {
        let tokens = &mut self.options.access_tokens;
        if !adds {
            tokens.clear();
        }
        for (host, token) in words.iter().filter_map(|word| word.split_once('=')) {
            if tokens.iter().all(|(known, _)| known != host) {
                tokens.push((host.to_owned(), token.to_owned()));
            }
        }
    }

    /// Applies the flags, which have the last word.
    pub(super) fn apply(&mut self, arguments: &Arguments) {
        self.options.offline |= arguments.common.offline;
        self.options.refresh = arguments.common.refresh;
        if matches!(arguments.command, Command::FlakeLock | Command::FlakeUpdate) {
            self.options.tarball_ttl = 0;
        }
    }

    /// The options.
    pub(super) fn options(&self) -> &FetchOptions {
        &self.options
    }
}
