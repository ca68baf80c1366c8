//! Requests to a daemon.

use super::address::DaemonAddress;
use super::handshake::greet;
use super::messages::{Event, until_reply};
use super::stream::{Stream, malformed};
use super::types::{
    BuildMode, BuildResult, BuildStatus, ClientOptions, DerivedPath, Greeting, Missing, PathInfo, Version,
};
use super::wire::Encoder;
use crate::error::Result;
use crate::store::backend::OutputPath;
use crate::store::path::StorePath;
use std::fmt::{self, Debug};
use std::rc::Rc;

const IS_VALID_PATH: u64 = 1;
const BUILD_PATHS: u64 = 9;
const ENSURE_PATH: u64 = 10;
const ADD_TEMP_ROOT: u64 = 11;
const ADD_INDIRECT_ROOT: u64 = 12;
const SET_OPTIONS: u64 = 19;
const QUERY_PATH_INFO: u64 = 26;
const QUERY_PATH_FROM_HASH_PART: u64 = 29;
const QUERY_VALID_PATHS: u64 = 31;
const QUERY_MISSING: u64 = 40;
const QUERY_DERIVATION_OUTPUT_MAP: u64 = 41;
const BUILD_PATHS_WITH_RESULTS: u64 = 46;

/// The levels that the lines of logs have for a client.
const LOGS_ARE_LINES: u64 = 0;
const LOGS_ARE_REPORTS: u64 = 7;

const OUTPUT_MAP: Version = Version(22);
const SUBSTITUTE_VALID_PATHS: Version = Version(27);
const BUILD_OUTPUTS: Version = Version(28);
const BUILD_TIMES: Version = Version(29);
const BUILD_RESULTS: Version = Version(34);
const PROCESSOR_TIMES: Version = Version(37);

/// A receiver of what the daemon says while it works.
pub trait Listener {
    /// Receives an event.
    fn event(&self, event: Event);

    /// The connection has ended, and with it all activities.
    fn closed(&self) {}
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Deaf;

impl Listener for Deaf {
    fn event(&self, _: Event) {}
}

/// A connection to a daemon.
pub struct Client {
    pub(super) stream: Stream,
    pub(super) version: Version,
    greeting: Greeting,
    listener: Rc<dyn Listener>,
}

impl Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Client").field("version", &self.version).field("greeting", &self.greeting).finish()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.listener.closed();
    }
}

impl Client {
    /// Connects to a daemon, in a version that is at most `newest`. Once `is_stopped` is true, whatever the client
    /// waits for fails; when the client is dropped, the daemon ends its work for it.
    ///
    /// # Errors
    ///
    /// Fails if there is no daemon, if it speaks another protocol, or if it does not accept this user.
    pub fn connect(
        address: &DaemonAddress,
        newest: Version,
        listener: Rc<dyn Listener>,
        is_stopped: Rc<dyn Fn() -> bool>,
    ) -> Result<Self> {
        let mut stream = address.open()?;
        stream.stop_if(is_stopped);
        let (version, greeting) = greet(&mut stream, newest, &mut |event| listener.event(event))?;
        Ok(Self { stream, version, greeting, listener })
    }

    /// The version of the protocol.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The daemon's description of itself.
    pub fn greeting(&self) -> &Greeting {
        &self.greeting
    }

    /// Sends a request, and waits for the beginning of its reply.
    fn ask(&mut self, request: Encoder) -> Result<&mut Stream> {
        self.stream.send(&request.finish())?;
        self.until_reply()?;
        Ok(&mut self.stream)
    }

    /// Passes messages on, up to the beginning of a reply.
    ///
    /// # Errors
    ///
    /// Fails with the daemon's error, or if the connection ends.
    pub(super) fn until_reply(&mut self) -> Result<()> {
        let listener = &self.listener;
        until_reply(&mut self.stream, self.version, &mut |event| listener.event(event))
    }

    /// Passes on the messages that have arrived already. Returns true if the daemon has begun to reply.
    ///
    /// # Errors
    ///
    /// Fails like [`Client::until_reply`].
    pub(super) fn has_reply(&mut self) -> Result<bool> {
        let listener = &self.listener;
        while self.stream.has_arrived() {
            if !super::messages::next(&mut self.stream, self.version, &mut |event| listener.event(event))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Tells the daemon the options of this client.
    ///
    /// # Errors
    ///
    /// Fails if the connection ends.
    pub fn set_options(&mut self, options: &ClientOptions) -> Result<()> {
        let mut request = Encoder::request(SET_OPTIONS)
            .flag(options.keep_failed)
            .flag(options.keep_going)
            .flag(options.fallback)
            .number(options.verbosity)
            .number(options.max_jobs)
            .number(options.max_silent_time)
            // Obsolete: the use of a build hook.
            .flag(true)
            .number(if options.verbose_build { LOGS_ARE_LINES } else { LOGS_ARE_REPORTS })
            // Obsolete: the kind of log, and build traces.
            .number(0)
            .number(0)
            .number(options.cores)
            .flag(options.use_substitutes)
            .number(options.settings.len() as u64);
        for (name, value) in &options.settings {
            request = request.text(name).text(value);
        }
        self.ask(request).map(|_| ())
    }

    /// True if the store has this entry.
    ///
    /// # Errors
    ///
    /// Fails if the path is not in the daemon's store, or if the connection ends.
    pub fn is_valid(&mut self, path: &[u8]) -> Result<bool> {
        self.ask(Encoder::request(IS_VALID_PATH).text(path))?.flag()
    }

    /// The paths that the store has, after downloads if they are wanted.
    ///
    /// # Errors
    ///
    /// Fails like [`Client::is_valid`].
    pub fn valid_paths(&mut self, paths: &[StorePath], substitutes: bool) -> Result<Vec<StorePath>> {
        let mut request = Encoder::request(QUERY_VALID_PATHS).set(paths);
        if self.version >= SUBSTITUTE_VALID_PATHS {
            request = request.flag(substitutes);
        }
        self.ask(request)?.paths()
    }

    /// The store's knowledge about an entry, if it has it.
    ///
    /// # Errors
    ///
    /// Fails like [`Client::is_valid`].
    pub fn path_info(&mut self, path: &[u8]) -> Result<Option<PathInfo>> {
        let stream = self.ask(Encoder::request(QUERY_PATH_INFO).text(path))?;
        if stream.flag()? { path_info(stream).map(Some) } else { Ok(None) }
    }

    /// The entry whose path has these digits.
    ///
    /// # Errors
    ///
    /// Fails if the connection ends.
    pub fn path_from_digits(&mut self, digits: &[u8]) -> Result<Option<StorePath>> {
        let path = self.ask(Encoder::request(QUERY_PATH_FROM_HASH_PART).text(digits))?.text()?;
        Ok(some_path(path))
    }

    /// Downloads an entry if the store does not have it.
    ///
    /// # Errors
    ///
    /// Fails if it can't be downloaded, or if the connection ends.
    pub fn ensure(&mut self, path: &[u8]) -> Result<()> {
        self.ask(Encoder::request(ENSURE_PATH).text(path))?.number().map(|_| ())
    }

    /// Protects entries from collection as long as this connection lasts, whether they exist already or not.
    ///
    /// # Errors
    ///
    /// Fails like [`Client::is_valid`].
    pub fn add_temporary_roots(&mut self, paths: &[StorePath]) -> Result<()> {
        let requests = paths.iter().flat_map(|path| Encoder::request(ADD_TEMP_ROOT).text(path).finish());
        self.stream.send(&requests.collect::<Vec<u8>>())?;
        for _ in paths {
            self.until_reply()?;
            self.stream.number()?;
        }
        Ok(())
    }

    /// Protects the entry that a link leads to, as long as the link is there.
    ///
    /// # Errors
    ///
    /// Fails if the daemon refuses, or if the connection ends.
    pub fn add_indirect_root(&mut self, link: &[u8]) -> Result<()> {
        self.ask(Encoder::request(ADD_INDIRECT_ROOT).text(link))?.number().map(|_| ())
    }

    /// The builds and downloads that a build would make.
    ///
    /// # Errors
    ///
    /// Fails like [`Client::is_valid`].
    pub fn missing(&mut self, targets: &[DerivedPath]) -> Result<Missing> {
        let version = self.version;
        let targets = targets.iter().map(|target| target.encoded(version));
        let stream = self.ask(Encoder::request(QUERY_MISSING).texts(targets))?;
        Ok(Missing {
            builds: stream.paths()?,
            substitutes: stream.paths()?,
            unknown: stream.paths()?,
            download_size: stream.number()?,
            archive_size: stream.number()?,
        })
    }

    /// The outputs of a derivation that the store has, by name, with their paths if they are known.
    ///
    /// # Errors
    ///
    /// Fails if the store does not have the derivation, if the daemon is too old, or if the connection ends.
    pub fn outputs(&mut self, derivation: &[u8]) -> Result<Vec<OutputPath>> {
        if self.version < OUTPUT_MAP {
            return Err(malformed("no map of outputs"));
        }
        let stream = self.ask(Encoder::request(QUERY_DERIVATION_OUTPUT_MAP).text(derivation))?;
        stream.list(|stream| Ok((stream.text()?.into(), some_path(stream.text()?))))
    }

    /// Builds or downloads, all or nothing.
    ///
    /// # Errors
    ///
    /// Fails with the daemon's error if a build fails, if the daemon refuses, or if the connection ends.
    pub fn build_all(&mut self, targets: &[DerivedPath]) -> Result<()> {
        let version = self.version;
        let targets = targets.iter().map(|target| target.encoded(version));
        let mode = 0;
        self.ask(Encoder::request(BUILD_PATHS).texts(targets).number(mode))?.number().map(|_| ())
    }

    /// Builds or downloads. With a daemon before 1.34, there are results only if all of it succeeded.
    ///
    /// # Errors
    ///
    /// Fails if the daemon refuses, or if the connection ends. A failed build is an error before 1.34, and a result
    /// from then on.
    pub fn build(&mut self, targets: &[DerivedPath], mode: BuildMode) -> Result<Vec<BuildResult>> {
        let version = self.version;
        let encoded: Vec<_> = targets.iter().map(|target| target.encoded(version)).collect();
        let has_results = version >= BUILD_RESULTS;
        let operation = if has_results { BUILD_PATHS_WITH_RESULTS } else { BUILD_PATHS };
        let request = Encoder::request(operation).texts(encoded.iter()).number(match mode {
            BuildMode::Normal => 0,
            BuildMode::Repair => 1,
            BuildMode::Check => 2,
        });
        let stream = self.ask(request)?;
        if has_results {
            return stream.list(|stream| build_result(stream, version));
        }
        stream.number()?;
        Ok(encoded.into_iter().map(succeeded).collect())
    }
}

/// The result of a build of which only the success is known.
fn succeeded(target: Vec<u8>) -> BuildResult {
    let status = BuildStatus::Built;
    BuildResult { target, status, message: String::new(), outputs: Vec::new(), times: (0, 0) }
}

fn some_path(path: Vec<u8>) -> Option<StorePath> {
    (!path.is_empty()).then(|| path.into())
}

/// Reads what the store knows about an entry, without its path.
pub(super) fn path_info(stream: &mut Stream) -> Result<PathInfo> {
    Ok(PathInfo {
        deriver: some_path(stream.text()?),
        archive_hash: stream.string()?,
        references: stream.paths()?,
        registered: stream.number()?,
        archive_size: stream.number()?,
        is_ultimate: stream.flag()?,
        signatures: stream.list(Stream::string)?,
        content_address: Some(stream.string()?).filter(|address| !address.is_empty()),
    })
}

fn build_result(stream: &mut Stream, version: Version) -> Result<BuildResult> {
    let (target, status) = (stream.text()?, BuildStatus::decoded(stream.number()?));
    let message = crate::codec::terminal::shown_text(&stream.string()?, false);
    let mut times = (0, 0);
    if version >= BUILD_TIMES {
        let _times_built = stream.number()?;
        let _is_non_deterministic = stream.number()?;
        times = (stream.number()?, stream.number()?);
    }
    if version >= PROCESSOR_TIMES {
        // The processor's time for the user and for the system, if they are known.
        for _ in 0..2 {
            if stream.flag()? {
                stream.number()?;
            }
        }
    }
    let outputs = if version >= BUILD_OUTPUTS { stream.list(output)? } else { Vec::new() };
    Ok(BuildResult { target, status, message, outputs: outputs.into_iter().flatten().collect(), times })
}

/// Reads an output: `sha256:…!name`, and JSON with its `outPath`, which has no directory.
fn output(stream: &mut Stream) -> Result<Option<(Box<[u8]>, StorePath)>> {
    let (name, realisation) = (stream.text()?, stream.text()?);
    let name = name.rsplit(|&byte| byte == b'!').next().unwrap_or_default();
    let parsed: Option<serde_json::Value> = serde_json::from_slice(&realisation).ok();
    let path = parsed.as_ref().and_then(|parsed| parsed.get("outPath")?.as_str());
    Ok(path.map(|path| (name.into(), path.as_bytes().into())))
}
