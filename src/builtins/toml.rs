//! stub
pub(super) const TABLE: &[super::Builtin] = &[];
