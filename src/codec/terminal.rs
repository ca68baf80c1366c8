//! Untrusted bytes as text that neither a terminal nor a log takes for commands.
//!
//! Everything that is shown to people comes through [`shown`], whether programs, servers or `git` wrote it. Values on
//! standard output don't.

use std::borrow::Cow;
use std::ops::RangeInclusive;
use unicode_width::UnicodeWidthChar;

const ESCAPE: u8 = 0x1b;
const BELL: u8 = 0x07;
/// The distance of tab stops.
const TAB: usize = 8;

/// The text without escape sequences, carriage returns and bells, and with tabs as spaces. With `colour` the
/// sequences that set colours are kept.
///
/// Columns are counted from the start of the text and not from newlines, as in C++ Nix.
pub fn shown(text: &[u8], colour: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut column = 0;
    let mut rest = text;
    while let Some(&byte) = rest.first() {
        let mut length = 1;
        match byte {
            ESCAPE => {
                length = sequence(rest);
                if colour && sets_colour(&rest[..length]) {
                    out.extend(&rest[..length]);
                }
            }
            b'\t' => {
                let stop = TAB - column % TAB;
                out.extend(std::iter::repeat_n(b' ', stop));
                column += stop;
            }
            b'\r' | BELL => {}
            _ => {
                let columns;
                (columns, length) = character(rest);
                column += columns;
                out.extend(&rest[..length]);
            }
        }
        rest = &rest[length..];
    }
    out
}

/// Like [`shown`], for text.
pub fn shown_text(text: &str, colour: bool) -> String {
    // Only whole characters are removed.
    String::from_utf8_lossy(&shown(text.as_bytes(), colour)).into_owned()
}

/// Text for people: like [`shown`], with columns counted anew on each line, and with pictures for other control
/// characters.
pub fn visible(text: &str, colour: bool) -> Cow<'_, str> {
    if !text.contains(|character: char| character.is_control() && character != '\n') {
        return Cow::Borrowed(text);
    }
    let lines = text.split('\n').map(|line| {
        let is_kept = |character: char| colour && character == char::from(ESCAPE);
        let shown = shown_text(line, colour);
        shown
            .chars()
            .map(|character| if is_kept(character) { character } else { picture(character) })
            .collect::<String>()
    });
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}

/// The picture shown for a control character; other characters are unchanged.
fn picture(character: char) -> char {
    match character {
        '\0'..='\x1f' => char::from_u32(0x2400 + character as u32).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\x7f' => '␡',
        _ if character.is_control() => char::REPLACEMENT_CHARACTER,
        _ => character,
    }
}

/// The length in bytes of the escape sequence at the start.
fn sequence(text: &[u8]) -> usize {
    let span = |from: usize, bytes: RangeInclusive<u8>| {
        text[from..].iter().take_while(|byte| bytes.contains(byte)).count() + from
    };
    let one = |from: usize, bytes: RangeInclusive<u8>| {
        from + usize::from(text.get(from).is_some_and(|byte| bytes.contains(byte)))
    };
    match text.get(1) {
        Some(b'[') => one(span(span(2, 0x30..=0x3f), 0x20..=0x2f), 0x40..=0x7e),
        Some(b']') => match text[2..].iter().position(|byte| [ESCAPE, BELL].contains(byte)) {
            Some(end) if text[2 + end] == ESCAPE => one(end + 3, b'\\'..=b'\\'),
            Some(end) => end + 3,
            None => text.len(),
        },
        _ => one(1, 0x40..=0x5f),
    }
}

fn sets_colour(sequence: &[u8]) -> bool {
    sequence.starts_with(b"\x1b[") && sequence.ends_with(b"m")
}

/// The number of columns and bytes of the character at the start of a text. Bytes that are not UTF-8 have one column
/// each.
fn character(text: &[u8]) -> (usize, usize) {
    let (length, first) = match text[0] {
        byte @ 0..0x80 => (1, byte),
        byte @ 0xc0..0xe0 => (2, byte & 0x1f),
        byte @ 0xe0..0xf0 => (3, byte & 0x0f),
        byte @ 0xf0..0xf8 => (4, byte & 0x07),
        _ => return (1, 1),
    };
    let mut code = u32::from(first);
    for index in 1..length {
        match text.get(index) {
            Some(&byte) if byte & 0xc0 == 0x80 => code = code << 6 | u32::from(byte & 0x3f),
            _ => return (index, index),
        }
    }
    let columns = match char::from_u32(code) {
        Some(character) => width(character),
        None if code > 0x10_ffff => length,
        None => 0,
    };
    (columns, length)
}

/// The number of columns of a character at a terminal. Unassigned characters have none, as in C++ Nix.
pub fn width(character: char) -> usize {
    match character.width().unwrap_or(0) {
        1 if !character.is_ascii() && (is_unprintable(character) || is_spacing_mark(character)) => 0,
        columns => columns,
    }
}

/// The number of columns of a text without control characters.
pub fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

fn is_unprintable(character: char) -> bool {
    !character.is_whitespace() && character.escape_debug().len() > 1
}

/// Marks that combine with the letter before, though some terminals give them a column (Unicode's category Mc).
fn is_spacing_mark(character: char) -> bool {
    let after = SPACING_MARKS.partition_point(|range| *range.start() <= character as u32);
    after > 0 && SPACING_MARKS[after - 1].contains(&(character as u32))
}

/// Code points between two of them in a range have no column either.
const SPACING_MARKS: [RangeInclusive<u32>; 92] = [
    0x903..=0x903,
    0x93b..=0x93b,
    0x93e..=0x94f,
    0x982..=0x983,
    0x9bf..=0x9cc,
    0xa03..=0xa03,
    0xa3e..=0xa40,
    0xa83..=0xa83,
    0xabe..=0xacc,
    0xb02..=0xb03,
    0xb40..=0xb4c,
    0xbbf..=0xbcc,
    0xc01..=0xc03,
    0xc41..=0xc44,
    0xc82..=0xc83,
    0xcbe..=0xcc4,
    0xcf3..=0xd03,
    0xd3f..=0xd4c,
    0xd82..=0xd83,
    0xdd0..=0xdde,
    0xdf2..=0xdf3,
    0xf3e..=0xf3f,
    0xf7f..=0xf7f,
    0x102b..=0x103c,
    0x1056..=0x1057,
    0x1062..=0x1064,
    0x1067..=0x106d,
    0x1083..=0x108c,
    0x108f..=0x108f,
    0x109a..=0x109c,
    0x17b6..=0x17c8,
    0x1923..=0x1938,
    0x1a19..=0x1a1a,
    0x1a55..=0x1a72,
    0x1b04..=0x1b04,
    0x1b3e..=0x1b41,
    0x1b82..=0x1b82,
    0x1ba1..=0x1ba7,
    0x1be7..=0x1bee,
    0x1c24..=0x1c35,
    0x1ce1..=0x1ce1,
    0x1cf7..=0x1cf7,
    0xa823..=0xa827,
    0xa880..=0xa881,
    0xa8b4..=0xa8c3,
    0xa952..=0xa952,
    0xa983..=0xa983,
    0xa9b4..=0xa9bf,
    0xaa2f..=0xaa34,
    0xaa4d..=0xaa4d,
    0xaa7b..=0xaa7d,
    0xaaeb..=0xaaef,
    0xaaf5..=0xaaf5,
    0xabe3..=0xabea,
    0xabec..=0xabec,
    0x11000..=0x11002,
    0x11082..=0x11082,
    0x110b0..=0x110b8,
    0x1112c..=0x1112c,
    0x11145..=0x11146,
    0x11182..=0x11182,
    0x111b3..=0x111bf,
    0x111ce..=0x111ce,
    0x1122c..=0x11233,
    0x112e0..=0x112e2,
    0x11302..=0x11303,
    0x1133f..=0x1134c,
    0x11362..=0x11363,
    0x113b9..=0x113cd,
    0x11435..=0x11445,
    0x114b1..=0x114c1,
    0x115b0..=0x115be,
    0x11630..=0x1163e,
    0x116ac..=0x116af,
    0x1171e..=0x11726,
    0x1182c..=0x11838,
    0x11931..=0x11938,
    0x11940..=0x11940,
    0x11942..=0x11942,
    0x119d1..=0x119df,
    0x119e4..=0x119e4,
    0x11a39..=0x11a39,
    0x11a57..=0x11a58,
    0x11a97..=0x11a97,
    0x11c2f..=0x11c3e,
    0x11ca9..=0x11cb4,
    0x11d8a..=0x11d96,
    0x11ef5..=0x11ef6,
    0x11f03..=0x11f03,
    0x11f34..=0x11f3f,
    0x1612a..=0x1612c,
    0x16f51..=0x16f87,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn both(text: &str) -> [String; 2] {
        [shown_text(text, false), shown_text(text, true)]
    }

    #[test]
    fn sequences() {
        let table = [
            ("a\x1b[31mb\x1b[0m", ["ab", "a\x1b[31mb\x1b[0m"]),
            ("a\x1b[2Jb\x1b[1;1H", ["ab", "ab"]),
            ("\x1b]0;title\x07a\x1b]8;;http://b\x1b\\c\x1b]8;;\x1b\\", ["ac", "ac"]),
            ("\x1b]0;endless", ["", ""]),
            ("a\x1b]c\x1bd\x07\x1b(x", ["ad(x", "ad(x"]),
            ("\x1b\x1b[0mc\x1bMd\x1b", ["cd", "\x1b[0mcd"]),
            ("\x1b[3\n4m\x1b", ["\n4m", "\n4m"]),
            ("a\r\nb\x07", ["a\nb", "a\nb"]),
        ];
        for (text, expected) in table {
            assert_eq!(both(text), expected, "{text:?}");
            expected.iter().for_each(|once| assert_eq!(shown_text(once, true), *once));
        }
    }

    #[test]
    fn tabs() {
        let table = [
            ("a\tb", "a       b"),
            ("日\tb", "日      b"),
            ("e\u{301}\tb", "e\u{301}       b"),
            ("का\tb", "का       b"),
            ("\u{e000}\u{200b}\tb", "\u{e000}\u{200b}        b"),
            ("12345678\tb", "12345678        b"),
            ("1\n2\tb", "1\n2      b"),
            ("\x1b[31ma\tb", "a       b"),
        ];
        for (text, expected) in table {
            assert_eq!(shown_text(text, false), expected, "{text:?}");
        }
        assert_eq!(shown(b"\xff\xe6\x97\tb\xc0\x80\0", false), b"\xff\xe6\x97     b\xc0\x80\0");
    }

    #[test]
    fn nothing_is_hidden_from_people() {
        let table = [
            ("plain\ntext", "plain\ntext"),
            ("1\n2\tb", "1\n2       b"),
            ("a\0b\x0c\x7f\u{9b}31m", "a␀b␌␡\u{fffd}31m"),
            ("\x1b]0;endless\nb", "\nb"),
        ];
        for (text, expected) in table {
            assert_eq!(visible(text, false), expected, "{text:?}");
        }
        assert_eq!(visible("\x1b[31ma\x1b[2J", true), "\x1b[31ma");
    }
}
