//! String literals: from the raw bytes between the quotes to the bytes of the value.
//!
//! Example: the raw text `a\n` of `"a\n"` becomes `a` and a line feed; the indented string
//!
//! ```nix
//! ''
//!   one
//!     two
//! ''
//! ```
//!
//! becomes `one`, line feed, two spaces, `two`, line feed.

/// A piece of a string literal as in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a, E> {
    /// Raw bytes with undecoded escapes.
    Text(&'a [u8]),
    /// `${…}`.
    Interpolation(E),
}

/// A piece of a string literal with its text decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnedPiece<E> {
    /// Decoded bytes, never empty.
    Text(Vec<u8>),
    /// `${…}`.
    Interpolation(E),
}

/// Decodes the text of a `"…"` string and appends it to `out`.
///
/// `\n`, `\r` and `\t` are control characters, any other `\c` is `c`; CR and CRLF become LF.
pub fn unescape(raw: &[u8], out: &mut Vec<u8>) {
    let mut rest = raw;
    while let Some(at) = memchr::memchr2(b'\\', b'\r', rest) {
        out.extend_from_slice(&rest[..at]);
        let (byte, used) = match (rest[at], rest.get(at + 1)) {
            (b'\\', Some(&escaped)) => (control(escaped), 2),
            (b'\r', Some(b'\n')) => (b'\n', 2),
            (b'\r', _) => (b'\n', 1),
            (byte, _) => (byte, 1),
        };
        out.push(byte);
        rest = &rest[at + used..];
    }
    out.extend_from_slice(rest);
}

/// The byte for `\` followed by `escaped`.
fn control(escaped: u8) -> u8 {
    match escaped {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        other => other,
    }
}

/// Decodes the pieces of a `''…''` string: decodes its escapes and removes the common indentation of its lines.
///
/// The pieces are divided as in C++ Nix: an escape (`''$`, `'''`, `''\n`) is a separate piece. Use [`join`] when only
/// the value matters.
pub fn indented<E>(pieces: Vec<Piece<'_, E>>) -> Vec<OwnedPiece<E>> {
    let parts = split(pieces);
    let indentation = common_indentation(&parts);
    strip(parts, indentation)
}

/// Joins adjacent texts.
pub fn join<E>(pieces: Vec<OwnedPiece<E>>) -> Vec<OwnedPiece<E>> {
    let mut joined: Vec<OwnedPiece<E>> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(OwnedPiece::Text(text)), OwnedPiece::Text(more)) => text.extend(more),
            (_, piece) => joined.push(piece),
        }
    }
    joined
}

/// A token of an indented string, as in C++ Nix's lexer.
enum Part<'a, E> {
    /// Ordinary text, whose spaces at the start of a line may be indentation.
    Plain(&'a [u8]),
    /// The byte of an escape, or a lone `$` or `'`: never indentation.
    Literal(u8, Repeat),
    Interpolation(E),
}

/// `'''` gives two quotes, every other escape one byte.
#[derive(Clone, Copy)]
enum Repeat {
    Once,
    Twice,
}

fn split<E>(pieces: Vec<Piece<'_, E>>) -> Vec<Part<'_, E>> {
    let mut parts = Vec::with_capacity(pieces.len());
    for (index, piece) in pieces.into_iter().enumerate() {
        match piece {
            Piece::Text(text) if index == 0 => split_text(without_blank_first_line(text), &mut parts),
            Piece::Text(text) => split_text(text, &mut parts),
            Piece::Interpolation(expression) => parts.push(Part::Interpolation(expression)),
        }
    }
    parts
}

/// The text without the rest of the first line, if only spaces follow the opening quotes there.
pub(super) fn without_blank_first_line(text: &[u8]) -> &[u8] {
    let spaces = text.iter().take_while(|&&byte| byte == b' ').count();
    if text.get(spaces) == Some(&b'\n') { &text[spaces + 1..] } else { text }
}

/// The token with the first NUL byte in the raw text of an indented string, and its offset.
pub(super) fn part_with_nul(raw: &[u8]) -> (usize, &[u8]) {
    let mut parts: Vec<Part<'_, ()>> = Vec::new();
    split_text(raw, &mut parts);
    let found = parts.iter().find_map(|part| match part {
        Part::Plain(text) if text.contains(&0) => Some((text.as_ptr().addr() - raw.as_ptr().addr(), *text)),
        _ => None,
    });
    found.unwrap_or((0, raw))
}

fn split_text<'a, E>(text: &'a [u8], parts: &mut Vec<Part<'a, E>>) {
    let mut at = 0;
    while at < text.len() {
        let plain = plain_length(&text[at..]);
        if plain > 0 {
            parts.push(Part::Plain(&text[at..at + plain]));
            at += plain;
            continue;
        }
        let (byte, repeat, used) = match &text[at..] {
            [b'\'', b'\'', b'\\', escaped, ..] => (control(*escaped), Repeat::Once, 4),
            [b'\'', b'\'', b'$', ..] => (b'$', Repeat::Once, 3),
            [b'\'', b'\'', b'\'', ..] => (b'\'', Repeat::Twice, 3),
            rest => (rest[0], Repeat::Once, 1),
        };
        parts.push(Part::Literal(byte, repeat));
        at += used;
    }
}

/// The number of bytes of ordinary text: a `$` or `'` is ordinary together with an ordinary byte after it.
fn plain_length(text: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'$', b'\'', &text[at..]) {
        at += found;
        match (text[at], text.get(at + 1)) {
            (_, None | Some(b'\'')) | (b'$', Some(b'{')) | (b'\'', Some(b'$')) => return at,
            _ => at += 2,
        }
    }
    text.len()
}

/// The least number of spaces before another byte in a line; empty lines do not count.
fn common_indentation<E>(parts: &[Part<'_, E>]) -> usize {
    let mut least = usize::MAX;
    let mut spaces = Some(0); // in the current line, as long as it has nothing else
    for part in parts {
        let Part::Plain(text) = part else {
            least = spaces.take().map_or(least, |count| least.min(count));
            continue;
        };
        for byte in *text {
            spaces = match (spaces, byte) {
                (_, b'\n') => Some(0),
                (Some(count), b' ') => Some(count + 1),
                (Some(count), _) => {
                    least = least.min(count);
                    None
                }
                (None, _) => None,
            };
        }
    }
    least
}

fn strip<E>(parts: Vec<Part<'_, E>>, indentation: usize) -> Vec<OwnedPiece<E>> {
    let mut stripped = Vec::with_capacity(parts.len());
    let mut stripper = Stripper { indentation, dropped: Some(0) };
    let count = parts.len();
    for (index, part) in parts.into_iter().enumerate() {
        let mut text = match part {
            Part::Plain(text) => stripper.strip(text),
            Part::Literal(byte, Repeat::Once) => stripper.strip(&[byte]),
            Part::Literal(byte, Repeat::Twice) => stripper.strip(&[byte, byte]),
            Part::Interpolation(expression) => {
                stripper.dropped = None;
                stripped.push(OwnedPiece::Interpolation(expression));
                continue;
            }
        };
        if index + 1 == count {
            drop_blank_last_line(&mut text);
        }
        if !text.is_empty() {
            stripped.push(OwnedPiece::Text(text));
        }
    }
    stripped
}

/// Removes up to `indentation` spaces from the start of each line.
struct Stripper {
    indentation: usize,
    /// Spaces seen in the current line, as long as it has nothing else.
    dropped: Option<usize>,
}

impl Stripper {
    fn strip(&mut self, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len());
        for &byte in text {
            self.dropped = match (self.dropped, byte) {
                (_, b'\n') => Some(0),
                (Some(count), b' ') if count < self.indentation => {
                    self.dropped = Some(count + 1);
                    continue;
                }
                (Some(count), b' ') => Some(count + 1),
                _ => None,
            };
            out.push(byte);
        }
        out
    }
}

/// Removes the line of the closing quotes if only spaces come before them.
fn drop_blank_last_line(text: &mut Vec<u8>) {
    if let Some(line_feed) = memchr::memrchr(b'\n', text)
        && text[line_feed + 1..].iter().all(|&byte| byte == b' ')
    {
        text.truncate(line_feed + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_of_quoted_strings() {
        let table: [(&str, &str); 7] = [
            ("plain", "plain"),
            (r"a\nb\tc\rd", "a\nb\tc\rd"),
            (r"\${x}\\\q", r"${x}\q"),
            ("a\r\nb\rc", "a\nb\nc"),
            ("a\\\r\nb", "a\r\nb"),
            ("$${x}", "$${x}"),
            ("", ""),
        ];
        for (raw, expected) in table {
            let mut out = Vec::new();
            unescape(raw.as_bytes(), &mut out);
            assert_eq!(out, expected.as_bytes(), "{raw:?}");
        }
    }

    #[test]
    fn indentation() {
        let table: [(&str, &str); 10] = [
            ("\n  a\n    b\n", "a\n  b\n"),
            ("   \n  a\n  ", "a\n"),
            ("  a\n b", " a\nb"),
            ("\n  a\n\n  b", "a\n\nb"),
            ("\n  a\n \n  b", "a\n\nb"),
            ("\n\ta\n  b", "\ta\n  b"),
            ("\n  ''\\n  a\n    b", "\na\n  b"),
            ("\n  '''x''$y$$z'q", "''x$y$$z'q"),
            ("\r\n  a\r\n", "\r\n  a\r\n"),
            ("", ""),
        ];
        for (raw, expected) in table {
            let pieces = join(indented::<()>(vec![Piece::Text(raw.as_bytes())]));
            let text = pieces.into_iter().next().map_or(Vec::new(), |piece| match piece {
                OwnedPiece::Text(text) => text,
                OwnedPiece::Interpolation(()) => Vec::new(),
            });
            assert_eq!(String::from_utf8_lossy(&text), expected, "{raw:?}");
        }
    }

    #[test]
    fn interpolation_ends_indentation() {
        let pieces = vec![Piece::Text(b"\n    "), Piece::Interpolation(1), Piece::Text(b"  x\n     y\n  ")];
        let expected = vec![OwnedPiece::Interpolation(1), OwnedPiece::Text(b"  x\n y\n".to_vec())];
        assert_eq!(indented(pieces), expected);
    }
}
