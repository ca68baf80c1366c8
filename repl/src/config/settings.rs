//! From configuration files, the environment and the command line to the library's [`Settings`].
//!
//! Later words win: the system's `nix.conf`, the user's, `NIX_CONFIG`, then `NIX_PATH`, then flags in their order; but `-I`
//! entries come before all others of the search path, and the channels after them.

mod client;
mod effects;
mod fetching;
mod flakes;
mod nix_conf;
#[cfg(test)]
mod tests;

use crate::command_line::args::Arguments;
use crate::command_line::command::Command;
use crate::command_line::flags::LEAST_VERBOSE;
use crate::command_line::options::Assignment;
use crate::command_line::program::Program;
use crate::command_line::setting::{FEATURES, Kind, Setting};
use crate::command_line::setting_values as values;
use crate::command_line::words::usage;
use crate::config::home::home;
use crate::config::local_sources;
use crate::config::profiling::Profiling;
use crate::config::search_path;
use crate::config::shells::{BashPrompt, NixShellHabits};
use crate::config::store_dir;
use crate::config::store_place::StorePlace;
use crate::output::builds::{LogFormat, Logs};
use crate::output::log_records;
use crate::output::style::{ErrorFormat, ErrorStyle, wants_colour};
use crate::output::theme::Theme;
use client::ClientSettings;
use fetching::Fetching;
use nivis::fetch::options::FetchOptions;
use nivis::heap::Collection;
use nivis::store::daemon::types::ClientOptions;
use nivis::{Error, Result, Settings};
use nix_conf::{Environment, Line};
use std::collections::BTreeSet;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// The experimental feature that commands about flakes don't wait for.
const FLAKES: &str = "flakes";

/// The warning about a setting that needs an experimental feature.
fn ignored_setting(name: &str, feature: &str) -> String {
    format!("Ignoring setting '{name}' because experimental feature '{feature}' is not enabled")
}

/// Everything that is configured.
#[derive(Clone, Debug)]
pub(crate) struct Configuration {
    /// For the evaluator.
    pub(crate) settings: Settings,
    /// For errors.
    pub(crate) errors: ErrorStyle,
    /// Lowered files are kept for the next run.
    pub(crate) keeps_files: bool,
    /// Output for locked flakes is kept for the next run.
    pub(crate) keeps_values: bool,
    /// Warnings about the configuration, in the order in which they arose.
    pub(crate) warnings: Vec<String>,
    /// Settings of flakes, with their values, that were read before it was known whether the command needs the feature.
    ignored: Vec<(String, Vec<u8>)>,
    /// Names that are set, but no settings.
    unknown: BTreeSet<String>,
    /// The store's directory, unless the store's address gives it.
    usual_store_dir: String,
    /// The entries of the search path that are always there.
    channels: Channels,
    /// `eval-system`, which has the last word on `system`.
    eval_system: String,
    /// Somebody but the system's file said whether evaluation is pure.
    purity_stated: bool,
    /// Somebody said what to do about short paths.
    short_paths_stated: bool,
    /// The verbosity of builds: 0 as usual, more with `-v`.
    pub(crate) verbosity: i32,
    /// The format of builds' messages.
    pub(crate) logs: Logs,
    /// They come as lines for the user.
    verbose_build: bool,
    /// The settings that a daemon gets.
    client: ClientSettings,
    /// `allow-import-from-derivation`
    reads_outputs: Option<bool>,
    /// The store.
    pub(crate) store_place: StorePlace,
    /// The default store, or one that this program can't reach.
    usual_store_place: StorePlace,
    /// The options of fetches.
    fetching: Fetching,
    pub(crate) nix_shell: NixShellHabits,
    /// `bash-prompt` and its kin.
    pub(crate) bash_prompt: BashPrompt,
    /// The profiler's options, if evaluations are profiled.
    profiling: Profiling,
}

/// Everything that the last entries of the search path depend on.
#[derive(Clone, Debug, Default)]
struct Channels {
    home: Vec<u8>,
    /// The folder of channels in place of the home directory, with `use-xdg-base-directories`.
    user_state_dir: Vec<u8>,
    state_dir: Vec<u8>,
    use_xdg: bool,
}

impl Configuration {
    /// Settings and a look, without any configuration.
    pub(crate) fn with(settings: Settings, errors: ErrorStyle) -> Self {
        Self {
            usual_store_dir: settings.store_dir.clone(),
            settings,
            errors,
            keeps_files: false,
            keeps_values: true,
            warnings: Vec::new(),
            ignored: Vec::new(),
            unknown: BTreeSet::new(),
            channels: Channels::default(),
            eval_system: String::new(),
            purity_stated: false,
            short_paths_stated: false,
            verbosity: 0,
            logs: Logs::default(),
            verbose_build: false,
            client: ClientSettings::default(),
            reads_outputs: None,
            store_place: StorePlace::default(),
            usual_store_place: StorePlace::default(),
            fetching: Fetching::new(),
            nix_shell: NixShellHabits { looks_for_shell: true, relative_to_script: true },
            bash_prompt: BashPrompt::default(),
            profiling: Profiling::default(),
        }
    }

    /// The profiler's options; `None` if evaluations are not profiled.
    pub(crate) fn profiling(&self) -> Option<&Profiling> {
        self.profiling.is_on.then_some(&self.profiling)
    }

    /// Profiles evaluations like this.
    pub(crate) fn set_profiling(&mut self, profiling: Profiling) {
        self.profiling = Profiling { is_on: true, ..profiling };
    }

    /// The options of fetches.
    pub(crate) fn fetch_options(&self) -> &FetchOptions {
        self.fetching.options()
    }

    /// The options of a daemon's client.
    pub(crate) fn client_options(&self) -> ClientOptions {
        ClientOptions { verbose_build: self.verbose_build, ..self.client.options() }
    }

    /// The configuration by files and this process' environment.
    ///
    /// # Errors
    /// Fails if a file has a mistake, or a setting can't have its value.
    pub(crate) fn of_environment(program: Program) -> Result<Self> {
        let home = home();
        let variable = |name: &str| match name {
            "HOME" => home.path.clone().map(PathBuf::into_os_string),
            _ => std::env::var_os(name),
        };
        let mut it = Self::of(program, &|name| variable(name).map(OsStringExt::into_vec))?;
        it.warnings.splice(0..0, home.warning.clone());
        Ok(it)
    }

    fn of(program: Program, variable: Environment<'_>) -> Result<Self> {
        let format = match program {
            Program::Nivis => ErrorFormat::Pretty,
            Program::NixInstantiate | Program::NixBuild | Program::NixShell | Program::Nix => ErrorFormat::Nix,
        };
        let errors = ErrorStyle {
            format,
            colour: wants_colour(&std::io::stderr()),
            show_trace: false,
            warns: true,
            theme: Theme::Auto,
        };
        let mut settings = Settings::default();
        settings.collection = Collection::Always;
        let mut it = Self::with(settings, errors);
        it.keeps_files = variable("NIVIS_NO_CACHE").unwrap_or_default().is_empty();
        it.read_environment(variable)?;
        let has_nix_path = variable("NIX_PATH").is_some();
        for (index, file) in nix_conf::files(variable).iter().enumerate() {
            it.set_lines(nix_conf::lines_of_file(file)?, has_nix_path)?;
            it.purity_stated &= index > 0;
            if index == 0 {
                it.client.end_of_machine();
            }
        }
        let text = variable("NIX_CONFIG").unwrap_or_default();
        it.set_lines(nix_conf::lines(&text, b"NIX_CONFIG")?, has_nix_path)?;
        if let Some(path) = variable("NIX_PATH") {
            it.settings.search_path = search_path::entries(&path);
        }
        Ok(it)
    }

    fn read_environment(&mut self, variable: Environment<'_>) -> Result<()> {
        self.settings.flakes = flakes::usual(variable);
        if let Some(home) = variable("HOME") {
            self.settings.home = home;
        }
        if let Some(directory) = variable("NIX_STORE_DIR").or_else(|| variable("NIX_STORE")) {
            self.usual_store_dir = store_dir::directory(&directory)?;
            // Not the system's own: then it is where this says.
            let is_own = self.usual_store_dir != self.settings.store_dir;
            self.usual_store_place =
                if is_own { StorePlace::Automatic(Some("/".into())) } else { StorePlace::default() };
        }
        self.set("store", &variable("NIX_REMOTE").unwrap_or_default())?;
        self.fetching.read_environment(variable);
        let abort = variable("NIX_ABORT_ON_WARN").unwrap_or_default();
        self.settings.abort_on_warn = matches!(&abort[..], b"1" | b"yes" | b"true");
        let home = self.settings.home.clone();
        let xdg = variable("XDG_STATE_HOME").filter(|value| !value.is_empty());
        let xdg = xdg.unwrap_or_else(|| [&home[..], b"/.local/state"].concat());
        self.channels = Channels {
            user_state_dir: variable("NIX_STATE_HOME").unwrap_or_else(|| [&xdg[..], b"/nix"].concat()),
            state_dir: variable("NIX_STATE_DIR").unwrap_or_else(|| b"/nix/var/nix".to_vec()),
            home,
            use_xdg: false,
        };
        Ok(())
    }

    /// Experimental features first: settings may depend on them.
    fn set_lines(&mut self, lines: Vec<Line>, has_nix_path: bool) -> Result<()> {
        let is_of_features = |line: &Line| line.0.ends_with("experimental-features");
        let (first, rest): (Vec<_>, Vec<_>) = lines.into_iter().partition(is_of_features);
        for (name, value) in first.into_iter().chain(rest) {
            let overruled = has_nix_path && matches!(&name[..], "nix-path" | "extra-nix-path");
            if !overruled {
                self.set(&name, &value)?;
            }
        }
        Ok(())
    }

    /// Applies a command line.
    ///
    /// # Errors
    /// Fails if flags don't go together, or need an experimental feature that is not enabled.
    pub(crate) fn apply(&mut self, arguments: &Arguments) -> Result<()> {
        if arguments.common.logs.is_some_and(|logs| logs.format == LogFormat::Json) {
            // As in C++ Nix, the texts in records have colours.
            log_records::begin();
            (self.errors.format, self.errors.colour) = (ErrorFormat::Nix, true);
        }
        self.errors.format = arguments.common.error_format.unwrap_or(self.errors.format);
        self.errors.theme = arguments.common.theme;
        self.keeps_files &= !arguments.common.no_cache;
        if let Some(mebibytes) = arguments.common.max_memory_size {
            self.settings.memory_limit = (mebibytes as usize).saturating_mul(1 << 20);
        }
        self.errors.warns = arguments.common.verbosity > LEAST_VERBOSE;
        // As in `nix eval`: an expression there depends on nothing else, but a file may.
        let about_flakes = arguments.is_about_flakes();
        self.settings.pure |= arguments.is_pure();
        if about_flakes && arguments.program == Program::Nivis && !self.settings.has_feature(FLAKES) {
            self.turn_flakes_on()?;
        }
        let is_of_features = |assignment: &&Assignment| assignment.name.ends_with("experimental-features");
        for assignment in arguments.common.settings.iter().filter(is_of_features) {
            self.assign(assignment)?;
        }
        let lacks = arguments.common.needed_features.iter().find(|name| !self.settings.has_feature(name));
        // Of a switch that a feature is missing for, C++ Nix only says that.
        let is_switch = |name: &str| Setting::assigned(name).is_some_and(|(setting, _)| setting.kind == Kind::Switch);
        let is_told = |it: &&Assignment| !is_of_features(it) && (lacks.is_none() || !is_switch(&it.name));
        for assignment in arguments.common.settings.iter().filter(is_told) {
            self.assign(assignment)?;
        }
        self.warnings.extend_from_slice(&arguments.common.warnings);
        self.warnings.extend(std::mem::take(&mut self.unknown).iter().map(|name| format!("unknown setting '{name}'")));
        if let Some(feature) = lacks {
            return Err(Error::eval(format!(
                "experimental Nix feature '{feature}' is disabled; add '--extra-experimental-features {feature}' to enable it"
            )));
        }
        if arguments.is_pure() && arguments.source_file().is_some() {
            if self.settings.pure && self.purity_stated {
                return Err(usage("'--file' is not compatible with '--pure-eval'"));
            }
            self.settings.pure = false;
        }
        if arguments.is_worker() {
            // The coordinator has warned already, and has a worker for each core.
            self.warnings.clear();
            self.settings.eval_cores = 1;
        }
        self.fetching.apply(arguments);
        self.complete(arguments)
    }

    /// Turns the feature of flakes on, and applies what was ignored without it.
    fn turn_flakes_on(&mut self) -> Result<()> {
        self.settings.features.push(FLAKES.to_owned());
        for (name, value) in std::mem::take(&mut self.ignored) {
            let warning = ignored_setting(&name, FLAKES);
            self.warnings.retain(|told| *told != warning);
            self.set(&name, &value)?;
        }
        Ok(())
    }

    /// Assigns a setting. A wrong value of a flag is an error, one of `--option` a warning.
    fn assign(&mut self, assignment: &Assignment) -> Result<()> {
        let Assignment { name, value, lenient } = assignment;
        match self.set(name, value.as_bytes()) {
            Err(error) if *lenient => self.warnings.push(error.to_string()),
            other => return other,
        }
        Ok(())
    }

    /// Completes the configuration with what depends on several settings.
    fn complete(&mut self, arguments: &Arguments) -> Result<()> {
        let includes = arguments.common.includes.iter().map(|text| search_path::entry(text));
        self.settings.search_path.splice(0..0, includes);
        if !self.settings.restricted && !self.settings.pure {
            let Channels { home, user_state_dir, state_dir, use_xdg } = &self.channels;
            let own = match use_xdg {
                true => [&user_state_dir[..], b"/defexpr"].concat(),
                false => [&home[..], b"/.nix-defexpr"].concat(),
            };
            self.settings.search_path.extend(search_path::default_entries(&own, state_dir));
        }
        if !self.eval_system.is_empty() {
            self.settings.system.clone_from(&self.eval_system);
        }
        self.settings.sources =
            arguments.common.sources.iter().map(|word| local_sources::source(word)).collect::<Result<_>>()?;
        self.settings.flakes.use_registries &= !arguments.common.flakes.without_registries;
        // Where no store is written, C++ Nix doesn't come so far as to refuse.
        let read_only = arguments.is_read_only();
        let goes_elsewhere = arguments.common.drv_dir.is_some() && self.store_place.is_usual();
        let is_to_write = arguments.makes_derivations() && !(read_only || goes_elsewhere);
        // At the prompt, derivations are written only before a build.
        let may_build = arguments.may_build() && !read_only && self.store_place.can_build();
        self.settings.read_only = !((is_to_write && self.store_place.is_written()) || may_build);
        self.settings.keep_derivations =
            !self.settings.read_only || arguments.common.drv_dir.is_some() || arguments.reads_derivations();
        // Showing a flake does not build it.
        let reads_outputs = self.reads_outputs.unwrap_or(arguments.command != Command::FlakeShow);
        self.settings.import_from_derivation = reads_outputs || read_only;
        self.verbosity = arguments.common.verbosity;
        self.logs = logs(arguments);
        // As the old programs do.
        self.verbose_build = arguments.program.is_old() && !arguments.common.hides_logs;
        self.settings.tell_files = arguments.common.verbosity > 0;
        self.settings.trace_caught = arguments.common.trace_caught;
        self.settings.trace_function_calls &= arguments.common.verbosity >= 0;
        self.settings.call_traces = self.errors.show_trace || self.errors.format == ErrorFormat::Pretty;
        Ok(())
    }

    fn set(&mut self, name: &str, value: &[u8]) -> Result<()> {
        let Some((setting, adds)) = Setting::assigned(name) else {
            self.unknown.insert(name.to_owned());
            return Ok(());
        };
        if let Some(feature) = setting.feature.filter(|name| !self.settings.has_feature(name)) {
            self.warnings.push(ignored_setting(setting.name, feature));
            if feature == FLAKES {
                self.ignored.push((name.to_owned(), value.to_owned()));
            }
            return Ok(());
        }
        let text = String::from_utf8_lossy(value);
        setting.check(&text)?;
        self.client.set(&setting, &text, adds);
        match setting.kind {
            Kind::List if setting.name == "nix-path" => {
                let words = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
                put(&mut self.settings.search_path, words.map(search_path::entry), adds);
                Ok(())
            }
            Kind::List => {
                self.set_list(setting.name, &text, adds);
                Ok(())
            }
            _ => effects::apply(self, setting.name, &text),
        }
    }

    fn set_list(&mut self, name: &str, value: &str, adds: bool) {
        let words = values::words(value).into_iter();
        match name {
            "experimental-features" => {
                let known = self.known_features(words);
                put(&mut self.settings.features, known.into_iter(), adds);
            }
            "access-tokens" => self.fetching.set_tokens(words.collect(), adds),
            "allowed-uris" => put(&mut self.settings.allowed_uris, words, adds),
            _ => {}
        }
    }

    /// The words that are experimental features. Warns about the others.
    fn known_features(&mut self, words: impl Iterator<Item = String>) -> Vec<String> {
        let is_known = |word: &String| FEATURES.split_ascii_whitespace().any(|known| known == word);
        let words: BTreeSet<String> = words.collect();
        let (known, unknown): (Vec<_>, Vec<_>) = words.into_iter().partition(is_known);
        for word in unknown {
            self.warnings.push(match &word[..] {
                "no-url-literals" => format!(
                    "experimental feature '{word}' has been stabilized and renamed; \
                     use 'lint-url-literals = fatal' setting instead"
                ),
                _ => format!("unknown experimental feature '{word}'"),
            });
        }
        known
    }
}

/// The format of builds' messages. The old programs print plain lines, and the logs of builds.
fn logs(arguments: &Arguments) -> Logs {
    let common = &arguments.common;
    let is_old = arguments.program.is_old();
    let usual = Logs {
        format: if is_old { LogFormat::Raw } else { LogFormat::Bar },
        has_lines: (is_old || matches!(arguments.command, Command::NixBuild | Command::NixShell)) && !common.hides_logs,
    };
    let given = common.logs.unwrap_or(usual);
    Logs { has_lines: given.has_lines || common.prints_logs, ..given }
}

/// Sets a list, or adds to it.
fn put<T>(list: &mut Vec<T>, words: impl Iterator<Item = T>, adds: bool) {
    if !adds {
        list.clear();
    }
    list.extend(words);
}
