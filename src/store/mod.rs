//! Store paths and references to them: pure computation, no evaluation and no files.

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
