//! The options of the printer.

use crate::codec::palette::Palette;
use crate::error::Error;
use std::cell::RefCell;
use std::rc::Rc;

/// The treatment of an error in a part of the printed value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ErrorDisplay {
    /// Print `«error: message»` in place of the value.
    #[default]
    Inline,
    /// Fail with the error.
    Throw,
    /// Fail with an error of the whole value; print errors of parts in their place.
    ThrowAtTop,
}

/// The options of [`super::print`]. The defaults are C++ Nix's: one line, no limits, nothing forced.
#[derive(Clone, Debug)]
pub struct Options {
    /// The colours, if there are any.
    pub palette: Option<Palette>,
    /// Evaluate everything that is printed. Otherwise an unevaluated value is `«thunk»`.
    pub force: bool,
    /// Show unevaluated values with their code: `«thunk 1 + 1»`.
    pub thunk_texts: bool,
    /// Derivations are `«derivation /nix/store/….drv»` instead of sets. Without `force`, the whole value stays a set, and
    /// a derivation in it whose path is not evaluated is shown with its name.
    pub derivation_paths: bool,
    /// Print a repeated set or list as `«repeated»`. Without it a value that contains itself has no end.
    pub track_repeated: bool,
    /// Sets and lists at this depth are `{ ... }` and `[ ... ]`. The whole value is at depth 0.
    pub max_depth: usize,
    /// The largest number of attributes, over all sets together.
    pub max_attributes: usize,
    /// The largest number of list elements, over all lists together.
    pub max_items: usize,
    /// The largest number of bytes of each string.
    pub max_string_length: usize,
    /// The number of spaces per level of sets and lists that take several lines; 0 for everything on one line.
    pub indent: usize,
    /// The treatment of errors.
    pub errors: ErrorDisplay,
    /// Gets the errors that are shown in place of values.
    pub shown_errors: Option<Rc<RefCell<Vec<Error>>>>,
    /// Lists of short values are laid out in lines of this many columns; 0 for one element to a line.
    pub fill: usize,
    /// The largest number of elements of one list; of a longer one half as many are printed.
    pub longest_list: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            palette: None,
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
            shown_errors: None,
            fill: 0,
            longest_list: usize::MAX,
        }
    }
}

impl Options {
    /// The options for values in error messages, which may be large.
    pub fn for_errors() -> Self {
        Self { max_depth: 10, max_attributes: 10, max_items: 10, max_string_length: 1024, ..Self::default() }
    }
}
