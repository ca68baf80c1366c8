//! The colours of everything that people are shown: errors, values, programs, pages.
//!
//! A palette names a style for each role, as an ANSI escape sequence. [`Palette::NIX`] has C++ Nix's colours of values,
//! which scripts may rely on.

/// The end of all styles.
pub const NORMAL: &str = "\x1b[0m";

/// The style of each role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// The word `error`, and what underlines the place at fault.
    pub error: &'static str,
    /// An error in place of a value.
    pub failed: &'static str,
    /// The word `warning`.
    pub warning: &'static str,
    /// The style under other places, of line numbers and of frames.
    pub frame: &'static str,
    /// Titles and headings.
    pub title: &'static str,
    /// The style of lesser things: comments, omissions.
    pub faint: &'static str,
    /// Emphasised prose.
    pub emphasis: &'static str,
    /// Keywords.
    pub keyword: &'static str,
    /// Strings.
    pub string: &'static str,
    /// Numbers, Booleans and `null`.
    pub number: &'static str,
    /// Paths and derivations.
    pub path: &'static str,
    /// Functions.
    pub function: &'static str,
    /// Values that are not evaluated, or repeated.
    pub thunk: &'static str,
    /// Code in prose.
    pub code: &'static str,
}

impl Palette {
    /// For a dark background.
    pub const DARK: Self = Self {
        error: "\x1b[1;91m",
        failed: "\x1b[31m",
        warning: "\x1b[1;93m",
        frame: "\x1b[34m",
        title: "\x1b[1m",
        faint: "\x1b[2m",
        emphasis: "\x1b[3m",
        keyword: "\x1b[35m",
        string: "\x1b[32m",
        number: "\x1b[36m",
        path: "\x1b[34m",
        function: "\x1b[34;1m",
        thunk: "\x1b[35;1m",
        code: "\x1b[36m",
    };
    /// For a light background: nothing bright, no yellow.
    pub const LIGHT: Self = Self {
        error: "\x1b[1;31m",
        failed: "\x1b[31m",
        warning: "\x1b[1;38;5;130m",
        frame: "\x1b[34m",
        title: "\x1b[1m",
        faint: "\x1b[38;5;243m",
        emphasis: "\x1b[3m",
        keyword: "\x1b[38;5;90m",
        string: "\x1b[38;5;22m",
        number: "\x1b[38;5;24m",
        path: "\x1b[38;5;19m",
        function: "\x1b[1;38;5;19m",
        thunk: "\x1b[1;38;5;90m",
        code: "\x1b[38;5;24m",
    };
    /// Blue and orange, which nearly everybody tells apart, on a dark or light background. No meaning is in red and green
    /// alone.
    pub const COLOUR_BLIND: Self = Self {
        error: "\x1b[1;38;5;208m",
        failed: "\x1b[38;5;208m",
        warning: "\x1b[1;4m",
        frame: "\x1b[38;5;33m",
        title: "\x1b[1m",
        faint: "\x1b[38;5;245m",
        emphasis: "\x1b[3m",
        keyword: "\x1b[1m",
        string: "\x1b[38;5;33m",
        number: "\x1b[38;5;172m",
        path: "\x1b[4;38;5;33m",
        function: "\x1b[1;38;5;33m",
        thunk: "\x1b[3;38;5;172m",
        code: "\x1b[38;5;33m",
    };
    /// C++ Nix's colours of values.
    pub const NIX: Self =
        Self { failed: "\x1b[31;1m", string: "\x1b[35;1m", number: "\x1b[36;1m", path: "\x1b[32;1m", ..Self::DARK };
}

/// The layout of a text for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Its colours, if it has any.
    pub palette: Option<Palette>,
    /// The width of the terminal in columns, if there is one.
    pub width: Option<usize>,
}

impl Look {
    /// No colours, and no limit to the width.
    pub const PLAIN: Self = Self { palette: None, width: None };

    /// True if there are colours.
    pub fn has_colours(self) -> bool {
        self.palette.is_some()
    }

    /// A text in a style of the palette.
    pub fn styled(self, style: impl Fn(Palette) -> &'static str, text: &str) -> String {
        match self.palette.map(style) {
            Some(style) if !style.is_empty() && !text.is_empty() => format!("{style}{text}{NORMAL}"),
            _ => text.to_owned(),
        }
    }
}
