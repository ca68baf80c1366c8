//! The size of an object, and the words in it that refer to others: all that the collector knows of each kind.

use super::layout::{self, Kind, Object};
use super::{List, function, holes, shape::Shape, thunk};

/// All kinds in the order of their numbers, which begin with 1.
pub(super) const KINDS: [Kind; 19] = [
    Kind::Thunk,
    Kind::Apply,
    Kind::Closure,
    Kind::Partial,
    Kind::List,
    Kind::String,
    Kind::Attrs,
    Kind::Layered,
    Kind::Shape,
    Kind::Integer,
    Kind::Float,
    Kind::Indices,
    Kind::Piece,
    Kind::Buffer,
    Kind::Longer,
    Kind::Member,
    Kind::ListBuffer,
    Kind::Masked,
    Kind::Hole,
];

/// A visitor of the references in an object.
pub(super) trait Visitor {
    /// A word with a value, or zero if it was not written yet. Returns the word to keep there.
    fn value(&mut self, word: u64) -> u64;
    /// A word with a value that has to stay as it is.
    fn fixed_value(&mut self, word: u64);
    /// The address of another object.
    fn object(&mut self, address: u64);
    /// The number of the error of a failed thunk.
    fn error(&mut self, number: u32);
}

/// The kind of an object; `None` for a header that no object has.
#[inline]
pub(super) fn kind_of(object: Object) -> Option<Kind> {
    KINDS.get(layout::kind_number(object).wrapping_sub(1)).copied()
}

fn rest_of(object: Object) -> usize {
    (layout::get(object, 0) >> 8) as usize
}

/// The size of an object in words, its header included.
pub(super) fn words(object: Object) -> usize {
    let Some(kind) = kind_of(object) else { return 1 };
    let rest = || rest_of(object);
    1 + match kind {
        Kind::Hole => holes::words(object) - 1,
        Kind::Thunk | Kind::Apply | Kind::Member => thunk::payload(object),
        Kind::Closure => function::payload_of(object),
        Kind::Partial => 1 + rest(),
        Kind::List => List::new(object).payload(),
        Kind::String | Kind::Longer => 1 + rest().div_ceil(8),
        Kind::Attrs => Shape::new(layout::object(rest() as u64)).len(),
        Kind::Layered | Kind::Masked => 2,
        Kind::Shape => Shape::new(object).payload(),
        Kind::Integer | Kind::Float => 1,
        Kind::Indices => rest().div_ceil(2),
        Kind::Piece => 3,
        Kind::Buffer => 1 + rest().div_ceil(8),
        Kind::ListBuffer => 1 + rest(),
    }
}

/// Visits the references in an object. Returns its size in words.
pub(super) fn visit(object: Object, visitor: &mut impl Visitor) -> usize {
    let Some(kind) = kind_of(object) else { return 1 };
    let size = words(object);
    match kind {
        Kind::Thunk | Kind::Apply | Kind::Member => visit_thunk(object, kind, visitor),
        Kind::Closure | Kind::Partial => visit_values(object, 1..size, visitor),
        Kind::List => match List::new(object).owner() {
            Some(owner) => visitor.object(layout::address(owner)),
            None => visit_values(object, 1..size, visitor),
        },
        Kind::Attrs => {
            visitor.object(rest_of(object) as u64);
            visit_values(object, 1..size, visitor);
        }
        Kind::Layered | Kind::Masked => {
            visitor.object(layout::get(object, super::set::BASE));
            visitor.object(layout::get(object, super::set::OVERLAY));
        }
        Kind::Shape => {
            let order = layout::get(object, super::shape::NAME_ORDER);
            if order != 0 {
                visitor.object(order);
            }
        }
        Kind::Piece => visitor.object(layout::get(object, super::string::OWNER)),
        Kind::ListBuffer => visit_values(object, super::buffer::used_words(object), visitor),
        Kind::String | Kind::Longer | Kind::Integer | Kind::Float | Kind::Indices | Kind::Buffer | Kind::Hole => {}
    }
    size
}

/// A thunk that is done has its value, one that failed the number of an error, others what they need.
fn visit_thunk(object: Object, kind: Kind, visitor: &mut impl Visitor) {
    match thunk::stage(object) {
        thunk::Stage::Open if kind == Kind::Member => visitor.fixed_value(layout::get(object, 1)),
        thunk::Stage::Open => visit_values(object, 1..1 + function::payload_of(object), visitor),
        thunk::Stage::Done => visit_values(object, 1..2, visitor),
        thunk::Stage::Packed(value) => visitor.fixed_value(value),
        thunk::Stage::Failed(number) => visitor.error(number),
    }
}

fn visit_values(object: Object, words: std::ops::Range<usize>, visitor: &mut impl Visitor) {
    for index in words {
        let word = layout::get(object, index);
        let kept = visitor.value(word);
        if kept != word {
            layout::set(object, index, kept);
        }
    }
}
