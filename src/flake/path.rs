//! Paths of inputs: `nixops/nixpkgs` is the input `nixpkgs` of the input `nixops`.

use crate::error::{ErrorKind, Result};

/// The names of the inputs on the way from a flake to a direct or indirect input. Empty for the flake itself.
pub type InputPath = Vec<String>;

/// Parses a path of names separated by slashes.
///
/// # Errors
///
/// Fails if a part between slashes is not a valid name.
pub fn parse_input_path(text: &str) -> Result<InputPath> {
    let names = text.split('/').filter(|name| !name.is_empty());
    names.map(|name| if is_name(name) { Ok(name.to_owned()) } else { Err(bad_name(name)) }).collect()
}

fn is_name(name: &str) -> bool {
    name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

#[cold]
fn bad_name(name: &str) -> crate::Error {
    ErrorKind::Usage(format!("invalid flake input attribute path element '{name}'")).into()
}

/// The names, separated by slashes.
pub fn show_input_path(path: &[String]) -> String {
    path.join("/")
}

/// A path with one more name.
pub(super) fn extended(path: &[String], name: &str) -> InputPath {
    path.iter().cloned().chain([name.to_owned()]).collect()
}
