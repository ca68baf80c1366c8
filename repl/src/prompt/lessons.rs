//! The lessons of `:learn`: their pages, the folder that some have, and how far the user has come.

mod folder;
mod kept;
mod literal;
mod pages;
#[cfg(test)]
mod tests;

pub(crate) use folder::Folder;
pub(crate) use kept::Kept;
pub(crate) use literal::is_literal;
#[cfg(test)]
use pages::Remark;
pub(crate) use pages::{LESSONS, Lesson, Step, find};
