//! The grammar of URLs (RFC 3986, with the extensions of the boost library): the parts of a URL, still encoded, or
//! the way a text breaks the grammar.

use std::fmt;
use std::net::Ipv6Addr;

/// The way a text breaks the grammar, in boost's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    /// Some part is malformed.
    Mismatch,
    /// Something follows the well-formed part.
    Leftover,
}

impl fmt::Display for Misfit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Mismatch => "mismatch",
            Self::Leftover => "leftover",
        })
    }
}

/// The encoded parts of a URL.
#[derive(Default)]
pub(super) struct Parts<'a> {
    pub(super) scheme: Option<&'a [u8]>,
    pub(super) authority: Option<AuthorityParts<'a>>,
    pub(super) path: &'a [u8],
    pub(super) query: &'a [u8],
    pub(super) fragment: &'a [u8],
}

/// The encoded parts between `//` and the path.
pub(super) struct AuthorityParts<'a> {
    pub(super) userinfo: Option<&'a [u8]>,
    /// The host, with the brackets of an address literal.
    pub(super) host: &'a [u8],
    pub(super) port: &'a [u8],
}

/// Splits a URL, or a relative reference, into its parts.
pub(super) fn split(text: &[u8]) -> Result<Parts<'_>, Misfit> {
    let (parts, rest) = absolute(text).or_else(|| relative(text)).ok_or(Misfit::Mismatch)?;
    if rest.is_empty() { Ok(parts) } else { Err(Misfit::Leftover) }
}

/// True if a text can be the query after the `?`.
pub(super) fn is_query(text: &[u8]) -> bool {
    scan(text, is_query_byte) == Some(text.len())
}

/// True if a text can be the fragment after a flake's short name.
pub(crate) fn is_fragment_of_id(text: &[u8]) -> bool {
    let allowed = |byte| is_path_byte(byte) || matches!(byte, b'?' | b' ' | b'"' | b'^');
    scan(text, allowed) == Some(text.len())
}

pub(super) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn is_name_byte(byte: u8) -> bool {
    is_unreserved(byte) || b"!$&'()*+,;=".contains(&byte)
}

fn is_user_byte(byte: u8) -> bool {
    is_name_byte(byte) || byte == b':'
}

fn is_path_byte(byte: u8) -> bool {
    is_name_byte(byte) || matches!(byte, b':' | b'@' | b'/')
}

fn is_query_byte(byte: u8) -> bool {
    is_path_byte(byte) || matches!(byte, b'?' | b'[' | b']')
}

fn is_fragment_byte(byte: u8) -> bool {
    is_path_byte(byte) || matches!(byte, b'?' | b'#')
}

/// The length of the longest prefix of allowed bytes and percent codes; `None` if a percent sign in it does not start
/// a code.
fn scan(text: &[u8], allowed: impl Fn(u8) -> bool) -> Option<usize> {
    let mut index = 0;
    while let Some(&byte) = text.get(index) {
        if byte == b'%' {
            let digits = text.get(index + 1..index + 3)?;
            index += digits.iter().all(u8::is_ascii_hexdigit).then_some(3)?;
        } else if allowed(byte) {
            index += 1;
        } else {
            break;
        }
    }
    Some(index)
}

fn absolute(text: &[u8]) -> Option<(Parts<'_>, &[u8])> {
    let (scheme, rest) = split_once(text, b':')?;
    let is_scheme = scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte));
    if !is_scheme {
        return None;
    }
    let (mut parts, rest) = after_scheme(rest, false)?;
    parts.scheme = Some(scheme);
    Some((parts, rest))
}

fn relative(text: &[u8]) -> Option<(Parts<'_>, &[u8])> {
    after_scheme(text, true)
}

fn after_scheme(text: &[u8], is_relative: bool) -> Option<(Parts<'_>, &[u8])> {
    let mut parts = Parts::default();
    let mut rest = text;
    let mut length = scan(rest, is_path_byte);
    if let Some(after) = text.strip_prefix(b"//") {
        let (authority, after) = authority(after)?;
        parts.authority = Some(authority);
        rest = after;
        length = if rest.starts_with(b"/") { scan(rest, is_path_byte) } else { Some(0) };
    } else if is_relative {
        let first = rest.split(|&byte| byte == b'/').next().unwrap_or_default();
        match memchr::memchr(b':', &first[..length?.min(first.len())]) {
            Some(0) => length = Some(0),
            Some(_) => return None,
            None => {}
        }
    }
    (parts.path, rest) = rest.split_at(length?);
    tail(parts, rest)
}

/// Reads the query and the fragment. A malformed query is left over; a malformed fragment makes the whole text
/// malformed.
fn tail<'a>(mut parts: Parts<'a>, mut rest: &'a [u8]) -> Option<(Parts<'a>, &'a [u8])> {
    if let Some(query) = rest.strip_prefix(b"?") {
        let Some(length) = scan(query, is_query_byte) else {
            return Some((parts, rest));
        };
        (parts.query, rest) = query.split_at(length);
    }
    if let Some(fragment) = rest.strip_prefix(b"#") {
        (parts.fragment, rest) = fragment.split_at(scan(fragment, is_fragment_byte)?);
    }
    Some((parts, rest))
}

fn authority(text: &[u8]) -> Option<(AuthorityParts<'_>, &[u8])> {
    let user_end = scan(text, is_user_byte).filter(|&length| text.get(length) == Some(&b'@'));
    let (userinfo, rest) = match user_end {
        Some(length) => (Some(&text[..length]), &text[length + 1..]),
        None => (None, text),
    };
    let length = if rest.starts_with(b"[") { literal_length(rest)? } else { scan(rest, is_name_byte)? };
    let (host, mut rest) = rest.split_at(length);
    let mut port: &[u8] = b"";
    if let Some(after) = rest.strip_prefix(b":") {
        let digits = after.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (port, rest) = after.split_at(digits);
    }
    Some((AuthorityParts { userinfo, host, port }, rest))
}

/// The length of an address in brackets.
fn literal_length(text: &[u8]) -> Option<usize> {
    let end = memchr::memchr(b']', text)?;
    let inside = &text[1..end];
    let is_valid = match inside.first() {
        Some(b'v' | b'V') => is_future_address(&inside[1..]),
        _ => is_scoped_address(inside),
    };
    is_valid.then_some(end + 1)
}

fn is_future_address(text: &[u8]) -> bool {
    let Some((version, address)) = split_once(text, b'.') else {
        return false;
    };
    let is_version = !version.is_empty() && version.iter().all(u8::is_ascii_hexdigit);
    is_version && !address.is_empty() && address.iter().all(|&byte| is_user_byte(byte))
}

fn is_scoped_address(text: &[u8]) -> bool {
    let (address, zone) = match memchr::memmem::find(text, b"%25") {
        Some(index) => (&text[..index], Some(&text[index + 3..])),
        None => (text, None),
    };
    parse_ipv6(address).is_some()
        && zone.is_none_or(|zone| !zone.is_empty() && scan(zone, is_unreserved) == Some(zone.len()))
}

/// Reads an IPv6 address.
pub(crate) fn parse_ipv6(text: &[u8]) -> Option<Ipv6Addr> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// The parts before and after the first separator.
pub(crate) fn split_once(text: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let index = memchr::memchr(separator, text)?;
    Some((&text[..index], &text[index + 1..]))
}
