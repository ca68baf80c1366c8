//! Places and trace frames for results.

use super::{Action, Result};
use crate::source::Place;

/// Adds context to results on their way out.
pub trait ResultExt {
    /// Adds a place to an error that has none.
    fn at(self, place: impl Into<Place>) -> Self;
    /// Adds an action to the trace. It is only created for an error.
    fn traced<A: Into<Action>>(self, place: impl Into<Place>, action: impl FnOnce() -> A) -> Self;
    /// Adds an action on the subject of the error.
    fn traced_subject<A: Into<Action>>(self, action: impl FnOnce() -> A) -> Self;
}

impl<T> ResultExt for Result<T> {
    #[inline]
    fn at(self, place: impl Into<Place>) -> Self {
        match self {
            Ok(value) => Ok(value),
            Err(error) => Err(error.at(place)),
        }
    }

    #[inline]
    fn traced<A: Into<Action>>(self, place: impl Into<Place>, action: impl FnOnce() -> A) -> Self {
        match self {
            Ok(value) => Ok(value),
            Err(error) => Err(error.traced(place, action())),
        }
    }

    #[inline]
    fn traced_subject<A: Into<Action>>(self, action: impl FnOnce() -> A) -> Self {
        match self {
            Ok(value) => Ok(value),
            Err(error) => Err(error.traced_subject(action())),
        }
    }
}
