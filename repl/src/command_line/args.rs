//! The command line, understood. `parse` reads the words, `flags` has what they set.

#[cfg(test)]
mod tests;

use super::command::Command;
use super::options::{
    BuildOptions, ClassicOptions, Common, EvalOptions, FlakeOptions, JobsOptions, ReplOptions, RunOptions, Source,
    StoreOptions,
};
use super::program::Program;

/// A command line, understood.
#[derive(Clone, Debug)]
pub(crate) struct Arguments {
    pub(crate) program: Program,
    pub(crate) command: Command,
    pub(crate) common: Common,
    pub(crate) task: Task,
}

/// The task that a command line gives, with the options that only this task has.
#[derive(Clone, Debug)]
pub(crate) enum Task {
    /// Do what the flags of `nix-instantiate` say.
    Classic(Action, ClassicOptions),
    /// Talk.
    Repl(ReplOptions),
    /// Evaluate and print, as `nix eval`.
    Eval(EvalOptions),
    /// Build, as `nix build`.
    Build(BuildOptions),
    /// Build and link, as `nix-build`.
    NixBuild(ClassicOptions, BuildOptions),
    /// Build a program and start it.
    Run(RunOptions),
    /// Start a shell with packages.
    Shell(RunOptions),
    /// Start a shell in which a derivation can be built.
    NixShell(ClassicOptions, BuildOptions, RunOptions),
    /// Start a shell with the environment of a build.
    Develop(RunOptions),
    /// Print the environment of a build.
    PrintDevEnv(RunOptions),
    /// Do something about the store.
    Store(StoreOptions),
    /// Print the log of a build.
    Log(Source),
    /// Evaluate all derivations of a set.
    Jobs(JobsOptions),
    /// Do something about a flake.
    Flake(FlakeOptions),
    /// Print a page about an error or a topic.
    Explain,
    /// Describe the cache, or empty it.
    Cache,
    /// Draw a flame graph of a command that is missing.
    Profile,
    /// Print a completion script.
    Completions,
    /// Write man pages.
    Manual,
    /// Print what flags there are.
    Help,
    /// Print the version.
    Version,
}

/// The ways to use `nix-instantiate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Evaluate and print, as with `--eval`.
    Evaluate,
    /// Evaluate, and print the paths of derivations.
    Instantiate,
    /// Print the program without its sugar.
    Parse,
    /// Look up names in the search path.
    FindFile,
}

impl Arguments {
    /// The program that `--expr` or `--file` may name.
    pub(crate) fn source(&self) -> Option<&Source> {
        match &self.task {
            Task::Eval(EvalOptions { source, .. })
            | Task::Repl(ReplOptions { source, .. })
            | Task::Build(BuildOptions { source, .. })
            | Task::Run(RunOptions { source, .. })
            | Task::Shell(RunOptions { source, .. })
            | Task::Develop(RunOptions { source, .. })
            | Task::PrintDevEnv(RunOptions { source, .. })
            | Task::Store(StoreOptions { source, .. })
            | Task::Log(source) => Some(source),
            _ => None,
        }
    }

    /// The file with the program, if `--file` names one.
    pub(crate) fn source_file(&self) -> Option<&[u8]> {
        self.source()?.file.as_deref()
    }

    /// True if evaluation depends on nothing but what the command line names, unless it says otherwise.
    pub(crate) fn is_pure(&self) -> bool {
        matches!(self.task, Task::Eval(_) | Task::Build(_) | Task::Log(_) | Task::Run(_) | Task::Shell(_))
            || matches!(self.task, Task::Develop(_) | Task::PrintDevEnv(_))
            || matches!(self.command, Command::DerivationShow | Command::PathInfo)
            || matches!(self.task, Task::Flake(_))
            || self.common.flakes.flake.is_some()
    }

    /// True if the command line means a flake, says something of one, or leads to where flakes can be loaded.
    pub(crate) fn is_about_flakes(&self) -> bool {
        let flags = &self.common.flakes;
        let may_load = match &self.task {
            Task::Flake(_) | Task::Repl(_) => true,
            _ => self.source().is_some_and(|source| !source.is_given()),
        };
        may_load
            || flags.flake.is_some()
            || !(flags.overrides.is_empty() && flags.registry.is_empty() && flags.inputs_from.is_empty())
    }

    /// True if the command line says that no store is written.
    pub(crate) fn is_read_only(&self) -> bool {
        let by_task = match &self.task {
            Task::Classic(Action::Evaluate, _) => !self.common.writes,
            Task::Flake(options) => options.builds_nothing || options.dry_run,
            _ => false,
        };
        self.common.read_only || by_task
    }

    /// True if the task computes derivations, or fetches trees, that belong into the store.
    pub(crate) fn makes_derivations(&self) -> bool {
        match &self.task {
            Task::Classic(action, _) => matches!(action, Action::Evaluate | Action::Instantiate),
            Task::Eval(_) | Task::Build(_) | Task::NixBuild(..) => true,
            Task::Run(_) | Task::Shell(_) | Task::NixShell(..) | Task::Store(_) => true,
            Task::Develop(_) | Task::PrintDevEnv(_) => true,
            Task::Jobs(options) => !options.no_instantiate,
            Task::Flake(_) => matches!(self.command, Command::FlakeArchive | Command::FlakePrefetchInputs),
            _ => false,
        }
    }

    /// True if the task may build what it computed. Nothing is written unless it does.
    pub(crate) fn may_build(&self) -> bool {
        matches!(self.task, Task::Repl(_)) || self.command == Command::FlakeCheck
    }

    /// True if parts of the evaluation are kept for the next run.
    pub(crate) fn is_incremental(&self) -> bool {
        matches!(&self.task, Task::Flake(options) if options.incremental)
    }

    /// True if the task reads derivations that it computed: to make others from them, or to show them.
    pub(crate) fn reads_derivations(&self) -> bool {
        matches!(&self.task, Task::Jobs(options) if options.constituents) || self.command == Command::DerivationShow
    }

    /// True if this process is a worker of `jobs`.
    pub(crate) fn is_worker(&self) -> bool {
        matches!(&self.task, Task::Jobs(options) if options.worker.is_some())
    }

    /// The advice where to read more, after a wrong use of the program.
    pub(crate) fn try_help(&self) -> String {
        let is_told = self.program == Program::Nivis;
        let command = if is_told { self.command.name() } else { "" };
        let words = [self.program.name(), command].into_iter().filter(|word| !word.is_empty());
        format!("Try '{} --help' for more information.", words.collect::<Vec<_>>().join(" "))
    }
}
