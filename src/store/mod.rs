//! Store paths, derivations and archives: pure computation, no evaluation. Only [`tree`] looks at files, through
//! [`crate::io::Io`].
//!
//! - [`path`]: from what something is to where the store keeps it; which names it may have.
//! - [`content`]: paths of things that are known by their hash.
//! - [`archive`], [`tree`]: the NAR format, and files and directories hashed in it.
//! - [`derivation`], [`aterm`]: a derivation, and its text.
//! - [`modulo`]: the hash of a derivation that its output paths are made of.
//! - [`known`]: what was computed so far.

pub mod archive;
pub mod aterm;
pub mod content;
pub mod derivation;
pub mod known;
pub mod modulo;
pub mod path;
pub mod tree;

use crate::value::context::Reference;

/// A reference as C++ Nix writes it in messages: `path`, `=path.drv` or `path.drv^output`.
pub fn show_reference(reference: &Reference) -> String {
    match reference {
        Reference::Opaque(path) => String::from_utf8_lossy(path).into_owned(),
        Reference::Deep(path) => format!("={}", String::from_utf8_lossy(path)),
        Reference::Output { derivation, output } => {
            format!("{}^{}", String::from_utf8_lossy(derivation), String::from_utf8_lossy(output))
        }
    }
}
