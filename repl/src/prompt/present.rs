//! `--present FILE`: a prepared session, played a step at a time.
//!
//! In a Markdown file the steps are the inputs in the fences `repl`, in the form that `:export` writes. In any other
//! file each input is a step.

use crate::prompt::reading::{Reading, read};
use std::collections::VecDeque;

const PROMPT: &str = "nivis>";
const CONTINUATION: &str = "     >";

/// Something to be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// The heading that it stands below, if it is the first there.
    pub(crate) heading: Option<String>,
    pub(crate) input: String,
}

/// The steps that are left.
#[derive(Debug, Default)]
pub(crate) struct Player(VecDeque<Step>);

impl Player {
    /// The steps of a file with this name.
    pub(crate) fn new(name: &str, text: &str) -> Self {
        let is_page = name.ends_with(".md");
        Self(if is_page { steps_of_page(text) } else { steps_of_lines(text) })
    }

    /// How many steps are left.
    pub(crate) fn left(&self) -> usize {
        self.0.len()
    }

    /// The heading of the next step.
    pub(crate) fn heading(&mut self) -> Option<String> {
        self.0.front_mut()?.heading.take()
    }

    /// The next step.
    pub(crate) fn next(&mut self) -> Option<String> {
        self.0.pop_front().map(|step| step.input)
    }
}

fn steps_of_page(text: &str) -> VecDeque<Step> {
    let mut page = Page::default();
    let mut fence: Option<(usize, bool)> = None;
    for line in text.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            None if ticks >= 3 => fence = Some((ticks, line[ticks..].trim().starts_with("repl"))),
            None if line.starts_with('#') => page.heading = Some(line.trim_start_matches('#').trim().to_owned()),
            Some((opened, _)) if ticks >= opened => fence = None,
            Some((_, true)) => {
                page.line_of_session(line);
                continue;
            }
            _ => {}
        }
        page.is_open = false;
    }
    page.steps.retain(|step| !step.input.trim().is_empty());
    page.steps
}

/// The steps of a page, while it is read.
#[derive(Default)]
struct Page {
    steps: VecDeque<Step>,
    /// A heading without a step below it yet.
    heading: Option<String>,
    /// The line before belongs to an input.
    is_open: bool,
}

impl Page {
    fn line_of_session(&mut self, line: &str) {
        let continued = line.strip_prefix(CONTINUATION).filter(|_| self.is_open);
        if let Some(input) = line.strip_prefix(PROMPT) {
            let input = input.strip_prefix(' ').unwrap_or(input).to_owned();
            self.steps.push_back(Step { heading: self.heading.take(), input });
        } else if let (Some(more), Some(step)) = (continued, self.steps.back_mut()) {
            step.input.push('\n');
            step.input.push_str(more.strip_prefix(' ').unwrap_or(more));
        }
        self.is_open = line.starts_with(PROMPT) || continued.is_some();
    }
}

fn steps_of_lines(text: &str) -> VecDeque<Step> {
    let mut steps = VecDeque::new();
    let mut input = String::new();
    for line in text.lines() {
        input.push_str(line);
        match read(&input) {
            Reading::Incomplete => {
                input.push('\n');
                continue;
            }
            Reading::Empty => input.clear(),
            _ => steps.push_back(Step { heading: None, input: std::mem::take(&mut input) }),
        }
    }
    steps.extend((!input.trim().is_empty()).then_some(Step { heading: None, input }));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_lines() {
        let page = "# Talk\n\n```repl\nnivis> 1\n1\nnivis> 2 +\n     > 3\n5\n     > no\n```\n\n## More\n```nix\nnivis> no\n```\n```repl\nnivis> 4\n```\n";
        let mut player = Player::new("talk.md", page);
        assert_eq!(player.left(), 3);
        assert_eq!(player.heading(), Some("Talk".to_owned()));
        assert_eq!(player.next(), Some("1".to_owned()));
        assert_eq!(player.heading(), None);
        assert_eq!(player.next(), Some("2 +\n3".to_owned()));
        assert_eq!(player.heading(), Some("More".to_owned()));
        let mut player = Player::new("talk.txt", "1\n\n# a remark\nlet x = 1;\nin x\n");
        assert_eq!(player.next(), Some("1".to_owned()));
        assert_eq!(player.next(), Some("let x = 1;\nin x".to_owned()));
        assert_eq!(player.next(), None);
    }
}
