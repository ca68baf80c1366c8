//! What can be reached from a value: thunks and values, evaluated and not, those that are shared once.
//!
//! In: a value and what the heap says of it; nothing is forced. Out: a [`Graph`], which `svg` and `dot` draw.

mod dot;
mod layout;
mod reach;
mod svg;

pub(crate) use dot::dot;
pub(crate) use reach::reach;
pub(crate) use svg::svg;
