//! The settings of Nix: their names and what they may be set to, so that those that mean nothing here are accepted, and
//! refused, all the same.

use super::setting_values as values;
use crate::command_line::words::usage;
use nivis::Result;

/// The values that a setting can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `true` or `false`.
    Switch,
    /// `true`, `false` or `relaxed`.
    Sandbox,
    /// A number of 32 bits, and perhaps a unit: `10k`.
    Number,
    /// A larger one.
    Large,
    /// A number, or `auto`.
    Jobs,
    /// `ignore`, `warn` or `fatal`.
    Lint,
    /// `disabled` or `flamegraph`.
    Profiler,
    /// Any text.
    Text,
    /// Words, to which `extra-…` adds some.
    List,
}

/// A setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    /// Its name, even if it was looked up by an older one.
    pub(crate) name: &'static str,
    /// The values it can have.
    pub(crate) kind: Kind,
    /// The experimental feature without which it is ignored.
    pub(crate) feature: Option<&'static str>,
}

/// The setting and value of a word such as `--no-show-trace`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SettingFlag {
    pub(crate) setting: Setting,
    /// The value that it sets; `None` if it takes the next word.
    pub(crate) value: Option<&'static str>,
    /// It adds to a list.
    pub(crate) adds: bool,
}

const KINDS: &[(Kind, &str)] = &[
    (Kind::Switch, SWITCHES),
    (Kind::Sandbox, "sandbox=build-use-chroot=build-use-sandbox"),
    (Kind::Number, NUMBERS),
    (Kind::Large, LARGE),
    (Kind::Jobs, "max-jobs=build-max-jobs"),
    (
        Kind::Lint,
        "lint-absolute-path-literals lint-carriage-returns lint-short-path-literals lint-tab-indentation lint-url-literals",
    ),
    (Kind::Profiler, "eval-profiler"),
    (Kind::Text, TEXTS),
    (Kind::List, LISTS),
];

impl Setting {
    /// The setting that has this name, or had it once.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let words =
            |&(kind, words): &(Kind, &'static str)| words.split_ascii_whitespace().map(move |word| (kind, word));
        // Each start looks names up, so only lists that have the text are taken apart.
        KINDS.iter().filter(|(_, words)| words.contains(name)).flat_map(words).find_map(|(kind, word)| {
            let (names, feature) = word.split_once('@').map_or((word, None), |(names, feature)| (names, Some(feature)));
            let own = names.split('=').next()?;
            names.split('=').any(|known| known == name).then_some(Self { name: own, kind, feature })
        })
    }

    /// The names of all settings.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        let words = KINDS.iter().flat_map(|(_, words)| words.split_ascii_whitespace());
        words.filter_map(|word| word.split(['=', '@']).next())
    }

    /// The setting that a line of a configuration names, and whether the line adds to it.
    pub(crate) fn assigned(name: &str) -> Option<(Self, bool)> {
        let added = || Self::named(name.strip_prefix("extra-")?).filter(|setting| setting.kind == Kind::List);
        Self::named(name).map(|setting| (setting, false)).or_else(|| added().map(|setting| (setting, true)))
    }

    /// The setting and value of a flag, given without its dashes.
    pub(crate) fn flag(word: &str) -> Option<SettingFlag> {
        let flag = |setting, value| SettingFlag { setting, value, adds: false };
        if word == "relaxed-sandbox" {
            return Self::named("sandbox").map(|setting| flag(setting, Some("relaxed")));
        }
        let is_switch = |setting: &Self| matches!(setting.kind, Kind::Switch | Kind::Sandbox);
        if let Some((setting, adds)) = Self::assigned(word) {
            let value = is_switch(&setting).then_some("true");
            return Some(SettingFlag { setting, value, adds });
        }
        let setting = word.strip_prefix("no-").and_then(Self::named).filter(is_switch)?;
        Some(flag(setting, Some("false")))
    }

    /// Refuses a value that it can't have.
    ///
    /// # Errors
    /// Fails if it can't have this value.
    pub(crate) fn check(&self, value: &str) -> Result<()> {
        let Self { name, kind, .. } = self;
        match kind {
            Kind::Switch => values::switch(name, value).map(|_| ()),
            Kind::Sandbox if ["true", "false", "relaxed"].contains(&value) => Ok(()),
            Kind::Profiler if ["disabled", "flamegraph"].contains(&value) => Ok(()),
            Kind::Sandbox | Kind::Profiler => Err(usage(format!("option '{name}' has invalid value '{value}'"))),
            Kind::Number => values::number(name, value).map(|_| ()),
            Kind::Large => values::large(value).map(|_| ()).map_err(|_| values::refused(name, value)),
            Kind::Jobs if value == "auto" || value.parse::<u32>().is_ok() => Ok(()),
            Kind::Jobs => Err(usage(format!("configuration setting '{name}' should be 'auto' or an integer"))),
            Kind::Lint => values::lint(name, value).map(|_| ()),
            Kind::Text | Kind::List => Ok(()),
        }
    }
}

/// Each word is a setting: its name, `=` and older names, `@` and the experimental feature that it needs.
const SWITCHES: &str = "
    abort-on-warn accept-flake-config@flakes allow-dirty allow-dirty-locks@flakes allow-import-from-derivation
    allow-new-privileges allow-symlinked-store allow-unsafe-native-code-during-evaluation always-allow-substitutes
    auto-allocate-uids@auto-allocate-uids auto-optimise-store builders-use-substitutes
    compress-build-log=build-compress-log debugger-on-trace debugger-on-warn eval-cache fallback=build-fallback
    filetransfer-retry-jitter filter-syscalls fsync-metadata fsync-store-paths http2 http3 ignore-try
    impersonate-linux-26=build-impersonate-linux-26 keep-build-log=build-keep-log keep-derivations=gc-keep-derivations
    keep-env-derivations=env-keep-derivations keep-failed keep-going keep-outputs=gc-keep-outputs
    nix-shell-always-looks-for-shell-nix nix-shell-shebang-arguments-relative-to-script preallocate-contents
    print-missing pure-eval require-drop-supplementary-groups require-sigs restrict-eval run-diff-hook sandbox-fallback
    show-trace substitute=build-use-substitutes sync-before-registering trace-function-calls
    trace-import-from-derivation trace-verbose trust-tarballs-from-git-forges use-case-hack use-cgroups
    use-registries@flakes use-sqlite-wal use-xdg-base-directories warn-dirty warn-short-path-literals";

const NUMBERS: &str = "
    build-hook-kill-timeout build-poll-interval cores=build-cores download-speed eval-attrset-update-layer-rhs-threshold
    eval-cores eval-profiler-frequency filetransfer-retry-attempts=download-attempts filetransfer-retry-delay
    filetransfer-retry-delay-rate-limited filetransfer-retry-max-delay id-count max-call-depth
    max-substitution-jobs=substitution-max-jobs narinfo-cache-meta-ttl narinfo-cache-negative-ttl
    narinfo-cache-positive-ttl start-id tarball-ttl";

const LARGE: &str = "
    connect-timeout download-buffer-size gc-reserved-space http-connections=binary-caches-parallel-connections
    log-lines max-build-log-size=build-max-log-size max-free max-silent-time=build-max-silent-time min-free
    min-free-check-interval nar-buffer-size stalled-download-timeout timeout=build-timeout warn-large-path-threshold";

const TEXTS: &str = "
    bash-prompt bash-prompt-prefix bash-prompt-suffix build-dir build-users-group builders
    commit-lock-file-summary=commit-lockfile-summary@flakes diff-hook eval-profile-file eval-system
    flake-registry@flakes json-log-path netrc-file post-build-hook pre-build-hook sandbox-build-dir
    sandbox-dev-shm-size ssl-cert-file store system upgrade-nix-store-path-url user-agent-suffix";

const LISTS: &str = "
    access-tokens allowed-impure-host-deps allowed-uris allowed-users build-hook experimental-features external-builders
    extra-platforms hashed-mirrors ignored-acls impure-env@configurable-impure-env nix-path plugin-files
    sandbox-paths=build-chroot-dirs=build-sandbox-paths secret-key-files substituters=binary-caches system-features
    trusted-public-keys=binary-cache-public-keys trusted-substituters=trusted-binary-caches trusted-users";

/// The experimental features of C++ Nix, whether or not they have to do with evaluation.
pub(crate) const FEATURES: &str = "
    auto-allocate-uids blake3-hashes ca-derivations cgroups configurable-impure-env daemon-trust-override
    dynamic-derivations external-builders fetch-closure fetch-tree flakes git-hashing impure-derivations
    local-overlay-store mounted-ssh-store nix-command parse-toml-timestamps pipe-operators read-only-local-store
    recursive-nix verified-fetches";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let name = |name| Setting::assigned(name).map(|(setting, adds)| (setting.name, adds));
        let table = [
            ("show-trace", Some(("show-trace", false))),
            ("build-cores", Some(("cores", false))),
            ("accept-flake-config", Some(("accept-flake-config", false))),
            ("extra-nix-path", Some(("nix-path", true))),
            ("extra-platforms", Some(("extra-platforms", false))),
            ("extra-extra-platforms", Some(("extra-platforms", true))),
            ("extra-show-trace", None),
            ("no-show-trace", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(name(text), expected, "{text}");
        }
    }

    #[test]
    fn flags() {
        let flag = |word| Setting::flag(word).map(|flag| (flag.setting.name, flag.value, flag.adds));
        let table = [
            ("show-trace", Some(("show-trace", Some("true"), false))),
            ("no-show-trace", Some(("show-trace", Some("false"), false))),
            ("relaxed-sandbox", Some(("sandbox", Some("relaxed"), false))),
            ("max-call-depth", Some(("max-call-depth", None, false))),
            ("extra-nix-path", Some(("nix-path", None, true))),
            ("no-max-call-depth", None),
            ("nonsense", None),
        ];
        for (word, expected) in table {
            assert_eq!(flag(word), expected, "{word}");
        }
    }
}
