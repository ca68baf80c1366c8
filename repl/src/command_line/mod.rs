//! The command line: its words become [`Arguments`](args::Arguments) by one table of flags, which help, completions and
//! man pages read too.

pub(crate) mod args;
pub(crate) mod description;
pub(crate) mod flags;
pub(crate) mod help;
pub(crate) mod nix_commands;
mod parse;
pub(crate) mod setting;
pub(crate) mod setting_values;
