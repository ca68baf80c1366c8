//! The results of evaluation: algorithms on the heap's objects that need no evaluator.
//!
//! The objects themselves, and the handles to them, are in `heap/`; they are re-exported here under their own names.

pub mod attrs;
pub mod context;
pub mod shape_memo;

pub use crate::heap::{
    Attrs, AttrsForm, BuiltinId, Closure, ContextId, List, ListBuilder, Partial, PosId, Scope, Shape, Str, Symbol,
    Thunk, ThunkState, Unpacked, Value,
};
