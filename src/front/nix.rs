//! The configuration of sessions.

use super::data::{Data, IntoNix};
use super::files::{Files, World};
use super::function::{Function, HostFn};
use super::limits::Limits;
use super::session::Session;
use crate::cache::MemoryCache;
use crate::eval::host::search_path;
use crate::io::{Io, MemoryIo, SystemIo};
use crate::settings::{SearchPathEntry, Settings};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The common part of sessions: files, limits, values and functions of the host. It is cheap to clone and can be shared
/// between threads; each thread makes its own [`Session`].
///
/// ```
/// use nivis::front::Nix;
///
/// let nix = Nix::sandboxed().value("version", "1.2").function("double", |number: i64| number * 2);
/// std::thread::scope(|threads| {
///     for number in 1..4 {
///         let nix = &nix;
///         threads.spawn(move || {
///             let mut session = nix.session();
///             let value = session.eval(&format!("host.double {number}"))?;
///             assert_eq!(session.get::<i64>(&value)?, number * 2);
///             Ok::<(), nivis::front::Error>(())
///         });
///     }
/// });
/// ```
#[derive(Clone)]
pub struct Nix(Arc<Configuration>);

#[derive(Clone)]
pub(super) struct Configuration {
    settings: Settings,
    files: Files,
    world: World,
    pub(super) limits: Limits,
    pub(super) host: Vec<(String, Data)>,
    pub(super) messages: Messages,
    cache: Arc<MemoryCache>,
}

/// The receiver of messages of programs.
#[derive(Clone)]
pub(super) enum Messages {
    Dropped,
    StandardError,
    Given(Arc<dyn Fn(&str) + Send + Sync>),
}

impl fmt::Debug for Nix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.host.iter().map(|(name, _)| name);
        let names = names.collect::<Vec<_>>();
        f.debug_struct("Nix").field("files", &self.0.files).field("host", &names).finish_non_exhaustive()
    }
}

impl Nix {
    /// Sessions that see nothing of the machine: no files, no environment, no clock, no network, no store, and no messages.
    /// The files and settings that programs need are added to it.
    ///
    /// ```
    /// use nivis::front::{Kind, Nix};
    ///
    /// let mut session = Nix::sandboxed().session();
    /// let error = session.eval("builtins.readFile /etc/passwd").unwrap_err();
    /// assert_eq!(error.kind(), Kind::Forbidden);
    /// ```
    pub fn sandboxed() -> Self {
        let settings = Settings { restricted: true, ..Settings::default() };
        let world = World::Sandbox { memory: Some(Arc::default()), folder: b"/".to_vec() };
        Self::new(settings, Files::Nothing, world, Messages::Dropped)
    }

    /// Sessions that see this machine as a person at a prompt does: its files, the environment with `NIX_PATH` and `HOME`,
    /// and the clock. Messages go to standard error. Nothing is written, and nothing fetched.
    pub fn system() -> Self {
        let io = SystemIo;
        let settings = Settings {
            search_path: search_path::entries(&io.variable(b"NIX_PATH").unwrap_or_default()),
            home: io.variable(b"HOME").filter(|home| home.starts_with(b"/")).unwrap_or_else(|| b"/".to_vec()),
            ..Settings::default()
        };
        Self::new(settings, Files::Everything, World::Machine, Messages::StandardError)
    }

    fn new(settings: Settings, files: Files, world: World, messages: Messages) -> Self {
        Self(Arc::new(Configuration {
            settings,
            files,
            world,
            limits: Limits::default(),
            host: Vec::new(),
            messages,
            cache: Arc::default(),
        }))
    }

    fn with(mut self, change: impl FnOnce(&mut Configuration)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// The same with these files in place of others, and without the machine's environment and clock.
    ///
    /// ```
    /// use nivis::front::{Files, Nix};
    ///
    /// let files = vec![("/app/main.nix".into(), "import ./lib.nix".into()), ("/app/lib.nix".into(), "[ 1 ]".into())];
    /// let mut session = Nix::sandboxed().files(Files::Memory(files)).session();
    /// let value = session.eval_file("/app/main.nix")?;
    /// assert_eq!(session.text(&value)?, "[ 1 ]");
    /// # Ok::<(), nivis::front::Error>(())
    /// ```
    pub fn files(self, files: Files) -> Self {
        self.with(|it| {
            let folders = |paths: &[PathBuf]| paths.iter().map(|path| bytes(&absolute(path))).collect::<Vec<_>>();
            let (memory, allowed) = match &files {
                Files::Nothing => (Some(MemoryIo::default()), Vec::new()),
                Files::Memory(files) => {
                    let all = files.iter().fold(MemoryIo::default(), |io, (path, text)| io.with_file(path, text));
                    (Some(all), files.iter().map(|(path, _)| path.clone().into_bytes()).collect())
                }
                Files::Folders(paths) => (None, folders(paths)),
                Files::Everything => (None, Vec::new()),
            };
            it.settings.restricted = !matches!(files, Files::Everything);
            let folder = if memory.is_none() { allowed.first().cloned() } else { None };
            it.settings.allowed_paths = allowed;
            it.world = World::Sandbox { memory: memory.map(Arc::new), folder: folder.unwrap_or_else(|| b"/".to_vec()) };
            it.files = files;
        })
    }

    /// The same with an entry of the search path: `<name>` and `<name/…>` lead to this file or folder, which may be read.
    pub fn search_path(self, name: &str, path: impl AsRef<Path>) -> Self {
        let entry = SearchPathEntry { prefix: name.as_bytes().to_vec(), path: bytes(path.as_ref()) };
        self.with(|it| it.settings.search_path.push(entry))
    }

    /// The same with a value that programs have as `host.name`, in imported files too.
    pub fn value(self, name: impl Into<String>, value: impl IntoNix) -> Self {
        let entry = (name.into(), value.into_nix());
        self.with(|it| it.host.push(entry))
    }

    /// The same with a function that programs have as `host.name`.
    ///
    /// Its errors point to the call. If it panics, that is an error of the program too.
    ///
    /// ```
    /// use nivis::front::{Kind, Nix};
    ///
    /// let nix = Nix::sandboxed().function("root", |number: f64| match number {
    ///     0.0.. => Ok(number.sqrt()),
    ///     _ => Err(format!("{number} has no root")),
    /// });
    /// let mut session = nix.session();
    /// let error = session.eval("{\n  x = host.root (-1);\n}.x").unwrap_err();
    /// assert_eq!(error.kind(), Kind::Host);
    /// assert_eq!(error.to_string(), "-1 has no root at «string»:2:7");
    /// ```
    pub fn function<A, F: HostFn<A>>(self, name: &'static str, function: F) -> Self {
        self.value(name, Function::new(name, function))
    }

    /// The same with a limit to the bytes that a request may add to what the session has.
    pub fn memory_limit(self, bytes: usize) -> Self {
        self.with(|it| it.limits.memory = Some(bytes))
    }

    /// The same with a longest time for each request.
    pub fn time_limit(self, time: Duration) -> Self {
        self.with(|it| it.limits.time = Some(time))
    }

    /// The same with these limits of requests.
    pub fn limits(self, limits: Limits) -> Self {
        self.with(|it| it.limits = limits)
    }

    /// The same with a destination of the messages of programs, such as those of `builtins.trace`.
    ///
    /// ```
    /// use nivis::front::Nix;
    /// use std::sync::{Arc, Mutex};
    ///
    /// let seen = Arc::new(Mutex::new(Vec::new()));
    /// let log = Arc::clone(&seen);
    /// let nix = Nix::sandboxed().messages(move |text| log.lock().unwrap().push(text.to_owned()));
    /// nix.session().eval("builtins.trace \"here\" 1")?;
    /// assert_eq!(*seen.lock().unwrap(), ["trace: here"]);
    /// # Ok::<(), nivis::front::Error>(())
    /// ```
    pub fn messages(self, show: impl Fn(&str) + Send + Sync + 'static) -> Self {
        self.with(|it| it.messages = Messages::Given(Arc::new(show)))
    }

    /// The same with an experimental feature, such as `pipe-operators`.
    pub fn feature(self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.with(|it| it.settings.features.push(name))
    }

    /// The same with this value of `builtins.currentSystem`, for example `x86_64-linux`.
    pub fn system_name(self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.with(|it| it.settings.system = name)
    }

    /// The functions that programs have, in the order in which they were added.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        self.0.host.iter().filter_map(|(_, data)| match data {
            Data::Function(function) => Some(function),
            _ => None,
        })
    }

    /// A session: a heap of its own, in which programs are evaluated. Files that any session of this configuration has
    /// parsed are not parsed again.
    pub fn session(&self) -> Session {
        Session::new(Arc::clone(&self.0))
    }
}

impl Configuration {
    pub(super) fn settings(&self) -> Settings {
        self.settings.clone()
    }

    pub(super) fn world(&self) -> &World {
        &self.world
    }

    pub(super) fn cache(&self) -> Arc<MemoryCache> {
        Arc::clone(&self.cache)
    }
}

fn bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_encoded_bytes().to_vec()
}

/// The path with its links followed, so that what is in it can be told from what is not.
fn absolute(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}
