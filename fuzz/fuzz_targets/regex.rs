//! The first line is a regular expression, the rest is a text: groups lie in their matches, and matches in order.
//!
//! Nested repetitions can take exponential time, as in libstdc++. So the matcher is told to stop after a while, as an
//! evaluation's limits would. A matcher that doesn't ask is a hang.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nivis::codec::regex::Regex;

/// How often a matcher may ask whether to go on: well below a second.
const POLLS: usize = 200;

#[derive(Debug)]
struct Stopped;

fuzz_target!(|input: &[u8]| {
    let at = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (pattern, text) = (&input[..at], input.get(at + 1..).unwrap_or_default());
    let Ok(regex) = Regex::new(pattern) else { return };
    let mut polls = 0;
    let go_on = &mut |_| {
        polls += 1;
        if polls > POLLS { Err(Stopped) } else { Ok(()) }
    };
    if let Ok(Some(groups)) = regex.full_match(text, go_on) {
        assert_eq!(groups.len(), regex.group_count());
        assert!(groups.iter().flatten().all(|group| text.get(group.clone()).is_some()));
    }
    let mut end = 0;
    let mut matches = regex.matches(text);
    while let Ok(Some(found)) = matches.next(go_on) {
        assert!(found.range.start >= end && found.range.end <= text.len(), "matches are in order");
        end = found.range.end;
        assert_eq!(found.groups.len(), regex.group_count());
        assert!(found.groups.iter().flatten().all(|group| text.get(group.clone()).is_some()));
    }
});
