//! The settings that a daemon gets: those of the user, whose client this program is. The machine's are its own.

use crate::command_line::setting::{Kind, Setting};
use crate::command_line::setting_values as values;
use nivis::store::daemon::types::ClientOptions;
use std::collections::BTreeMap;
use std::thread::available_parallelism;

/// Settings of this program alone: of evaluation, of flakes, of fetching, and of what is shown.
const OWN: &[&str] = &[
    "abort-on-warn",
    "accept-flake-config",
    "access-tokens",
    "allow-dirty",
    "allow-dirty-locks",
    "allow-import-from-derivation",
    "allow-unsafe-native-code-during-evaluation",
    "allowed-uris",
    "bash-prompt",
    "bash-prompt-prefix",
    "bash-prompt-suffix",
    "commit-lock-file-summary",
    "debugger-on-trace",
    "debugger-on-warn",
    "eval-attrset-update-layer-rhs-threshold",
    "eval-cache",
    "eval-cores",
    "eval-profile-file",
    "eval-profiler",
    "eval-profiler-frequency",
    "eval-system",
    "experimental-features",
    "flake-registry",
    "ignore-try",
    "json-log-path",
    "lint-absolute-path-literals",
    "lint-carriage-returns",
    "lint-short-path-literals",
    "lint-tab-indentation",
    "lint-url-literals",
    "max-call-depth",
    "nix-path",
    "nix-shell-always-looks-for-shell-nix",
    "nix-shell-shebang-arguments-relative-to-script",
    "plugin-files",
    "print-missing",
    "pure-eval",
    "restrict-eval",
    "show-trace",
    "store",
    "tarball-ttl",
    "trace-function-calls",
    "trace-import-from-derivation",
    "trace-verbose",
    "trust-tarballs-from-git-forges",
    "use-registries",
    "use-xdg-base-directories",
    "warn-dirty",
    "warn-short-path-literals",
];

/// The binary cache of a machine that names none.
const USUAL_SUBSTITUTERS: &str = "https://cache.nixos.org/";

/// The settings that a daemon gets.
#[derive(Clone, Debug, Default)]
pub(super) struct ClientSettings {
    options: ClientOptions,
    /// Lists, with what was added to them.
    lists: BTreeMap<&'static str, String>,
    /// The user's other settings.
    others: BTreeMap<String, String>,
}

impl ClientSettings {
    /// Notes a setting, which has been checked.
    pub(super) fn set(&mut self, setting: &Setting, value: &str, adds: bool) {
        let number = || values::large(value).ok().and_then(|number| u64::try_from(number).ok()).unwrap_or_default();
        let is_on = || values::switch(setting.name, value).unwrap_or_default();
        match setting.name {
            "keep-failed" => self.options.keep_failed = is_on(),
            "keep-going" => self.options.keep_going = is_on(),
            "fallback" => self.options.fallback = is_on(),
            "substitute" => self.options.use_substitutes = is_on(),
            "max-jobs" => self.options.max_jobs = jobs(value),
            "max-silent-time" => self.options.max_silent_time = number(),
            "cores" => self.options.cores = number(),
            name if OWN.contains(&name) => {}
            name => self.set_other(name, setting.kind, value, adds),
        }
    }

    fn set_other(&mut self, name: &'static str, kind: Kind, value: &str, adds: bool) {
        let usual_form = match kind {
            Kind::List => return self.set_words(name, &values::words(value).join(" "), adds),
            Kind::Switch => values::switch(name, value).map(|it| it.to_string()),
            Kind::Number | Kind::Large => values::large(value).map(|it| it.to_string()),
            _ => Ok(value.to_owned()),
        };
        self.others.insert(name.to_owned(), usual_form.unwrap_or_else(|_| value.to_owned()));
    }

    fn set_words(&mut self, name: &'static str, value: &str, adds: bool) {
        let usual = (name == "substituters").then(|| USUAL_SUBSTITUTERS.to_owned());
        let known = self.lists.get(name).cloned().or(usual);
        match known.filter(|_| adds) {
            Some(known) => self.set_list(name, format!("{known} {value}")),
            None if adds => {
                // The daemon knows what there was.
                let sent = self.others.entry(format!("extra-{name}")).or_default();
                *sent = format!("{sent} {value}").trim().to_owned();
            }
            None => self.set_list(name, value.to_owned()),
        }
    }

    fn set_list(&mut self, name: &'static str, value: String) {
        self.others.insert(name.to_owned(), value.clone());
        self.lists.insert(name, value);
    }

    /// Notes that all settings so far are the machine's.
    pub(super) fn end_of_machine(&mut self) {
        self.others.clear();
    }

    /// The options of a client.
    pub(super) fn options(&self) -> ClientOptions {
        ClientOptions { settings: self.others.clone().into_iter().collect(), ..self.options.clone() }
    }
}

/// A number of jobs; `auto` for one on each processor.
fn jobs(value: &str) -> u64 {
    let processors = || available_parallelism().map_or(1, |count| count.get() as u64);
    value.parse().unwrap_or_else(|_| processors())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The settings that are sent, given these lines of the machine's file and of the user's.
    fn sent(machine: &[(&str, &str)], users: &[(&str, &str)]) -> ClientOptions {
        let mut it = ClientSettings::default();
        let set = |it: &mut ClientSettings, lines: &[(&str, &str)]| {
            for (name, value) in lines {
                if let Some((setting, adds)) = Setting::assigned(name) {
                    it.set(&setting, value, adds);
                }
            }
        };
        set(&mut it, machine);
        it.end_of_machine();
        set(&mut it, users);
        it.options()
    }

    #[test]
    fn what_is_sent() {
        type Lines<'a> = &'a [(&'a str, &'a str)];
        let table: [(Lines<'_>, Lines<'_>, Lines<'_>); 7] = [
            (&[("log-lines", "3")], &[], &[]),
            (&[], &[("log-lines", "1k"), ("sandbox", "relaxed")], &[("log-lines", "1024"), ("sandbox", "relaxed")]),
            (&[], &[("show-trace", "true"), ("nix-path", "a=b"), ("store", "daemon")], &[]),
            (&[], &[("binary-caches", "a  b")], &[("substituters", "a b")]),
            (&[], &[("extra-substituters", "a")], &[("substituters", "https://cache.nixos.org/ a")]),
            (&[("substituters", "m")], &[("extra-substituters", "a")], &[("substituters", "m a")]),
            (
                &[],
                &[("extra-system-features", "a"), ("extra-system-features", "b")],
                &[("extra-system-features", "a b")],
            ),
        ];
        for (machine, users, expected) in table {
            let settings = sent(machine, users).settings;
            let shown: Vec<_> = settings.iter().map(|(name, value)| (&**name, &**value)).collect();
            assert_eq!(shown, expected, "{machine:?} {users:?}");
        }
    }

    #[test]
    fn fields() {
        let options = sent(&[("max-jobs", "7"), ("keep-going", "true")], &[("cores", "2"), ("fallback", "true")]);
        assert_eq!((options.max_jobs, options.cores, options.keep_going, options.fallback), (7, 2, true, true));
        assert!(options.settings.is_empty());
        assert!(sent(&[], &[("max-jobs", "auto")]).max_jobs > 0);
        assert!(!sent(&[], &[("substitute", "false")]).use_substitutes);
    }
}
