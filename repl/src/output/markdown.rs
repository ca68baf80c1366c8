//! Markdown as people read it: `:doc`, lessons and the pages of `nivis explain`.
//!
//! At a terminal, marks become styles and lines fit the width. Elsewhere the text stays Markdown, with code indented
//! instead of fenced.

mod blocks;
mod plain;
#[cfg(test)]
mod tests;

use nivis::codec::palette::Look;

/// The contents of a block of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

    /// A line of such a block in its colour.
    fn styled(self, line: &str, look: Look) -> String {
        match self {
            Self::Program => look.styled(|palette| palette.code, line),
            Self::Error => look.styled(|palette| palette.failed, line),
            Self::Console if line.starts_with("$ ") => look.styled(|palette| palette.title, line),
            Self::Console | Self::Output | Self::Other => line.to_owned(),
        }
    }
}

/// The text of a page.
pub(crate) fn render(page: &str, look: Look) -> String {
    if look == Look::PLAIN { plain::render(page) } else { blocks::render(page, look) }
}
