//! Interruption of reads wherever bytes come from, and reading ahead on another thread, so that an archive is
//! decompressed while its files are written.

use super::CHUNK;
use super::streams::Source;
use crate::error::{ErrorKind, Result};
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// The number of chunks that are read ahead.
const MOST_AHEAD: usize = 4;
/// The time to wait for bytes before the next check for an interruption.
const PATIENCE: Duration = Duration::from_millis(50);

/// Checks for an interruption, and remembers it for other threads.
pub(super) struct Watch<'s> {
    stop: &'s dyn Fn() -> bool,
    has_stopped: Arc<AtomicBool>,
}

impl<'s> Watch<'s> {
    pub(super) fn new(stop: &'s dyn Fn() -> bool) -> Self {
        Self { stop, has_stopped: Arc::default() }
    }

    /// True once a check has found an interruption.
    pub(super) fn has_stopped(&self) -> bool {
        self.has_stopped.load(Ordering::Relaxed)
    }

    /// Fails if the unpacking should stop.
    pub(super) fn check(&self) -> io::Result<()> {
        if self.has_stopped() || (self.stop)() {
            self.has_stopped.store(true, Ordering::Relaxed);
            return Err(stopped());
        }
        Ok(())
    }

    /// The same file, unreadable once the unpacking has stopped.
    pub(super) fn file<R>(&self, file: R) -> Stoppable<R> {
        Stoppable { file, has_stopped: Arc::clone(&self.has_stopped) }
    }
}

/// A file from [`Watch::file`].
pub(super) struct Stoppable<R> {
    file: R,
    has_stopped: Arc<AtomicBool>,
}

impl<R: Read> Read for Stoppable<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.has_stopped.load(Ordering::Relaxed) {
            return Err(stopped());
        }
        self.file.read(buffer)
    }
}

impl<R: io::Seek> io::Seek for Stoppable<R> {
    fn seek(&mut self, position: io::SeekFrom) -> io::Result<u64> {
        self.file.seek(position)
    }
}

#[cold]
fn stopped() -> io::Error {
    io::Error::other("interrupted by the user")
}

/// A source that checks for an interruption on each read.
pub(super) struct Watched<'w> {
    source: Source,
    watch: &'w Watch<'w>,
}

impl<'w> Watched<'w> {
    pub(super) fn new(source: Source, watch: &'w Watch<'w>) -> Self {
        Self { source, watch }
    }
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.watch.check()?;
        self.source.read(buffer)
    }
}

impl BufRead for Watched<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.watch.check()?;
        self.source.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.source.consume(count);
    }
}

/// A chunk that was read ahead: bytes, an error, or, as an empty chunk, the end. A thread that dies without an end is
/// noticed.
type Chunk = io::Result<Vec<u8>>;

/// A source that another thread reads ahead.
pub(super) struct Ahead<'w> {
    watch: &'w Watch<'w>,
    /// `None` only during drop.
    chunks: Option<Receiver<Chunk>>,
    thread: Option<JoinHandle<()>>,
    chunk: Vec<u8>,
    used: usize,
    is_over: bool,
}

impl<'w> Ahead<'w> {
    pub(super) fn new(source: Source, watch: &'w Watch<'w>) -> Result<Self> {
        let (sender, chunks) = sync_channel(MOST_AHEAD);
        let has_stopped = Arc::clone(&watch.has_stopped);
        let thread = std::thread::Builder::new().name("unpack".to_owned());
        let thread = thread.spawn(move || read_ahead(source, &sender, &has_stopped));
        let thread = thread.map_err(|error| ErrorKind::Io(format!("starting a thread: {error}")))?;
        Ok(Self { watch, chunks: Some(chunks), thread: Some(thread), chunk: Vec::new(), used: 0, is_over: false })
    }

    fn next_chunk(&self) -> Chunk {
        let gone = || Err(io::Error::other("the decompressor failed"));
        let Some(chunks) = &self.chunks else { return gone() };
        loop {
            self.watch.check()?;
            match chunks.recv_timeout(PATIENCE) {
                Ok(chunk) => return chunk,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return gone(),
            }
        }
    }
}

fn read_ahead(mut source: Source, chunks: &SyncSender<Chunk>, has_stopped: &AtomicBool) {
    while !has_stopped.load(Ordering::Relaxed) {
        let mut chunk = Vec::with_capacity(CHUNK);
        let read = (&mut source).take(CHUNK as u64).read_to_end(&mut chunk);
        let is_over = read.is_err() || chunk.is_empty();
        if !chunk.is_empty() && chunks.send(Ok(chunk)).is_err() {
            return;
        }
        if is_over {
            // The receiver may be gone.
            let _ = chunks.send(read.map(|_| Vec::new()));
            return;
        }
    }
}

impl Read for Ahead<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ready = self.fill_buf()?;
        let count = ready.len().min(buffer.len());
        buffer[..count].copy_from_slice(&ready[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Ahead<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.used >= self.chunk.len() && !self.is_over {
            self.chunk = self.next_chunk()?;
            self.used = 0;
            self.is_over = self.chunk.is_empty();
        }
        Ok(self.chunk.get(self.used..).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.used = self.used.saturating_add(count).min(self.chunk.len());
    }
}

impl Drop for Ahead<'_> {
    fn drop(&mut self) {
        // Without a receiver the thread ends at its next chunk.
        self.chunks = None;
        if let Some(thread) = self.thread.take() {
            // Its failure has already been reported.
            let _ = thread.join();
        }
    }
}
