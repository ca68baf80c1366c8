//! Delayed calls: of one function with its arguments, or of one function for each member of a list or set.
//!
//! Calls for each member are common but rarely made (`mapAttrs` over all packages), so such a thunk has two words:
//! the member, and the data that all of these calls share.

use super::Eval;
use crate::heap::{List, Scope, ScratchVec, Symbol, Thunk, ThunkKind, Value};

/// The function and the arguments of one call.
#[derive(Clone, Debug)]
pub struct DelayedCall<'h> {
    /// The function, possibly unevaluated.
    pub function: Value<'h>,
    /// Its arguments.
    pub arguments: ScratchVec<'h, Value<'h>>,
}

/// One call of `function` for each member of a list, a set, or the numbers from 0.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MemberCalls<'h> {
    /// With the element or, for a set, with the name and the value: a pair of function and list or set.
    Of(List<'h>),
    /// With the number.
    Numbers(Value<'h>),
}

impl<'h> MemberCalls<'h> {
    /// The encoding as one word.
    fn word(self) -> Value<'h> {
        match self {
            Self::Of(pair) => pair.into(),
            Self::Numbers(function) => function,
        }
    }

    /// The decoded word. A list is not a function, so the two cases differ.
    fn of_word(word: Value<'h>) -> Self {
        word.as_list().map_or(Self::Numbers(word), Self::Of)
    }
}

impl<'h> Eval<'h> {
    /// A thunk that will call `function` with `arguments`.
    pub fn delayed_call(&self, function: Value<'h>, arguments: &[Value<'h>]) -> Value<'h> {
        Thunk::apply(self.scope, function, arguments).into()
    }

    /// Calls of `function` for members of a list or set.
    pub(crate) fn member_calls(&self, function: Value<'h>, collection: Value<'h>) -> MemberCalls<'h> {
        MemberCalls::Of(List::from_values(self.scope, [function, collection].into_iter()))
    }

    /// A thunk of the call for one member: an element by its index, an attribute by its symbol.
    #[inline]
    pub(crate) fn member_call(&self, calls: MemberCalls<'h>, member: u64) -> Value<'h> {
        Thunk::member_call(self.scope, calls.word(), member).into()
    }

    /// The call that a thunk delays. `before` is the thunk's capture 0 from before the call, which forgets it.
    pub fn delayed_call_of(&self, thunk: Thunk<'h>, before: Value<'h>) -> DelayedCall<'h> {
        let mut arguments = self.scope.gather([]);
        let function = take_apart(self.scope, thunk, before, |argument| arguments.push(argument));
        DelayedCall { function, arguments }
    }

    /// Pushes the arguments of a delayed call on the stack. Returns the function.
    #[inline]
    pub(super) fn push_delayed(&mut self, thunk: Thunk<'h>) -> Value<'h> {
        take_apart(self.scope, thunk, thunk.capture(0), |argument| self.stack.push(argument))
    }
}

/// Visits the arguments of a delayed call. Returns the function.
#[inline(always)]
fn take_apart<'h>(
    scope: Scope<'h>,
    thunk: Thunk<'h>,
    before: Value<'h>,
    mut visit: impl FnMut(Value<'h>),
) -> Value<'h> {
    let ThunkKind::Member(member) = thunk.kind() else {
        (1..thunk.captures()).for_each(|index| visit(thunk.capture(index)));
        return before;
    };
    let pair = match MemberCalls::of_word(before) {
        MemberCalls::Of(pair) => pair,
        MemberCalls::Numbers(function) => {
            visit(Value::int(scope, member as i64));
            return function;
        }
    };
    let [function, collection] = [0, 1].map(|index| pair.get(index).unwrap_or(Value::NULL));
    if let Some(list) = collection.as_list() {
        visit(list.get(member as usize).unwrap_or(Value::NULL));
    } else if let Some(attrs) = collection.as_attrs() {
        let name = Symbol(member as u32);
        visit(scope.symbol_name(name).into());
        visit(attrs.get(name).unwrap_or(Value::NULL));
    }
    function
}
