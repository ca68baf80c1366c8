//! Formats and algorithms that know nothing of Nix evaluation: pure functions over bytes and numbers. Nothing here
//! reads files, prints, or panics on any input, and no input is deep enough to exhaust the stack.

pub mod base;
pub mod date;
pub mod float_json;
pub mod hash;
pub mod hash_format;
pub mod hash_text;
pub mod json;
pub mod levenshtein;
pub mod nix_string;
pub mod number;
pub mod palette;
pub mod regex;
pub mod store_url;
pub mod terminal;
pub mod toml;
pub(crate) mod url;
pub mod version;
pub mod xml;

/// Bytes as a text, with a replacement character for what is not UTF-8.
pub fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
