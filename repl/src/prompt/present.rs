//! `--present FILE`: a prepared session, played a step at a time.
//!
//! In a Markdown file the steps are the inputs in the fences `repl`, in the form that `:export` writes. In any other
//! file each input is a step.

use crate::prompt::blocks::{Block, blocks};
use crate::prompt::reading::{Reading, read};
use std::collections::VecDeque;

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

    /// The number of steps that are left.
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
    let mut steps = VecDeque::new();
    let mut heading = None;
    for block in blocks(text) {
        match block {
            Block::Heading(_, title) => heading = Some(title),
            Block::Session(inputs) => {
                steps.extend(inputs.into_iter().map(|input| Step { heading: heading.take(), input }));
            }
            Block::Prose(_) | Block::Program(_) | Block::Rule => {}
        }
    }
    steps
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
