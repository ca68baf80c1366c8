//! Proxies, configured by the environment.

use super::address::Address;
use crate::io::Io;

/// The environment variables that name proxies.
#[derive(Clone, Debug, Default)]
pub(super) struct Proxies {
    http: Option<String>,
    https: Option<String>,
    all: Option<String>,
    none: Vec<String>,
}

impl Proxies {
    /// Reads the environment with curl's rules: `HTTP_PROXY` is ignored, since web servers set it from a header.
    pub(super) fn of(io: &dyn Io) -> Self {
        let one = |name: &str| io.variable(name.as_bytes()).map(|it| String::from_utf8_lossy(&it).into_owned());
        let any = |name: &str| one(name).or_else(|| one(&name.to_ascii_uppercase()));
        let none = any("no_proxy").unwrap_or_default();
        let separator = |char: char| char == ',' || char.is_whitespace();
        Self {
            http: one("http_proxy"),
            https: any("https_proxy"),
            all: any("all_proxy"),
            none: none.split(separator).filter(|it| !it.is_empty()).map(str::to_ascii_lowercase).collect(),
        }
    }

    /// The proxy for a tunnel to the server of an address.
    pub(super) fn tunnel(&self, address: &Address) -> Option<String> {
        self.find(address).filter(|_| self.relay(address).is_none())
    }

    /// The proxy that receives requests for an address directly.
    pub(super) fn relay(&self, address: &Address) -> Option<Address> {
        let found = self.find(address).filter(|_| address.scheme == "http")?;
        Address::parse(&found).ok().filter(|proxy| proxy.scheme == "http")
    }

    fn find(&self, address: &Address) -> Option<String> {
        if self.none.iter().any(|entry| excludes(entry, &address.host)) {
            return None;
        }
        let own = if address.scheme == "https" { &self.https } else { &self.http };
        let found = own.as_ref().or(self.all.as_ref()).filter(|text| !text.is_empty())?;
        Some(if found.contains("://") { found.clone() } else { format!("http://{found}") })
    }
}

/// True if an entry of `no_proxy` covers this host: its name, one of its domains, or a range of addresses.
fn excludes(entry: &str, host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    if entry == "*" {
        return true;
    }
    if let Some((network, bits)) = entry.split_once('/') {
        return is_in_range(network, bits, host).unwrap_or(false);
    }
    let entry = entry.trim_start_matches('.').trim_end_matches('.').trim_matches(['[', ']']);
    let host = host.trim_end_matches('.');
    !entry.is_empty() && (host == entry || host.strip_suffix(entry).is_some_and(|start| start.ends_with('.')))
}

fn is_in_range(network: &str, bits: &str, host: &str) -> Option<bool> {
    use std::net::IpAddr;
    let bits: u32 = bits.parse().ok()?;
    let (network, host, width): (u128, u128, u32) = match (network.parse().ok()?, host.parse().ok()?) {
        (IpAddr::V4(network), IpAddr::V4(host)) => (u32::from(network).into(), u32::from(host).into(), 32),
        (IpAddr::V6(network), IpAddr::V6(host)) => (network.into(), host.into(), 128),
        _ => return None,
    };
    let ignored = width.checked_sub(bits)?;
    Some(network.checked_shr(ignored).unwrap_or(0) == host.checked_shr(ignored).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::MemoryIo;

    #[test]
    fn choice() {
        let io = MemoryIo::default()
            .with_variable("http_proxy", "p:1")
            .with_variable("HTTPS_PROXY", "socks5://q:2")
            .with_variable("no_proxy", "a.org, .b.org 10.0.0.0/8,::1");
        let proxies = Proxies::of(&io);
        let find = |url: &str| proxies.find(&Address::parse(url).expect("an address"));
        assert_eq!(find("http://x/"), Some("http://p:1".to_owned()));
        assert_eq!(find("https://x/"), Some("socks5://q:2".to_owned()));
        for host in ["a.org", "c.a.org", "b.org", "c.b.org", "10.2.3.4", "[::1]"] {
            assert_eq!(find(&format!("http://{host}/")), None, "{host}");
        }
        assert!(["xa.org", "org", "11.0.0.1", "[::2]"].iter().all(|host| find(&format!("http://{host}/")).is_some()));
        let all = Proxies::of(&MemoryIo::default().with_variable("ALL_PROXY", "p").with_variable("HTTP_PROXY", "q"));
        assert_eq!(all.find(&Address::parse("http://x/").expect("an address")), Some("http://p".to_owned()));
    }
}
