//! Patterns of names, as `fnmatch` has them: `*`, `?`, `[a-z]`, `[!a-z]`, and a backslash before what is meant as it is.

/// True if the whole name is what the pattern means.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut place) = (0, 0);
    // Where to go on if the part after the last `*` does not fit: after it, with one more character taken by it.
    let mut star = None;
    while place < name.len() {
        if pattern.get(at) == Some(&'*') {
            at += 1;
            star = Some((at, place));
        } else if let Some(next) = one(&pattern, at, name[place]) {
            (at, place) = (next, place + 1);
        } else if let Some((behind, taken)) = star {
            star = Some((behind, taken + 1));
            (at, place) = (behind, taken + 1);
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|character| *character == '*')
}

/// The place where the pattern goes on if its next part means this character.
fn one(pattern: &[char], at: usize, character: char) -> Option<usize> {
    match *pattern.get(at)? {
        '?' => Some(at + 1),
        '[' => match class(pattern, at + 1, character) {
            Some((true, end)) => Some(end),
            Some((false, _)) => None,
            None => (character == '[').then_some(at + 1),
        },
        '\\' if at + 1 < pattern.len() => (pattern[at + 1] == character).then_some(at + 2),
        other => (other == character).then_some(at + 1),
    }
}

/// True if a character is in the class that begins here; and where the class ends. `None` if it doesn't.
fn class(pattern: &[char], start: usize, character: char) -> Option<(bool, usize)> {
    let negated = matches!(pattern.get(start)?, '!' | '^');
    let first = start + usize::from(negated);
    let mut at = first;
    let mut found = false;
    while *pattern.get(at)? != ']' || at == first {
        let low = pattern[at];
        let is_range = pattern.get(at + 1) == Some(&'-') && pattern.get(at + 2).is_some_and(|high| *high != ']');
        let high = if is_range { pattern[at + 2] } else { low };
        found |= (low..=high).contains(&character);
        at += if is_range { 3 } else { 1 };
    }
    Some((found != negated, at + 1))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        let table = [
            ("a", "a", true),
            ("a", "b", false),
            ("tests.*", "tests.a.b", true),
            ("*.x86_64-*", "hello.x86_64-linux", true),
            ("*.x86_64-*", "hello.aarch64-linux", false),
            ("a*b*c", "abxbc", true),
            ("a*b*c", "abxb", false),
            ("?", "", false),
            ("a?c", "abc", true),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("[]a]", "]", true),
            ("[a", "[a", true),
            ("\\*", "*", true),
            ("\\*", "a", false),
            ("**", "", true),
        ];
        for (pattern, name, expected) in table {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
