//! The source that a fixed-output derivation fetches, as far as its environment says.

use super::content::{ContentAddress, Method};
use super::derivation::{Derivation, Output, Variable};
use crate::codec::hash::HashAlgorithm;

/// The sources of a fixed-output derivation that does nothing but fetch. That it is one is a guess from its environment;
/// the hash tells whether the guess was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixedSource {
    /// The name of the result.
    pub name: Box<[u8]>,
    /// The addresses to try, in order.
    pub urls: Vec<Box<[u8]>>,
    /// The hash of the result: a file, or an unpacked tree.
    pub content: ContentAddress,
}

impl FixedSource {
    /// The sources of a derivation, if its environment has addresses in `url` or `urls`, and its hash is SHA-256.
    pub fn of(derivation: &Derivation<'_>) -> Option<Self> {
        let [(b"out", Output::Fixed(content))] = &derivation.outputs[..] else { return None };
        let is_known =
            content.hash.algorithm == HashAlgorithm::Sha256 && matches!(content.method, Method::Flat | Method::Archive);
        if !is_known {
            return None;
        }
        let urls: Vec<Box<[u8]>> = urls(derivation).filter(|url| is_reachable(url)).map(Into::into).collect();
        let (name, content) = (derivation.name.into(), content.clone());
        (!urls.is_empty()).then_some(Self { name, urls, content })
    }
}

/// The addresses in the environment: words of a variable, or texts in the JSON of structured attributes.
fn urls<'d>(derivation: &'d Derivation<'_>) -> impl Iterator<Item = &'d [u8]> {
    let text = |name: &[u8]| {
        let found = derivation.environment.binary_search_by_key(&name, |(name, _)| name).ok()?;
        match derivation.environment[found].1 {
            Variable::Text(text) => Some(text),
            Variable::Output(_) => None,
        }
    };
    let words = text(b"urls").or_else(|| text(b"url")).unwrap_or_default();
    let words = words.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words.chain(text(b"__json").into_iter().flat_map(structured))
}

/// The texts of the attribute `urls`, or else `url`, in compact JSON. Addresses have no characters that JSON escapes.
fn structured(json: &[u8]) -> impl Iterator<Item = &[u8]> {
    let after = |name: &[u8]| memchr::memmem::find(json, name).map(|at| &json[at + name.len()..]);
    let list = after(b"\"urls\":[").map(|rest| until(rest, b']'));
    let list = list.or_else(|| after(b"\"url\":").map(|rest| until(rest, b',')));
    list.unwrap_or_default().split(|&byte| byte == b'"').skip(1).step_by(2)
}

fn until(text: &[u8], end: u8) -> &[u8] {
    &text[..memchr::memchr(end, text).unwrap_or(text.len())]
}

/// True for an address that this program can fetch. Builders have more: mirrors of their own, for example.
fn is_reachable(url: &[u8]) -> bool {
    [&b"https://"[..], b"http://", b"file:///"].iter().any(|start| url.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::structured;

    #[test]
    fn addresses_in_json() {
        let table: [(&str, &[&str]); 4] = [
            (r#"{"a":[],"urls":["https://a/x","https://b/x"],"z":1}"#, &["https://a/x", "https://b/x"]),
            (r#"{"url":"https://a/x","z":1}"#, &["https://a/x"]),
            (r#"{"urls":[]}"#, &[]),
            ("{}", &[]),
        ];
        for (json, expected) in table {
            let expected: Vec<_> = expected.iter().map(|url| url.as_bytes()).collect();
            assert_eq!(structured(json.as_bytes()).collect::<Vec<_>>(), expected, "{json}");
        }
    }
}
