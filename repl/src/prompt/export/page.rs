//! A session as Markdown, in the form in which the project's tests have sessions: an exported session is a test.

use super::prompts::prompted;
use crate::output::transcript::{Part, Turn};

/// The page. `flags` are those that the session was begun with.
pub(crate) fn page(turns: &[Turn], flags: &[String]) -> String {
    let mut body = String::new();
    for turn in turns {
        body.push_str(&prompted(&turn.input));
        for part in &turn.parts {
            let (Part::Value(text) | Part::Text(text)) = part else { continue };
            body.push_str(without_colours(text).trim_end_matches('\n'));
            body.push('\n');
        }
    }
    let fence = "`".repeat(longest_run(&body).max(2) + 1);
    let kind: String = flags.iter().map(|flag| format!(" {flag}")).collect();
    format!("# A session with Nivis\n\n{fence}repl{kind}\n{body}{fence}\n")
}

/// The length of the longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// The text without sequences that colour it.
fn without_colours(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        out.push_str(before);
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages() {
        let turn = |input: &str, answer: &str| Turn {
            input: input.to_owned(),
            is_command: false,
            parts: vec![Part::Value(answer.to_owned())],
        };
        let page = page(&[turn("1 +\n1", "\x1b[36m2\x1b[0m"), turn("x", "```")], &["--impure".to_owned()]);
        let expected = "# A session with Nivis\n\n````repl --impure\nnivis> 1 +\n     > 1\n2\nnivis> x\n```\n````\n";
        assert_eq!(page, expected);
    }
}
