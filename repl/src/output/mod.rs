//! The program's output: standard output and standard error, colours, progress, and messages of evaluations.

pub(crate) mod builds;
pub(crate) mod console;
pub(crate) mod downloads;
pub(crate) mod last_words;
pub(crate) mod log_records;
pub(crate) mod markdown;
pub(crate) mod muted;
pub(crate) mod progress;
pub(crate) mod progress_target;
pub(crate) mod statistics;
pub(crate) mod stdio;
pub(crate) mod style;
pub(crate) mod svg;
pub(crate) mod theme;
pub(crate) mod transcript;
pub(crate) mod wrap;
