//! Marks in the text of a program, around the expressions that are being evaluated.

use crate::syntax::rewrite::Piece;
use std::ops::Range;

/// The marks around an active expression, whose number follows as decimal digits and the third of them.
pub(super) const MARKS: [char; 3] = ['\u{fdd0}', '\u{fdd1}', '\u{fdd2}'];

/// A piece with marks around it.
pub(super) fn marked(serial: usize, piece: Piece) -> Piece {
    let [begin, end, stop] = MARKS;
    Piece { text: format!("{begin}{serial}{stop}{}{end}{serial}{stop}", piece.text), bond: piece.bond }
}

/// The text without marks, and where they were.
pub(super) fn without_marks(text: &str) -> (String, Vec<(usize, Range<usize>)>) {
    let (mut out, mut places): (String, Vec<(usize, Range<usize>)>) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some(at) = rest.find([MARKS[0], MARKS[1]]) {
        out += &rest[..at];
        let begins = rest[at..].starts_with(MARKS[0]);
        rest = &rest[at + MARKS[0].len_utf8()..];
        let Some(stop) = rest.find(MARKS[2]) else { break };
        let serial = rest[..stop].parse().unwrap_or(0);
        rest = &rest[stop + MARKS[2].len_utf8()..];
        if begins {
            places.push((serial, out.len()..out.len()));
        } else if let Some((_, range)) = places.iter_mut().rev().find(|(number, _)| *number == serial) {
            range.end = out.len();
        }
    }
    (out + rest, places)
}
