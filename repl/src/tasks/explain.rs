//! `explain`: pages about errors and topics.
//!
//! In: a word. Out: the page on standard output, Markdown without fences; at a terminal with headings and code in colour.

mod pages;
#[cfg(test)]
mod tests;

use crate::command_line::args::Arguments;
use crate::command_line::words::lossy;
use crate::output::markdown::render;
use crate::output::stdio;
use crate::tasks::outcome::Outcome;
use nivis::codec::palette::Look;
use pages::{PAGES, Page};

/// Prints the page that the words name, or the list of pages.
///
/// # Errors
/// Fails if the words name no page, or it can't be written.
pub(crate) fn perform(arguments: &Arguments) -> Outcome {
    let words: Vec<String> = arguments.common.inputs.iter().map(|word| lossy(Some(word.clone()))).collect();
    let text = page(&words.join(" "), arguments.common.theme.of_output())?;
    Ok(stdio::print(text.as_bytes())?)
}

/// The page about a topic, or the list of pages if none is named.
///
/// # Errors
/// Fails if there is no such page.
pub(crate) fn page(about: &str, look: Look) -> nivis::Result<String> {
    if about.is_empty() { Ok(contents()) } else { Ok(render(pages::find(about)?.text, look)) }
}

/// The names of all pages.
pub(crate) fn names() -> Vec<String> {
    PAGES.iter().map(|page| page.name.to_owned()).collect()
}

/// The names of all pages with their titles.
pub(crate) fn titles() -> impl Iterator<Item = (&'static str, &'static str)> {
    PAGES.iter().map(|page| (page.name, page.title()))
}

/// All pages with their titles, in two columns so that a small terminal shows them at once.
fn contents() -> String {
    let (codes, topics): (Vec<&Page>, Vec<&Page>) = PAGES.iter().partition(|page| page.is_code());
    let entry = |page: &&Page| format!("{}  {}", page.name, page.title());
    let rows = codes.len().div_ceil(2);
    let mut text = "Errors:\n".to_owned();
    for row in 0..rows {
        let right = codes.get(row + rows).map(entry).unwrap_or_default();
        let line = format!("  {:38}{right}", entry(&codes[row]));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push_str("\nTopics:\n");
    for page in topics {
        text.push_str(&format!("  {}\n", entry(&page)));
    }
    text.push_str("\n'nivis explain E0012', or 'nivis explain 12', prints a page.\n");
    text
}
