//! The command line: its words become [`Arguments`](args::Arguments) by one table of flags, which help, completions and
//! man pages read too.

pub(crate) mod args;
pub(crate) mod command;
pub(crate) mod description;
mod flag_values;
pub(crate) mod flags;
pub(crate) mod help;
pub(crate) mod nix_commands;
pub(crate) mod options;
mod parse;
pub(crate) mod program;
pub(crate) mod setting;
pub(crate) mod setting_values;
pub(crate) mod shard;
mod shebang;
pub(crate) mod words;
