//! Damaged transcripts: sessions and programs of the project's tests with parts deleted, swapped, doubled,
//! replaced, or put into another.

use super::random::Random;
use crate::prompt::highlight::tokens;
use crate::prompt::present::Player;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// A longer program would only be slower.
const LONGEST: usize = 6000;

/// The transcripts before anything happens to them: a text per session or program.
pub(super) fn originals() -> Vec<String> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let pages = files(&project.join("tests/sessions"), "md");
    let mut originals: Vec<String> =
        pages.iter().filter_map(|page| fs::read_to_string(page).ok()).flat_map(sessions).collect();
    let programs = files(&project.join("nix-test-corpus"), "nix");
    originals.extend(programs.iter().filter_map(|program| fs::read_to_string(program).ok()));
    originals.retain(|text| text.len() <= LONGEST);
    originals
}

/// The inputs below each heading of a page.
fn sessions(page: String) -> Vec<String> {
    let mut player = Player::new("page.md", &page);
    let mut sessions: Vec<String> = Vec::new();
    loop {
        let begins = player.heading().is_some();
        let Some(input) = player.next() else { return sessions };
        match sessions.last_mut().filter(|_| !begins) {
            Some(session) => session.push_str(&format!("\n{input}")),
            None => sessions.push(input),
        }
    }
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
    let (folders, mut found): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    found.retain(|path| path.extension().is_some_and(|extension| extension == ending));
    found.extend(folders.iter().flat_map(|folder| files(folder, ending)));
    found.sort();
    found
}

/// One of the transcripts, changed in one to four ways.
pub(super) fn transcript(random: &mut Random, originals: &[String]) -> String {
    let mut text = random.pick(originals).clone().into_bytes();
    for _ in 0..=random.below(4) {
        let parts = match random.below(3) {
            0 => (0..text.len()).map(|at| at..at + 1).collect(),
            1 => token_ranges(&text),
            _ => line_ranges(&text),
        };
        let other = random.pick(originals).as_bytes();
        text = changed(random, &text, &parts, other);
    }
    String::from_utf8_lossy(&text).into_owned()
}

fn token_ranges(text: &[u8]) -> Vec<Range<usize>> {
    let text = String::from_utf8_lossy(text);
    let mut end = 0;
    let ranges = tokens(&text).map(|(_, token)| {
        let start = end;
        end += token.len();
        start..end
    });
    ranges.collect()
}

fn line_ranges(text: &[u8]) -> Vec<Range<usize>> {
    let mut end = 0;
    let ranges = text.split_inclusive(|byte| *byte == b'\n').map(|line| {
        let start = end;
        end += line.len();
        start..end
    });
    ranges.collect()
}

/// The text with some of its parts (a few that follow each other) deleted, doubled, replaced or exchanged for others.
fn changed(random: &mut Random, text: &[u8], parts: &[Range<usize>], other: &[u8]) -> Vec<u8> {
    let Some((from, rest)) = pick_range(random, parts, text.len()) else { return other.to_vec() };
    let part = &text[from..rest];
    match random.below(6) {
        0 => [&text[..from], &text[rest..]].concat(),
        1 => [&text[..rest], part, &text[rest..]].concat(),
        2 => [&text[..from], &[random.next() as u8], &text[rest..]].concat(),
        3 => {
            let (a, b) = (random.below(other.len()), random.below(other.len()));
            [&text[..from], &other[a.min(b)..a.max(b)], &text[rest..]].concat()
        }
        4 => {
            let Some((second, end)) = pick_range(random, parts, text.len()) else { return text.to_vec() };
            if second < rest {
                return [&text[..from], part, part, &text[from..]].concat();
            }
            [&text[..from], &text[second..end], &text[rest..second], part, &text[end..]].concat()
        }
        _ => text[..rest].to_vec(),
    }
}

/// Some parts that follow each other: where they begin and end.
fn pick_range(random: &mut Random, parts: &[Range<usize>], length: usize) -> Option<(usize, usize)> {
    if parts.is_empty() {
        return None;
    }
    let first = random.below(parts.len());
    let last = (first + random.below(4)).min(parts.len() - 1);
    Some((parts[first].start.min(length), parts[last].end.min(length)))
}
