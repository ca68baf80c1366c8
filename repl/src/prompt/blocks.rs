//! A page of Markdown as what is presented of it: headings, prose, programs and sessions.

const PROMPT: &str = "nivis>";
const CONTINUATION: &str = "     >";

/// A block of a page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// A heading of this level.
    Heading(usize, String),
    /// Markdown, with fences that are neither programs nor sessions.
    Prose(String),
    /// The text in a fence `nix`.
    Program(String),
    /// The inputs in a fence `repl`.
    Session(Vec<String>),
    /// A line of dashes.
    Rule,
}

/// The blocks of a page.
pub(crate) fn blocks(page: &str) -> Vec<Block> {
    let mut reader = Reader::default();
    page.lines().for_each(|line| reader.line(line));
    reader.end_fence();
    reader.blocks.retain(|block| !matches!(block, Block::Prose(text) if text.trim().is_empty()));
    reader.blocks
}

/// A fence that is open.
struct Fence {
    ticks: usize,
    kind: String,
    /// Its lines, without that which opened it.
    text: String,
    opening: String,
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    fence: Option<Fence>,
}

impl Reader {
    fn line(&mut self, line: &str) {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match &mut self.fence {
            Some(fence) if ticks >= fence.ticks => self.end_fence(),
            Some(fence) => fence.text += &format!("{line}\n"),
            None if ticks >= 3 => {
                let kind = line[ticks..].split_whitespace().next().unwrap_or_default().to_owned();
                self.fence = Some(Fence { ticks, kind, text: String::new(), opening: line.to_owned() });
            }
            None if line.starts_with('#') => {
                let title = line.trim_start_matches('#');
                self.blocks.push(Block::Heading(line.len() - title.len(), title.trim().to_owned()));
            }
            None if line.len() >= 3 && line.bytes().all(|byte| byte == b'-') => self.blocks.push(Block::Rule),
            None => self.prose(line),
        }
    }

    fn prose(&mut self, text: &str) {
        match self.blocks.last_mut() {
            Some(Block::Prose(before)) => *before += &format!("{text}\n"),
            _ => self.blocks.push(Block::Prose(format!("{text}\n"))),
        }
    }

    fn end_fence(&mut self) {
        let Some(Fence { ticks, kind, text, opening }) = self.fence.take() else { return };
        match kind.as_str() {
            "nix" => self.blocks.push(Block::Program(text.trim_end().to_owned())),
            "repl" => self.blocks.push(Block::Session(inputs(&text))),
            _ => self.prose(&format!("{opening}\n{text}{}", "`".repeat(ticks))),
        }
    }
}

/// The inputs of a session as displayed.
fn inputs(session: &str) -> Vec<String> {
    let mut inputs: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in session.lines() {
        let continued = line.strip_prefix(CONTINUATION).filter(|_| is_open);
        if let Some(input) = line.strip_prefix(PROMPT) {
            inputs.push(input.strip_prefix(' ').unwrap_or(input).to_owned());
        } else if let (Some(more), Some(input)) = (continued, inputs.last_mut()) {
            input.push('\n');
            input.push_str(more.strip_prefix(' ').unwrap_or(more));
        }
        is_open = line.starts_with(PROMPT) || continued.is_some();
    }
    inputs.retain(|input| !input.trim().is_empty());
    inputs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages() {
        let page = "# A\n\nWords.\n\n````nix\n1 +\n1\n````\n```sh\nls\n```\n---\n### B\n```repl\nnivis> x\n1\n```\n";
        let expected = [
            Block::Heading(1, "A".to_owned()),
            Block::Prose("\nWords.\n\n".to_owned()),
            Block::Program("1 +\n1".to_owned()),
            Block::Prose("```sh\nls\n```\n".to_owned()),
            Block::Rule,
            Block::Heading(3, "B".to_owned()),
            Block::Session(vec!["x".to_owned()]),
        ];
        assert_eq!(blocks(page), expected);
    }
}
