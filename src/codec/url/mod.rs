//! URLs: parsed and decoded, and written again.

mod grammar;

use crate::codec::lossy;
use grammar::{AuthorityParts, Misfit, is_unreserved};
pub(crate) use grammar::{is_fragment_of_id, parse_ipv6, split_once};
use std::collections::BTreeMap;

/// The parameters of a URL by name.
pub(crate) type Query = BTreeMap<Vec<u8>, Vec<u8>>;

/// A parsed and decoded URL.
#[derive(Clone, Debug, Default)]
pub(crate) struct Url {
    pub(crate) scheme: String,
    pub(crate) authority: Option<Authority>,
    /// The parts between the slashes; the first one is empty if the path begins with a slash.
    pub(crate) path: Vec<Vec<u8>>,
    pub(crate) query: Query,
    pub(crate) fragment: Vec<u8>,
}

/// The authority: user, host and port.
#[derive(Clone, Debug, Default)]
pub(crate) struct Authority {
    pub(crate) user: Option<Vec<u8>>,
    pub(crate) password: Option<Vec<u8>>,
    /// The host, without brackets.
    pub(crate) host: Vec<u8>,
    pub(crate) is_literal: bool,
    pub(crate) port: Option<u16>,
}

impl Url {
    /// Parses a strictly written URL.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, String> {
        Self::parse_fixed(text, text)
    }

    /// Parses a URL that may have unencoded spaces and quotes.
    pub(crate) fn parse_lenient(text: &[u8]) -> Result<Self, String> {
        Self::parse_fixed(&encode_freedoms(text), text)
    }

    fn parse_fixed(fixed: &[u8], original: &[u8]) -> Result<Self, String> {
        let malformed = |misfit: Misfit| format!("'{}' is not a valid URL: {misfit}", lossy(original));
        let parts = grammar::split(fixed).map_err(malformed)?;
        let scheme = parts.scheme.ok_or_else(|| format!("'{}' doesn't have a scheme", lossy(fixed)))?;
        let scheme = lossy(scheme);
        let authority = parts.authority.as_ref().map(Authority::decode).transpose()?;
        let is_file = split_scheme(&scheme).1 == "file";
        if let Some(authority) = authority.as_ref().filter(|authority| is_file && !authority.host.is_empty()) {
            let (url, authority) = (lossy(fixed), lossy(&authority.render()));
            return Err(format!("file:// URL '{url}' has unexpected authority '{authority}'"));
        }
        let path = if is_file && parts.path.is_empty() { b"/" } else { parts.path };
        let path = path.split(|&byte| byte == b'/').map(decode).collect();
        Ok(Self { scheme, authority, path, query: decode_query(parts.query), fragment: decode(parts.fragment) })
    }

    /// The text of the URL.
    pub(crate) fn render(&self) -> Vec<u8> {
        let mut out = format!("{}:", self.scheme).into_bytes();
        if let Some(authority) = &self.authority {
            out.extend(b"//");
            out.extend(authority.render());
        }
        let path: Vec<_> = self.path.iter().map(|segment| encode(segment, b":@")).collect();
        out.extend(path.join(&b'/'));
        for (index, (name, value)) in self.query.iter().enumerate() {
            out.push(if index == 0 { b'?' } else { b'&' });
            out.extend(encode(name, b":@/?"));
            out.push(b'=');
            out.extend(encode(value, b":@/?"));
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend(encode(&self.fragment, b""));
        }
        out
    }

    /// The text of the URL, for messages.
    pub(crate) fn display(&self) -> String {
        lossy(&self.render())
    }

    /// The nonempty parts between the slashes.
    pub(crate) fn segments(&self) -> Vec<&[u8]> {
        self.path.iter().map(Vec::as_slice).filter(|segment| !segment.is_empty()).collect()
    }
}

impl Authority {
    fn decode(parts: &AuthorityParts<'_>) -> Result<Self, String> {
        let literal = parts.host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]"));
        let (user, password) = match parts.userinfo.map(|info| split_once(info, b':').ok_or(info)) {
            None => (None, None),
            Some(Err(user)) => (Some(decode(user)), None),
            Some(Ok((user, password))) => (Some(decode(user)), Some(decode(password))),
        };
        Ok(Self {
            user,
            password,
            host: decode(literal.unwrap_or(parts.host)),
            is_literal: literal.is_some(),
            port: port_number(parts.port)?,
        })
    }

    /// The text of the authority.
    pub(crate) fn render(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if let Some(user) = &self.user {
            out.extend(encode(user, b""));
            if let Some(password) = &self.password {
                out.push(b':');
                out.extend(encode(password, b""));
            }
            out.push(b'@');
        }
        if self.is_literal {
            out.push(b'[');
            out.extend(encode(&self.host, b":"));
            out.push(b']');
        } else {
            out.extend(encode(&self.host, b""));
        }
        if let Some(port) = self.port {
            out.extend(format!(":{port}").into_bytes());
        }
        out
    }
}

fn port_number(digits: &[u8]) -> Result<Option<u16>, String> {
    if digits.is_empty() {
        return Ok(None);
    }
    let text = lossy(digits);
    match text.parse() {
        Ok(0) | Err(_) => Err(format!("port '{text}' is invalid")),
        Ok(port) => Ok(Some(port)),
    }
}

/// The part of a scheme before the first `+`, if there is one, and the rest.
pub(crate) fn split_scheme(scheme: &str) -> (Option<&str>, &str) {
    match scheme.split_once('+') {
        Some((application, transport)) => (Some(application), transport),
        None => (None, scheme),
    }
}

/// The parts between the slashes, as they are.
pub(crate) fn split_path(text: &[u8]) -> Vec<Vec<u8>> {
    text.split(|&byte| byte == b'/').map(<[u8]>::to_vec).collect()
}

/// Replaces the percent codes. A percent sign that does not start a code is kept.
pub(crate) fn decode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let code = (byte == b'%').then(|| after.first_chunk::<2>()).flatten().and_then(|digits| hex_byte(*digits));
        out.push(code.unwrap_or(byte));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    out
}

fn hex_byte(digits: [u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
    u8::try_from(high? * 16 + low?).ok()
}

/// Replaces the percent codes of a text.
///
/// # Errors
///
/// Fails if a percent code is broken.
pub(crate) fn decode_checked(text: &[u8]) -> Result<Vec<u8>, String> {
    let mut rest = text;
    while let Some(index) = memchr::memchr(b'%', rest) {
        rest = &rest[index + 1..];
        let problem = match rest.first_chunk::<2>() {
            None => "incomplete pct-encoding",
            Some(digits) if hex_byte(*digits).is_none() => "bad hexdig in pct-encoding",
            Some(_) => continue,
        };
        return Err(format!("invalid URI parameter '{}': {problem}", lossy(text)));
    }
    Ok(decode(text))
}

/// Parses parameters. Of several with the same name, the first counts; those without `=` do not count.
fn decode_query(text: &[u8]) -> Query {
    let mut query = Query::new();
    for (name, value) in text.split(|&byte| byte == b'&').filter_map(|pair| split_once(pair, b'=')) {
        query.entry(decode(name)).or_insert_with(|| decode(value));
    }
    query
}

/// Parses parameters that may have unencoded spaces and quotes.
pub(crate) fn decode_query_lenient(text: &[u8]) -> Result<Query, String> {
    let fixed = encode_these(text, b" \"");
    if grammar::is_query(&fixed) {
        Ok(decode_query(&fixed))
    } else {
        Err(format!("invalid URI query '{}': {}", lossy(text), Misfit::Leftover))
    }
}

/// The parameters without `=`, as written. They have no effect.
pub(crate) fn parameters_without_value(query: &[u8]) -> Vec<String> {
    if query.is_empty() {
        return Vec::new();
    }
    let query = encode_these(query, b" \"");
    query.split(|&byte| byte == b'&').filter(|pair| !pair.contains(&b'=')).map(lossy).collect()
}

fn encode_freedoms(text: &[u8]) -> Vec<u8> {
    let mut fixed = Vec::with_capacity(text.len());
    let mut rest = text;
    if let Some((before, after)) = split_once(text, b'?') {
        fixed.extend(before);
        fixed.push(b'?');
        let (query, fragment) = after.split_at(memchr::memchr(b'#', after).unwrap_or(after.len()));
        fixed.extend(encode_these(query, b" \""));
        rest = fragment;
    }
    match split_once(rest, b'#') {
        Some((before, fragment)) => {
            fixed.extend(before);
            fixed.push(b'#');
            fixed.extend(encode_these(fragment, b" \"^"));
        }
        None => fixed.extend(rest),
    }
    fixed
}

fn encode_these(text: &[u8], bytes: &[u8]) -> Vec<u8> {
    encode_if(text, |byte| bytes.contains(&byte))
}

/// Writes all bytes but unreserved ones and those in `keep` as percent codes.
fn encode(text: &[u8], keep: &[u8]) -> Vec<u8> {
    encode_if(text, |byte| !is_unreserved(byte) && !keep.contains(&byte))
}

fn encode_if(text: &[u8], condition: impl Fn(u8) -> bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        if condition(byte) {
            out.extend(format!("%{byte:02X}").into_bytes());
        } else {
            out.push(byte);
        }
    }
    out
}

/// The scheme of a URL, and whether it has parameters. Unencoded spaces and quotes are accepted.
pub(crate) fn scheme(text: &[u8]) -> Option<(String, bool)> {
    let url = Url::parse_lenient(text).ok()?;
    Some((url.scheme, !url.query.is_empty()))
}
