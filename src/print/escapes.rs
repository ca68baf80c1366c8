//! ANSI escape sequences: the colours of the printer, and their removal from the text of others.

pub(super) const NORMAL: &str = "\x1b[0m";
pub(super) const FAINT: &str = "\x1b[2m";
pub(super) const RED: &str = "\x1b[31;1m";
pub(super) const GREEN: &str = "\x1b[32;1m";
pub(super) const BLUE: &str = "\x1b[34;1m";
pub(super) const MAGENTA: &str = "\x1b[35;1m";
pub(super) const CYAN: &str = "\x1b[36;1m";

const ESCAPE: char = '\x1b';
const BELL: char = '\x07';

/// Distance of tab stops.
const TAB: usize = 8;

type Characters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// Text without escape sequences, carriage returns and bells, and with tabs as spaces. Columns are counted from the start
/// of the text, newlines or not, as C++ Nix counts them.
pub(crate) fn without_escapes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            ESCAPE => skip_sequence(&mut rest),
            '\r' | BELL => {}
            '\n' => out.push('\n'),
            '\t' => {
                let width = TAB - column % TAB;
                out.extend(std::iter::repeat_n(' ', width));
                column += width;
            }
            _ => {
                out.push(character);
                column += 1;
            }
        }
    }
    out
}

/// Skips what follows the escape character in an escape sequence.
fn skip_sequence(rest: &mut Characters<'_>) {
    if rest.next_if_eq(&'[').is_some() {
        while rest.next_if(|next| ('0'..='?').contains(next)).is_some() {}
        while rest.next_if(|next| (' '..='/').contains(next)).is_some() {}
        rest.next_if(|next| ('@'..='~').contains(next));
    } else if rest.next_if_eq(&']').is_some() {
        while rest.next_if(|next| *next != ESCAPE && *next != BELL).is_some() {}
        if rest.next() == Some(ESCAPE) {
            rest.next_if_eq(&'\\');
        }
    } else {
        rest.next_if(|next| ('@'..='_').contains(next));
    }
}
