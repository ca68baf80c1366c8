//! Interpolation, and strings and paths made of several parts.

use super::{At, Coercion, Eval, Frame, Need};
use crate::error::{self, Error, ErrorKind, Purpose, Result};
use crate::heap::{ContextId, Str, Unpacked, Value};
use crate::ir::{Operand, OperandKind, Words};
use crate::source::Part;
use crate::value::context::GatheredContexts;
use std::borrow::Cow;

impl<'h> Eval<'h> {
    /// `"a${b}"`
    #[inline(never)]
    pub(super) fn interpolate(&mut self, at: At<'_, 'h>, parts: Words) -> Result<Value<'h>> {
        let base = self.stack.len();
        let result = self.coerce_parts(at, parts, Coercion::interpolation());
        let text =
            result.and_then(|()| self.join_strings(self.stack[base..].iter().copied().filter_map(Value::as_str)));
        self.stack.truncate(base);
        text
    }

    /// Pushes each part, coerced, on the stack.
    fn coerce_parts(&mut self, at: At<'_, 'h>, parts: Words, coercion: Coercion) -> Result<()> {
        for (index, operand) in at.ir().operands(parts).enumerate() {
            let value = match self.eval(at.frame, operand) {
                Ok(value) => value,
                Err(error) => return Err(self.in_piece(at, parts, index, error)),
            };
            let text = match value.as_str() {
                Some(text) => text,
                None => {
                    let place = at.place(Part::Piece(interpolation_number(at.frame, parts, index)));
                    self.coerce_to_string(value, coercion, Need::at(Purpose::PathSegment, place))
                        .map_err(|error| self.with_origin(at.frame, operand, error))?
                }
            };
            self.stack.push(text.into());
        }
        Ok(())
    }

    /// Adds the trace of an interpolation to an error. Traces treat interpolations as sums.
    #[cold]
    fn in_piece(&self, at: At<'_, 'h>, parts: Words, index: usize, error: Error) -> Error {
        let place = at.place(Part::Inside(interpolation_number(at.frame, parts, index)));
        let is_trivial = at.ir().operands(parts).nth(index).is_some_and(Operand::is_trivial);
        let error = if is_trivial { error.filled(place) } else { error };
        error.traced(place, error::Operand::Sum)
    }

    /// `./a${b}`
    #[inline(never)]
    pub(super) fn interpolate_path(&mut self, at: At<'_, 'h>, parts: Words) -> Result<Value<'h>> {
        let first = at.ir().operands(parts).next().map(|first| self.eval(at.frame, first)).transpose()?;
        let Some(Unpacked::Path(start)) = first.map(Value::unpack) else {
            return Err(ErrorKind::Internal("a path does not begin with a path").into());
        };
        let base = self.stack.len();
        let result = self.coerce_parts(at, parts, Coercion::plain());
        let rest = self.scope.gather(self.stack.drain(base..).skip(1).filter_map(Value::as_str));
        result?;
        self.extend_path(start.as_bytes(), &rest).map_err(|error| error.at(at.position()))
    }

    /// The concatenation of strings, with all of their contexts.
    ///
    /// # Errors
    ///
    /// Fails if that exceeds the memory limit, or if the evaluation should stop.
    pub fn join_strings(&self, parts: impl DoubleEndedIterator<Item = Str<'h>> + Clone) -> Result<Value<'h>> {
        let mut contexts = GatheredContexts::default();
        let mut len = 0;
        for part in parts.clone() {
            contexts.add(part.context());
            len += part.len();
        }
        let context = contexts.union(self.contexts());
        if len < Str::GROWS_FROM {
            return Ok(Str::joined(self.scope, parts.map(Str::as_bytes), context).into());
        }
        match self.with_room(|| self.join_long(parts.clone(), len, context)) {
            Some(joined) => Ok(joined.into()),
            None => self.poll().and_then(|()| Err(ErrorKind::OutOfMemory.into())),
        }
    }

    /// The concatenation of long strings. A long string that is extended is likely to be extended again, at the same
    /// end.
    fn join_long(
        &self,
        mut parts: impl DoubleEndedIterator<Item = Str<'h>> + Clone,
        len: usize,
        context: ContextId,
    ) -> Option<Str<'h>> {
        let all = parts.clone();
        match (parts.next(), parts.next_back()) {
            (Some(first), Some(_)) if first.len() >= len / 2 => {
                first.followed_by(self.scope, &concatenated(all.skip(1)), context)
            }
            (Some(first), Some(last)) if last.len() >= len / 2 => {
                last.preceded_by(self.scope, &concatenated(std::iter::once(first).chain(parts)), context)
            }
            _ => Str::joined_if_room(self.scope, all.map(Str::as_bytes), context),
        }
    }

    /// Bytes between two strings, with this context.
    ///
    /// # Errors
    ///
    /// Fails like [`Eval::join_strings`].
    pub(crate) fn join_around(
        &self,
        first: Str<'h>,
        mut between: Vec<u8>,
        last: Option<Str<'h>>,
        context: ContextId,
    ) -> Result<Value<'h>> {
        let after = last.map_or(&b""[..], Str::as_bytes);
        let len = first.len() + between.len() + after.len();
        if len < Str::GROWS_FROM {
            let parts = [first.as_bytes(), &between, after];
            return Ok(Str::joined(self.scope, parts.into_iter(), context).into());
        }
        let joined = match last {
            _ if first.len() >= len / 2 => {
                between.extend_from_slice(after);
                self.with_room(|| first.followed_by(self.scope, &between, context))
            }
            Some(last) if last.len() >= len / 2 => {
                between.splice(..0, first.as_bytes().iter().copied());
                self.with_room(|| last.preceded_by(self.scope, &between, context))
            }
            _ => {
                let parts = [first.as_bytes(), &between, after];
                self.with_room(|| Str::joined_if_room(self.scope, parts.into_iter(), context))
            }
        };
        match joined {
            Some(joined) => Ok(joined.into()),
            None => self.poll().and_then(|()| Err(ErrorKind::OutOfMemory.into())),
        }
    }

    pub(super) fn extend_path(&mut self, path: &[u8], rest: &[Str<'h>]) -> Result<Value<'h>> {
        let mut bytes = path.to_vec();
        for part in rest {
            if !part.context().is_empty() {
                return Err(Error::eval("a string that refers to a store path cannot be appended to a path"));
            }
            bytes.extend_from_slice(part.as_bytes());
        }
        Ok(self.path(crate::path::canonical(&bytes)))
    }
}

/// The bytes of all parts; a single part is borrowed.
fn concatenated<'h>(mut parts: impl Iterator<Item = Str<'h>>) -> Cow<'h, [u8]> {
    let mut bytes = Cow::Borrowed(parts.next().map_or(&b""[..], Str::as_bytes));
    parts.for_each(|part| bytes.to_mut().extend_from_slice(part.as_bytes()));
    bytes
}

/// The number of interpolations before a part: all parts but constants are interpolations.
fn interpolation_number(frame: &Frame<'_>, parts: Words, index: usize) -> u16 {
    let before = frame.unit.ir.operands(parts).take(index);
    before.filter(|part| !matches!(part.kind(), OperandKind::Constant(_))).count().try_into().unwrap_or(u16::MAX)
}
