//! Settings of what is fetched, as [`FetchOptions`].

use super::nix_conf::Environment;
use crate::command_line::args::{Arguments, Command};
use crate::command_line::setting_values as values;
use crate::config::files;
use nivis::Result;
use nivis::fetch::options::FetchOptions;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// Where nothing can be: if there is no place for a cache, nothing is kept.
const NOWHERE: &str = "/dev/null/nivis";

/// The options that are being configured.
#[derive(Clone, Debug)]
pub(super) struct Fetching {
    options: FetchOptions,
}

impl Fetching {
    /// Nothing is configured.
    pub(super) fn new() -> Self {
        let folder = files::cache("fetch").unwrap_or_else(|| PathBuf::from(NOWHERE));
        Self { options: FetchOptions::new(folder) }
    }

    /// What the environment says.
    pub(super) fn read_environment(&mut self, variable: Environment<'_>) {
        let given = |name: &str| variable(name).filter(|value| !value.is_empty());
        let path = |bytes| PathBuf::from(OsString::from_vec(bytes));
        let certificates = variable("NIX_SSL_CERT_FILE").or_else(|| variable("SSL_CERT_FILE"));
        self.options.certificates = certificates.filter(|value| !value.is_empty()).map(path);
        let folder = given("NIX_CONF_DIR").map_or_else(|| PathBuf::from("/etc/nix"), path);
        self.options.netrc_file = Some(folder.join("netrc"));
        self.options.offline = given("NIVIS_OFFLINE").is_some();
    }

    /// A setting that is one value.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let it = &mut self.options;
        let number = || values::number(name, value);
        let large = || values::large(value).map(|number| u64::try_from(number).unwrap_or(u64::MAX));
        match name {
            "tarball-ttl" => it.tarball_ttl = number()?.into(),
            "netrc-file" => it.netrc_file = (!value.is_empty()).then(|| PathBuf::from(value)),
            "ssl-cert-file" => it.certificates = (!value.is_empty()).then(|| PathBuf::from(value)),
            "connect-timeout" => it.connect_timeout = large()?,
            "stalled-download-timeout" => it.stalled_timeout = large()?,
            "filetransfer-retry-attempts" => it.attempts = number()?,
            "filetransfer-retry-delay" => it.retry_delay = number()?.into(),
            "filetransfer-retry-delay-rate-limited" => it.retry_delay_rate_limited = number()?.into(),
            "filetransfer-retry-max-delay" => it.retry_max_delay = number()?.into(),
            "filetransfer-retry-jitter" => it.retry_jitter = values::switch(name, value)?,
            "user-agent-suffix" => value.clone_into(&mut it.user_agent_suffix),
            "allow-dirty" => it.allow_dirty = values::switch(name, value)?,
            "warn-dirty" => it.warn_dirty = values::switch(name, value)?,
            _ => {}
        }
        Ok(())
    }

    /// `access-tokens`: words such as `github.com=token`, of which the first for a host counts. Others are none.
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

    /// What flags say has the last word.
    pub(super) fn apply(&mut self, arguments: &Arguments) {
        self.options.offline |= arguments.offline;
        self.options.refresh = arguments.refresh;
        if matches!(arguments.command, Command::FlakeLock | Command::FlakeUpdate) {
            self.options.tarball_ttl = 0;
        }
    }

    /// The options.
    pub(super) fn options(&self) -> &FetchOptions {
        &self.options
    }
}
