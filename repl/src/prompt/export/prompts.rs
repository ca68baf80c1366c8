//! Inputs after prompts.

/// The prompt before an input.
pub(super) const PROMPT: &str = "nivis> ";
/// The prompt before further lines of it.
const CONTINUATION: &str = "     > ";

/// An input after prompts.
pub(super) fn prompted(input: &str) -> String {
    let mut text = String::new();
    for (index, line) in input.lines().enumerate() {
        text.push_str(if index == 0 { PROMPT } else { CONTINUATION });
        text.push_str(line);
        text.push('\n');
    }
    text
}
