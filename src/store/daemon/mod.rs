//! A client of the Nix daemon, for versions 1.18 to 1.38 of its protocol and without optional features.
//!
//! The protocol is a conversation over a socket or over a child process's pipes. The client sends a request: the
//! number of an operation and its arguments. The daemon answers with messages (log lines, activities, at last an error
//! or the end) and then the reply.
//!
//! - [`address`]: where a daemon listens, or which program speaks for one.
//! - `wire`: numbers, texts and lists as bytes.
//! - `stream`: the connection, read in the background so that neither side ever waits for the other to read.
//! - [`messages`]: what the daemon says before it replies.
//! - [`DaemonStore`]: the daemon's store, as the evaluator sees it.
//! - [`log`]: logs of builds.
//! - [`client`]: the handshake and the requests; [`types`]: their arguments and replies; `upload`: new entries.

pub mod address;
pub mod client;
mod handshake;
pub mod log;
pub mod messages;
mod store;
mod stream;
pub mod types;
mod upload;
mod wire;

#[cfg(test)]
mod tests;

pub use store::DaemonStore;
