//! A session: a heap, and what can be asked of it.

use super::convert::{At, FromNix, Reader, lossy};
use super::data::{Data, IntoNix, value_of};
use super::error::{Error, Kind};
use super::function::call;
use super::limits::Limits;
use super::nix::{Configuration, Messages};
use super::request::{Request, stop_at};
use crate::engine::Engine;
use crate::error::{Error as EvalError, ErrorKind, Result as EvalResult};
use crate::eval::{AutoArguments, Eval, Root};
use crate::heap::PosId;
use crate::io::{Console, Message, Silent};
use crate::path::parent;
use crate::print;
use crate::report::StandardError;
use crate::source::Origin;
use crate::value::attrs::by_name;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

/// A value of a session, which lasts as long as it is held. It can be sent between threads, but only its session has use for
/// it.
#[derive(Clone, Debug)]
pub struct OwnedValue {
    pub(super) root: Arc<Root>,
    /// The place of its text, if known.
    pub(super) position: PosId,
}

impl OwnedValue {
    pub(super) fn new(root: Root, position: PosId) -> Self {
        Self { root: Arc::new(root), position }
    }
}

/// A heap in which programs are evaluated, one after the other. It lasts as long as it is held, and frees what nothing
/// refers to. After any error it answers the next request.
///
/// A session stays on the thread that made it; each thread makes its own of one [`Nix`](super::Nix).
///
/// ```
/// use nivis::front::Nix;
///
/// let mut session = Nix::sandboxed().session();
/// let greet = session.eval(r#"{ name, greeting ? "hello" }: { text = "${greeting}, ${name}"; }"#)?;
/// let who = session.eval(r#"{ name = "snow"; }"#)?;
/// let greeting: nivis::front::OwnedValue = session.call(&greet, &who)?;
/// assert_eq!(session.select::<String>(&greeting, "text")?, "hello, snow");
/// # Ok::<(), nivis::front::Error>(())
/// ```
pub struct Session {
    engine: Engine,
    configuration: Arc<Configuration>,
    limits: Limits,
    max_depth: u32,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// Gives messages to the host.
struct Given(Arc<dyn Fn(&str) + Send + Sync>);

impl Console for Given {
    fn message(&self, message: &Message<'_>) {
        let text = message.plain(false);
        if !text.is_empty() {
            // A panic must not tear the evaluation apart: it would lose values that are being computed.
            let _ = catch_unwind(AssertUnwindSafe(|| (self.0)(&String::from_utf8_lossy(&text))));
        }
    }
}

impl Session {
    pub(super) fn new(configuration: Arc<Configuration>) -> Self {
        let settings = configuration.settings();
        let max_depth = settings.max_call_depth;
        let console: Rc<dyn Console> = match &configuration.messages {
            Messages::Dropped => Rc::new(Silent),
            Messages::StandardError => Rc::new(StandardError),
            Messages::Given(show) => Rc::new(Given(Arc::clone(show))),
        };
        let engine = Engine::with_io(settings, configuration.world().io());
        let engine = engine.with_console(console).with_cache(Rc::new(configuration.cache()));
        let limits = configuration.limits.clone();
        let mut session = Self { engine, configuration, limits, max_depth };
        session.define_host();
        session
    }

    /// Defines `host`.
    fn define_host(&mut self) {
        let host = Data::Set(self.configuration.host.clone());
        let made = self.engine.enter_carefully(|cx| value_of(cx, &host).map(|value| cx.keep(value)));
        // A value that can't be made, as one of another session, is told where `host` is used.
        let failed = |error: EvalError| {
            let failed = Data::Failed(error.to_string());
            self.engine.enter_carefully(|cx| value_of(cx, &failed).map(|value| cx.keep(value)))
        };
        if let Ok(host) = made.or_else(failed) {
            // It is a value of this engine.
            let _ = self.engine.define("host", &host);
        }
    }

    /// Evaluates a text, but not what is in its value. Relative paths start from `/`, or from the first of
    /// [`Files::Folders`](super::Files::Folders), or in [`Nix::system`](super::Nix::system) from the current directory.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a valid program, if its evaluation fails, or at a limit.
    pub fn eval(&mut self, text: &str) -> Result<OwnedValue, Error> {
        self.request(|cx| {
            let directory = cx.io().current_dir();
            evaluated(cx, Origin::String, text, &directory)
        })
    }

    /// Evaluates a text as if it was in the file at this absolute path, which need not exist: errors name it, and relative
    /// paths start from its folder.
    ///
    /// # Errors
    ///
    /// Fails like [`Session::eval`].
    ///
    /// ```
    /// use nivis::front::Nix;
    ///
    /// let mut session = Nix::sandboxed().session();
    /// let error = session.eval_as("/etc/app.nix", "{ a = ; }").unwrap_err();
    /// assert!(error.to_string().ends_with("at /etc/app.nix:1:7"));
    /// ```
    pub fn eval_as(&mut self, path: impl AsRef<Path>, text: &str) -> Result<OwnedValue, Error> {
        let path = path.as_ref().as_os_str().as_encoded_bytes();
        self.request(|cx| {
            let path = cx.absolute(path);
            evaluated(cx, Origin::File(path.clone()), text, parent(&path))
        })
    }

    /// Evaluates a file, but not what is in its value.
    ///
    /// # Errors
    ///
    /// Fails like [`Session::eval`], and if the file can't be read.
    pub fn eval_file(&mut self, path: impl AsRef<Path>) -> Result<OwnedValue, Error> {
        let path = path.as_ref().as_os_str().as_encoded_bytes();
        self.request(|cx| {
            let path = cx.absolute(path);
            let value = cx.main_file(&path)?;
            Ok(OwnedValue::new(cx.keep(value), PosId::NONE))
        })
    }

    /// Gives a value to the session.
    ///
    /// # Errors
    ///
    /// Fails if a part of it belongs to another session, or at a limit.
    pub fn keep(&mut self, value: impl IntoNix) -> Result<OwnedValue, Error> {
        let data = value.into_nix();
        self.request(|cx| {
            let value = value_of(cx, &data)?;
            Ok(OwnedValue::new(cx.keep(value), PosId::NONE))
        })
    }

    /// Reads a value as a type of Rust, which evaluates what the type needs of it.
    ///
    /// # Errors
    ///
    /// Fails if the value is of another type, if its evaluation fails, or at a limit.
    pub fn get<T: FromNix>(&mut self, value: &OwnedValue) -> Result<T, Error> {
        self.request(|cx| {
            let inside = cx.get(&value.root)?;
            read(cx, inside, value.position)
        })
    }

    /// Reads what is at a path in a value: names of attributes and indices of list elements with dots between, such as
    /// `servers.0."host name"`. Functions on the way that take a set are called with the empty one.
    ///
    /// # Errors
    ///
    /// Fails if there is nothing at the path, or like [`Session::get`].
    pub fn select<T: FromNix>(&mut self, value: &OwnedValue, path: &str) -> Result<T, Error> {
        self.request(|cx| {
            let value = cx.get(&value.root)?;
            let value = cx.select_path(value, path, &AutoArguments::default())?;
            read(cx, value, PosId::NONE)
        })
    }

    /// Calls a function with an argument, and reads the result. A result that is an [`OwnedValue`] can be called with the
    /// next argument.
    ///
    /// # Errors
    ///
    /// Fails if the call fails, or like [`Session::get`].
    pub fn call<T: FromNix>(&mut self, function: &OwnedValue, argument: impl IntoNix) -> Result<T, Error> {
        self.apply(function, &[argument.into_nix()])
    }

    /// Calls a function with several arguments, and reads the result.
    ///
    /// # Errors
    ///
    /// Fails like [`Session::call`].
    ///
    /// ```
    /// use nivis::front::Nix;
    ///
    /// let mut session = Nix::sandboxed().session();
    /// let between = session.eval("from: to: number: from <= number && number <= to")?;
    /// assert!(session.apply::<bool>(&between, &[1.into(), 10.into(), 5.5.into()])?);
    /// # Ok::<(), nivis::front::Error>(())
    /// ```
    pub fn apply<T: FromNix>(&mut self, function: &OwnedValue, arguments: &[Data]) -> Result<T, Error> {
        self.request(|cx| {
            let value = call(cx, function, arguments)?;
            read(cx, value, PosId::NONE)
        })
    }

    /// The fully evaluated value, as Nix text on one line.
    ///
    /// # Errors
    ///
    /// Fails if a part of the value fails, or at a limit.
    pub fn text(&mut self, value: &OwnedValue) -> Result<String, Error> {
        self.request(|cx| {
            let value = cx.get(&value.root)?;
            cx.force_deep(value)?;
            Ok(lossy(&print::ambiguous(cx, value)?))
        })
    }

    /// The fully evaluated value as JSON. Paths are texts.
    ///
    /// # Errors
    ///
    /// Fails if a part of the value fails or is a function, or at a limit.
    pub fn json(&mut self, value: &OwnedValue) -> Result<String, Error> {
        self.request(|cx| {
            let value = cx.get(&value.root)?;
            let (text, _) = print::json_keeping_paths(cx, value)?;
            Ok(lossy(&text))
        })
    }

    /// The type of a value as `builtins.typeOf` names it: `int`, `string`, `set`, …
    ///
    /// # Errors
    ///
    /// Fails if the evaluation fails, or at a limit.
    pub fn type_name(&mut self, value: &OwnedValue) -> Result<&'static str, Error> {
        self.request(|cx| {
            let value = cx.get(&value.root)?;
            Ok(cx.force(value)?.unpack().type_name())
        })
    }

    /// The names of a set's attributes, in order.
    ///
    /// # Errors
    ///
    /// Fails if the value is not a set, if its evaluation fails, or at a limit.
    pub fn names(&mut self, value: &OwnedValue) -> Result<Vec<String>, Error> {
        self.request(|cx| {
            let value = cx.get(&value.root)?;
            let Some(set) = cx.force(value)?.as_attrs() else { return Err(cx.mismatch("a set", value)) };
            Ok(by_name(cx.scope(), set).iter().map(|(name, ..)| lossy(cx.symbol_text(*name))).collect())
        })
    }

    /// Runs `body` with these limits. What they leave open is as before.
    pub fn limited<R>(&mut self, limits: &Limits, body: impl FnOnce(&mut Self) -> R) -> R {
        let inner = limits.or(&self.limits);
        let outer = std::mem::replace(&mut self.limits, inner);
        let result = body(self);
        self.limits = outer;
        result
    }

    /// The store paths that a string refers to, as [`Reader::references`] has them.
    ///
    /// # Errors
    ///
    /// Fails if the value is not a string, if its evaluation fails, or at a limit.
    ///
    /// ```
    /// use nivis::front::Nix;
    ///
    /// let mut session = Nix::sandboxed().session();
    /// let note = session.eval(r#""see ${builtins.toFile "note" "text"}""#)?;
    /// let references = session.references(&note)?;
    /// assert!(references.len() == 1 && references[0].ends_with("-note"));
    /// # Ok::<(), nivis::front::Error>(())
    /// ```
    pub fn references(&mut self, value: &OwnedValue) -> Result<Vec<String>, Error> {
        self.request(|cx| {
            let inside = cx.get(&value.root)?;
            Reader::new(cx, inside).references().map_err(|failure| failure.0)
        })
    }

    /// Forgets what was read of files: requests that follow import them again, and copy them to the store again. A session
    /// otherwise reads each file once. Values that exist stay as they are.
    pub fn forget_files(&mut self) {
        self.engine.forget_files();
    }

    /// The bytes of all values of the session, with those that will be freed.
    pub fn memory(&self) -> usize {
        self.engine.heap_bytes()
    }

    /// Frees what nothing refers to. It happens by itself too, in time.
    pub fn collect(&mut self) {
        self.engine.collect();
    }

    /// The engine of the session. What it offers is not stable.
    pub fn engine(&mut self) -> &mut Engine {
        &mut self.engine
    }

    /// Runs a request within the limits.
    pub(super) fn request<R>(&mut self, body: impl for<'h> FnOnce(&mut Eval<'h>) -> EvalResult<R>) -> Result<R, Error> {
        let request = Request::new(self.engine.stop_flags());
        let entry = match self.limits.end() {
            Some(end) if end <= Instant::now() => {
                request.stop(Kind::TimedOut);
                None
            }
            Some(end) => match stop_at(end, &request) {
                Some(entry) => Some(entry),
                None => return Err(Error::of(Kind::Unsupported, no_threads())),
            },
            None => None,
        };
        if let Some(cancel) = &self.limits.cancel {
            cancel.attach(&request);
        }
        if let Some(bytes) = self.limits.memory {
            self.engine.collect_if_useful();
            self.engine.set_memory_limit(self.engine.heap_bytes().saturating_add(bytes));
        } else {
            self.engine.set_memory_limit(usize::MAX);
        }
        self.engine.set_max_call_depth(self.limits.depth.unwrap_or(self.max_depth));
        let result = match request.stopped() {
            Some(_) => Err(ErrorKind::Interrupted.into()),
            None => self.engine.enter_carefully(|cx| {
                let result = body(cx)?;
                // A limit may have been passed since it was last looked at.
                cx.poll()?;
                Ok(result)
            }),
        };
        drop(entry);
        let stopped = request.end();
        result.map_err(|error| Error::new(error, self.engine.sources(), stopped))
    }
}

/// The evaluated value of a text.
pub(super) fn evaluated(cx: &mut Eval<'_>, origin: Origin, text: &str, directory: &[u8]) -> EvalResult<OwnedValue> {
    let (value, position) = cx.load_once(origin, text.as_bytes().to_vec(), directory)?;
    let value = cx.force(value)?;
    Ok(OwnedValue::new(cx.keep(value), position))
}

/// Reads a value whose text begins at this position.
pub(super) fn read<'h, T: FromNix>(cx: &mut Eval<'h>, value: crate::Value<'h>, position: PosId) -> EvalResult<T> {
    let at = At::attribute(position);
    let read = T::from_nix(&mut Reader { cx, value, at });
    read.map_err(|failure| at.place(cx, failure.0))
}

#[cold]
fn no_threads() -> EvalError {
    ErrorKind::Unsupported("a time limit needs a thread, which this system does not have".to_owned()).into()
}
