//! Files that a program goes through but that whoever reads an error rarely means to change.

use crate::source::Origin;

/// Folders of nixpkgs that nearly every evaluation goes through. A folder `lib` of any project is one, too: what fails in it
/// is mostly called in a wrong way.
const FOLDERS: [&str; 5] = ["/lib/", "/pkgs/stdenv/", "/pkgs/build-support/", "/pkgs/top-level/", "/nix/corepkgs/"];

/// True for files of a library, and for what the evaluator itself is written in.
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
