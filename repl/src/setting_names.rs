//! The names of Nix's settings, so that those that mean nothing here are accepted as flags all the same.

/// What a setting takes as a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing: `--show-trace`, `--no-show-trace`.
    Switch,
    /// A value: `--max-call-depth 100`.
    Value,
}

/// The kind of a setting; a list has two names: `--nix-path`, `--extra-nix-path`.
pub(crate) fn kind_of(name: &str) -> Option<Kind> {
    let among = |names: &str, name: &str| names.split_ascii_whitespace().any(|known| known == name);
    if among(SWITCHES, name) {
        return Some(Kind::Switch);
    }
    let is_list = name.strip_prefix("extra-").is_some_and(|name| among(LISTS, name));
    (is_list || among(LISTS, name) || among(VALUES, name)).then_some(Kind::Value)
}

const SWITCHES: &str = "
    abort-on-warn accept-flake-config allow-dirty allow-dirty-locks allow-import-from-derivation allow-new-privileges
    allow-symlinked-store allow-unsafe-native-code-during-evaluation always-allow-substitutes auto-allocate-uids
    auto-optimise-store builders-use-substitutes compress-build-log debugger-on-trace debugger-on-warn eval-cache fallback
    filter-syscalls fsync-metadata fsync-store-paths http2 ignore-try impersonate-linux-26 keep-build-log keep-derivations
    keep-env-derivations keep-failed keep-going keep-outputs nix-shell-always-looks-for-shell-nix
    nix-shell-shebang-arguments-relative-to-script preallocate-contents print-missing pure-eval
    require-drop-supplementary-groups require-sigs restrict-eval run-diff-hook sandbox sandbox-fallback show-trace
    substitute sync-before-registering trace-function-calls trace-import-from-derivation trace-verbose
    trust-tarballs-from-git-forges use-case-hack use-cgroups use-registries use-sqlite-wal use-xdg-base-directories
    warn-dirty warn-short-path-literals";

const LISTS: &str = "
    access-tokens allowed-impure-host-deps allowed-uris allowed-users build-hook experimental-features external-builders
    extra-platforms hashed-mirrors ignored-acls impure-env nix-path plugin-files sandbox-paths secret-key-files
    substituters system-features trusted-public-keys trusted-substituters trusted-users";

const VALUES: &str = "
    bash-prompt bash-prompt-prefix bash-prompt-suffix build-dir build-poll-interval build-users-group builders
    commit-lock-file-summary connect-timeout cores diff-hook download-attempts download-buffer-size download-speed
    eval-attrset-update-layer-rhs-threshold eval-profile-file eval-profiler eval-profiler-frequency eval-system
    flake-registry gc-reserved-space http-connections id-count json-log-path lint-absolute-path-literals
    lint-short-path-literals lint-url-literals log-lines max-build-log-size max-call-depth max-free max-jobs
    max-silent-time max-substitution-jobs min-free min-free-check-interval nar-buffer-size narinfo-cache-meta-ttl
    narinfo-cache-negative-ttl narinfo-cache-positive-ttl netrc-file post-build-hook pre-build-hook sandbox-build-dir
    sandbox-dev-shm-size ssl-cert-file stalled-download-timeout start-id store system tarball-ttl timeout
    upgrade-nix-store-path-url user-agent-suffix warn-large-path-threshold";
