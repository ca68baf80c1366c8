//! A session as a page of Markdown, or as a picture of a terminal.

mod page;
mod picture;
mod prompts;

pub(crate) use page::page;
pub(crate) use picture::picture;
