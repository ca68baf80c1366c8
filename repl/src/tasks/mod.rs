//! Commands that run once and then end the program: a file for each.

pub(crate) mod automatic;
pub(crate) mod build;
pub(crate) mod cache;
pub(crate) mod classic;
pub(crate) mod drv_files;
pub(crate) mod eval;
pub(crate) mod explain;
pub(crate) mod flake;
pub(crate) mod instantiate;
pub(crate) mod interrupt;
pub(crate) mod jobs;
pub(crate) mod kept_files;
pub(crate) mod kept_parts;
pub(crate) mod kept_runs;
pub(crate) mod launch;
pub(crate) mod log;
pub(crate) mod nix_build;
pub(crate) mod outcome;
pub(crate) mod profile;
pub(crate) mod roots;
pub(crate) mod shell;
pub(crate) mod shell_completion;
pub(crate) mod silent;
pub(crate) mod store;
pub(crate) mod work;
pub(crate) mod write_to;
