//! A session as a page of Markdown, or as a picture of a terminal.

mod page;
mod picture;

pub(crate) use page::page;
pub(crate) use picture::picture;

/// What stands before an input.
const PROMPT: &str = "nivis> ";
/// What stands before further lines of it.
const CONTINUATION: &str = "     > ";

/// An input behind prompts.
fn prompted(input: &str) -> String {
    let mut text = String::new();
    for (index, line) in input.lines().enumerate() {
        text.push_str(if index == 0 { PROMPT } else { CONTINUATION });
        text.push_str(line);
        text.push('\n');
    }
    text
}
