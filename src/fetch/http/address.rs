//! Web addresses: their parts, as far as requests need them, and redirections.

use crate::codec::base::encode_base64;

/// An address with a scheme and a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// In lower case.
    pub(super) scheme: String,
    /// The user name and password before the host, decoded.
    pub(super) user: Option<(String, String)>,
    /// In lower case; IPv6 literals keep their brackets.
    pub(super) host: String,
    pub(super) port: Option<u16>,
    /// The path and the query. Begins with a slash.
    pub(super) rest: String,
}

impl Address {
    /// Parses an address. `None` if it has no host.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.split('#').next().unwrap_or_default();
        let (scheme, after) = text.split_once("://")?;
        let (authority, rest) = after.split_at(after.find(['/', '?']).unwrap_or(after.len()));
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user.split_once(':').unwrap_or((user, ""))), host),
            None => (None, authority),
        };
        let has_port = host.rfind(':').filter(|colon| host[*colon..].find(']').is_none());
        let (host, port) = match has_port {
            Some(colon) if colon + 1 < host.len() => (&host[..colon], Some(host[colon + 1..].parse().ok()?)),
            Some(colon) => (&host[..colon], None),
            None => (host, None),
        };
        let slash = if rest.starts_with('/') { "" } else { "/" };
        let address = Self {
            scheme: scheme.to_ascii_lowercase(),
            user: user.map(|(name, password)| (decoded(name), decoded(password))),
            host: host.to_ascii_lowercase(),
            port,
            rest: encoded(&without_dots(&format!("{slash}{rest}"))),
        };
        (!address.host.is_empty()).then_some(address)
    }

    /// The address without the user name and password, as requests use it.
    pub(super) fn text(&self) -> String {
        let Self { scheme, host, rest, .. } = self;
        match self.port {
            Some(port) => format!("{scheme}://{host}:{port}{rest}"),
            None => format!("{scheme}://{host}{rest}"),
        }
    }

    /// True if both addresses belong to the same server.
    pub(super) fn is_of_same_server(&self, other: &Self) -> bool {
        (&self.scheme, &self.host, self.port_number()) == (&other.scheme, &other.host, other.port_number())
    }

    /// The port, or the default port of the scheme.
    pub(super) fn port_number(&self) -> u16 {
        self.port.unwrap_or(if self.scheme == "https" { 443 } else { 80 })
    }

    /// True for the schemes that this client supports.
    pub(super) fn is_web(&self) -> bool {
        matches!(&self.scheme[..], "http" | "https")
    }

    /// The target of a redirection. `None` if `location` is not an address.
    pub(super) fn follow(&self, location: &str) -> Option<Self> {
        let location = location.trim();
        let has_scheme = location.find([':', '/', '?', '#']).is_some_and(|end| location[end..].starts_with("://"));
        if has_scheme {
            return Self::parse(location);
        }
        if location.starts_with("//") {
            return Self::parse(&format!("{}:{location}", self.scheme));
        }
        let location = location.split('#').next().unwrap_or_default();
        let (path, _) = self.rest.split_at(self.rest.find('?').unwrap_or(self.rest.len()));
        let rest = match location.chars().next() {
            None => self.rest.clone(),
            Some('/') => without_dots(location),
            Some('?') => format!("{path}{location}"),
            Some(_) => without_dots(&format!("{}{location}", &path[..path.rfind('/').map_or(0, |slash| slash + 1)])),
        };
        Some(Self { rest: encoded(&rest), user: None, ..self.clone() })
    }
}

/// An address without the user name and password, for messages.
pub(super) fn shown(url: &str) -> String {
    let Some(start) = url.find("://").map(|colon| colon + 3) else { return url.to_owned() };
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |length| start + length);
    match url[start..end].rfind('@') {
        Some(at) => format!("{}{}", &url[..start], &url[start + at + 1..]),
        None => url.to_owned(),
    }
}

/// The value of the header for basic authentication.
pub(super) fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", encode_base64(format!("{name}:{password}").as_bytes()))
}

/// A path with its `.` and `..` segments resolved.
fn without_dots(rest: &str) -> String {
    let (path, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
    let mut kept: Vec<&str> = Vec::new();
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    for (index, part) in parts.iter().enumerate() {
        match *part {
            "." => {}
            ".." => drop(kept.pop()),
            part => kept.push(part),
        }
        if index + 1 == parts.len() && matches!(*part, "." | "..") {
            kept.push("");
        }
    }
    format!("/{}{query}", kept.join("/"))
}

/// The text with percent codes for bytes that are not allowed in addresses.
fn encoded(text: &str) -> String {
    let is_fine = |byte: u8| byte > b' ' && byte < 0x7f && !b"\"<>`".contains(&byte);
    text.bytes().map(|byte| if is_fine(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn decoded(text: &str) -> String {
    String::from_utf8_lossy(&crate::codec::url::decode(text.as_bytes())).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts() {
        let table = [
            ("http://Host", "http://host/", None),
            ("HTTPS://a:b%20@[::1]:80/x?y#z", "https://[::1]:80/x?y", Some(("a", "b "))),
            ("http://h:/a b/./../c", "http://h/c", None),
            ("http://h/a//b|[c]ü", "http://h/a//b|[c]%C3%BC", None),
            ("http://u@h?q", "http://h/?q", Some(("u", ""))),
        ];
        for (text, expected, user) in table {
            let address = Address::parse(text).expect("an address");
            assert_eq!(address.text(), expected);
            assert_eq!(address.user, user.map(|(name, password)| (name.to_owned(), password.to_owned())));
        }
        assert!(["x", "http:///p", "http://h:x/"].iter().all(|text| Address::parse(text).is_none()));
        assert_eq!(shown("http://u:p@h/x@y"), "http://h/x@y");
        assert_eq!(shown("http://h/x@y"), "http://h/x@y");
    }

    #[test]
    fn redirections() {
        let table = [
            ("/y", "http://h:1/y"),
            ("y", "http://h:1/a/y"),
            ("../y/./z/..?q=../..", "http://h:1/y/?q=../.."),
            ("?z", "http://h:1/a/b?z"),
            ("//g/y", "http://g/y"),
            ("https://g/y", "https://g/y"),
            ("y?u=http://x", "http://h:1/a/y?u=http://x"),
            ("", "http://h:1/a/b?c"),
        ];
        let base = Address::parse("http://u:p@h:1/a/b?c").expect("an address");
        for (location, expected) in table {
            let followed = base.follow(location).map(|it| (it.text(), it.user));
            assert_eq!(followed, Some((expected.to_owned(), None)), "{location}");
        }
    }
}
