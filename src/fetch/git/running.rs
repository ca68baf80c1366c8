//! A running program: the wait for it can be interrupted, and it ends with its owner.

use super::super::FetchContext;
use crate::error::{Error, ErrorKind, Result};
use std::io::{ErrorKind as IoErrorKind, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The time that a program gets to end on its own.
const GRACE: Duration = Duration::from_secs(2);

/// The interval of checks for an interruption while waiting.
const TICK: Duration = Duration::from_millis(20);

/// The time for the last output of an ended program to arrive.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// A running program, ended at the latest on drop.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) child: Child,
    /// True if it only reads, so that killing it leaves nothing unfinished.
    pub(super) is_reader: bool,
}

impl Running {
    /// Starts a program.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be started.
    pub(super) fn start(mut command: Command) -> Result<Self> {
        let child = command.spawn().map_err(|error| not_started(&error))?;
        Ok(Self { child, is_reader: false })
    }

    /// Waits for the end, which is near.
    ///
    /// # Errors
    ///
    /// Fails if the fetch should stop.
    pub(super) fn wait(&mut self, context: &FetchContext<'_>) -> Result<ExitStatus> {
        let mut pause = Duration::from_micros(50);
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Ok(status),
                Ok(None) => thread::sleep(pause),
                Err(error) => return Err(not_started(&error)),
            }
            pause = (pause * 2).min(TICK);
            check(context)?;
        }
    }
}

impl Drop for Running {
    /// Asks the program to end before it is killed, so that Git removes its unfinished files.
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
            "executing 'git': no such program; install Git to fetch from Git repositories".to_owned()
        }
        _ => format!("executing 'git': {error}"),
    };
    ErrorKind::Io(text).into()
}

/// Fails if the fetch should stop.
pub(super) fn check(context: &FetchContext<'_>) -> Result<()> {
    if (context.stop)() { Err(ErrorKind::Interrupted.into()) } else { Ok(()) }
}

/// The output of a program, read in the background.
#[derive(Debug)]
pub(super) struct Said {
    bytes: Arc<Mutex<Vec<u8>>>,
    end: Receiver<()>,
}

impl Said {
    /// Starts to read.
    pub(super) fn by(source: Option<impl Read + Send + 'static>) -> Self {
        let (sender, end) = channel();
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&bytes);
        if let Some(source) = source {
            thread::spawn(move || read(source, &shared, &sender));
        }
        Self { bytes, end }
    }

    /// The complete output.
    ///
    /// # Errors
    ///
    /// Fails if the fetch should stop.
    pub(super) fn all(self, context: &FetchContext<'_>) -> Result<Vec<u8>> {
        while let Err(RecvTimeoutError::Timeout) = self.end.recv_timeout(TICK) {
            check(context)?;
        }
        Ok(self.until_now())
    }

    /// The output of an ended program. Its child processes that continue, for example a shared connection, may keep
    /// the pipe open for long, so the wait is short.
    pub(super) fn at_last(self) -> Vec<u8> {
        let _ = self.end.recv_timeout(LAST_WORDS);
        self.until_now()
    }

    fn until_now(self) -> Vec<u8> {
        std::mem::take(&mut *self.bytes.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Reads to the end. Dropping the sender signals it.
fn read(mut source: impl Read, shared: &Mutex<Vec<u8>>, _end: &Sender<()>) {
    let mut buffer = vec![0; 64 << 10];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return,
            Ok(length) => {
                shared.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&buffer[..length]);
            }
            Err(error) if error.kind() == IoErrorKind::Interrupted => {}
            // The output so far is kept.
            Err(_) => return,
        }
    }
}
