//! The evaluator: a recursive, lazy interpreter of the IR.
//!
//! [`Eval`] is one visit to an engine. [`Eval::force`] turns a thunk into a value; `run` has one arm per node of the
//! IR. Operands that a node does not need evaluated are *delayed*: used as they are, or wrapped in a thunk.
//!
//! What meets files and stores is in `host`. Not here: names (resolved by `lower`), the builtins themselves (`builtins/`), the text of values (`print/`).

mod arguments;
mod assertion;
mod attribute_path;
mod attrs;
pub(crate) mod builtin;
mod builtin_calls;
mod call;
mod calls;
mod closure_info;
mod coerce;
mod collect;
pub(crate) mod debug;
mod delay;
mod delayed_calls;
mod depth;
mod equality;
mod force;
mod frame;
pub(crate) mod host;
mod host_functions;
mod interpolation;
mod link;
mod numbers;
mod operators;
mod parts;
mod pattern;
pub mod profile;
mod remembered;
pub(crate) mod root;
mod run;
mod select;
pub(crate) mod shared;
mod stack_frame;
mod stepping;
mod trivial;
pub(crate) mod unit;
mod watch;

pub use attribute_path::{AutoArguments, path_steps};
pub use calls::{Calls, RecordedCall};
pub use closure_info::ClosureInfo;
pub use coerce::{Coercion, Need};
pub use debug::{Debugger, Reason, Resume, Stop};
pub(crate) use delayed_calls::MemberCalls;
pub(crate) use host::cached::Caching;
pub(crate) use host::clock::CLOCK;
pub use host::inputs::InputTree;
pub use host::lookup::is_archive_url;
pub use host::search_path;
pub use root::Root;
pub use stack_frame::{ScopeNames, StackFrame};
pub use stepping::{Reduction, Reductions};
pub use watch::Forced;

use crate::error::{Error, ErrorKind, Result};
use crate::heap::{ContextId, PosId, Scope, Str, Symbol, Value, fallible};
use crate::io::Message;
use crate::settings::Settings;
use crate::source::{Origin, Place};
use crate::value::attrs::{Attr, from_sorted, from_unsorted, remove, same, update};
use crate::value::context::Contexts;
use crate::value::shape_memo::ShapeMemo;
use crate::value::{ListBuilder, Thunk};
use calls::CallRecord;
use debug::Debugging;
use frame::{At, Frame};
use root::RootOwner;
use shared::Shared;
use std::cell::RefCell;
use stepping::Stepping;
use unit::LoadedUnit;
use watch::Watch;

/// A running evaluation: the heap's scope, the engine's tables, and the stack of frames.
pub struct Eval<'h> {
    scope: Scope<'h>,
    shared: &'h Shared,
    /// The slots of all running frames, one after the other.
    stack: Vec<Value<'h>>,
    /// The number of further levels that calls may be nested; see [`depth`].
    levels: i64,
    /// The lowest address that the machine stack may reach.
    stack_floor: usize,
    /// The same for running thunks; above all addresses while a watch is on, or parts are recorded.
    thunk_floor: usize,
    /// The place of the call of the running function.
    call_place: Place,
    /// The thunk that was forced while it was being evaluated.
    blackhole: Option<Thunk<'h>>,
    root_owner: RootOwner,
    shape_memo: RefCell<ShapeMemo<'h>>,
    watch: Option<Box<Watch<'h>>>,
    calls: Option<Box<CallRecord<'h>>>,
    debugging: Option<Box<Debugging<'h>>>,
    stepping: Option<Box<Stepping<'h>>>,
}

impl std::fmt::Debug for Eval<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Eval").field("levels", &self.levels).finish_non_exhaustive()
    }
}

impl<'h> Eval<'h> {
    pub(crate) fn new(scope: Scope<'h>, shared: &'h Shared, stack_floor: usize, root_owner: RootOwner) -> Self {
        Self {
            scope,
            shared,
            stack: Vec::with_capacity(1024),
            levels: depth::levels(shared),
            stack_floor,
            thunk_floor: if shared.recorder.is_some() { usize::MAX } else { stack_floor },
            call_place: Place::NOWHERE,
            blackhole: None,
            root_owner,
            shape_memo: RefCell::default(),
            watch: None,
            calls: None,
            stepping: None,
            debugging: shared.debugger.clone().map(|debugger| Box::new(Debugging::new(scope, debugger))),
        }
    }

    pub(crate) fn root_owner(&self) -> &RootOwner {
        &self.root_owner
    }

    /// Evaluates a text to weak head normal form. `scope` has additional names for it. Relative paths start from the
    /// current directory.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a valid program, or if its evaluation fails.
    pub fn eval_text(&mut self, text: Vec<u8>, scope: &[(&str, Value<'h>)]) -> Result<Value<'h>> {
        let value = self.delay_text(text, Origin::String, scope)?;
        self.force(value)
    }

    /// Parses a text and returns the thunk of its value.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a valid program.
    pub fn delay_text(&mut self, text: Vec<u8>, origin: Origin, scope: &[(&str, Value<'h>)]) -> Result<Value<'h>> {
        let inputs = self.inputs(scope);
        let directory = self.io().current_dir();
        self.load(origin, text, &directory, &inputs)
    }

    /// Like [`Self::delay_text`] for a text whose relative paths start from this directory.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a valid program.
    pub fn delay_text_in(&mut self, directory: &[u8], text: Vec<u8>, origin: Origin) -> Result<Value<'h>> {
        let inputs = self.inputs(&[]);
        self.load(origin, text, directory, &inputs)
    }

    /// The string contexts.
    pub fn contexts(&self) -> &'h Contexts {
        &self.shared.contexts
    }

    /// The texts that positions refer to.
    pub fn sources(&self) -> &'h crate::source::Sources {
        &self.shared.sources
    }

    /// The heap's scope, for creating values.
    #[inline]
    pub fn scope(&self) -> Scope<'h> {
        self.scope
    }

    #[inline]
    pub(crate) fn shared(&self) -> &'h Shared {
        self.shared
    }

    /// The size of the values, in bytes.
    pub fn heap_bytes(&self) -> usize {
        self.shared.heap.used_bytes()
    }

    /// The engine's settings.
    pub fn settings(&self) -> &'h Settings {
        &self.shared.settings
    }

    /// The outside world.
    pub fn io(&self) -> &'h dyn crate::io::Io {
        &*self.shared.world
    }

    /// Shows a message.
    pub fn message(&self, message: &Message<'_>) {
        // Notes tell what is evaluated, whatever that is.
        if let (Some(recorder), false) = (&self.shared.recorder, matches!(message, Message::Note(_))) {
            recorder.note_message();
        }
        self.shared.console.message(message);
    }

    /// Shows a warning.
    #[cold]
    pub fn warn(&self, warning: &Error) {
        self.message(&Message::Warning(warning, self.sources()));
    }

    /// The symbol with this text.
    pub fn intern(&self, text: &[u8]) -> Symbol {
        self.shared.symbols.intern(self.scope, text)
    }

    /// The symbol with a string's text. The context is ignored.
    pub fn intern_str(&self, string: Str<'h>) -> Symbol {
        self.shared.symbols.intern_str(self.scope, string)
    }

    /// The text of a symbol.
    pub fn symbol_text(&self, symbol: Symbol) -> &'h [u8] {
        self.scope.symbol_name(symbol).as_bytes()
    }

    /// A string without context.
    pub fn string(&self, text: impl AsRef<[u8]>) -> Value<'h> {
        Str::plain(self.scope, text.as_ref()).into()
    }

    /// A string with a context.
    pub fn string_with_context(&self, text: impl AsRef<[u8]>, context: ContextId) -> Value<'h> {
        Str::with_context(self.scope, text.as_ref(), context).into()
    }

    /// A path value. `text` is absolute and canonical.
    pub fn path(&self, text: impl AsRef<[u8]>) -> Value<'h> {
        Value::path(Str::plain(self.scope, text.as_ref()))
    }

    /// An integer.
    #[inline]
    pub fn int(&self, value: i64) -> Value<'h> {
        Value::int(self.scope, value)
    }

    /// A float.
    pub fn float(&self, value: f64) -> Value<'h> {
        Value::float(self.scope, value)
    }

    /// A list.
    pub fn list(&self, items: &[Value<'h>]) -> Value<'h> {
        let mut builder = ListBuilder::new(self.scope, items.len());
        for item in items {
            builder.push(item.settled());
        }
        builder.finish().into()
    }

    /// A set of attributes in any order; of several with the same name the last wins.
    pub fn attrs(&self, mut items: Vec<Attr<'h>>) -> Value<'h> {
        self.unsorted_attrs(&mut items)
    }

    /// The same, of attributes that are put in order where they are.
    pub(crate) fn unsorted_attrs(&self, items: &mut [Attr<'h>]) -> Value<'h> {
        settle(items);
        from_unsorted(self.scope, &mut self.shape_memo.borrow_mut(), items).into()
    }

    /// A set of attributes with these names and no positions.
    pub fn attrs_of(&self, items: &[(&str, Value<'h>)]) -> Value<'h> {
        self.attrs_at(PosId::NONE, items)
    }

    /// The same, with the position of the running builtin's call.
    pub(crate) fn attrs_of_call(&self, items: &[(&str, Value<'h>)]) -> Value<'h> {
        self.attrs_at(self.call_place.position, items)
    }

    fn attrs_at(&self, position: PosId, items: &[(&str, Value<'h>)]) -> Value<'h> {
        self.attrs(items.iter().map(|(name, value)| (self.intern(name.as_bytes()), *value, position)).collect())
    }

    /// A set of attributes sorted by symbol, without duplicates.
    pub fn sorted_attrs(&self, items: &[Attr<'h>]) -> Value<'h> {
        settle(items);
        from_sorted(self.scope, &mut self.shape_memo.borrow_mut(), items).into()
    }

    /// The same attributes as a set with its own identity, which is not printed as repeated.
    pub(crate) fn same_attrs(&self, attrs: crate::heap::Attrs<'h>) -> crate::heap::Attrs<'h> {
        same(self.scope, &mut self.shape_memo.borrow_mut(), attrs)
    }

    /// An empty set with its own identity.
    pub(crate) fn emptied_attrs(&self) -> crate::heap::Attrs<'h> {
        self.shape_memo.borrow_mut().emptied(self.scope)
    }

    /// True for the shared empty set.
    pub(crate) fn is_common_empty(&self, attrs: crate::heap::Attrs<'h>) -> bool {
        self.shape_memo.borrow().is_common_empty(attrs)
    }

    /// The set without these names, which are sorted and all in it.
    pub(crate) fn remove_attrs(&self, attrs: crate::heap::Attrs<'h>, names: &[Symbol]) -> crate::heap::Attrs<'h> {
        remove(self.scope, &mut self.shape_memo.borrow_mut(), attrs, names)
    }

    /// `left // right`
    pub fn update_attrs(&self, left: crate::heap::Attrs<'h>, right: crate::heap::Attrs<'h>) -> crate::heap::Attrs<'h> {
        update(self.scope, &mut self.shape_memo.borrow_mut(), left, right)
    }

    /// A set with the same names, no positions, and the values `f(name)`. Shares the keys if possible.
    pub fn map_attrs(&self, attrs: crate::heap::Attrs<'h>, f: impl Fn(Symbol) -> Value<'h>) -> crate::heap::Attrs<'h> {
        let memo = &mut self.shape_memo.borrow_mut();
        if let crate::heap::AttrsForm::Flat(shape) = attrs.form() {
            let plain = memo.without_positions(self.scope, shape);
            return crate::heap::Attrs::flat(self.scope, plain, plain.iter().map(|(name, _)| f(name)));
        }
        let mapped: Vec<_> = attrs.iter().map(|(name, ..)| (name, f(name), PosId::NONE)).collect();
        from_sorted(self.scope, memo, &mapped)
    }

    /// Fails if the evaluation was interrupted or has exceeded the memory limit. Builtins that loop call it
    /// regularly. This is also when the heap is collected; see [`Collection`](crate::heap::Collection).
    #[inline]
    pub fn poll(&self) -> Result<()> {
        if self.scope.flags().any() { self.answer_flags() } else { Ok(()) }
    }

    /// Like [`Eval::poll`], for something that holds so many bytes outside the heap, or soon will. For sizes that the
    /// program decides.
    ///
    /// # Errors
    ///
    /// Fails if the evaluation should stop, or if that is more memory than it may have.
    pub(crate) fn poll_holding(&self, bytes: usize) -> Result<()> {
        self.poll()?;
        let room = self.with_room(|| self.scope.may_hold(bytes).then_some(()));
        room.ok_or_else(|| ErrorKind::OutOfMemory.into())
    }

    /// Fails if `count` more values would exceed the memory limit. For sizes that the program decides.
    pub fn check_room(&self, count: usize) -> Result<()> {
        self.poll()?;
        let bytes = count.saturating_mul(8);
        let absurd = bytes > isize::MAX as usize / 4;
        let room = if absurd { None } else { self.with_room(|| self.scope.make_room(bytes).then_some(())) };
        room.ok_or_else(|| ErrorKind::OutOfMemory.into())
    }

    /// Reserves room for `more` items at the end of a growing vector outside the heap. For sizes that the program
    /// decides.
    ///
    /// # Errors
    ///
    /// Fails if there is not enough memory, or if the evaluation should stop.
    #[inline]
    pub(crate) fn reserve_room<T>(&self, items: &mut Vec<T>, more: usize) -> Result<()> {
        if more <= items.capacity() - items.len() { Ok(()) } else { self.reserve_more_room(items, more) }
    }

    #[cold]
    #[inline(never)]
    fn reserve_more_room<T>(&self, items: &mut Vec<T>, more: usize) -> Result<()> {
        self.poll()?;
        let bytes = items.len().saturating_add(more).saturating_mul(size_of::<T>());
        let mut reserve = || self.scope.is_within_limit(bytes) && fallible(|| items.try_reserve(more)).is_ok();
        self.with_room(|| reserve().then_some(())).ok_or_else(|| ErrorKind::OutOfMemory.into())
    }

    /// A string of any length.
    ///
    /// # Errors
    ///
    /// Fails if there is not enough memory, or if the evaluation should stop.
    pub fn long_string(&self, text: &[u8], context: ContextId) -> Result<Value<'h>> {
        self.long_str(text, context).map(Value::from)
    }

    pub(super) fn long_str(&self, text: &[u8], context: ContextId) -> Result<Str<'h>> {
        let string = self.with_room(|| Str::joined_if_room(self.scope, std::iter::once(text), context));
        string.ok_or_else(|| self.poll().err().unwrap_or_else(|| ErrorKind::OutOfMemory.into()))
    }
}

fn settle(attrs: &[Attr<'_>]) {
    for attr in attrs {
        attr.1.settled();
    }
}
