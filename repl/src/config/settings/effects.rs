//! Effects of the settings with one value. A setting without a row is accepted and does nothing.

use super::Configuration;
use crate::command_line::setting_values::{large, lint, number, switch};
use crate::config::store_dir;
use crate::config::store_place::StorePlace;
use nivis::Result;
use nivis::settings::Lint;
use std::path::PathBuf;

use Effect::{Count, File, LongTime, Other, Switch, Text, Time};

/// The part of the configuration that a setting changes.
enum Effect {
    Switch(fn(&mut Configuration) -> &mut bool),
    Lint(fn(&mut Configuration) -> &mut Lint),
    Text(fn(&mut Configuration) -> &mut String),
    /// A file; empty for none.
    File(fn(&mut Configuration) -> &mut Option<PathBuf>),
    Count(fn(&mut Configuration) -> &mut u32),
    /// Seconds or milliseconds, in 32 bits.
    Time(fn(&mut Configuration) -> &mut u64),
    /// The same with more bits.
    LongTime(fn(&mut Configuration) -> &mut u64),
    Other(fn(&mut Configuration, &str) -> Result<()>),
}

/// Each setting's name and an effect. A setting may have several rows.
const EFFECTS: &[(&str, Effect)] = &[
    ("show-trace", Switch(|it| &mut it.errors.show_trace)),
    ("pure-eval", Switch(|it| &mut it.settings.pure)),
    ("pure-eval", Other(|it, _| state(&mut it.purity_stated))),
    ("restrict-eval", Switch(|it| &mut it.settings.restricted)),
    ("trace-verbose", Switch(|it| &mut it.settings.trace_verbose)),
    ("debugger-on-trace", Switch(|it| &mut it.settings.debugger_on_trace)),
    ("debugger-on-warn", Switch(|it| &mut it.settings.debugger_on_warn)),
    ("ignore-try", Switch(|it| &mut it.settings.ignore_try)),
    ("abort-on-warn", Switch(|it| &mut it.settings.abort_on_warn)),
    (
        "eval-profiler",
        Other(|it, value| {
            it.profiling.is_on = value == "flamegraph";
            Ok(())
        }),
    ),
    (
        "eval-profile-file",
        Other(|it, value| {
            it.profiling.file = PathBuf::from(value);
            Ok(())
        }),
    ),
    ("eval-profiler-frequency", Count(|it| &mut it.profiling.frequency)),
    ("trace-function-calls", Switch(|it| &mut it.settings.trace_function_calls)),
    ("allow-import-from-derivation", Switch(|it| it.reads_outputs.insert(true))),
    ("trace-import-from-derivation", Switch(|it| &mut it.settings.trace_import_from_derivation)),
    ("use-xdg-base-directories", Switch(|it| &mut it.channels.use_xdg)),
    ("store", Other(Configuration::set_store)),
    ("lint-url-literals", Effect::Lint(|it| &mut it.settings.lints.url_literals)),
    ("lint-short-path-literals", Effect::Lint(|it| &mut it.settings.lints.short_path_literals)),
    ("lint-short-path-literals", Other(|it, _| state(&mut it.short_paths_stated))),
    ("lint-absolute-path-literals", Effect::Lint(|it| &mut it.settings.lints.absolute_path_literals)),
    ("lint-carriage-returns", Effect::Lint(|it| &mut it.settings.lints.carriage_returns)),
    ("lint-tab-indentation", Effect::Lint(|it| &mut it.settings.lints.tab_indentation)),
    ("warn-short-path-literals", Other(Configuration::warn_short_paths)),
    ("eval-cache", Switch(|it| &mut it.keeps_values)),
    ("eval-cores", Count(|it| &mut it.settings.eval_cores)),
    ("max-call-depth", Count(|it| &mut it.settings.max_call_depth)),
    ("system", Text(|it| &mut it.settings.system)),
    ("eval-system", Text(|it| &mut it.eval_system)),
    ("nix-shell-always-looks-for-shell-nix", Switch(|it| &mut it.nix_shell.looks_for_shell)),
    ("nix-shell-shebang-arguments-relative-to-script", Switch(|it| &mut it.nix_shell.relative_to_script)),
    ("bash-prompt", Text(|it| &mut it.bash_prompt.whole)),
    ("bash-prompt-prefix", Text(|it| &mut it.bash_prompt.prefix)),
    ("bash-prompt-suffix", Text(|it| &mut it.bash_prompt.suffix)),
    ("use-registries", Switch(|it| &mut it.settings.flakes.use_registries)),
    ("flake-registry", Text(|it| &mut it.settings.flakes.global_registry)),
    ("allow-dirty-locks", Switch(|it| &mut it.settings.flakes.allow_dirty_locks)),
    ("allow-dirty", Switch(|it| &mut it.settings.flakes.allow_dirty)),
    ("allow-dirty", Switch(|it| &mut it.fetching.options.allow_dirty)),
    ("warn-dirty", Switch(|it| &mut it.settings.flakes.warn_dirty)),
    ("warn-dirty", Switch(|it| &mut it.fetching.options.warn_dirty)),
    ("trust-tarballs-from-git-forges", Switch(|it| &mut it.settings.flakes.trust_forges)),
    ("accept-flake-config", Switch(|it| &mut it.settings.flakes.accept_config)),
    ("commit-lock-file-summary", Text(|it| &mut it.settings.flakes.commit_summary)),
    ("tarball-ttl", Time(|it| &mut it.fetching.options.tarball_ttl)),
    ("netrc-file", File(|it| &mut it.fetching.options.netrc_file)),
    ("ssl-cert-file", File(|it| &mut it.fetching.options.certificates)),
    ("connect-timeout", LongTime(|it| &mut it.fetching.options.connect_timeout)),
    ("stalled-download-timeout", LongTime(|it| &mut it.fetching.options.stalled_timeout)),
    ("filetransfer-retry-attempts", Count(|it| &mut it.fetching.options.attempts)),
    ("filetransfer-retry-delay", Time(|it| &mut it.fetching.options.retry_delay)),
    ("filetransfer-retry-delay-rate-limited", Time(|it| &mut it.fetching.options.retry_delay_rate_limited)),
    ("filetransfer-retry-max-delay", Time(|it| &mut it.fetching.options.retry_max_delay)),
    ("filetransfer-retry-jitter", Switch(|it| &mut it.fetching.options.retry_jitter)),
    ("user-agent-suffix", Text(|it| &mut it.fetching.options.user_agent_suffix)),
];

/// Sets a setting that has one value.
///
/// # Errors
/// If the setting can't have this value.
pub(super) fn apply(it: &mut Configuration, name: &str, value: &str) -> Result<()> {
    EFFECTS.iter().filter(|(known, _)| *known == name).try_for_each(|(_, effect)| {
        match effect {
            Switch(place) => *place(it) = switch(name, value)?,
            Effect::Lint(place) => *place(it) = lint(name, value)?,
            Text(place) => value.clone_into(place(it)),
            File(place) => *place(it) = (!value.is_empty()).then(|| PathBuf::from(value)),
            Count(place) => *place(it) = number(name, value)?,
            Time(place) => *place(it) = number(name, value)?.into(),
            LongTime(place) => *place(it) = u64::try_from(large(value)?).unwrap_or(u64::MAX),
            Other(apply) => apply(it, value)?,
        }
        Ok(())
    })
}

/// Notes that the setting was set.
fn state(is_stated: &mut bool) -> Result<()> {
    *is_stated = true;
    Ok(())
}

impl Configuration {
    fn set_store(&mut self, address: &str) -> Result<()> {
        self.settings.store_dir = store_dir::of_url(address)?.unwrap_or_else(|| self.usual_store_dir.clone());
        self.store_place = match StorePlace::of_url(address) {
            StorePlace::Automatic(_) => self.usual_store_place.clone(),
            place => place,
        };
        Ok(())
    }

    /// A setting that became another one.
    fn warn_short_paths(&mut self, value: &str) -> Result<()> {
        let [old, new] = ["warn-short-path-literals", "lint-short-path-literals"];
        let (lint, word) = if switch(old, value)? { (Lint::Warn, "warn") } else { (Lint::Ignore, "ignore") };
        self.warnings.push(format!("'{old}' is deprecated, use '{new} = {word}' instead"));
        if !self.short_paths_stated {
            self.settings.lints.short_path_literals = lint;
        }
        Ok(())
    }
}
