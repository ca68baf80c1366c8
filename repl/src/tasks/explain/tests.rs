//! Rules for all pages, and how words find them. The examples in pages are run by the test suite.

use super::pages::{PAGES, find};
use crate::output::markdown::render;
use nivis::codec::palette::Look;
use nivis::codec::terminal::columns;
use nivis::error::{CODES, Code};
use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn each_code_has_a_page_and_each_page_is_in_the_table() {
    let pages: Vec<(String, &str)> =
        PAGES.iter().filter(|page| page.is_code()).map(|page| (page.name.to_owned(), page.title())).collect();
    let codes: Vec<(String, &str)> = CODES.iter().map(|(code, title)| (code.to_string(), *title)).collect();
    assert_eq!(pages, codes);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/explain");
    let files = folder.read_dir().expect("the folder of pages").flatten();
    let files: BTreeSet<String> = files.map(|file| file.file_name().to_string_lossy().replace(".md", "")).collect();
    assert_eq!(files, PAGES.iter().map(|page| page.name.to_owned()).collect());
}

#[test]
fn pages_fit_a_terminal_and_refer_to_pages() {
    for page in PAGES {
        assert!(page.text.starts_with(&format!("# {}: ", page.name)), "{}", page.name);
        for line in render(page.text, Look::PLAIN).lines() {
            let is_prose = !line.starts_with("    ");
            assert!(!is_prose || line.chars().count() <= 80, "{}: {line}", page.name);
        }
        let words = page.text.split(|letter: char| !letter.is_ascii_alphanumeric());
        for word in words.filter(|word| word.len() == 5 && word.starts_with("E00")) {
            assert!(Code::parse(word).is_some(), "{} refers to {word}", page.name);
        }
        let lines = render(page.text, Look::PLAIN).lines().count();
        assert!(!page.is_code() || (20..=45).contains(&lines), "{} has {lines} lines", page.name);
    }
}

#[test]
fn words_find_pages() {
    let table = [
        ("E0012", "E0012"),
        ("e12", "E0012"),
        ("12", "E0012"),
        ("Not a function", "E0012"),
        ("LIST-ACCESS", "list-access"),
        ("list access", "list-access"),
    ];
    for (word, name) in table {
        let found = find(word).map(|page| page.name).map_err(|error| error.to_string());
        assert_eq!(found, Ok(name), "{word}");
    }
}

#[test]
fn pages_fit_any_terminal() {
    for (page, width) in PAGES.iter().flat_map(|page| [40, 80, 120].map(|width| (page, width))) {
        let text = render(page.text, Look { palette: None, width: Some(width) });
        let is_word = |line: &&str| !line.trim().contains(' ');
        let long = text.lines().find(|line| columns(line) > width && !is_word(line));
        assert_eq!(long, None, "{} at {width}", page.name);
    }
}
