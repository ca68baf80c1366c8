//! Statistics of the heap: the number of objects of each kind, and their size.

use super::function::payload_of;
use super::layout::{self, Kind, Object};
use super::shape::Shape;
use super::{Heap, List};

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

const KINDS: [(Kind, &str); 18] = [
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
];

impl Heap {
    /// Counts all objects, kind by kind.
    pub fn census(&self) -> Vec<Count> {
        let mut counts: Vec<Count> = KINDS.iter().map(|(_, kind)| Count { kind, objects: 0, bytes: 0 }).collect();
        self.chunks.for_each_object(|object| {
            let words = words(object);
            if let Some(count) = counts.get_mut(layout::kind_number(object).wrapping_sub(1)) {
                count.objects += 1;
                count.bytes += words * 8;
            }
            words
        });
        counts
    }
}

/// The size of an object in words, its header included.
fn words(object: Object) -> usize {
    let rest = (layout::get(object, 0) >> 8) as usize;
    let Some((kind, _)) = KINDS.get(layout::kind_number(object).wrapping_sub(1)) else { return 1 };
    1 + match kind {
        Kind::Thunk | Kind::Apply | Kind::Member => payload_of(object).max(1),
        Kind::Closure => payload_of(object),
        Kind::Partial => 1 + rest,
        Kind::List => List::new(object).payload(),
        Kind::String | Kind::Longer => 1 + rest.div_ceil(8),
        Kind::Attrs => Shape::new(layout::object(rest as u64)).len(),
        Kind::Layered | Kind::Masked => 2,
        Kind::Shape => Shape::new(object).payload(),
        Kind::Integer | Kind::Float => 1,
        Kind::Indices => rest.div_ceil(2),
        Kind::Piece => 3,
        Kind::Buffer => 1 + rest.div_ceil(8),
        Kind::ListBuffer => 1 + rest,
    }
}
