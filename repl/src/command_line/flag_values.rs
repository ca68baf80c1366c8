//! The values of all flags, whatever the command: `parse` fills them in, and makes [`Arguments`](super::args::Arguments) of
//! those that the task uses.

use super::args::Action;
use super::command::Command;
use super::options::{
    BuildOptions, ClassicOptions, Common, EvalOptions, FlakeOptions, JobsOptions, RunOptions, Source, StoreOptions,
};
use super::program::Program;

/// Everything that words can set, whatever the command. The task takes its own options out of it.
pub(super) struct FlagValues {
    pub(super) program: Program,
    pub(super) command: Command,
    pub(super) common: Common,
    pub(super) source: Source,
    pub(super) classic: ClassicOptions,
    /// `--present`
    pub(super) present: Option<Vec<u8>>,
    pub(super) eval: EvalOptions,
    pub(super) build: BuildOptions,
    pub(super) run: RunOptions,
    pub(super) store: StoreOptions,
    pub(super) jobs: JobsOptions,
    pub(super) flake: FlakeOptions,
    /// Tasks asked for by flags.
    pub(super) asked: Vec<Asked>,
    /// A flag that makes sense only when something is evaluated.
    pub(super) batch_flag: Option<&'static str>,
}

/// A task that a flag asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Help,
    Version,
    Do(Action),
}

impl FlagValues {
    /// Nothing is set yet.
    pub(super) fn new(program: Program) -> Self {
        Self {
            program,
            command: program.command(),
            common: Common::default(),
            source: Source::default(),
            classic: ClassicOptions::default(),
            present: None,
            eval: EvalOptions::default(),
            build: BuildOptions::default(),
            run: RunOptions::default(),
            store: StoreOptions::default(),
            jobs: JobsOptions::default(),
            flake: FlakeOptions::default(),
            asked: Vec::new(),
            batch_flag: None,
        }
    }
}
