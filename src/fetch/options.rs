//! The configuration of fetching, by the settings of C++ Nix.

use std::path::PathBuf;

/// The configuration of fetching.
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// Use earlier downloads, however old. Others are tried once with short timeouts, as in C++ Nix.
    pub offline: bool,
    /// Check earlier downloads with the server, however new.
    pub refresh: bool,
    /// For how many seconds a download is used without a request; C++ Nix's `tarball-ttl`.
    pub tarball_ttl: u64,
    /// Pairs of a host, optionally with a path, and a token; C++ Nix's `access-tokens`.
    pub access_tokens: Vec<(String, String)>,
    /// A file of user names and passwords; C++ Nix's `netrc-file`.
    pub netrc_file: Option<PathBuf>,
    /// A file of trusted certificates; C++ Nix's `ssl-cert-file`. `None` for the system's certificates.
    pub certificates: Option<PathBuf>,
    /// The time limit for a connection, in seconds; 0 for no limit.
    pub connect_timeout: u64,
    /// The number of seconds without a byte after which a transfer fails.
    pub stalled_timeout: u64,
    /// The largest number of tries of a download.
    pub attempts: u32,
    /// The delay before the second try, in milliseconds; doubled for each further try. C++ Nix's
    /// `filetransfer-retry-delay`.
    pub retry_delay: u64,
    /// The same delay after a server reported a rate limit; C++ Nix's `filetransfer-retry-delay-rate-limited`.
    pub retry_delay_rate_limited: u64,
    /// The upper limit of the delay, in milliseconds; C++ Nix's `filetransfer-retry-max-delay`.
    pub retry_max_delay: u64,
    /// Wait for a random part of the delay; C++ Nix's `filetransfer-retry-jitter`.
    pub retry_jitter: bool,
    /// A suffix of the user agent's name.
    pub user_agent_suffix: String,
    /// The largest size of a download, in bytes.
    pub size_limit: u64,
    /// Allow Git work trees with changes; C++ Nix's `allow-dirty`.
    pub allow_dirty: bool,
    /// Warn about Git work trees with changes; C++ Nix's `warn-dirty`.
    pub warn_dirty: bool,
    /// The folder of the cache and of cached repositories.
    pub cache_folder: PathBuf,
}

impl FetchOptions {
    /// C++ Nix's defaults, with this cache folder.
    pub fn new(cache_folder: impl Into<PathBuf>) -> Self {
        Self {
            offline: false,
            refresh: false,
            tarball_ttl: 3600,
            access_tokens: Vec::new(),
            netrc_file: None,
            certificates: None,
            connect_timeout: 15,
            stalled_timeout: 300,
            attempts: 5,
            retry_delay: 100,
            retry_delay_rate_limited: 5000,
            retry_max_delay: 60_000,
            retry_jitter: true,
            user_agent_suffix: String::new(),
            size_limit: 64 << 30,
            allow_dirty: true,
            warn_dirty: true,
            cache_folder: cache_folder.into(),
        }
    }
}
