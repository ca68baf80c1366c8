//! Store paths, derivations and archives: pure computation without evaluation. Only [`tree`] looks at files, through
//! [`crate::io::Io`], and [`folder`] is a store on disk.
//!
//! - [`path`]: store paths from hashes and names, and the rules for names.
//! - [`content`]: paths of content-addressed items.
//! - [`archive`], [`tree`]: the NAR format, and files and directories hashed in it.
//! - [`derivation`], [`aterm`], [`stored`]: a derivation, its text, and a parser of that text.
//! - [`features`]: the features that a derivation requires of its builder.
//! - [`fixed`]: what a fixed-output derivation fetches.
//! - [`modulo`]: the hash of a derivation that its output paths are made of.
//! - [`computed`]: the entries computed so far.
//! - [`selection`]: some of the files of a folder.
//! - [`backend`]: the interface of a store; [`folder`] and [`staging`]: a store in a folder; [`binary_cache`]: archives in a
//!   folder; [`daemon`]: a client of the Nix daemon.

pub mod archive;
pub mod aterm;
pub mod backend;
pub mod binary_cache;
pub mod computed;
pub mod content;
pub mod daemon;
pub mod derivation;
pub mod features;
pub mod fixed;
pub mod folder;
pub mod modulo;
pub mod path;
pub mod selection;
pub mod staging;
pub mod stored;
pub mod tree;

use crate::value::context::Reference;

/// A reference in the form of C++ Nix's messages: `path`, `path.drv (deep)` or `path.drv^output`.
pub fn show_reference(reference: &Reference) -> String {
    match reference {
        Reference::Opaque(path) => String::from_utf8_lossy(path).into_owned(),
        Reference::Deep(path) => format!("{} (deep)", String::from_utf8_lossy(path)),
        Reference::Output { derivation, output } => {
            format!("{}^{}", String::from_utf8_lossy(derivation), String::from_utf8_lossy(output))
        }
    }
}

/// A reference in the form inside C++ Nix's strings: `name`, `=name.drv` or `!output!name.drv`, without the store's
/// directory.
pub fn encode_reference(reference: &Reference) -> String {
    let (start, path) = match reference {
        Reference::Opaque(path) => (String::new(), path),
        Reference::Deep(path) => ("=".to_owned(), path),
        Reference::Output { derivation, output } => (format!("!{}!", String::from_utf8_lossy(output)), derivation),
    };
    let base = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let mut steps: Vec<_> = base.split(|&byte| byte == b'^').map(String::from_utf8_lossy).collect();
    steps.reverse();
    start + &steps.join("!")
}

/// The derivation that a reference to an output starts from, and the outputs on the way to the derivation that has
/// it. There are some only if a derivation is itself the output of another: `path.drv^output`.
pub fn derivation_steps(derivation: &[u8]) -> (&[u8], impl Iterator<Item = &[u8]>) {
    let mut steps = derivation.split(|&byte| byte == b'^');
    (steps.next().unwrap_or_default(), steps)
}
