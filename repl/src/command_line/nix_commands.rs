//! The commands of `nix`, of which those that evaluate or build are here.

use super::command::Command;
use super::words::{lossy, usage};
use nivis::Result;
use nivis::codec::levenshtein;

/// True for a command of `nix`.
pub(crate) fn is_known(word: &[u8]) -> bool {
    NAMES.iter().chain(OLD_NAMES).any(|known| known.as_bytes() == word)
}

/// The command that the word after `nix` names.
///
/// # Errors
/// Fails if the word is not a command, or names one that does other things.
pub(crate) fn command(word: &[u8]) -> Result<Command> {
    if let Some(command) = Command::named(word).filter(|command| is_known(word) && *command != Command::Profile) {
        return Ok(command);
    }
    let name = lossy(Some(word.to_vec()));
    if is_known(word) {
        return Err(usage(format!("'nix {name}' is not part of this program; 'nivis --help' lists its commands")));
    }
    let nearest = levenshtein::suggestions(word, NAMES.iter().map(|name| name.as_bytes()));
    let nearest = nearest.iter().map(|name| lossy(Some(name.to_vec()))).collect();
    Err(usage(format!("'{name}' is not a recognised command")).with_suggestions(nearest))
}

/// All commands of `nix`.
pub(crate) const NAMES: &[&str] = &[
    "build",
    "bundle",
    "config",
    "copy",
    "daemon",
    "derivation",
    "develop",
    "edit",
    "env",
    "eval",
    "flake",
    "fmt",
    "formatter",
    "hash",
    "help",
    "help-stores",
    "key",
    "log",
    "nar",
    "path-info",
    "print-dev-env",
    "profile",
    "realisation",
    "registry",
    "repl",
    "run",
    "search",
    "store",
    "upgrade-nix",
    "why-depends",
];

/// Names that commands had once, and `shell`, which stayed.
const OLD_NAMES: &[&str] = &[
    "add-to-store",
    "cat-nar",
    "cat-store",
    "copy-sigs",
    "dev-shell",
    "diff-closures",
    "doctor",
    "dump-path",
    "hash-file",
    "hash-path",
    "ls-nar",
    "ls-store",
    "make-content-addressable",
    "optimise-store",
    "ping-store",
    "shell",
    "show-config",
    "show-derivation",
    "sign-paths",
    "to-base16",
    "to-base32",
    "to-base64",
    "verify",
];
