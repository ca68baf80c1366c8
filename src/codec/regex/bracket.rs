//! Bracket expressions: the set of bytes that one matches.

use super::parser::ParseError;

/// A set of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ByteSet {
    words: [u64; 4],
}

impl ByteSet {
    pub(super) fn contains(&self, byte: u8) -> bool {
        self.words[usize::from(byte >> 6)] >> (byte & 63) & 1 != 0
    }

    pub(super) fn insert(&mut self, byte: u8) {
        self.words[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }

    pub(super) fn insert_all(&mut self, other: &Self) {
        for (word, more) in self.words.iter_mut().zip(other.words) {
            *word |= more;
        }
    }

    pub(super) fn any_byte_but_nul() -> Self {
        Self { words: [!1, !0, !0, !0] }
    }

    fn inverted(self) -> Self {
        Self { words: self.words.map(|word| !word) }
    }

    fn insert_where(&mut self, condition: impl Fn(u8) -> bool) {
        (0..=u8::MAX).filter(|byte| condition(*byte)).for_each(|byte| self.insert(byte));
    }
}

/// The item before the current place in the brackets: the possible start of a range.
#[derive(Clone, Copy)]
enum Before {
    Byte(u8),
    Class,
    Nothing,
}

enum Item {
    Byte(u8),
    Dash,
    Collating(Vec<u8>),
    Equivalence(Vec<u8>),
    Class(Vec<u8>),
    End,
}

/// Reads a bracket expression up to and including its `]`, and moves `rest` past it.
pub(super) fn parse_bracket(rest: &mut &[u8]) -> Result<ByteSet, ParseError> {
    let negated = rest.first() == Some(&b'^');
    *rest = &rest[usize::from(negated)..];
    let mut set = ByteSet::default();
    let mut before = Before::Nothing;
    // A leading `]` or `-` is an ordinary byte.
    if let Some(first @ (b']' | b'-')) = rest.first() {
        before = Before::Byte(*first);
        *rest = &rest[1..];
    }
    loop {
        match next_item(rest)? {
            Item::End => break,
            Item::Dash => match next_item(rest)? {
                Item::End => {
                    set.insert(b'-');
                    break;
                }
                end => before = insert_range(&mut set, before, &end)?,
            },
            item => before = insert_item(&mut set, before, &item)?,
        }
    }
    if let Before::Byte(byte) = before {
        set.insert(byte);
    }
    Ok(if negated { set.inverted() } else { set })
}

fn insert_range(set: &mut ByteSet, before: Before, end: &Item) -> Result<Before, ParseError> {
    let (Before::Byte(first), Some(last)) = (before, range_end(end)) else {
        return Err(ParseError::Invalid);
    };
    // Bytes are signed characters.
    let (first, last) = (first.cast_signed(), last.cast_signed());
    if first > last {
        return Err(ParseError::Invalid);
    }
    (first..=last).for_each(|byte| set.insert(byte.cast_unsigned()));
    Ok(Before::Nothing)
}

fn range_end(item: &Item) -> Option<u8> {
    match item {
        Item::Byte(byte) => Some(*byte),
        Item::Dash => Some(b'-'),
        _ => None,
    }
}

fn insert_item(set: &mut ByteSet, before: Before, item: &Item) -> Result<Before, ParseError> {
    if let Before::Byte(byte) = before {
        set.insert(byte);
    }
    match item {
        Item::Byte(byte) => Ok(Before::Byte(*byte)),
        Item::Collating(name) => {
            let byte = collating_element(name)?;
            set.insert(byte);
            Ok(Before::Byte(byte))
        }
        Item::Equivalence(name) => {
            let byte = collating_element(name)?;
            set.insert_where(|other| other.eq_ignore_ascii_case(&byte));
            Ok(Before::Class)
        }
        Item::Class(name) => {
            let class = class_condition(name)?;
            set.insert_where(class);
            Ok(Before::Class)
        }
        Item::Dash | Item::End => Err(ParseError::Invalid),
    }
}

fn next_item(rest: &mut &[u8]) -> Result<Item, ParseError> {
    let (byte, after) = rest.split_first().ok_or(ParseError::Invalid)?;
    *rest = after;
    match byte {
        b'-' => Ok(Item::Dash),
        b']' => Ok(Item::End),
        b'[' => match after.first().ok_or(ParseError::Invalid)? {
            b'.' => delimited_name(rest).map(Item::Collating),
            b'=' => delimited_name(rest).map(Item::Equivalence),
            b':' => delimited_name(rest).map(Item::Class),
            _ => Ok(Item::Byte(b'[')),
        },
        _ => Ok(Item::Byte(*byte)),
    }
}

/// The name in `:name:]`, where any byte may take the place of the colon.
fn delimited_name(rest: &mut &[u8]) -> Result<Vec<u8>, ParseError> {
    let (delimiter, after) = rest.split_first().ok_or(ParseError::Invalid)?;
    let length = after.iter().position(|byte| byte == delimiter).ok_or(ParseError::Invalid)?;
    let name = after[..length].to_vec();
    *rest = after[length + 1..].strip_prefix(b"]").ok_or(ParseError::Invalid)?;
    Ok(name)
}

/// The bytes of a class. Names are not case sensitive, and the three short names of other grammars exist too.
fn class_condition(name: &[u8]) -> Result<fn(u8) -> bool, ParseError> {
    Ok(match name.to_ascii_lowercase().as_slice() {
        b"alnum" => |byte| byte.is_ascii_alphanumeric(),
        b"w" => |byte| byte.is_ascii_alphanumeric() || byte == b'_',
        b"alpha" => |byte| byte.is_ascii_alphabetic(),
        b"blank" => |byte| matches!(byte, b' ' | b'\t'),
        b"cntrl" => |byte| byte.is_ascii_control(),
        b"d" | b"digit" => |byte| byte.is_ascii_digit(),
        b"graph" => |byte| byte.is_ascii_graphic(),
        b"lower" => |byte| byte.is_ascii_lowercase(),
        b"print" => |byte| matches!(byte, b' '..=b'~'),
        b"punct" => |byte| byte.is_ascii_punctuation(),
        b"s" | b"space" => |byte| matches!(byte, b' ' | b'\t'..=b'\r'),
        b"upper" => |byte| byte.is_ascii_uppercase(),
        b"xdigit" => |byte| byte.is_ascii_hexdigit(),
        _ => return Err(ParseError::Invalid),
    })
}

/// POSIX names of the control characters, by code.
const CONTROL_NAMES: [&str; 32] = [
    "NUL",
    "SOH",
    "STX",
    "ETX",
    "EOT",
    "ENQ",
    "ACK",
    "alert",
    "backspace",
    "tab",
    "newline",
    "vertical-tab",
    "form-feed",
    "carriage-return",
    "SO",
    "SI",
    "DLE",
    "DC1",
    "DC2",
    "DC3",
    "DC4",
    "NAK",
    "SYN",
    "ETB",
    "CAN",
    "EM",
    "SUB",
    "ESC",
    "IS4",
    "IS3",
    "IS2",
    "IS1",
];

/// POSIX names of the other characters that are not letters.
const SYMBOL_NAMES: [(&str, u8); 43] = [
    ("space", b' '),
    ("exclamation-mark", b'!'),
    ("quotation-mark", b'"'),
    ("number-sign", b'#'),
    ("dollar-sign", b'$'),
    ("percent-sign", b'%'),
    ("ampersand", b'&'),
    ("apostrophe", b'\''),
    ("left-parenthesis", b'('),
    ("right-parenthesis", b')'),
    ("asterisk", b'*'),
    ("plus-sign", b'+'),
    ("comma", b','),
    ("hyphen", b'-'),
    ("period", b'.'),
    ("slash", b'/'),
    ("zero", b'0'),
    ("one", b'1'),
    ("two", b'2'),
    ("three", b'3'),
    ("four", b'4'),
    ("five", b'5'),
    ("six", b'6'),
    ("seven", b'7'),
    ("eight", b'8'),
    ("nine", b'9'),
    ("colon", b':'),
    ("semicolon", b';'),
    ("less-than-sign", b'<'),
    ("equals-sign", b'='),
    ("greater-than-sign", b'>'),
    ("question-mark", b'?'),
    ("commercial-at", b'@'),
    ("left-square-bracket", b'['),
    ("backslash", b'\\'),
    ("right-square-bracket", b']'),
    ("circumflex", b'^'),
    ("underscore", b'_'),
    ("grave-accent", b'`'),
    ("left-curly-bracket", b'{'),
    ("vertical-line", b'|'),
    ("right-curly-bracket", b'}'),
    ("tilde", b'~'),
];

/// The byte that a collating element names. A letter names itself; all other bytes have a word.
fn collating_element(name: &[u8]) -> Result<u8, ParseError> {
    if let [letter] = name
        && letter.is_ascii_alphabetic()
    {
        return Ok(*letter);
    }
    let control = CONTROL_NAMES.iter().zip(0..).find(|(known, _)| known.as_bytes() == name);
    let symbol = SYMBOL_NAMES.iter().find(|(known, _)| known.as_bytes() == name);
    match (control, symbol) {
        (Some((_, code)), _) => Ok(code),
        (None, Some((_, code))) => Ok(*code),
        (None, None) if name == b"DEL" => Ok(127),
        (None, None) => Err(ParseError::Invalid),
    }
}
