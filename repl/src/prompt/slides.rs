//! A page of Markdown as slides: `:present`.

use super::blocks::{Block, blocks};

/// Headings up to this level begin a slide.
const LEVEL: usize = 2;

/// A slide.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Slide {
    /// Its heading, which may be empty.
    pub(crate) title: String,
    pub(crate) parts: Vec<SlidePart>,
}

/// A part of a slide.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SlidePart {
    /// Markdown.
    Prose(String),
    /// An input, which is answered when it is its turn.
    Input(String),
}

/// The slides of a page.
pub(crate) fn slides(page: &str) -> Vec<Slide> {
    let mut slides = vec![Slide::default()];
    for block in blocks(page) {
        match block {
            Block::Heading(level, title) if level <= LEVEL => slides.push(Slide { title, parts: Vec::new() }),
            Block::Rule => slides.push(Slide::default()),
            block => slides.last_mut().into_iter().for_each(|slide| slide.parts.extend(parts(&block))),
        }
    }
    slides.retain(|slide| !slide.title.is_empty() || !slide.parts.is_empty());
    slides
}

fn parts(block: &Block) -> Vec<SlidePart> {
    match block {
        Block::Heading(level, title) => vec![SlidePart::Prose(format!("{} {title}\n", "#".repeat(*level)))],
        Block::Prose(text) => vec![SlidePart::Prose(text.trim().to_owned())],
        Block::Program(text) => vec![SlidePart::Input(text.clone())],
        Block::Session(inputs) => inputs.iter().cloned().map(SlidePart::Input).collect(),
        Block::Rule => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_slides_begin() {
        let page = "# A\nOne.\n\n```nix\n1\n```\n\n## B\n### C\n\n---\nTwo.\n";
        let slide = |title: &str, parts| Slide { title: title.to_owned(), parts };
        let prose = |text: &str| SlidePart::Prose(text.to_owned());
        let expected = [
            slide("A", vec![prose("One."), SlidePart::Input("1".to_owned())]),
            slide("B", vec![prose("### C\n")]),
            slide("", vec![prose("Two.")]),
        ];
        assert_eq!(slides(page), expected);
    }
}
