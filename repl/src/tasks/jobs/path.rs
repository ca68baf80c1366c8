//! The attribute path of a job.

/// Names from the root of the program's value to a part of it.
pub(super) type Path = Vec<String>;
