//! The settings of the profiler.

use std::path::PathBuf;

/// The profiler's options.
#[derive(Clone, Debug)]
pub(crate) struct Profiling {
    /// `eval-profiler`: `flamegraph` turns it on.
    pub(crate) is_on: bool,
    /// The samples in a second; 0 counts each call.
    pub(crate) frequency: u32,
    /// The file that is written.
    pub(crate) file: PathBuf,
    /// The picture that it shows; `None` for folded stacks as text.
    pub(crate) picture: Option<Picture>,
}

/// The contents of a flame graph.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Picture {
    /// Allocated bytes instead of time.
    pub(crate) shows_memory: bool,
    /// Files instead of calls.
    pub(crate) shows_files: bool,
}

impl Default for Profiling {
    fn default() -> Self {
        Self { is_on: false, frequency: 99, file: PathBuf::from("nix.profile"), picture: None }
    }
}
