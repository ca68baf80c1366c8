//! From a parsed tree to a value, without recursion: trees may be deep.

use crate::error::Result;
use crate::eval::Eval;
use crate::heap::{List, PosId, ScratchVec, Symbol, Value};
use crate::value::attrs::Attr;

/// One unpacked node of a tree of `T`.
pub(in crate::builtins) enum Node<'h, T> {
    /// A value without parts.
    Value(Value<'h>),
    /// A list of these.
    List(Vec<T>),
    /// A set of these, by name.
    Set(Vec<(Vec<u8>, T)>),
}

/// The bytes that the tree of a text may take: so many for each of these bytes in it, which separate its items.
pub(in crate::builtins) fn bytes(text: &[u8], separators: [u8; 3], item: usize) -> usize {
    let [first, second, third] = separators;
    memchr::memchr3_iter(first, second, third, text).count().saturating_mul(item)
}

/// A list or set that is partly built.
enum Open<'h, T> {
    List { rest: std::vec::IntoIter<T>, done: ScratchVec<'h, Value<'h>> },
    Set { rest: std::vec::IntoIter<(Vec<u8>, T)>, name: Symbol, done: ScratchVec<'h, Attr<'h>> },
}

/// The value of a tree. `node` unpacks a node.
pub(in crate::builtins) fn build<'h, T>(
    cx: &Eval<'h>,
    root: T,
    node: impl Fn(&Eval<'h>, T) -> Result<Node<'h, T>>,
) -> Result<Value<'h>> {
    let mut open = Vec::new();
    let mut built = begin(cx, node(cx, root)?, &mut open);
    loop {
        cx.poll()?;
        if let Some(value) = built {
            let Some(around) = open.last_mut() else { return Ok(value) };
            around.add(value);
        }
        built = match open.last_mut().and_then(|around| around.next_part(cx)) {
            Some(part) => begin(cx, node(cx, part)?, &mut open),
            None => open.pop().map(|around| around.finish(cx)),
        };
    }
}

/// The value of a node without parts. A list or set is opened instead.
fn begin<'h, T>(cx: &Eval<'h>, node: Node<'h, T>, open: &mut Vec<Open<'h, T>>) -> Option<Value<'h>> {
    match node {
        Node::Value(value) => return Some(value),
        Node::List(items) => {
            open.push(Open::List {
                done: ScratchVec::with_capacity_in(items.len(), cx.scope().scratch()),
                rest: items.into_iter(),
            });
        }
        Node::Set(members) => {
            let done = ScratchVec::with_capacity_in(members.len(), cx.scope().scratch());
            open.push(Open::Set { rest: members.into_iter(), name: Symbol(0), done });
        }
    }
    None
}

impl<'h, T> Open<'h, T> {
    fn next_part(&mut self, cx: &Eval<'h>) -> Option<T> {
        match self {
            Self::List { rest, .. } => rest.next(),
            Self::Set { rest, name, .. } => {
                let (text, part) = rest.next()?;
                *name = cx.intern(&text);
                Some(part)
            }
        }
    }

    fn add(&mut self, value: Value<'h>) {
        match self {
            Self::List { done, .. } => done.push(value),
            Self::Set { name, done, .. } => done.push((*name, value, PosId::NONE)),
        }
    }

    fn finish(self, cx: &Eval<'h>) -> Value<'h> {
        match self {
            Self::List { done, .. } => List::from_values(cx.scope(), done.into_iter()).into(),
            Self::Set { mut done, .. } => cx.unsorted_attrs(&mut done),
        }
    }
}
