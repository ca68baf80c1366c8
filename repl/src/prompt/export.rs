//! A session as a page of Markdown or HTML, or as a picture of a terminal.

mod page;
mod picture;
mod prompts;
mod web_page;

pub(crate) use page::page;
pub(crate) use picture::picture;
pub(crate) use web_page::web_page;
