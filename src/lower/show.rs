//! stub
use super::Options;
use crate::syntax::Parsed;
/// stub
pub fn show_program(_parsed: &Parsed, _source: &[u8], _options: Options<'_>) -> Vec<u8> { Vec::new() }
/// stub
pub fn show_assertion(_text: &[u8], _directory: &[u8]) -> Vec<u8> { Vec::new() }
