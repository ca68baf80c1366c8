//! Library files: a program goes through them, but readers of an error rarely want to change them.

use crate::source::Origin;

/// Folders of nixpkgs that nearly every evaluation goes through. A folder `lib` of any project counts too: code that
/// fails there was usually called wrongly.
const FOLDERS: [&str; 5] = ["/lib/", "/pkgs/stdenv/", "/pkgs/build-support/", "/pkgs/top-level/", "/nix/corepkgs/"];

/// True for files of a library, and for the evaluator's own texts.
pub(super) fn is_library(origin: &Origin) -> bool {
    match origin {
        Origin::Internal(_) => true,
        Origin::File(path) => {
            let path = String::from_utf8_lossy(path);
            FOLDERS.iter().any(|folder| path.contains(folder))
        }
        Origin::String | Origin::Stdin => false,
    }
}
