//! Words in, [`Arguments`] out. Nothing is read, opened or evaluated here, but scripts for `nix-shell`.
//!
//! The grammar is that of Nix, not the usual one, and so is not left to clap: `-E` takes no value but makes all words
//! expressions; `--arg` and `--option` take two values; every setting of Nix is a flag, with `--no-` in front of a switch
//! and `--extra-` in front of a list; `-vE` is `-v -E`, but `-j3` is `-j 3`. What clap would add, the help text and the
//! order of checks, comes from the table in `flags.rs`.

use super::args::{Action, Arguments, Task};
use super::command::Command;
use super::flag_values::{Asked, FlagValues};
use super::options::{Assignment, BuildOptions, ClassicOptions, EvalOptions, ReplOptions, RunOptions, StoreOptions};
use super::program::Program;
use super::shebang;
use super::words::{lossy, usage};
use crate::command_line::flags::{self, Flag};
use crate::command_line::nix_commands;
use crate::command_line::setting::Setting;
use nivis::Result;
use nivis::codec::levenshtein::likely;
use std::ffi::OsString;
use std::mem::take;
use std::os::unix::ffi::OsStringExt;

impl Arguments {
    /// Understands a command line, the program's name included.
    ///
    /// # Errors
    /// Fails on a flag that is unknown, lacks values, or doesn't go with the others.
    pub(crate) fn parse(program: Program, words: Vec<OsString>) -> Result<Self> {
        let mut flags = FlagValues::new(program);
        let (words, script) = match program {
            Program::NixShell => shebang::expanded(words)?,
            _ => (words, None),
        };
        flags.run.script = script;
        flags.read(words)?;
        flags.understood()
    }
}

impl FlagValues {
    /// Reads the words, the program's name first.
    fn read(&mut self, words: Vec<OsString>) -> Result<()> {
        let mut words = Words { rest: words.into_iter().skip(1).map(OsString::into_vec).rev().collect() };
        let mut only_inputs = false;
        while let Some(word) = words.next() {
            let by_hand = self.program.is_old() && word != b"-";
            if !word.starts_with(b"-") || (only_inputs && !by_hand) {
                self.input(word)?;
            } else if only_inputs {
                return Err(usage(format!("unexpected argument '{}'", lossy(Some(word)))));
            } else if word == b"--" {
                only_inputs = true;
            } else {
                let word = words.unbundle(word);
                self.flag(&word, &mut words)?;
            }
        }
        Ok(())
    }

    /// Reads a word that is not a flag. The first one may name a command.
    fn input(&mut self, word: Vec<u8>) -> Result<()> {
        if let Some(asked) = self.asked_in_a_word(&word) {
            self.asked.push(asked);
        } else if self.program == Program::Nix && self.command == Command::Classic {
            self.command = nix_commands::command(&word)?;
        } else if self.command.is_group() {
            self.nested_command(&word)?;
        } else if let Some(command) = Command::named(&word).filter(|_| self.may_name_command()) {
            self.command = command;
        } else {
            self.common.inputs.push(word);
        }
        Ok(())
    }

    /// `help` or `version` as the first word: people ask like this who don't know how.
    fn asked_in_a_word(&self, word: &[u8]) -> Option<Asked> {
        match word {
            _ if !self.may_name_command() || !self.asked.is_empty() => None,
            b"help" => Some(Asked::Help),
            b"version" if self.program == Program::Nivis => Some(Asked::Version),
            _ => None,
        }
    }

    /// True if the next word may name a command: it is the first one, but for flags and `--help`.
    fn may_name_command(&self) -> bool {
        !self.program.is_old()
            && self.command == Command::Classic
            && self.common.inputs.is_empty()
            && !self.common.expressions
            && self.asked.iter().all(|asked| *asked == Asked::Help)
    }

    /// Reads the word after the name of a group, such as `flake`.
    fn nested_command(&mut self, word: &[u8]) -> Result<()> {
        let group = self.command;
        self.command = Command::within(group, word)?;
        if word == b"add-file" {
            self.store.mode = Some(b"flat".to_vec());
        }
        let alias = match (group, word) {
            (Command::Flake, b"info") => "'nix flake info' is a deprecated alias for 'nix flake metadata'",
            (Command::Nar, b"dump-path") => "'nix nar dump-path' is a deprecated alias for 'nix nar pack'",
            _ => return Ok(()),
        };
        self.common.warnings.push(alias.to_owned());
        Ok(())
    }

    fn flag(&mut self, word: &[u8], words: &mut Words) -> Result<()> {
        let word = String::from_utf8_lossy(word);
        let is_before_command = self.program == Program::Nix && self.command == Command::Classic;
        if let Some(flag) = flags::find(&word, self.command, is_before_command) {
            if flag.values.len() == 1 && words.rest.is_empty() && flag.is_read_by_hand() {
                return Err(usage(format!("'{word}' requires an argument")));
            }
            let values = match flag.takes_rest() {
                true => words.rest.drain(..).rev().collect(),
                false => words.take(&word, flag.values.len())?,
            };
            return self.apply(flag, values);
        }
        self.setting(&word, words)
    }

    /// Reads the flag of a setting.
    fn setting(&mut self, word: &str, words: &mut Words) -> Result<()> {
        let flag = word.strip_prefix("--").and_then(Setting::flag);
        let flag = flag.ok_or_else(|| usage(format!("unrecognised flag '{word}'{}", self.meant(word))))?;
        let value =
            flag.value.map_or_else(|| words.take(word, 1).map(|mut it| lossy(it.pop())), |it| Ok(it.to_owned()))?;
        flag.setting.check(&value)?;
        self.common.needed_features.extend(flag.setting.feature);
        let name = [if flag.adds { "extra-" } else { "" }, flag.setting.name].concat();
        self.common.settings.push(Assignment { name, value, lenient: false });
        Ok(())
    }

    /// The flags that an unknown one may be, as the end of a message. C++ Nix proposes none.
    fn meant(&self, word: &str) -> String {
        let Some(word) = word.strip_prefix("--").filter(|_| self.program == Program::Nivis) else {
            return String::new();
        };
        let command = self.command;
        let known = flags::all().filter(|flag| flag.is_of(command));
        let all = known.flat_map(|flag| flag.names.iter()).filter_map(|name| name.strip_prefix("--"));
        let near = likely(word.as_bytes(), all.map(str::as_bytes));
        near.first().map(|name| format!("; did you mean '--{}'?", String::from_utf8_lossy(name))).unwrap_or_default()
    }

    fn apply(&mut self, flag: &'static Flag, values: Vec<Vec<u8>>) -> Result<()> {
        if !flag.is_of(Command::Repl) {
            self.batch_flag = flag.names.first().copied();
        }
        flag.apply(self, values)
    }

    /// Finds the task, and what it takes of the options.
    fn understood(mut self) -> Result<Arguments> {
        if self.source.expression.is_some() && self.source.file.is_some() {
            return Err(usage("'--file' and '--expr' are exclusive"));
        }
        let actions = [Action::FindFile, Action::Parse, Action::Evaluate].map(Asked::Do);
        let order = [Asked::Help, Asked::Version].into_iter().chain(actions);
        let task = match order.into_iter().find(|asked| self.asked.contains(asked)) {
            Some(Asked::Help) => Task::Help,
            Some(Asked::Version) => Task::Version,
            Some(Asked::Do(action)) => self.classic(action),
            None => self.task_of_command()?,
        };
        Ok(Arguments { program: self.program, command: self.command, common: self.common, task })
    }

    fn task_of_command(&mut self) -> Result<Task> {
        match self.command {
            Command::Classic if self.program == Program::NixInstantiate => Ok(self.classic(Action::Instantiate)),
            Command::Classic if self.program == Program::Nix => Err(usage("no subcommand specified")),
            Command::Classic if self.common.drv_dir.is_some() => Ok(self.classic(Action::Instantiate)),
            Command::Classic => self.talk(self.common.inputs.first().cloned()),
            Command::Repl => self.talk(None),
            Command::Instantiate => Ok(self.classic(Action::Instantiate)),
            Command::Eval => Ok(Task::Eval(EvalOptions { source: take(&mut self.source), ..take(&mut self.eval) })),
            Command::Build => Ok(Task::Build(BuildOptions { source: take(&mut self.source), ..take(&mut self.build) })),
            Command::NixBuild => {
                let (classic, build) = (self.classic_options(), take(&mut self.build));
                Ok(Task::NixBuild(classic, build))
            }
            Command::Run => Ok(Task::Run(self.run_options())),
            Command::Shell => Ok(Task::Shell(self.run_options())),
            Command::Develop => Ok(Task::Develop(self.run_options())),
            Command::PrintDevEnv => Ok(Task::PrintDevEnv(self.run_options())),
            Command::NixShell => {
                let (classic, build) = (self.classic_options(), take(&mut self.build));
                Ok(Task::NixShell(classic, build, take(&mut self.run)))
            }
            Command::DerivationShow
            | Command::PathInfo
            | Command::StoreAdd
            | Command::StoreCat
            | Command::StoreLs
            | Command::StoreDumpPath
            | Command::NarPack => {
                Ok(Task::Store(StoreOptions { source: take(&mut self.source), ..take(&mut self.store) }))
            }
            Command::Log => Ok(Task::Log(take(&mut self.source))),
            Command::Jobs => Ok(Task::Jobs(take(&mut self.jobs))),
            group @ (Command::Flake | Command::Derivation | Command::Store | Command::Nar) => {
                Err(usage(format!("'{} {}' requires a sub-command.", self.program.name(), group.name())))
            }
            Command::FlakeShow
            | Command::FlakeMetadata
            | Command::FlakeCheck
            | Command::FlakeLock
            | Command::FlakeUpdate
            | Command::FlakeInit
            | Command::FlakeNew
            | Command::FlakePrefetch
            | Command::FlakePrefetchInputs
            | Command::FlakeArchive
            | Command::FlakeClone => Ok(Task::Flake(take(&mut self.flake))),
            Command::Explain => Ok(Task::Explain),
            Command::Cache => Ok(Task::Cache),
            Command::Profile => Ok(Task::Profile),
            Command::Completions => Ok(Task::Completions),
            Command::Manual => Ok(Task::Manual),
        }
    }

    fn classic(&mut self, action: Action) -> Task {
        Task::Classic(action, self.classic_options())
    }

    fn run_options(&mut self) -> RunOptions {
        RunOptions { source: take(&mut self.source), ..take(&mut self.run) }
    }

    /// The options of the old programs, with one attribute path at least.
    fn classic_options(&mut self) -> ClassicOptions {
        let mut options = take(&mut self.classic);
        if options.paths.is_empty() {
            options.paths.push(Vec::new());
        }
        options
    }

    /// The REPL, unless there is something that it has no use for.
    fn talk(&mut self, stray: Option<Vec<u8>>) -> Result<Task> {
        if let Some(word) = stray.as_ref().filter(|word| nix_commands::is_known(word)) {
            let word = lossy(Some(word.clone()));
            return Err(usage(format!(
                "'{word}' is not a command of Nivis, which evaluates and builds: 'nivis build' builds, \
                 'nivis instantiate' prints the paths of derivations"
            )));
        }
        if let Some(command) = stray.as_ref().and_then(|word| Command::similar(word)) {
            let word = lossy(stray);
            return Err(usage(format!("'{word}' is not a command; did you mean '{command}'?")));
        }
        match self.batch_flag.map(str::to_owned).or(stray.map(|word| lossy(Some(word)))) {
            None => Ok(Task::Repl(ReplOptions { source: take(&mut self.source), present: self.present.take() })),
            Some(word) => {
                let given = if word == "--expr" { "-E …" } else { &word };
                Err(usage(format!(
                    "'{word}' needs a command: 'nivis --eval {given}' prints the value, 'nivis repl {given}' starts the prompt"
                )))
            }
        }
    }
}

/// The words not looked at yet, last first.
struct Words {
    rest: Vec<Vec<u8>>,
}

impl Words {
    fn next(&mut self) -> Option<Vec<u8>> {
        self.rest.pop()
    }

    /// The next `count` words, as values of a flag.
    fn take(&mut self, flag: &str, count: usize) -> Result<Vec<Vec<u8>>> {
        let found = self.rest.len();
        if found < count {
            let message = format!("flag '{flag}' requires {count} argument(s), but only {found} were given");
            return Err(usage(message));
        }
        Ok(self.rest.drain(found - count..).rev().collect())
    }

    /// The first of the flags that a word such as `-vE` or `-j3` stands for. The others become the next words.
    fn unbundle(&mut self, word: Vec<u8>) -> Vec<u8> {
        if word.len() <= 2 || !word[1].is_ascii_alphabetic() {
            return word;
        }
        let letters = word[2..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (letters, value) = word[2..].split_at(letters);
        if !value.is_empty() {
            self.rest.push(value.to_vec());
        }
        self.rest.extend(letters.iter().rev().map(|&letter| vec![b'-', letter]));
        word[..2].to_vec()
    }
}
