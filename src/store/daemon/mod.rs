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
//!
//! Without sockets, on a system that is not a Unix, only the types are there.

#[cfg(unix)]
pub mod address;
#[cfg(unix)]
pub mod client;
#[cfg(unix)]
mod handshake;
#[cfg(unix)]
pub mod log;
#[cfg(unix)]
pub mod messages;
#[cfg(unix)]
mod store;
#[cfg(unix)]
mod stream;
#[cfg_attr(not(unix), allow(dead_code))]
pub mod types;
#[cfg(unix)]
mod upload;
#[cfg(unix)]
mod wire;

#[cfg(all(test, unix))]
mod tests;

#[cfg(unix)]
pub use store::DaemonStore;
