//! The objects reachable from a value: thunks and values, evaluated or not; shared ones appear once.
//!
//! In: a value and the heap's view of it; nothing is forced. Out: a [`Graph`], which `svg` and `dot` draw.

mod dot;
mod layout;
mod reach;
mod svg;

pub(crate) use dot::dot;
pub(crate) use reach::reach;
pub(crate) use svg::svg;
