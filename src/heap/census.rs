//! Statistics of the heap: the number of objects of each kind, and their size.

use super::layout::{self, Kind};
use super::{Heap, trace};

/// The number of objects of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Their kind, for example `thunk` or `list`.
    pub kind: &'static str,
    /// Their number.
    pub objects: usize,
    /// Their size in bytes, including headers.
    pub bytes: usize,
}

const NAMES: [(Kind, &str); 19] = [
    (Kind::Thunk, "thunk"),
    (Kind::Apply, "delayed call"),
    (Kind::Closure, "function"),
    (Kind::Partial, "partial application"),
    (Kind::List, "list"),
    (Kind::String, "string"),
    (Kind::Attrs, "set"),
    (Kind::Layered, "layered set"),
    (Kind::Shape, "shape"),
    (Kind::Integer, "large integer"),
    (Kind::Float, "float"),
    (Kind::Indices, "name order"),
    (Kind::Piece, "part of a string"),
    (Kind::Buffer, "growing string"),
    (Kind::Longer, "longer string"),
    (Kind::Member, "delayed call for a member"),
    (Kind::ListBuffer, "growing list"),
    (Kind::Masked, "set without some names"),
    (Kind::Hole, "hole"),
];

impl Heap {
    /// Counts all objects, kind by kind, those too that nothing refers to any more.
    pub fn census(&self) -> Vec<Count> {
        let mut counts: Vec<Count> = NAMES.iter().map(|(_, kind)| Count { kind, objects: 0, bytes: 0 }).collect();
        self.chunks.for_each_object(|object| {
            if let Some(count) = counts.get_mut(layout::kind_number(object).wrapping_sub(1)) {
                count.objects += 1;
                count.bytes += trace::words(object) * 8;
            }
        });
        counts
    }
}
