//! Versions and derivation names: their order, their components, and the split of a name into package name and
//! version.

use std::cmp::Ordering;

/// A derivation name split in two; the dash between them is in neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrvName<'a> {
    /// The text before the version.
    pub name: &'a [u8],
    /// The version, empty when there is none.
    pub version: &'a [u8],
}

/// Splits at the first dash that is followed by something other than an ASCII letter.
pub fn parse_drv_name(text: &[u8]) -> DrvName<'_> {
    let is_split = |pair: &[u8]| pair[0] == b'-' && !pair[1].is_ascii_alphabetic();
    match text.windows(2).position(is_split) {
        Some(dash) => DrvName { name: &text[..dash], version: &text[dash + 1..] },
        None => DrvName { name: text, version: &[] },
    }
}

/// The components of a version in order: the longest runs of digits, and the longest runs of other bytes. Dots and
/// dashes separate components and are dropped. No component is empty.
pub fn split_version(version: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = version;
    std::iter::from_fn(move || next_component(&mut rest))
}

/// The order of two versions, component by component. A missing component is below a number but above `pre`; `pre` is
/// below all others; numbers are above other words and compare by value; other words compare by bytes.
pub fn compare_versions(left: &[u8], right: &[u8]) -> Ordering {
    let (mut left, mut right) = (left, right);
    while !left.is_empty() || !right.is_empty() {
        let left_component = next_component(&mut left).unwrap_or_default();
        let right_component = next_component(&mut right).unwrap_or_default();
        if component_is_less(left_component, right_component) {
            return Ordering::Less;
        }
        if component_is_less(right_component, left_component) {
            return Ordering::Greater;
        }
    }
    Ordering::Equal
}

fn next_component<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let is_separator = |byte: &u8| matches!(byte, b'.' | b'-');
    let start = rest.iter().position(|byte| !is_separator(byte)).unwrap_or(rest.len());
    let text = &rest[start..];
    let digits = text.first().is_some_and(u8::is_ascii_digit);
    let ends = |byte: &u8| byte.is_ascii_digit() != digits || (!digits && is_separator(byte));
    let length = text.iter().position(ends).unwrap_or(text.len());
    let (component, after) = text.split_at(length);
    *rest = after;
    (!component.is_empty()).then_some(component)
}

fn component_is_less(left: &[u8], right: &[u8]) -> bool {
    match (small_number(left), small_number(right)) {
        (Some(left), Some(right)) => left < right,
        (_, Some(_)) if left.is_empty() => true,
        _ if left == b"pre" => right != b"pre",
        _ if right == b"pre" => false,
        (None, Some(_)) => true,
        (Some(_), None) => false,
        (None, None) => left < right,
    }
}

/// The number that a component represents. Digits beyond 31 bits are compared as a word instead.
fn small_number(component: &[u8]) -> Option<i32> {
    std::str::from_utf8(component).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order() {
        use Ordering::{Equal, Greater, Less};
        let table = [
            ("1.0", "2.3", Less),
            ("2.1", "2.3", Less),
            ("2.3", "2.3", Equal),
            ("2.5", "2.3", Greater),
            ("2.3.1", "2.3", Greater),
            ("2.3.1", "2.3a", Greater),
            ("2.3pre1", "2.3", Less),
            ("2.3pre3", "2.3pre12", Less),
            ("2.3a", "2.3c", Less),
            ("2.3pre1", "2.3c", Less),
            ("2.3pre1", "2.3q", Less),
            ("", "1", Less),
            ("", "pre", Greater),
            ("", "a", Less),
            ("1.", "1", Equal),
            ("1-0", "1.0", Equal),
            ("99999999999", "1", Less),
            ("99999999999", "a", Less),
            ("+1", "1", Less),
        ];
        for (left, right, order) in table {
            assert_eq!(compare_versions(left.as_bytes(), right.as_bytes()), order, "{left} {right}");
        }
    }

    #[test]
    fn components() {
        let table: [(&str, &[&str]); 4] =
            [("1.2.3", &["1", "2", "3"]), ("2.3pre12-beta", &["2", "3", "pre", "12", "beta"]), ("..-", &[]), ("", &[])];
        for (version, components) in table {
            let found: Vec<&[u8]> = split_version(version.as_bytes()).collect();
            assert_eq!(found, components.iter().map(|text| text.as_bytes()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn names() {
        let table = [
            ("hello-1.0.2", "hello", "1.0.2"),
            ("apache-httpd-2.0.48", "apache-httpd", "2.0.48"),
            ("hello", "hello", ""),
            ("hello-", "hello-", ""),
            ("a--1", "a", "-1"),
            ("-1", "", "1"),
        ];
        for (text, name, version) in table {
            let found = DrvName { name: name.as_bytes(), version: version.as_bytes() };
            assert_eq!(parse_drv_name(text.as_bytes()), found);
        }
    }
}
