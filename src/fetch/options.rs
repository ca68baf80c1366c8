//! What can be configured of fetching, as settings of C++ Nix have it.

use std::path::PathBuf;

/// What can be configured of fetching.
#[derive(Clone, Debug)]
pub struct FetchOptions {
    /// What was downloaded before is used, however old. What was not is tried for once, with little patience, as in C++
    /// Nix.
    pub offline: bool,
    /// What was downloaded before is asked for again, however new.
    pub refresh: bool,
    /// For how many seconds what was downloaded is used without asking; C++ Nix's `tarball-ttl`.
    pub tarball_ttl: u64,
    /// Pairs of a host, perhaps with a path, and a token; C++ Nix's `access-tokens`.
    pub access_tokens: Vec<(String, String)>,
    /// A file of names and passwords; C++ Nix's `netrc-file`.
    pub netrc_file: Option<PathBuf>,
    /// A file of certificates that are trusted; C++ Nix's `ssl-cert-file`. The system's if there is none.
    pub certificates: Option<PathBuf>,
    /// Seconds until a connection must stand; 0 for no limit.
    pub connect_timeout: u64,
    /// Seconds without a byte after which a transfer is given up.
    pub stalled_timeout: u64,
    /// How often a download is tried.
    pub attempts: u32,
    /// Milliseconds until the second try; doubled for each one after it. C++ Nix's `filetransfer-retry-delay`.
    pub retry_delay: u64,
    /// The same after servers said that they have too much to do; C++ Nix's `filetransfer-retry-delay-rate-limited`.
    pub retry_delay_rate_limited: u64,
    /// Milliseconds that are never passed by doubling; C++ Nix's `filetransfer-retry-max-delay`.
    pub retry_max_delay: u64,
    /// Wait for a random part of that time; C++ Nix's `filetransfer-retry-jitter`.
    pub retry_jitter: bool,
    /// What the agent's name ends with.
    pub user_agent_suffix: String,
    /// Most bytes that one download may have.
    pub size_limit: u64,
    /// Git work trees with changes may be used; C++ Nix's `allow-dirty`.
    pub allow_dirty: bool,
    /// Say so when one is; C++ Nix's `warn-dirty`.
    pub warn_dirty: bool,
    /// Where what was fetched is remembered, and repositories are kept.
    pub cache_folder: PathBuf,
}

impl FetchOptions {
    /// C++ Nix's defaults, with this folder for what is kept.
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
