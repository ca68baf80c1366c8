//! The names that the program is started under.

use super::command::Command;
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

/// The name the program was started under. It decides what happens without flags, and how errors look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// `nivis`
    Nivis,
    /// `nix-instantiate`
    NixInstantiate,
    /// `nix-build`
    NixBuild,
    /// `nix-shell`
    NixShell,
    /// `nix`, of which a few commands are there.
    Nix,
}

impl Program {
    /// The program that the first word names.
    pub(crate) fn of(words: &[OsString]) -> Self {
        let path = words.first().map(|word| word.as_bytes()).unwrap_or_default();
        match path.rsplit(|&byte| byte == b'/').next() {
            Some(b"nix-instantiate") => Self::NixInstantiate,
            Some(b"nix-build") => Self::NixBuild,
            Some(b"nix-shell") => Self::NixShell,
            Some(b"nix") => Self::Nix,
            _ => Self::Nivis,
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nivis => "nivis",
            Self::NixInstantiate => "nix-instantiate",
            Self::NixBuild => "nix-build",
            Self::NixShell => "nix-shell",
            Self::Nix => "nix",
        }
    }

    /// The command that it always is, unless words name one.
    pub(crate) fn command(self) -> Command {
        match self {
            Self::Nivis | Self::Nix | Self::NixInstantiate => Command::Classic,
            Self::NixBuild => Command::NixBuild,
            Self::NixShell => Command::NixShell,
        }
    }

    /// True for the old programs of Nix, which are commands of their own.
    pub(crate) fn is_old(self) -> bool {
        matches!(self, Self::NixInstantiate | Self::NixBuild | Self::NixShell)
    }
}
