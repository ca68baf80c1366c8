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
mod steps;
pub(crate) mod terminal;
mod thunks;
