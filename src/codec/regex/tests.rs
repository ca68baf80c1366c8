//! Tests of the regular expressions.

use super::{Groups, Match, Regex};
use std::convert::Infallible;

/// A search that nobody stops.
fn go_on(_: usize) -> Result<(), Infallible> {
    Ok(())
}

fn groups(regex: &Regex, text: &str) -> Option<Groups> {
    let Ok(found) = regex.full_match(text.as_bytes(), &mut go_on);
    found
}

fn matches(regex: &Regex, text: &str) -> Vec<Match> {
    let mut matches = regex.matches(text.as_bytes());
    std::iter::from_fn(|| {
        let Ok(found) = matches.next(&mut go_on);
        found
    })
    .collect()
}

fn show(groups: &Groups, text: &[u8]) -> String {
    let place = |group: &Option<std::ops::Range<usize>>| match group {
        Some(range) => format!("<{}>", String::from_utf8_lossy(&text[range.clone()])),
        None => "-".to_owned(),
    };
    groups.iter().map(place).collect()
}

fn full_match(pattern: &str, text: &str) -> String {
    match Regex::new(pattern.as_bytes()) {
        Ok(regex) => groups(&regex, text)
            .map_or_else(|| "no".to_owned(), |groups| format!("yes{}", show(&groups, text.as_bytes()))),
        Err(error) => error.to_string(),
    }
}

#[test]
fn whole_matches() {
    let table = [
        ("ab", "abc", "no"),
        ("a.b", "a\nb", "yes"),
        ("a(b)(c)", "abc", "yes<b><c>"),
        ("(a)|(c)", "c", "yes-<c>"),
        ("(a*)*", "aa", "yes<>"),
        ("(a*)+", "aa", "yes<>"),
        ("(a|ab)(c|bcd)(d*)", "abcd", "yes<a><bcd><>"),
        ("[[:space:]]+([[:UPPER:]]+)[[:space:]]+", "  FOO   ", "yes<FOO>"),
        ("[]a]*", "]a]", "yes"),
        ("[^]]", "]", "no"),
        ("[a-]+", "-a", "yes"),
        ("[--0]+", "./-0", "yes"),
        ("[[.hyphen.]-9]+", "-.9", "yes"),
        ("[[=a=]]+", "aA", "yes"),
        ("[\\]]", "\\]", "yes"),
        ("a{2}{2}", "aaaa", "yes"),
        ("(a{0}|b{1,2}){2,}", "bbb", "yes<>"),
        ("}|]", "}", "yes"),
        ("(^a|b$)*", "ab", "yes<b>"),
        ("|a||b", "b", "yes"),
        ("", "", "yes"),
        ("\\.\\*\\[\\(\\\\", ".*[(\\", "yes"),
    ];
    for (pattern, text, result) in table {
        assert_eq!(full_match(pattern, text), result, "{pattern}");
    }
}

#[test]
fn rejected_patterns() {
    let invalid = [
        "\\d",
        "\\n",
        "\\/",
        "\\-",
        "\\]",
        "\\}",
        "\\",
        "a{2,1}",
        "a{,2}",
        "a{",
        "a{1",
        "{1}",
        "a{99999999999}",
        "*a",
        "+",
        "?",
        "^*",
        "$*",
        "a|*",
        "(*a)",
        "(",
        ")",
        "a)",
        "[",
        "[]",
        "[a",
        "[z-a]",
        "[a-c-e]",
        "[[:foo:]]",
        "[[:alpha:]-z]",
        "[[.foo.]]",
        "[[.a.]",
        "[a[:]",
    ];
    for pattern in invalid {
        assert_eq!(full_match(pattern, ""), format!("invalid regular expression '{pattern}'"));
    }
    let large = "memory limit exceeded by regular expression 'a{100000}'";
    assert_eq!(full_match("a{100000}", ""), large);
}

#[test]
fn all_matches() {
    let table = [
        ("a|ab", "xabx", "1-3"),
        ("(a|ab)(c|bcd)(d*)", "abcdd", "0-5<a><bcd><d>"),
        ("", "ab", "0-0 1-1 2-2"),
        ("x*", "axxb", "0-0 1-3 3-3 4-4"),
        ("^a", "aaa", "0-1"),
        ("$", "ab\n", "3-3"),
        ("a*(ab)?", "aab", "0-2- 2-2- 3-3-"),
        ("(a)|(c)", "abc", "0-1<a>- 2-3-<c>"),
        ("|a", "aa", "0-1 1-2 2-2"),
        ("a", "", ""),
    ];
    for (pattern, text, result) in table {
        let regex = Regex::new(pattern.as_bytes()).expect("a valid pattern");
        let found: Vec<String> = matches(&regex, text)
            .iter()
            .map(|found| format!("{}-{}{}", found.range.start, found.range.end, show(&found.groups, text.as_bytes())))
            .collect();
        assert_eq!(found.join(" "), result, "{pattern}");
    }
}

#[test]
fn hard_searches_end() {
    let text = "a".repeat(2000);
    let slow = Regex::new(b"(a|a|aa)*(a*a*a*b|(a?)*c)").expect("a valid pattern");
    assert_eq!(groups(&slow, &text), None);
    let lines = format!("{}b", "a\n".repeat(100_000));
    let long = Regex::new(b"(.*\n)(.|\n)*b").expect("a valid pattern");
    assert_eq!(groups(&long, &lines).map(|groups| groups.len()), Some(2));
    let deep = "(".repeat(20_000) + "a" + &")".repeat(20_000);
    assert_eq!(Regex::new(deep.as_bytes()).map(|regex| regex.group_count()), Ok(20_000));
}

#[test]
fn nested_repetitions_end() {
    let text = "a".repeat(200);
    let nested = "(".repeat(40) + "a" + &"*)".repeat(40) + "b";
    for pattern in ["(a|)**{26}?b", "^(a|..)**{26}?b", "a********************************************b", &nested] {
        let regex = Regex::new(pattern.as_bytes()).expect("a valid pattern");
        assert_eq!(groups(&regex, &text), None, "{pattern}");
        assert!(matches(&regex, &text).is_empty(), "{pattern}");
    }
    for pattern in ["(a|)**{26}?", "^(a|..)**{26}?|..", "(a*){20}"] {
        let regex = Regex::new(pattern.as_bytes()).expect("a valid pattern");
        assert!(groups(&regex, &text).is_some(), "{pattern}");
        assert!(!matches(&regex, &text).is_empty(), "{pattern}");
    }
}

#[test]
fn what_a_repetition_leaves_over_leads_nowhere() {
    // The states of a repeated piece itself are in no path, only its copies.
    let regex = Regex::new(b"(a|b+)*([[:alpha:]]{0,3}***|x?)").expect("a valid pattern");
    assert_eq!(groups(&regex, &("ab".repeat(100) + "/")), None);
    assert!(!matches(&regex, &("ab".repeat(100) + "/")).is_empty());
}

#[test]
fn a_search_can_be_stopped() {
    let regex = Regex::new(b"(a|a|aa)*b").expect("a valid pattern");
    let mut calls = 0;
    let mut stop = |_| {
        calls += 1;
        if calls < 3 { Ok(()) } else { Err("stopped") }
    };
    assert_eq!(regex.full_match(&[b'a'; 20_000], &mut stop), Err("stopped"));
}
