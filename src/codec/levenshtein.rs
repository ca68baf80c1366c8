//! Suggestions for a name that was not found: the nearest existing names, and the hint that offers them.

use std::collections::BTreeSet;

/// The largest number of names in a hint.
pub const MOST_SUGGESTIONS: usize = 5;
/// The largest distance of an offered name.
pub const FURTHEST_SUGGESTION: usize = 2;

/// The least number of single-byte insertions, deletions and replacements that turn `left` into `right`.
pub fn distance(left: &[u8], right: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, left_byte) in left.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, right_byte) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(left_byte != right_byte);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

/// The names at most [`FURTHEST_SUGGESTION`] away from `wanted`, nearest first and equally near ones by their
/// bytes, no more than [`MOST_SUGGESTIONS`].
pub fn suggestions<'a>(wanted: &[u8], names: impl IntoIterator<Item = &'a [u8]>) -> Vec<&'a [u8]> {
    let near = |name: &&[u8]| name.len().abs_diff(wanted.len()) <= FURTHEST_SUGGESTION;
    let ranked: BTreeSet<(usize, &[u8])> = names
        .into_iter()
        .filter(near)
        .map(|name| (distance(wanted, name), name))
        .filter(|(distance, _)| *distance <= FURTHEST_SUGGESTION)
        .collect();
    ranked.into_iter().take(MOST_SUGGESTIONS).map(|(_, name)| name).collect()
}

/// The hint for a list of suggestions, `Did you mean one of a, b or c?`, with each name formatted by `show` (for
/// colour). `None` for an empty list.
pub fn hint(suggestions: &[&[u8]], show: impl Fn(&[u8]) -> String) -> Option<String> {
    let mut names: Vec<String> = suggestions.iter().map(|name| show(name)).collect();
    let last = names.pop()?;
    if names.is_empty() {
        return Some(format!("Did you mean {last}?"));
    }
    Some(format!("Did you mean one of {} or {last}?", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        let table = [("", "", 0), ("", "ab", 2), ("kitten", "sitting", 3), ("ab", "ba", 2), ("nixpkgs", "nixpkg", 1)];
        for (left, right, steps) in table {
            assert_eq!(distance(left.as_bytes(), right.as_bytes()), steps);
        }
    }

    #[test]
    fn hints() {
        let table: [(&str, &[&str], Option<&str>); 4] = [
            ("x", &["long"], None),
            ("foz", &["foo", "bar"], Some("Did you mean foo?")),
            ("fo", &["foo", "fob", "fa"], Some("Did you mean one of fa, fob or foo?")),
            ("a", &["g", "f", "e", "d", "c", "b"], Some("Did you mean one of b, c, d, e or f?")),
        ];
        for (wanted, names, text) in table {
            let found = suggestions(wanted.as_bytes(), names.iter().map(|name| name.as_bytes()));
            assert_eq!(hint(&found, |name| String::from_utf8_lossy(name).into_owned()).as_deref(), text);
        }
    }
}
