//! From the command line and the environment to the library's [`Settings`].
//!
//! Later words win: `NIX_CONFIG`, then `NIX_PATH`, then flags in their order; but `-I` entries come before all others.

use crate::args::{Arguments, Command, Program, usage};
use crate::setting_names::kind_of;
use crate::style::{ErrorFormat, ErrorStyle, wants_colour};
use crate::{local_sources, search_path, store_dir};
use nivis::eval::Lint;
use nivis::{Result, Settings};
use std::os::unix::ffi::OsStringExt;

/// Everything that is configured.
#[derive(Clone, Debug)]
pub(crate) struct Configuration {
    /// For the evaluator.
    pub(crate) settings: Settings,
    /// For errors.
    pub(crate) errors: ErrorStyle,
    /// The directory of the store if the store's address names none.
    pub(crate) usual_store_dir: String,
    /// What is odd about the configuration.
    pub(crate) warnings: Vec<String>,
}

impl Configuration {
    /// The configuration that a command line and this process' environment make.
    ///
    /// # Errors
    /// A value that a setting can't have.
    pub(crate) fn new(arguments: &Arguments) -> Result<Self> {
        Self::with_environment(arguments, |name| std::env::var_os(name).map(OsStringExt::into_vec))
    }

    fn with_environment(arguments: &Arguments, variable: impl Fn(&str) -> Option<Vec<u8>>) -> Result<Self> {
        let own_format = match arguments.program {
            Program::Nivis => ErrorFormat::Pretty,
            Program::NixInstantiate | Program::Nix => ErrorFormat::Nix,
        };
        let errors = ErrorStyle {
            format: arguments.error_format.unwrap_or(own_format),
            colour: wants_colour(&std::io::stderr()),
            show_trace: false,
        };
        // As in `nix eval`: what an expression gives there depends on nothing else, a file's value may.
        let mut settings = Settings::default();
        settings.pure = arguments.command == Command::Eval && arguments.eval.file.is_none();
        let usual_store_dir = settings.store_dir.clone();
        let mut it = Self { settings, errors, usual_store_dir, warnings: Vec::new() };
        it.read_environment(&variable)?;
        it.read_text(&String::from_utf8_lossy(&variable("NIX_CONFIG").unwrap_or_default()))?;
        if let Some(path) = variable("NIX_PATH") {
            it.settings.search_path = search_path::entries(&path);
        }
        for (name, value) in &arguments.settings {
            it.set(name, value)?;
        }
        let includes = arguments.includes.iter().map(|text| search_path::entry(text));
        it.settings.search_path.splice(0..0, includes);
        it.settings.sources =
            arguments.sources.iter().map(|word| local_sources::source(word)).collect::<Result<_>>()?;
        it.settings.keep_derivations = arguments.drv_dir.is_some() || arguments.jobs.constituents;
        it.settings.call_traces = it.errors.show_trace || it.errors.format == ErrorFormat::Pretty;
        if arguments.jobs.worker {
            // The one who started it has warned already.
            it.warnings.clear();
        }
        Ok(it)
    }

    fn read_environment(&mut self, variable: &impl Fn(&str) -> Option<Vec<u8>>) -> Result<()> {
        if let Some(home) = variable("HOME") {
            self.settings.home = home;
        }
        if let Some(directory) = variable("NIX_STORE_DIR").or_else(|| variable("NIX_STORE")) {
            self.usual_store_dir = store_dir::directory(&directory)?;
        }
        self.set("store", &String::from_utf8_lossy(&variable("NIX_REMOTE").unwrap_or_default()))?;
        let abort = variable("NIX_ABORT_ON_WARN").unwrap_or_default();
        self.settings.abort_on_warn = matches!(&abort[..], b"1" | b"yes" | b"true");
        let state_dir = variable("NIX_STATE_DIR").unwrap_or_else(|| b"/nix/var/nix".to_vec());
        self.settings.search_path = search_path::default_entries(&self.settings.home, &state_dir);
        Ok(())
    }

    /// Reads lines such as `show-trace = true`.
    fn read_text(&mut self, text: &str) -> Result<()> {
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let mut words = line.split_ascii_whitespace();
            let Some(name) = words.next() else { continue };
            if words.next() != Some("=") {
                return Err(usage(format!("syntax error in configuration line '{line}' in \"NIX_CONFIG\"")));
            }
            self.set(name, &words.collect::<Vec<_>>().join(" "))?;
        }
        Ok(())
    }

    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        let settings = &mut self.settings;
        match name {
            "show-trace" => self.errors.show_trace = switch(name, value)?,
            "pure-eval" => settings.pure = switch(name, value)?,
            "trace-verbose" => settings.trace_verbose = switch(name, value)?,
            "abort-on-warn" => settings.abort_on_warn = switch(name, value)?,
            "store" => settings.store_dir = store_dir::of_url(value)?.unwrap_or_else(|| self.usual_store_dir.clone()),
            "lint-url-literals" => settings.lints.url_literals = lint(name, value)?,
            "lint-short-path-literals" => settings.lints.short_path_literals = lint(name, value)?,
            "lint-absolute-path-literals" => settings.lints.absolute_path_literals = lint(name, value)?,
            "max-call-depth" => settings.max_call_depth = number(name, value)?,
            "system" | "eval-system" if !value.is_empty() => value.clone_into(&mut settings.system),
            "experimental-features" => settings.features = words(value),
            "extra-experimental-features" => settings.features.extend(words(value)),
            "nix-path" => settings.search_path = paths(value),
            "extra-nix-path" => settings.search_path.extend(paths(value)),
            "restrict-eval" => settings.restricted = switch(name, value)?,
            "allowed-uris" => settings.allowed_uris = words(value),
            "extra-allowed-uris" => settings.allowed_uris.extend(words(value)),
            _ if kind_of(name).is_none() => self.warnings.push(format!("unknown setting '{name}'")),
            _ => {}
        }
        Ok(())
    }
}

fn switch(name: &str, value: &str) -> Result<bool> {
    match value {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err(usage(format!("Boolean setting '{name}' has invalid value '{value}'"))),
    }
}

fn lint(name: &str, value: &str) -> Result<Lint> {
    match value {
        "ignore" => Ok(Lint::Ignore),
        "warn" => Ok(Lint::Warn),
        "fatal" => Ok(Lint::Fatal),
        _ => Err(usage(format!("option '{name}' has invalid value '{value}' (expected 'ignore', 'warn', or 'fatal')"))),
    }
}

fn number(name: &str, value: &str) -> Result<u32> {
    value.parse().map_err(|_| usage(format!("setting '{name}' has invalid value '{value}'")))
}

fn words(value: &str) -> Vec<String> {
    value.split_ascii_whitespace().map(str::to_owned).collect()
}

fn paths(value: &str) -> Vec<nivis::SearchPathEntry> {
    value.split_ascii_whitespace().map(|word| search_path::entry(word.as_bytes())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configuration(words: &str, environment: &[(&str, &str)]) -> Result<Configuration> {
        let words: Vec<std::ffi::OsString> = words.split(' ').map(Into::into).collect();
        let arguments = Arguments::parse(Program::of(&words), words)?;
        Configuration::with_environment(&arguments, |name| {
            environment.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_bytes().to_vec())
        })
    }

    #[test]
    fn nix_config() -> Result<()> {
        let text = "show-trace = true # yes\n\nexperimental-features = a b\nextra-experimental-features = c\nsandbox = relaxed";
        let it = configuration("nivis", &[("NIX_CONFIG", text)])?;
        assert!(it.errors.show_trace && it.warnings.is_empty());
        assert_eq!(it.settings.features, ["a", "b", "c"]);
        let it = configuration("nivis --no-show-trace", &[("NIX_CONFIG", text)])?;
        assert!(!it.errors.show_trace);
        Ok(())
    }

    #[test]
    fn search_paths_in_order() -> Result<()> {
        let it = configuration("nivis -I b --extra-nix-path c -I x=y", &[("NIX_PATH", "a=z")])?;
        let paths: Vec<_> = it.settings.search_path.iter().map(|entry| &entry.path[..]).collect();
        assert_eq!(paths, [b"b", b"y", b"z", b"c"]);
        Ok(())
    }

    #[test]
    fn store_directories() -> Result<()> {
        let table = [
            ("nivis", &[][..], "/nix/store"),
            ("nivis", &[("NIX_REMOTE", "dummy://"), ("NIX_STORE_DIR", "/d//e/")], "/d/e"),
            ("nivis --readonly-mode --store dummy://", &[("NIX_STORE", "/c")], "/c"),
            ("nivis --store dummy://?store=/foo", &[("NIX_STORE_DIR", "/c")], "/foo"),
            ("nivis --store dummy://", &[("NIX_REMOTE", "dummy://?store=/foo")], "/nix/store"),
        ];
        for (words, environment, expected) in table {
            assert_eq!(configuration(words, environment)?.settings.store_dir, expected, "{words}");
        }
        Ok(())
    }

    #[test]
    fn derivations_and_sources() -> Result<()> {
        let it = configuration("nivis --eval --drv-dir d --source sha256-A==/no --source https://x=/no", &[])?;
        let sources: Vec<_> = it.settings.sources.iter().map(|source| &source.of[..]).collect();
        assert_eq!((it.settings.keep_derivations, &sources[..]), (true, &[&b"sha256-A="[..], b"https://x"][..]));
        assert!(!configuration("nivis", &[])?.settings.keep_derivations);
        Ok(())
    }

    #[test]
    fn mistakes() {
        let table = [
            ("nivis --option show-trace maybe", "Boolean setting 'show-trace' has invalid value 'maybe'"),
            ("nivis --max-call-depth x", "setting 'max-call-depth' has invalid value 'x'"),
        ];
        for (words, message) in table {
            let error = configuration(words, &[]).map(|_| ()).map_err(|error| error.to_string());
            assert_eq!(error, Err(message.to_owned()));
        }
        let error = configuration("nivis", &[("NIX_CONFIG", "foo")]).map(|_| ()).map_err(|error| error.to_string());
        assert_eq!(error, Err("syntax error in configuration line 'foo' in \"NIX_CONFIG\"".to_owned()));
    }
}
