//! Addresses of Git repositories: URLs, absolute paths, and the form `user@host:path`.

use super::Failure;
use super::paths;
use crate::codec::lossy;
use crate::codec::url::{Authority, Url, parse_ipv6, split_once, split_path, split_scheme};

const GIT_SCHEMES: [&str; 7] = ["ssh", "http", "https", "file", "ftp", "ftps", "git"];

/// The URL of a Git repository.
pub(super) fn git_url(text: &[u8]) -> Result<Url, Failure> {
    if text.starts_with(b"/") {
        let (authority, path) = (Some(Authority::default()), paths::to_segments(text));
        return Ok(Url { scheme: "file".into(), authority, path, ..Url::default() });
    }
    if let Some((host, path)) = split_scp(text) {
        return scp_url(text, host, path);
    }
    let mut url = Url::parse(text).map_err(Failure::BadUrl)?;
    if let (Some("git"), transport) = split_scheme(&url.scheme) {
        url.scheme = transport.to_owned();
    }
    Ok(url)
}

/// The host and the path, if the text has that form and is not a URL.
fn split_scp(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (host, path) = split_once(text, b':')?;
    if memchr::memmem::find(text, b"://").is_some() || host.contains(&b'/') || is_git_scheme(host) {
        return None;
    }
    let bracket = match memchr::memmem::find(text, b"@[") {
        Some(index) => Some(index + 1),
        None => text.starts_with(b"[").then_some(0),
    };
    let close = bracket.and_then(|start| Some(start + memchr::memchr(b']', &text[start..])?));
    match close {
        None => Some((host, path)),
        Some(close) => Some((&text[..=close], text[close + 1..].strip_prefix(b":")?)),
    }
}

fn is_git_scheme(text: &[u8]) -> bool {
    let name = text.strip_prefix(b"git+").unwrap_or(text);
    GIT_SCHEMES.iter().any(|scheme| scheme.as_bytes() == name)
}

fn scp_url(text: &[u8], host: &[u8], path: &[u8]) -> Result<Url, Failure> {
    let (user, host) = match split_once(host, b'@') {
        Some((user, host)) => (Some(user.to_vec()), host),
        None => (None, host),
    };
    let literal = host.strip_prefix(b"[").and_then(|host| host.strip_suffix(b"]"));
    let address = literal.map(parse_literal).transpose()?;
    if path.is_empty() {
        return Err(Failure::BadUrl(format!("SCP-style Git URL '{}' has an empty path", lossy(text))));
    }
    let is_literal = address.is_some();
    let host = address.unwrap_or_else(|| host.to_vec());
    let authority = Authority { user, host, is_literal, ..Authority::default() };
    let mut path = split_path(path);
    if path.first().is_some_and(|first| !first.is_empty()) {
        path.insert(0, Vec::new());
    }
    Ok(Url { scheme: "ssh".into(), authority: Some(authority), path, ..Url::default() })
}

/// The shortest form of a bracketed address.
fn parse_literal(text: &[u8]) -> Result<Vec<u8>, Failure> {
    let malformed = || {
        let message = format!("'{}' is not a valid IPv6 address", lossy(text));
        Failure::BadUrl(format!("Git SCP bracketed URL is not valid: {message}"))
    };
    Ok(parse_ipv6(text).ok_or_else(malformed)?.to_string().into_bytes())
}
