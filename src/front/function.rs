//! Functions of the host that programs can call.

use super::convert::{FromNix, Reader};
use super::data::{Data, Outcome, value_of};
use super::failure::Failure;
use super::session::OwnedValue;
use crate::error::{Action, Error};
use crate::eval::Eval;
use crate::eval::builtin::HostFunction;
use crate::heap::{PosId, Value};
use crate::io::Message;
use std::fmt;
use std::sync::Arc;

type Code = dyn Fn(&mut Call<'_, '_>) -> Result<Data, Failure> + Send + Sync;

/// A function of the host, with its name and documentation.
///
/// Closures become functions by [`Nix::function`](super::Nix::function) already. This type is for those that are
/// documented, are passed as arguments, or take values as they are.
///
/// ```
/// use nivis::front::{Function, Nix};
///
/// let double = Function::new("double", |number: i64| number * 2);
/// let mut session = Nix::sandboxed().session();
/// let twice = session.eval("f: f (f 10)")?;
/// assert_eq!(session.call::<i64>(&twice, double)?, 40);
/// # Ok::<(), nivis::front::Error>(())
/// ```
#[derive(Clone)]
pub struct Function {
    pub(super) name: &'static str,
    pub(super) arguments: &'static [&'static str],
    pub(super) doc: &'static str,
    code: Arc<Code>,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Function").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Function {
    /// A function of as many arguments as the closure has; of one that is ignored if it has none.
    pub fn new<A, F: HostFn<A>>(name: &'static str, function: F) -> Self {
        Self { name, arguments: &NAMES[..F::ARITY], doc: "", code: Arc::new(move |call| function.call(call)) }
    }

    /// A function that looks at its arguments itself: what it does not read stays unevaluated.
    ///
    /// ```
    /// use nivis::front::{Call, Data, Failure, Function, Nix};
    ///
    /// let or = Function::raw("or", &["left", "right"], |call| {
    ///     Ok(Data::from(call.argument::<bool>(0)? || call.argument::<bool>(1)?))
    /// });
    /// let mut session = Nix::sandboxed().value("or", or).session();
    /// let value = session.eval("host.or true (throw \"not needed\")")?;
    /// assert!(session.get::<bool>(&value)?);
    /// # Ok::<(), nivis::front::Error>(())
    /// ```
    pub fn raw(
        name: &'static str,
        arguments: &'static [&'static str],
        function: impl Fn(&mut Call<'_, '_>) -> Result<Data, Failure> + Send + Sync + 'static,
    ) -> Self {
        Self { name, arguments, doc: "", code: Arc::new(function) }
    }

    /// The same function with names of its arguments, and documentation in Markdown. There must be as many names as
    /// arguments; others are ignored.
    pub fn documented(mut self, arguments: &'static [&'static str], doc: &'static str) -> Self {
        if arguments.len() == self.arguments.len() {
            self.arguments = arguments;
        }
        self.doc = doc;
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.name
    }

    /// The names of its arguments.
    pub fn arguments(&self) -> impl Iterator<Item = &str> {
        self.arguments.iter().copied()
    }

    /// Its documentation; possibly empty.
    pub fn doc(&self) -> &str {
        self.doc
    }

    /// Two with the same number are the same function.
    pub(super) fn of_host(self) -> HostFunction {
        let (name, identity, code) = (self.name, Arc::as_ptr(&self.code).addr(), self.code);
        let function = HostFunction::new(self.name, self.arguments, self.doc, move |cx, arguments| {
            run(&*code, name, cx, arguments)
        });
        function.careful().identified(identity)
    }
}

fn run<'h>(code: &Code, name: &'static str, cx: &mut Eval<'h>, arguments: &[Value<'h>]) -> crate::Result<Value<'h>> {
    let data = code(&mut Call { cx, arguments, name }).map_err(|failure| failure.0)?;
    value_of(cx, &data)
}

/// The names of arguments that have none.
const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// A call of a function of the host, while it runs.
pub struct Call<'c, 'h> {
    cx: &'c mut Eval<'h>,
    arguments: &'c [Value<'h>],
    name: &'static str,
}

impl fmt::Debug for Call<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Call<'_, '_> {
    /// Evaluates and converts an argument, counted from 0.
    ///
    /// # Errors
    ///
    /// Fails if its evaluation fails, if it is of another type, or if there is no such argument.
    pub fn argument<T: FromNix>(&mut self, index: usize) -> Result<T, Failure> {
        let Some(value) = self.arguments.get(index).copied() else {
            return Err(Failure::new(format!("'{}' has no argument {}", self.name, index + 1)));
        };
        let read = T::from_nix(&mut Reader::new(self.cx, value));
        read.map_err(|failure| {
            let action = format!("while reading argument {} of the function '{}'", index + 1, self.name);
            Failure(failure.0.traced(PosId::NONE, Action::Custom(action.into())))
        })
    }

    /// Calls a function with arguments, and converts the result.
    ///
    /// # Errors
    ///
    /// Fails if the call fails, or if the result is of another type.
    pub fn call<T: FromNix>(&mut self, function: &OwnedValue, arguments: &[Data]) -> Result<T, Failure> {
        let value = call(self.cx, function, arguments)?;
        T::from_nix(&mut Reader::new(self.cx, value))
    }

    /// Shows a message, as `builtins.trace` does.
    pub fn message(&self, text: &str) {
        self.cx.message(&Message::Trace(text.as_bytes()));
    }
}

/// Calls a value with arguments.
pub(super) fn call<'h>(cx: &mut Eval<'h>, function: &OwnedValue, arguments: &[Data]) -> Result<Value<'h>, Error> {
    let mut values = cx.scope().gather(std::iter::empty());
    for argument in arguments {
        values.push(value_of(cx, argument)?);
    }
    let function = cx.get(&function.root)?;
    cx.call(function, &values)
}

/// A closure that can be a function of Nix: its arguments are [`FromNix`], its result is [`IntoNix`](super::IntoNix), or a
/// `Result` of that. It may have up to eight arguments. `A` is the tuple of their types.
pub trait HostFn<A>: Send + Sync + 'static {
    /// The number of arguments.
    const ARITY: usize;

    /// Calls it.
    ///
    /// # Errors
    ///
    /// Fails if an argument can't be converted, or if the closure fails.
    fn call(&self, call: &mut Call<'_, '_>) -> Result<Data, Failure>;
}

macro_rules! host_fn {
    ($count:literal: $($argument:ident $index:literal)*) => {
        impl<F, R, $($argument),*> HostFn<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> R + Send + Sync + 'static,
            R: Outcome,
            $($argument: FromNix,)*
        {
            const ARITY: usize = $count;

            fn call(&self, _call: &mut Call<'_, '_>) -> Result<Data, Failure> {
                self($(_call.argument::<$argument>($index)?),*).outcome()
            }
        }
    };
}

host_fn!(0:);
host_fn!(1: A 0);
host_fn!(2: A 0 B 1);
host_fn!(3: A 0 B 1 C 2);
host_fn!(4: A 0 B 1 C 2 D 3);
host_fn!(5: A 0 B 1 C 2 D 3 E 4);
host_fn!(6: A 0 B 1 C 2 D 3 E 4 G 5);
host_fn!(7: A 0 B 1 C 2 D 3 E 4 G 5 H 6);
host_fn!(8: A 0 B 1 C 2 D 3 E 4 G 5 H 6 I 7);
