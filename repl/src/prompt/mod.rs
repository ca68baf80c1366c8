//! The REPL.

mod advice;
mod blocks;
mod call_tree;
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
mod slides;
mod steps;
pub(crate) mod terminal;
mod thunks;
