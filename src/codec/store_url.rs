//! The addresses of stores.

use super::url;
use std::fmt;
use std::net::Ipv6Addr;

/// The address of a store, parsed as far as the evaluator needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreUrl {
    /// The kind of store; `None` for words such as `auto`.
    pub scheme: Option<String>,
    /// True if there are parameters after a question mark.
    pub has_parameters: bool,
}

/// A text that is not the address of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreUrlError(String);

impl fmt::Display for StoreUrlError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Cannot parse Nix store '{}'", self.0)
    }
}

impl std::error::Error for StoreUrlError {}

impl StoreUrl {
    /// Reads a URL, a special word, or a path.
    pub fn parse(text: &[u8]) -> Result<Self, StoreUrlError> {
        if let Some((scheme, has_parameters)) = url::scheme(text) {
            return Ok(Self { scheme: Some(scheme), has_parameters });
        }
        let text = String::from_utf8_lossy(text);
        let (base, parameters) = text.split_once('?').unwrap_or((&text, ""));
        let has_parameters = parameters.contains('=');
        let scheme = match base {
            "" | "auto" => None,
            "daemon" => has_parameters.then(|| "unix".to_owned()),
            "local" => has_parameters.then(|| "local".to_owned()),
            path if path.contains('/') && !path.contains("://") => Some("local".to_owned()),
            other => Some(bare_address(other).ok_or_else(|| StoreUrlError(text.to_string()))?),
        };
        Ok(Self { scheme, has_parameters })
    }
}

/// The scheme before an IPv6 address that may lack its brackets.
fn bare_address(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once(':')?;
    let host = rest.strip_prefix("//").unwrap_or(rest);
    let host = host.split_once('@').map_or(host, |(_, host)| host);
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let host = host.split('%').next().unwrap_or(host);
    host.parse::<Ipv6Addr>().ok().map(|_| scheme.to_owned())
}

#[cfg(test)]
mod tests {
    use super::StoreUrl;

    #[test]
    fn kinds_of_stores() {
        let table = [
            ("https://cache.example.org", Some(Some("https")), false),
            ("https://cache.example.org?a=b", Some(Some("https")), true),
            ("https://cache.example.org?a", Some(Some("https")), false),
            ("http://::1?a=b", Some(Some("http")), true),
            ("http://user@[fe80::1%eth0]", Some(Some("http")), false),
            ("/some/where", Some(Some("local")), false),
            ("auto?a=b", Some(None), true),
            ("daemon", Some(None), false),
            ("local?a=b", Some(Some("local")), true),
            ("", Some(None), false),
            ("other", None, false),
        ];
        for (text, scheme, has_parameters) in table {
            let store = StoreUrl::parse(text.as_bytes()).ok();
            assert_eq!(store.as_ref().map(|store| store.scheme.as_deref()), scheme, "{text}");
            assert_eq!(store.is_some_and(|store| store.has_parameters), has_parameters, "{text}");
        }
    }
}
