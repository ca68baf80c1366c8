//! The REPL.

mod commands;
mod export;
mod graph;
mod lessons;
mod present;
mod reading;
pub(crate) mod session;
pub(crate) mod terminal;
mod thunks;
