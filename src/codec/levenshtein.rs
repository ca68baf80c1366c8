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

/// The same names as far as people would take them for the wanted one: the longer it is, the more may differ, and two
/// letters that changed places are one difference.
pub fn likely<'a>(wanted: &[u8], names: impl IntoIterator<Item = &'a [u8]>) -> Vec<&'a [u8]> {
    let most = most_differences(wanted);
    let ranked: BTreeSet<(usize, &[u8])> = names
        .into_iter()
        .filter(|name| name.len().abs_diff(wanted.len()) <= most)
        .map(|name| (distance_with_swaps(wanted, name), name))
        .filter(|(distance, _)| *distance <= most)
        .collect();
    ranked.into_iter().take(MOST_SUGGESTIONS).map(|(_, name)| name).collect()
}

/// True if people would take one name for the other.
pub fn is_likely(wanted: &[u8], name: &[u8]) -> bool {
    distance_with_swaps(wanted, name) <= most_differences(wanted)
}

fn most_differences(wanted: &[u8]) -> usize {
    ((wanted.len() + 1) / 3).min(FURTHEST_SUGGESTION).min(wanted.len() / 2)
}

/// Like [`distance`], where two neighbours that changed places are one step.
fn distance_with_swaps(left: &[u8], right: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, left_byte) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, right_byte) in right.iter().enumerate() {
            let replaced = last[column] + usize::from(left_byte != right_byte);
            let mut least = replaced.min(last[column + 1] + 1).min(current[column] + 1);
            let is_swap = row > 0 && column > 0 && left[row - 1] == *right_byte && right[column - 1] == *left_byte;
            if is_swap {
                least = least.min(before[column - 1] + 1);
            }
            current.push(least);
        }
        before = std::mem::replace(&mut last, current);
    }
    last[right.len()]
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
    fn what_people_may_mean() {
        let likely = |wanted: &str, name: &str| is_likely(wanted.as_bytes(), name.as_bytes());
        for (wanted, name) in [
            ("panme", "pname"),
            ("ab", "ba"),
            ("nmae", "name"),
            ("reqests", "requests"),
            ("buildInptus", "buildInputs"),
            ("fo", "foo"),
        ] {
            assert!(likely(wanted, name), "{wanted} {name}");
        }
        for (wanted, name) in [("bar", "map"), ("a", "b"), ("x", "map"), ("abc", "xyc"), ("foo", "f")] {
            assert!(!likely(wanted, name), "{wanted} {name}");
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
