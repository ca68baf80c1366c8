//! The configuration: files, the environment and the command line become a [`Configuration`](settings::Configuration).

pub(crate) mod engine_parts;
pub(crate) mod files;
pub(crate) mod home;
pub(crate) mod local_sources;
pub(crate) mod profiling;
pub(crate) mod search_path;
pub(crate) mod settings;
pub(crate) mod shells;
pub(crate) mod store_dir;
pub(crate) mod store_place;
