//! What a caller of the printer can choose.

/// What becomes of an error in a part of the value that is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorDisplay {
    /// `«error: message»` stands where the value would.
    #[default]
    Inline,
    /// The printer fails with it.
    Throw,
    /// The printer fails if it is the error of the whole value; those of parts are shown in their place.
    ThrowAtTop,
}

/// How [`super::print`] prints. The default is C++ Nix's: one line, everything, nothing forced.
#[derive(Clone, Debug)]
pub struct Options {
    /// Colours as ANSI escape sequences.
    pub colours: bool,
    /// Evaluate everything that is printed. Otherwise what is not evaluated yet is `«thunk»`.
    pub force: bool,
    /// What is not evaluated is shown with what it will do: `«thunk 1 + 1»`.
    pub thunk_texts: bool,
    /// With `force`, derivations are `«derivation /nix/store/….drv»` instead of sets.
    pub derivation_paths: bool,
    /// A set or list met a second time is `«repeated»`. Without it a value that contains itself has no end.
    pub track_repeated: bool,
    /// Sets and lists at this depth are `{ ... }` and `[ ... ]`. The whole value is at depth 0.
    pub max_depth: usize,
    /// Most attributes shown, of all sets together.
    pub max_attributes: usize,
    /// Most list elements shown, of all lists together.
    pub max_items: usize,
    /// Most bytes shown of each string.
    pub max_string_length: usize,
    /// Spaces per level of sets and lists that take several lines; 0 for all on one line.
    pub indent: usize,
    /// What becomes of errors.
    pub errors: ErrorDisplay,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            colours: false,
            force: false,
            thunk_texts: false,
            derivation_paths: false,
            track_repeated: true,
            max_depth: usize::MAX,
            max_attributes: usize::MAX,
            max_items: usize::MAX,
            max_string_length: usize::MAX,
            indent: 0,
            errors: ErrorDisplay::Inline,
        }
    }
}

impl Options {
    /// Those for values in error messages, which may be large.
    pub fn for_errors() -> Self {
        Self { max_depth: 10, max_attributes: 10, max_items: 10, max_string_length: 1024, ..Self::default() }
    }
}
