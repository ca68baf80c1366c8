//! A page that is not for a terminal.

use super::Fence;

/// The page as Markdown, with code indented instead of fenced.
pub(super) fn render(page: &str) -> String {
    let mut out = String::with_capacity(page.len() * 2);
    let mut is_open = false;
    let mut lead = "";
    for line in page.lines() {
        match (line.strip_prefix("```"), is_open) {
            (Some(_), true) => is_open = false,
            (Some(info), false) => {
                lead = Fence::of(info).lead();
                if !lead.is_empty() && follows_code(&out) {
                    out.pop();
                }
                is_open = true;
            }
            (None, true) => {
                let line = format!("{}{line}", std::mem::take(&mut lead));
                out.push_str(if line.is_empty() { "" } else { "    " });
                out.push_str(&line);
                out.push('\n');
            }
            (None, false) => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}

/// True if the text ends with code and an empty line.
fn follows_code(text: &str) -> bool {
    text.ends_with("\n\n") && text.lines().nth_back(1).is_some_and(|line| line.starts_with("    "))
}
