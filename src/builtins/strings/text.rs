//! Strings under construction, and conversion of values to strings.

use crate::error::Result;
use crate::eval::{Coercion, Eval, Need};
use crate::heap::{ContextId, Str, Value};
use crate::value::context::GatheredContexts;

/// A growing string with its context. The program decides its length, so growth checks for room.
#[derive(Default)]
pub(in crate::builtins) struct TextBuilder {
    bytes: Vec<u8>,
    contexts: GatheredContexts,
}

impl TextBuilder {
    /// Adds bytes.
    pub(in crate::builtins) fn push(&mut self, cx: &Eval<'_>, bytes: &[u8]) -> Result<()> {
        cx.reserve_room(&mut self.bytes, bytes.len())?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Adds a string with its context.
    pub(in crate::builtins) fn push_string<'h>(&mut self, cx: &Eval<'h>, string: Str<'h>) -> Result<()> {
        self.refer(string.context());
        self.push(cx, string.as_bytes())
    }

    /// Adds a context.
    pub(in crate::builtins) fn refer(&mut self, context: ContextId) {
        self.contexts.add(context);
    }

    /// The string between two others. It shares the bytes of a long one, if that grows.
    pub(in crate::builtins) fn finish_between<'h>(
        mut self,
        cx: &Eval<'h>,
        first: Str<'h>,
        last: Option<Str<'h>>,
    ) -> Result<Value<'h>> {
        self.refer(first.context());
        last.into_iter().for_each(|last| self.refer(last.context()));
        cx.join_around(first, self.bytes, last, self.contexts.union(cx.contexts()))
    }

    /// The string.
    pub(in crate::builtins) fn finish<'h>(self, cx: &Eval<'h>) -> Result<Value<'h>> {
        cx.long_string(&self.bytes, self.contexts.union(cx.contexts()))
    }
}

/// A value as a string, as in `"${value}"`: paths are copied to the store. The need is for values without a
/// string form; errors of the value itself don't mention it.
pub(in crate::builtins) fn coerced<'h>(
    cx: &mut Eval<'h>,
    value: Value<'h>,
    need: impl Into<Need<'static>>,
) -> Result<Str<'h>> {
    match value.as_str() {
        Some(string) => Ok(string),
        None => coerced_as(cx, value, Coercion::interpolation(), need),
    }
}

/// A value as a string, with paths as plain text. The need is used as in [`coerced`].
pub(in crate::builtins) fn plain<'h>(
    cx: &mut Eval<'h>,
    value: Value<'h>,
    need: impl Into<Need<'static>>,
) -> Result<Str<'h>> {
    coerced_as(cx, value, Coercion::plain(), need)
}

/// A value as a string. The need is used as in [`coerced`], except that errors of a list's elements mention it too.
pub(super) fn coerced_as<'h>(
    cx: &mut Eval<'h>,
    value: Value<'h>,
    coercion: Coercion,
    need: impl Into<Need<'static>>,
) -> Result<Str<'h>> {
    cx.coerce_to_string(value, coercion, need)
}
