//! Characters that are invisible or look like others: their names, and their replacements in pictures.
//!
//! Example: a no-break space is `U+00A0 NO-BREAK SPACE` in a message, and `·` in the shown line.

/// The code and name of a character that is invisible or easily confused.
pub(super) fn named(character: char) -> Option<String> {
    let code = character as u32;
    match name(character) {
        Some(name) => Some(format!("U+{code:04X} {name}")),
        None if is_invisible(character) => Some(format!("U+{code:04X}")),
        None => None,
    }
}

/// The advice for a character.
pub(super) fn advice(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{feff}' => "save the file without a byte order mark",
        '“' | '”' | '„' | '‟' | '«' | '»' => "strings need straight quotes: `\"…\"`",
        '‘' | '’' | '‚' | '‛' => "strings need straight quotes, `\"…\"` or `''…''`",
        '‐' | '‑' | '‒' | '–' | '—' | '−' => "minus is a plain `-`",
        '…' => "the ellipsis of a pattern is three dots: `...`",
        '×' => "multiplication is `*`",
        '\u{0b}' | '\u{0c}' => "only spaces, tabs and line ends separate words",
        _ if character.is_whitespace() => "only spaces, tabs and line ends separate words; this only looks like one",
        _ if is_invisible(character) => "it can't be seen; delete it",
        _ => return None,
    })
}

/// Appends a text, with a visible replacement for each invisible character. Byte offsets don't change.
pub(super) fn push_visible(out: &mut String, text: &str) {
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let is_line_end = character == '\r' && rest.peek() == Some(&'\n');
        if is_line_end || !is_invisible(character) {
            out.push(character);
            continue;
        }
        out.push_str(match character.len_utf8() {
            1 => "?",
            2 => "·",
            3 => "␣",
            _ => "????",
        });
    }
}

fn is_invisible(character: char) -> bool {
    match character {
        '\n' | '\t' | ' ' => false,
        '\u{ad}' | '\u{feff}' | '\u{180e}' | '\u{fffe}' => true,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' => true,
        '\u{e0000}'..='\u{e007f}' => true,
        _ => character.is_control() || character.is_whitespace(),
    }
}

fn name(character: char) -> Option<&'static str> {
    NAMES.iter().find(|(named, _)| *named == character).map(|(_, name)| *name)
}

/// Unicode's names of characters that look like others or like nothing.
const NAMES: &[(char, &str)] = &[
    ('\0', "NULL"),
    ('\u{07}', "BELL"),
    ('\u{08}', "BACKSPACE"),
    ('\u{0b}', "LINE TABULATION"),
    ('\u{0c}', "FORM FEED"),
    ('\r', "CARRIAGE RETURN"),
    ('\u{1b}', "ESCAPE"),
    ('\u{7f}', "DELETE"),
    ('\u{85}', "NEXT LINE"),
    ('\u{a0}', "NO-BREAK SPACE"),
    ('\u{ad}', "SOFT HYPHEN"),
    ('«', "LEFT-POINTING DOUBLE ANGLE QUOTATION MARK"),
    ('»', "RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK"),
    ('×', "MULTIPLICATION SIGN"),
    ('\u{1680}', "OGHAM SPACE MARK"),
    ('\u{2000}', "EN QUAD"),
    ('\u{2001}', "EM QUAD"),
    ('\u{2002}', "EN SPACE"),
    ('\u{2003}', "EM SPACE"),
    ('\u{2004}', "THREE-PER-EM SPACE"),
    ('\u{2005}', "FOUR-PER-EM SPACE"),
    ('\u{2006}', "SIX-PER-EM SPACE"),
    ('\u{2007}', "FIGURE SPACE"),
    ('\u{2008}', "PUNCTUATION SPACE"),
    ('\u{2009}', "THIN SPACE"),
    ('\u{200a}', "HAIR SPACE"),
    ('\u{200b}', "ZERO WIDTH SPACE"),
    ('\u{200c}', "ZERO WIDTH NON-JOINER"),
    ('\u{200d}', "ZERO WIDTH JOINER"),
    ('\u{200e}', "LEFT-TO-RIGHT MARK"),
    ('\u{200f}', "RIGHT-TO-LEFT MARK"),
    ('‐', "HYPHEN"),
    ('‑', "NON-BREAKING HYPHEN"),
    ('‒', "FIGURE DASH"),
    ('–', "EN DASH"),
    ('—', "EM DASH"),
    ('‘', "LEFT SINGLE QUOTATION MARK"),
    ('’', "RIGHT SINGLE QUOTATION MARK"),
    ('‚', "SINGLE LOW-9 QUOTATION MARK"),
    ('‛', "SINGLE HIGH-REVERSED-9 QUOTATION MARK"),
    ('“', "LEFT DOUBLE QUOTATION MARK"),
    ('”', "RIGHT DOUBLE QUOTATION MARK"),
    ('„', "DOUBLE LOW-9 QUOTATION MARK"),
    ('‟', "DOUBLE HIGH-REVERSED-9 QUOTATION MARK"),
    ('…', "HORIZONTAL ELLIPSIS"),
    ('\u{2028}', "LINE SEPARATOR"),
    ('\u{2029}', "PARAGRAPH SEPARATOR"),
    ('\u{202a}', "LEFT-TO-RIGHT EMBEDDING"),
    ('\u{202b}', "RIGHT-TO-LEFT EMBEDDING"),
    ('\u{202c}', "POP DIRECTIONAL FORMATTING"),
    ('\u{202d}', "LEFT-TO-RIGHT OVERRIDE"),
    ('\u{202e}', "RIGHT-TO-LEFT OVERRIDE"),
    ('\u{202f}', "NARROW NO-BREAK SPACE"),
    ('\u{205f}', "MEDIUM MATHEMATICAL SPACE"),
    ('\u{2060}', "WORD JOINER"),
    ('\u{2066}', "LEFT-TO-RIGHT ISOLATE"),
    ('\u{2067}', "RIGHT-TO-LEFT ISOLATE"),
    ('\u{2068}', "FIRST STRONG ISOLATE"),
    ('\u{2069}', "POP DIRECTIONAL ISOLATE"),
    ('−', "MINUS SIGN"),
    ('\u{3000}', "IDEOGRAPHIC SPACE"),
    ('\u{feff}', "BYTE ORDER MARK"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let table = [
            ('\u{a0}', Some("U+00A0 NO-BREAK SPACE")),
            ('“', Some("U+201C LEFT DOUBLE QUOTATION MARK")),
            ('\u{1}', Some("U+0001")),
            ('é', None),
            ('a', None),
        ];
        for (character, expected) in table {
            assert_eq!(named(character).as_deref(), expected);
        }
    }

    #[test]
    fn no_byte_moves() {
        let mut out = String::new();
        let text = "\u{feff}a\u{a0}b\u{c}c\r\nd\re\u{e0001}\té";
        push_visible(&mut out, text);
        assert_eq!(out, "␣a·b?c\r\nd?e????\té");
        assert_eq!(out.len(), text.len());
    }
}
