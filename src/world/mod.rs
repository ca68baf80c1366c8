//! The part of the machine that an evaluation may see: the files that the settings allow, and the store with the
//! entries that the evaluation has made. It knows no evaluator.
//!
//! - [`view`]: the [`Io`](crate::io::Io) of an evaluation. All files are read through it.
//! - [`access`]: the readable files, and the addresses that may be fetched.
//! - [`entries`]: store entries that are elsewhere on disk, or nowhere.
//! - [`selected`]: folders of which only a selection of files is seen.
//! - [`status_cache`]: the status of files, requested once.

pub(crate) mod access;
pub(crate) mod entries;
pub(crate) mod selected;
pub(crate) mod status_cache;
pub(crate) mod view;
