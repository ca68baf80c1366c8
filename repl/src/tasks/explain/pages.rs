//! The pages, and how one is found.

use crate::command_line::words::usage;
use nivis::Result;
use nivis::codec::levenshtein::{MOST_SUGGESTIONS, suggestions};
use nivis::error::Code;

/// A page of `docs/explain`.
#[derive(Debug)]
pub(super) struct Page {
    /// The code or topic: the name of its file.
    pub(super) name: &'static str,
    /// Its Markdown, whose first line is `# NAME: TITLE`.
    pub(super) text: &'static str,
}

impl Page {
    /// The first line without the name.
    pub(super) fn title(&self) -> &'static str {
        let line = self.text.lines().next().unwrap_or_default();
        line.split_once(": ").map_or("", |(_, title)| title)
    }

    /// True if it is about a code.
    pub(super) fn is_code(&self) -> bool {
        Code::parse(self.name).is_some()
    }

    /// True if its name or title speaks of this.
    fn is_about(&self, words: &str) -> bool {
        self.name.contains(words) || self.title().to_lowercase().contains(words)
    }
}

macro_rules! pages {
    ($($name:literal)*) => {
        &[$(Page { name: $name, text: include_str!(concat!("../../../docs/explain/", $name, ".md")) },)*]
    };
}

/// All pages: codes in their order, then topics.
pub(super) const PAGES: &[Page] = pages! {
    "E0001" "E0002" "E0010" "E0011" "E0012" "E0013" "E0014" "E0016" "E0017" "E0018" "E0019" "E0020" "E0021" "E0022"
    "E0023" "E0030" "E0031" "E0032" "E0040" "E0041" "E0043" "E0044" "E0050" "E0051" "E0052" "E0060" "E0061" "E0070" "E0080" "E0099"
    "list-access" "silent-mistakes"
};

/// The page with this name, as `E0012`, `e12`, `12` or `list access`, or with this title.
///
/// # Errors
/// Fails if there is no such page, and suggests those that may be meant.
pub(super) fn find(word: &str) -> Result<&'static Page> {
    let shown = word;
    let word = word.trim().to_lowercase();
    let name = match Code::parse(&word) {
        Some(code) => code.to_string(),
        None => word.replace(' ', "-"),
    };
    let found = PAGES.iter().find(|page| page.name == name || page.title().to_lowercase() == word);
    found.ok_or_else(|| usage(missing(shown, &word)))
}

fn missing(shown: &str, word: &str) -> String {
    let close: Vec<String> = close_to(word).iter().map(|page| format!("{} ({})", page.name, page.title())).collect();
    match close.is_empty() {
        true => format!("there is no page '{shown}'; 'nivis explain' lists the pages"),
        false => format!("there is no page '{shown}'; did you mean {}?", close.join(", ")),
    }
}

/// Pages whose name is nearly this, or whose title has it; else those that mention it.
fn close_to(word: &str) -> Vec<&'static Page> {
    const SHORTEST: usize = 3;
    let names = || PAGES.iter().map(|page| page.name.as_bytes());
    let code = word.to_uppercase();
    let mut near = suggestions(code.as_bytes(), names());
    near.extend(suggestions(word.as_bytes(), names()));
    let long = word.len() >= SHORTEST;
    let pages = |is_close: &dyn Fn(&Page) -> bool| PAGES.iter().filter(|page| is_close(page)).collect::<Vec<_>>();
    let close = pages(&|page| near.contains(&page.name.as_bytes()) || (long && page.is_about(word)));
    match close.is_empty() {
        true => {
            pages(&|page| long && page.text.to_lowercase().contains(word)).into_iter().take(MOST_SUGGESTIONS).collect()
        }
        false => close,
    }
}
