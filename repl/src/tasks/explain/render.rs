//! A page as it is printed: code is indented instead of fenced, which is Markdown too.

const BOLD: &str = "\x1b[1m";
const ITALIC: &str = "\x1b[3m";
const RESET: &str = "\x1b[0m";

/// The contents of a fence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fence {
    Program,
    Output,
    Error,
    Console,
    Other,
}

impl Fence {
    fn of(info: &str) -> Self {
        match info.split(' ').next() {
            Some("nix" | "file") => Self::Program,
            Some("output") => Self::Output,
            Some("error") => Self::Error,
            Some("console") => Self::Console,
            _ => Self::Other,
        }
    }

    /// The mark of a program's output, which follows right after it.
    fn lead(self) -> &'static str {
        match self {
            Self::Output => "=> ",
            Self::Error => "error: ",
            Self::Program | Self::Console | Self::Other => "",
        }
    }

    fn colour(self, line: &str) -> &'static str {
        match self {
            Self::Program => "\x1b[36m",
            Self::Error => "\x1b[31m",
            Self::Console if line.starts_with("$ ") => BOLD,
            Self::Console | Self::Output | Self::Other => "",
        }
    }
}

/// The text of a page, with colours or as plain Markdown.
pub(crate) fn render(page: &str, colour: bool) -> String {
    let mut out = String::with_capacity(page.len() * 2);
    let mut fence = None;
    let mut lead = "";
    for line in page.lines() {
        match (line.strip_prefix("```"), fence) {
            (Some(_), Some(_)) => {
                fence = None;
                continue;
            }
            (Some(info), None) => {
                let opened = Fence::of(info);
                lead = opened.lead();
                if !lead.is_empty() && follows_code(&out) {
                    out.pop();
                }
                fence = Some(opened);
                continue;
            }
            (None, Some(fence)) => push_code(&mut out, &format!("{}{line}", std::mem::take(&mut lead)), fence, colour),
            (None, None) if colour => push_coloured(&mut out, line),
            (None, None) => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// True if the text ends with code and an empty line.
fn follows_code(text: &str) -> bool {
    text.ends_with("\n\n") && text.lines().nth_back(1).is_some_and(|line| line.starts_with("    "))
}

fn push_code(out: &mut String, line: &str, fence: Fence, colour: bool) {
    if line.is_empty() {
        return;
    }
    out.push_str("    ");
    match if colour { fence.colour(line) } else { "" } {
        "" => out.push_str(line),
        colour => out.push_str(&format!("{colour}{line}{RESET}")),
    }
}

/// A line of prose: headings are bold, and code loses its quotes for a colour.
fn push_coloured(out: &mut String, line: &str) {
    if line.starts_with('#') {
        out.push_str(&format!("{BOLD}{}{RESET}", line.trim_start_matches('#').trim_start()));
        return;
    }
    // A backslash at the end is a line break, and the line ends anyway.
    let line = line.strip_suffix('\\').unwrap_or(line);
    for (index, part) in line.split('`').enumerate() {
        match index % 2 {
            0 => push_emphasised(out, part),
            _ => out.push_str(&format!("\x1b[36m{part}{RESET}")),
        }
    }
}

/// Prose in which `**bold**` and `*italic*` lose their stars for what these say.
fn push_emphasised(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(star) = rest.find('*') {
        let (before, marked) = rest.split_at(star);
        out.push_str(before);
        let (mark, style) = if marked.starts_with("**") { ("**", BOLD) } else { ("*", ITALIC) };
        let inner = &marked[mark.len()..];
        let end = inner.find(mark).filter(|&end| {
            let inner = &inner[..end];
            !inner.is_empty() && inner.trim() == inner
        });
        match end {
            Some(end) => {
                out.push_str(&format!("{style}{}{RESET}", &inner[..end]));
                rest = &inner[end + mark.len()..];
            }
            None => {
                out.push_str(mark);
                rest = inner;
            }
        }
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_styles() {
        let table = [
            ("a **b** *c d*", format!("a {BOLD}b{RESET} {ITALIC}c d{RESET}")),
            ("2 * 3 * 4 ** 5", "2 * 3 * 4 ** 5".to_owned()),
            ("a\\", "a".to_owned()),
            ("`*a*` *b", "\x1b[36m*a*\x1b[0m *b".to_owned()),
            ("**a", "**a".to_owned()),
        ];
        for (text, expected) in table {
            assert_eq!(render(text, true), format!("{expected}\n"), "{text}");
            assert_eq!(render(text, false), format!("{text}\n"));
        }
    }
}
