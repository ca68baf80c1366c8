//! The classes of bytes in Nix's lexer.
//!
//! Example: `-` is part of names (`a-b`), of paths (`./a-b`) and of URI schemes, but starts none of them.

/// May start a name: `a`, `_`.
pub(super) const NAME_START: u8 = 1;
/// May continue a name: `a`, `1`, `'`, `-`.
pub(super) const NAME: u8 = 2;
/// May be in a path segment: `a`, `1`, `.`, `_`, `-`, `+`.
pub(super) const PATH: u8 = 4;
/// May be in the scheme of a URI, `http` in `http://x`.
pub(super) const SCHEME: u8 = 8;
/// May follow the colon of a URI.
pub(super) const URI: u8 = 16;
/// A decimal digit.
pub(super) const DIGIT: u8 = 32;
/// Nix's only white space: space, tab, CR and LF.
pub(super) const BLANK: u8 = 64;

const fn class_of(byte: u8) -> u8 {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' => NAME_START | NAME | PATH | SCHEME | URI,
        b'0'..=b'9' => NAME | PATH | SCHEME | URI | DIGIT,
        b'_' => NAME_START | NAME | PATH | URI,
        b'-' => NAME | PATH | SCHEME | URI,
        b'.' | b'+' => PATH | SCHEME | URI,
        b'\'' => NAME | URI,
        b'%' | b'/' | b'?' | b':' | b'@' | b'&' | b'=' | b'$' | b',' | b'!' | b'~' | b'*' => URI,
        b' ' | b'\t' | b'\r' | b'\n' => BLANK,
        _ => 0,
    }
}

static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = class_of(byte as u8);
        byte += 1;
    }
    classes
};

/// True if `byte` is in one of `classes`.
#[inline]
pub(super) fn is(byte: u8, classes: u8) -> bool {
    CLASSES[byte as usize] & classes != 0
}

/// True if the byte at `at` exists and is in one of `classes`.
#[inline]
pub(super) fn is_at(bytes: &[u8], at: usize, classes: u8) -> bool {
    bytes.get(at).is_some_and(|&byte| is(byte, classes))
}

/// The end of the run of `classes` that starts at `at`.
#[inline]
pub(super) fn run(bytes: &[u8], at: usize, classes: u8) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|&&byte| is(byte, classes)).count()
}
