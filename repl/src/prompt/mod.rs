//! The REPL.

mod advice;
mod commands;
mod dispatch;
mod export;
mod graph;
mod highlight;
mod host;
mod lessons;
mod present;
mod reading;
mod session;
pub(crate) mod terminal;
mod thunks;
