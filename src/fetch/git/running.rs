//! A program that runs: waited for as long as nobody wants to end, and ended with whoever started it.

use super::super::Work;
use crate::error::{Error, ErrorKind, Result};
use std::io::{ErrorKind as IoErrorKind, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How long a program that is told to end may take for it.
const GRACE: Duration = Duration::from_secs(2);

/// How often somebody who waits looks whether to go on.
const TICK: Duration = Duration::from_millis(20);

/// How long the last words of a program may take to arrive.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// A program that runs, and ends at the latest when this is dropped.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) child: Child,
    /// It only reads, so that nothing is left behind if it is killed.
    pub(super) is_reader: bool,
}

impl Running {
    /// Starts a program.
    ///
    /// # Errors
    /// That it can't be started.
    pub(super) fn start(mut command: Command) -> Result<Self> {
        let child = command.spawn().map_err(|error| not_started(&error))?;
        Ok(Self { child, is_reader: false })
    }

    /// Waits for the end, which is near.
    ///
    /// # Errors
    /// That somebody wants this to end.
    pub(super) fn wait(&mut self, work: &Work<'_>) -> Result<ExitStatus> {
        let mut pause = Duration::from_micros(50);
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Ok(status),
                Ok(None) => thread::sleep(pause),
                Err(error) => return Err(not_started(&error)),
            }
            pause = (pause * 2).min(TICK);
            check(work)?;
        }
    }
}

impl Drop for Running {
    /// Asks first, so that Git removes what it has begun.
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        if self.is_reader {
            let _ = self.child.kill();
            let _ = self.child.wait();
            return;
        }
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).stdout(Stdio::null()).stderr(Stdio::null()).status();
        let deadline = Instant::now() + GRACE;
        while asked.is_ok() && Instant::now() < deadline {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(2));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cold]
fn not_started(error: &std::io::Error) -> Error {
    let text = match error.kind() {
        IoErrorKind::NotFound => {
            "executing 'git': there is no such program; fetching from Git repositories needs Git to be installed"
                .to_owned()
        }
        _ => format!("executing 'git': {error}"),
    };
    ErrorKind::Io(text).into()
}

/// Ends with an error if somebody wants this to end.
pub(super) fn check(work: &Work<'_>) -> Result<()> {
    if (work.stop)() { Err(ErrorKind::Interrupted.into()) } else { Ok(()) }
}

/// What a program says, read beside whoever waits for it.
#[derive(Debug)]
pub(super) struct Said {
    bytes: Arc<Mutex<Vec<u8>>>,
    end: Receiver<()>,
}

impl Said {
    /// Begins to read.
    pub(super) fn by(source: Option<impl Read + Send + 'static>) -> Self {
        let (sender, end) = channel();
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&bytes);
        if let Some(source) = source {
            thread::spawn(move || read(source, &shared, &sender));
        }
        Self { bytes, end }
    }

    /// All of it.
    ///
    /// # Errors
    /// That somebody wants this to end.
    pub(super) fn all(self, work: &Work<'_>) -> Result<Vec<u8>> {
        while let Err(RecvTimeoutError::Timeout) = self.end.recv_timeout(TICK) {
            check(work)?;
        }
        Ok(self.until_now())
    }

    /// What a program that has ended has said. Those that it has started, and that go on, may keep the door open for long: a
    /// connection that is kept for the next time.
    pub(super) fn at_last(self) -> Vec<u8> {
        let _ = self.end.recv_timeout(LAST_WORDS);
        self.until_now()
    }

    fn until_now(self) -> Vec<u8> {
        std::mem::take(&mut *self.bytes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Reads to the end, which is told by hanging up.
fn read(mut source: impl Read, shared: &Mutex<Vec<u8>>, _end: &Sender<()>) {
    let mut buffer = vec![0; 64 << 10];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return,
            Ok(length) => {
                shared.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&buffer[..length]);
            }
            Err(error) if error.kind() == IoErrorKind::Interrupted => {}
            // What came until then is what there is.
            Err(_) => return,
        }
    }
}
