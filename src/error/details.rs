//! What people want to know of an error, besides what C++ Nix says.

use crate::source::Place;
use smol_str::SmolStr;
use std::sync::Arc;

/// What C++ Nix does not tell, and people want to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Names that may have been meant, best first.
    pub similar: Vec<String>,
    /// Some of the names that there are.
    pub present: Vec<String>,
    /// How many names there are.
    pub present_count: usize,
    /// The type of the value that was found, as `typeOf` names it; empty if that is not the point.
    pub found: &'static str,
    /// How many names of a selection were found before something went wrong.
    pub selected: usize,
    /// Sentences.
    pub notes: Vec<String>,
    /// Where people should look, where C++ Nix names no place.
    pub place: Place,
    /// True if what is too deep is a value, not calls within each other.
    pub is_deep_value: bool,
    /// Places besides, and what is to be said of them.
    pub related: Vec<(Place, SmolStr)>,
    /// The texts of values in the message that are long.
    pub excerpts: Vec<Arc<str>>,
    /// The topic that `nivis explain` has a page about; empty if the code's page tells best.
    pub topic: &'static str,
}

/// The topic of `xs.0` and its kin: in a path it picks from a list, in the language it does not.
pub const LIST_ACCESS: &str = "list-access";
