//! The pages, and how one is found.

use crate::args::usage;
use nivis::Result;
use nivis::codec::levenshtein::suggestions;
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
    /// What its first line says behind the name.
    pub(super) fn title(&self) -> &'static str {
        let line = self.text.lines().next().unwrap_or_default();
        line.split_once(": ").map_or("", |(_, title)| title)
    }

    /// True if it is about a code.
    pub(super) fn is_code(&self) -> bool {
        Code::parse(self.name).is_some()
    }

    /// True if its title speaks of this.
    fn is_about(&self, words: &str) -> bool {
        self.title().to_lowercase().contains(words)
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
    "E0023" "E0030" "E0031" "E0032" "E0040" "E0041" "E0043" "E0044" "E0050" "E0051" "E0070" "E0080" "E0099"
    "list-access"
};

/// The page with this name, as `E0012`, `e12`, `12` or `list access`, or with this title.
///
/// # Errors
/// That there is none, and which pages may be meant.
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
    let names = PAGES.iter().map(|page| page.name.as_bytes());
    let near = suggestions(word.to_uppercase().as_bytes(), names.clone());
    let near = if near.is_empty() { suggestions(word.as_bytes(), names) } else { near };
    let is_close = |page: &&Page| near.contains(&page.name.as_bytes()) || (word.len() > 2 && page.is_about(word));
    let close: Vec<_> = PAGES.iter().filter(is_close).map(|page| format!("{} ({})", page.name, page.title())).collect();
    match close.is_empty() {
        true => format!("there is no page '{shown}'; 'nivis explain' lists those there are"),
        false => format!("there is no page '{shown}'; close to it: {}", close.join(", ")),
    }
}
