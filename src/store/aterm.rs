//! The text of a derivation:
//! `Derive([outputs],[derivations],[sources],"system","builder",[arguments],[environment])`.
//!
//! The text is hashed three times with different outputs and inputs, so it is written in parts. The longest part,
//! everything after the inputs, is written once.

use super::derivation::{Derivation, Output, Uses, Variable};
use super::path::StorePath;
use crate::codec::base::encode_base16;

/// Writes a text in quotes.
pub fn write_string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    let mut rest = text;
    while let Some(index) = next_special(rest) {
        out.extend_from_slice(&rest[..index]);
        write_special(out, rest[index]);
        rest = &rest[index + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// The index of the next byte that may need a backslash. Most texts have few, so whole blocks are tested, which
/// compilers turn into vector instructions, and then words.
fn next_special(text: &[u8]) -> Option<usize> {
    let start = plain_blocks(text);
    let (words, last) = text[start..].as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let found = specials_of(u64::from_le_bytes(*word));
        if found != 0 {
            return Some(start + index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let start = text.len() - last.len();
    Some(start + last.iter().position(|byte| is_special(*byte))?)
}

/// The length of the whole blocks at the start without a byte that needs a backslash.
fn plain_blocks(text: &[u8]) -> usize {
    const BLOCK: usize = 32;
    let is_plain = |block: &&[u8; BLOCK]| !block.iter().fold(false, |found, byte| found | is_special(*byte));
    text.as_chunks().0.iter().take_while(is_plain).count() * BLOCK
}

fn is_special(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// A word whose lowest bit that is set is the highest of the first special byte. Zero if there is none.
fn specials_of(word: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHEST: u64 = ONES << 7;
    // A borrow goes to later bytes alone.
    let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word;
    let equal = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    (below(word, b' ') | equal(b'"') | equal(b'\\')) & HIGHEST
}

fn write_special(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        _ => out.push(byte),
    }
}

/// Writes a text in quotes that needs no escapes.
fn write_plain(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    out.extend_from_slice(text);
    out.push(b'"');
}

/// Writes items with commas between them.
fn separated<T>(out: &mut Vec<u8>, items: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Vec<u8>, T)) {
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(out, item);
    }
}

/// The list of outputs, without brackets. Unknown paths are empty.
pub(super) fn write_outputs(derivation: &Derivation<'_>, paths: &[Option<StorePath>]) -> Vec<u8> {
    let mut out = Vec::new();
    separated(&mut out, derivation.outputs.iter().zip(paths), |out, ((name, output), path)| {
        let (algorithm, hash) = algorithm_and_hash(output);
        let fields: [&[u8]; 4] = [name, path.as_deref().unwrap_or_default(), algorithm.as_bytes(), hash.as_bytes()];
        out.push(b'(');
        separated(out, fields, write_plain);
        out.push(b')');
    });
    out
}

fn algorithm_and_hash(output: &Output) -> (String, String) {
    match output {
        Output::ByInputs => (String::new(), String::new()),
        Output::Fixed(content) => (content.method_and_algorithm(), encode_base16(&content.hash.bytes)),
        Output::Floating(method, algorithm) => (format!("{}{}", method.prefix(), algorithm.name()), String::new()),
        Output::Impure(method, algorithm) => (format!("{}{}", method.prefix(), algorithm.name()), "impure".to_owned()),
    }
}

/// The list of input derivations, without brackets.
pub(super) fn write_derivation_inputs(derivation: &Derivation<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    separated(&mut out, &derivation.input_derivations, |out, input| write_input(out, input.path, &input.uses));
    out
}

/// Writes one input derivation, or the hash that replaces it, with its used outputs.
pub(super) fn write_input(out: &mut Vec<u8>, key: &[u8], uses: &Uses<'_>) {
    out.push(b'(');
    write_plain(out, key);
    out.push(b',');
    write_uses(out, uses);
    out.push(b')');
}

/// Writes the names of outputs. If some are derivations themselves, their used outputs follow.
fn write_uses(out: &mut Vec<u8>, uses: &Uses<'_>) {
    if !uses.nested.is_empty() {
        out.push(b'(');
    }
    out.push(b'[');
    separated(out, &uses.outputs, |out, name| write_plain(out, name));
    out.push(b']');
    if !uses.nested.is_empty() {
        out.extend_from_slice(b",[");
        separated(out, &uses.nested, |out, (name, uses)| write_input(out, name, uses));
        out.extend_from_slice(b"])");
    }
}

/// The text after the input derivations, with holes for the paths of outputs.
#[derive(Debug)]
pub(super) struct Body {
    text: Vec<u8>,
    /// The positions of the holes in the text, each with the index of its output.
    holes: Vec<(usize, usize)>,
}

impl Body {
    pub(super) fn of(derivation: &Derivation<'_>) -> Self {
        let length: usize = derivation.environment.iter().map(|(name, value)| name.len() + value.len() + 8).sum();
        let mut text = Vec::with_capacity(length + length / 8 + 256);
        text.push(b'[');
        separated(&mut text, &derivation.input_sources, |out, path| write_plain(out, path));
        text.extend_from_slice(b"],");
        write_plain(&mut text, derivation.system);
        text.push(b',');
        write_string(&mut text, derivation.builder);
        text.extend_from_slice(b",[");
        separated(&mut text, &derivation.arguments, |out, argument| write_string(out, argument));
        text.extend_from_slice(b"],[");
        let mut holes = Vec::new();
        separated(&mut text, &derivation.environment, |out, (name, value)| {
            out.push(b'(');
            write_string(out, name);
            out.push(b',');
            write_value(out, *value, &mut holes);
            out.push(b')');
        });
        text.extend_from_slice(b"])");
        Self { text, holes }
    }

    /// Passes the text to `take` piece by piece, with these values in the holes.
    pub(super) fn stream(&self, fill: &[Box<[u8]>], mut take: impl FnMut(&[u8])) {
        let mut done = 0;
        for &(place, output) in &self.holes {
            take(&self.text[done..place]);
            take(fill.get(output).map_or(&[], |value| value));
            done = place;
        }
        take(&self.text[done..]);
    }
}

fn write_value(out: &mut Vec<u8>, value: Variable<'_>, holes: &mut Vec<(usize, usize)>) {
    match value {
        Variable::Text(text) => write_string(out, text),
        Variable::Output(index) => {
            holes.push((out.len() + 1, index));
            out.extend_from_slice(b"\"\"");
        }
    }
}

impl Variable<'_> {
    fn len(self) -> usize {
        match self {
            Variable::Text(text) => text.len(),
            Variable::Output(_) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::write_string;

    #[test]
    fn strings() {
        let mut out = Vec::new();
        write_string(&mut out, b"a\"b\\c\nd\re\tf$\x01\xff");
        assert_eq!(out, b"\"a\\\"b\\\\c\\nd\\re\\tf$\x01\xff\"");
    }

    #[test]
    fn every_byte_is_written_the_same_everywhere() {
        for place in 0..50 {
            for byte in 0..=u8::MAX {
                let mut text = [b'x'; 50];
                text[place] = byte;
                let mut alone = Vec::new();
                write_string(&mut alone, &[byte]);
                let mut out = Vec::new();
                write_string(&mut out, &text);
                let expected = [b"\"", &text[..place], &alone[1..alone.len() - 1], &text[place + 1..], b"\""].concat();
                assert_eq!(out, expected, "{byte} at {place}");
            }
        }
    }
}
