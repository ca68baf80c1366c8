//! A connection. A thread reads what arrives, so that the daemon can always go on writing while the client writes.

use crate::error::{Cause, Error, ErrorKind, Result};
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::process::Child;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Bytes are read in pieces of up to this size.
const PIECE: usize = 64 << 10;

/// The interval of checks for an interruption while waiting.
const TICK: Duration = Duration::from_millis(20);

/// The time that a program gets to end on its own after its input was closed.
const GRACE: Duration = Duration::from_secs(2);

/// The longest text that is accepted, in bytes: anything longer is not what a daemon sends.
const LONGEST_TEXT: u64 = 256 << 20;

/// The other end.
enum Peer {
    Socket(UnixStream),
    Program(Child),
}

/// A question whether the client's work should stop.
pub(super) type IsStopped = Rc<dyn Fn() -> bool>;

/// A connection to a daemon, which ends when it is dropped.
pub(super) struct Stream {
    peer: Peer,
    arriving: Receiver<io::Result<Vec<u8>>>,
    /// The piece that is being read, and the position in it.
    piece: (Vec<u8>, usize),
    is_stopped: IsStopped,
}

impl Stream {
    /// A connection over a socket.
    ///
    /// # Errors
    ///
    /// Fails if the system has no more file descriptors.
    pub(super) fn of_socket(socket: UnixStream) -> Result<Self> {
        let failed = |error: io::Error| connection_failed(error.to_string());
        let input = socket.try_clone().map_err(failed)?;
        // A daemon that does not read must not keep the client from being interrupted.
        socket.set_write_timeout(Some(TICK)).map_err(failed)?;
        Ok(Self::new(Peer::Socket(socket), input))
    }

    /// A connection to a program that was started with pipes.
    pub(super) fn of_program(mut child: Child) -> Self {
        let output = child.stdout.take();
        let mut stream = Self::new(Peer::Program(child), io::empty());
        if let Some(output) = output {
            stream.arriving = read_in_background(output);
        }
        stream
    }

    fn new(peer: Peer, input: impl Read + Send + 'static) -> Self {
        Self { peer, arriving: read_in_background(input), piece: (Vec::new(), 0), is_stopped: Rc::new(|| false) }
    }

    /// Sets the question that is asked while waiting.
    pub(super) fn stop_if(&mut self, is_stopped: IsStopped) {
        self.is_stopped = is_stopped;
    }

    /// Sends bytes.
    ///
    /// # Errors
    ///
    /// Fails if the daemon has gone.
    pub(super) fn send(&mut self, bytes: &[u8]) -> Result<()> {
        let mut left = bytes;
        while !left.is_empty() {
            let sent = match &mut self.peer {
                Peer::Socket(socket) => socket.write(left),
                Peer::Program(child) => child.stdin.as_mut().map_or(Ok(0), |stdin| stdin.write(left)),
            };
            match sent {
                Ok(0) => return Err(disconnected()),
                Ok(count) => left = &left[count..],
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    if (self.is_stopped)() {
                        return Err(ErrorKind::Interrupted.into());
                    }
                }
                Err(_) => return Err(disconnected()),
            }
        }
        Ok(())
    }

    /// Reads exactly this many bytes.
    ///
    /// # Errors
    ///
    /// Fails if the connection ends before, or if the work should stop.
    pub(super) fn read(&mut self, target: &mut [u8]) -> Result<()> {
        let mut done = 0;
        while done < target.len() {
            let (piece, position) = &mut self.piece;
            let available = &piece[*position..];
            let count = available.len().min(target.len() - done);
            target[done..done + count].copy_from_slice(&available[..count]);
            (done, *position) = (done + count, *position + count);
            if done < target.len() {
                self.receive()?;
            }
        }
        Ok(())
    }

    /// True if bytes have arrived that were not read.
    pub(super) fn has_arrived(&mut self) -> bool {
        if self.piece.1 < self.piece.0.len() {
            return true;
        }
        match self.arriving.try_recv() {
            Ok(Ok(piece)) => self.piece = (piece, 0),
            // The next read tells the error.
            _ => return false,
        }
        true
    }

    /// Waits for the next piece.
    fn receive(&mut self) -> Result<()> {
        loop {
            match self.arriving.recv_timeout(TICK) {
                Ok(Ok(piece)) => {
                    self.piece = (piece, 0);
                    return Ok(());
                }
                Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => return Err(disconnected()),
                Err(RecvTimeoutError::Timeout) if (self.is_stopped)() => return Err(ErrorKind::Interrupted.into()),
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Reads a number.
    ///
    /// # Errors
    ///
    /// Fails like [`Stream::read`].
    pub(super) fn number(&mut self) -> Result<u64> {
        let mut bytes = [0; 8];
        self.read(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    /// Reads a truth value.
    ///
    /// # Errors
    ///
    /// Fails like [`Stream::read`].
    pub(super) fn flag(&mut self) -> Result<bool> {
        Ok(self.number()? != 0)
    }

    /// Reads a text.
    ///
    /// # Errors
    ///
    /// Fails like [`Stream::read`], or if its length or padding is not plausible.
    pub(super) fn text(&mut self) -> Result<Vec<u8>> {
        let length = self.number()?;
        if length > LONGEST_TEXT {
            return Err(malformed(&format!("a text of {length} bytes")));
        }
        // Grows with what really arrives, so that a wrong length does not take memory.
        let (mut text, mut left) = (Vec::new(), length as usize);
        while left > 0 {
            let start = text.len();
            let count = left.min(PIECE);
            text.resize(start + count, 0);
            self.read(&mut text[start..])?;
            left -= count;
        }
        let mut padding = [0; 8];
        let padding = &mut padding[..text.len().next_multiple_of(8) - text.len()];
        self.read(padding)?;
        if padding.iter().any(|&byte| byte != 0) { Err(malformed("padding that is not zero")) } else { Ok(text) }
    }

    /// Reads a text as a readable string.
    ///
    /// # Errors
    ///
    /// Fails like [`Stream::text`].
    pub(super) fn string(&mut self) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.text()?).into_owned())
    }

    /// Reads a list, whose elements `read` reads.
    ///
    /// # Errors
    ///
    /// Fails like `read`.
    pub(super) fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let count = self.number()?;
        // A wrong count ends with the connection.
        (0..count).map(|_| read(self)).collect()
    }

    /// Reads a list of paths.
    ///
    /// # Errors
    ///
    /// Fails like [`Stream::text`].
    pub(super) fn paths(&mut self) -> Result<Vec<Box<[u8]>>> {
        self.list(|stream| stream.text().map(Into::into))
    }
}

impl Drop for Stream {
    /// Ends the connection. The daemon then ends the builds that it does for this client.
    fn drop(&mut self) {
        match &mut self.peer {
            Peer::Socket(socket) => {
                let _ = socket.shutdown(Shutdown::Both);
            }
            Peer::Program(child) => {
                drop(child.stdin.take());
                let deadline = Instant::now() + GRACE;
                while matches!(child.try_wait(), Ok(None)) && Instant::now() < deadline {
                    thread::sleep(Duration::from_millis(2));
                }
                let _ = child.kill();
                let _ = child.wait();
            }
        }
    }
}

/// However much arrives, it is read: a daemon that waits for its answers to be read may stop reading requests.
fn read_in_background(input: impl Read + Send + 'static) -> Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = channel();
    thread::spawn(move || forward(input, &sender));
    receiver
}

/// Sends on what is read, until the input or the receiver ends.
fn forward(mut input: impl Read, sender: &Sender<io::Result<Vec<u8>>>) {
    let mut buffer = vec![0; PIECE];
    loop {
        let piece = match input.read(&mut buffer) {
            Ok(0) => return,
            Ok(length) => Ok(buffer[..length].to_vec()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let is_over = piece.is_err();
        if sender.send(piece).is_err() || is_over {
            return;
        }
    }
}

/// The error for a daemon that cannot be reached.
#[cold]
pub(super) fn connection_failed(message: String) -> Error {
    ErrorKind::Io(message).into()
}

/// The error for a connection that has ended.
#[cold]
pub(super) fn disconnected() -> Error {
    let text = "Nix daemon disconnected unexpectedly (maybe it crashed?)".to_owned();
    Error::from(ErrorKind::Io(text)).because(Cause::Disconnected)
}

/// The error for bytes that are not the protocol.
#[cold]
pub(super) fn malformed(what: &str) -> Error {
    ErrorKind::Io(format!("the Nix daemon sent {what}, which its protocol does not allow")).into()
}
