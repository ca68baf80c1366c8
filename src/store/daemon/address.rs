//! The address of a daemon: a socket, or the program that speaks for one.

use super::stream::{Stream, connection_failed};
use crate::error::Result;
use crate::io::reason;
use std::ffi::OsString;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The way to a daemon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DaemonAddress {
    /// A socket on this machine.
    Socket(PathBuf),
    /// A program that speaks the protocol on its standard input and output, for example `nix-daemon --stdio`.
    Program {
        /// The program.
        program: OsString,
        /// Its arguments.
        arguments: Vec<OsString>,
    },
}

/// The longest path of a socket, in bytes.
const LONGEST_SOCKET_PATH: usize = 107;

impl DaemonAddress {
    /// The program for a store that has no daemon: a folder, or a store of a single user.
    pub fn for_store(url: &str) -> Self {
        Self::Program { program: "nix-daemon".into(), arguments: ["--stdio", "--store", url].map(Into::into).to_vec() }
    }

    /// The program for a store on another machine.
    pub fn over_ssh(host: &str, remote_store: Option<&str>) -> Self {
        let mut arguments: Vec<OsString> = [host, "nix-daemon", "--stdio"].map(Into::into).to_vec();
        arguments.extend(remote_store.iter().flat_map(|url| ["--store".into(), url.into()]));
        Self::Program { program: "ssh".into(), arguments }
    }

    /// Opens a connection.
    ///
    /// # Errors
    ///
    /// Fails if nobody listens, or if the program cannot be started.
    pub(super) fn open(&self) -> Result<Stream> {
        match self {
            Self::Socket(path) => {
                let shown = path.display();
                if path.as_os_str().len() > LONGEST_SOCKET_PATH {
                    return Err(connection_failed(format!("socket path '{shown}' is too long")));
                }
                let socket = UnixStream::connect(path).map_err(|error| {
                    let reason = reason(&error);
                    connection_failed(format!("cannot connect to socket at '{shown}': {reason}"))
                })?;
                Stream::of_socket(socket)
            }
            Self::Program { program, arguments } => {
                let mut command = Command::new(program);
                command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
                let child = command.spawn().map_err(|error| {
                    let reason = reason(&error);
                    connection_failed(format!("executing '{}': {reason}", program.display()))
                })?;
                Ok(Stream::of_program(child))
            }
        }
    }
}
