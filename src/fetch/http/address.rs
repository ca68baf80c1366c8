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
    /// Parses an address as curl does: one without a scheme is for HTTP.
    ///
    /// # Errors
    ///
    /// Fails with curl's reason if the text is not an address.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        if text.bytes().any(|byte| byte <= b' ' || byte == 0x7f) {
            return Err("Malformed input to a URL function");
        }
        let text = text.split('#').next().unwrap_or_default();
        let (scheme, after) = without_scheme(text)?;
        let (authority, rest) = after.split_at(after.find(['/', '?']).unwrap_or(after.len()));
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user.split_once(':').unwrap_or((user, ""))), host),
            None => (None, authority),
        };
        let (host, port) = without_port(host, scheme.is_some())?;
        check_host(host)?;
        let slash = if rest.starts_with('/') { "" } else { "/" };
        Ok(Self {
            scheme: scheme.unwrap_or("http").to_ascii_lowercase(),
            user: user.map(|(name, password)| (decoded(name), decoded(password))),
            host: host.to_ascii_lowercase(),
            port,
            rest: encoded(&without_dots(&format!("{slash}{rest}"))),
        })
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
            return Self::parse(&encoded(location)).ok();
        }
        if location.starts_with("//") {
            return Self::parse(&encoded(&format!("{}:{location}", self.scheme))).ok();
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

/// The scheme, if there is one, and the text after its slashes. A colon without a slash after it belongs to a port.
fn without_scheme(text: &str) -> Result<(Option<&str>, &str), &'static str> {
    let is_scheme = |name: &str| {
        name.starts_with(|first: char| first.is_ascii_alphabetic())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
    };
    match text.split_once(':') {
        Some((scheme, after)) if is_scheme(scheme) && after.starts_with('/') => {
            let rest = after.trim_start_matches('/');
            if after.len() - rest.len() > 3 {
                return Err("Unsupported number of slashes following scheme");
            }
            Ok((Some(scheme), rest))
        }
        _ => Ok((None, text)),
    }
}

/// The host and its port. Only with a scheme before it may a host end in a colon.
fn without_port(host: &str, has_scheme: bool) -> Result<(&str, Option<u16>), &'static str> {
    const BAD: &str = "Port number was not a decimal number between 0 and 65535";
    let name = if host.starts_with('[') {
        host.find(']').ok_or("Bad IPv6 address")? + 1
    } else {
        host.find(':').unwrap_or(host.len())
    };
    let (host, port) = host.split_at(name);
    match port.strip_prefix(':') {
        None if port.is_empty() => Ok((host, None)),
        Some("") if has_scheme => Ok((host, None)),
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse().map(|port| (host, Some(port))).map_err(|_| BAD)
        }
        _ => Err(BAD),
    }
}

fn check_host(host: &str) -> Result<(), &'static str> {
    if host.is_empty() {
        return Err("No host present");
    }
    let is_odd = |byte: &u8| b" \r\n\t/:#?!@{}[]\\$'\"^`*<>=;,+&()%".contains(byte);
    if !host.starts_with('[') && decoded(host).as_bytes().iter().any(is_odd) {
        return Err("Bad hostname");
    }
    Ok(())
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
            ("http://h:/a/./../c", "http://h/c", None),
            ("http:/h/a", "http://h/a", None),
            ("h:80/a", "http://h:80/a", None),
            ("http://h/a//b|[c]ü", "http://h/a//b|[c]%C3%BC", None),
            ("http://u@h?q", "http://h/?q", Some(("u", ""))),
        ];
        for (text, expected, user) in table {
            let address = Address::parse(text).expect("an address");
            assert_eq!(address.text(), expected);
            assert_eq!(address.user, user.map(|(name, password)| (name.to_owned(), password.to_owned())));
        }
        for (text, reason) in [
            ("http:///", "No host present"),
            ("http://u@:80/", "No host present"),
            ("http://h:x/", "Port number was not a decimal number between 0 and 65535"),
            ("http://h:65536/", "Port number was not a decimal number between 0 and 65535"),
            ("http:", "Port number was not a decimal number between 0 and 65535"),
            ("a:b/c", "Port number was not a decimal number between 0 and 65535"),
            ("http:////h", "Unsupported number of slashes following scheme"),
            ("http://[::1/", "Bad IPv6 address"),
            ("http://h^/", "Bad hostname"),
            ("http://h%/", "Bad hostname"),
            ("http://a b/", "Malformed input to a URL function"),
        ] {
            assert_eq!(Address::parse(text), Err(reason), "{text}");
        }
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
            ("https://g/y z", "https://g/y%20z"),
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
