//! Bytes that come in: decoded, hashed, counted, and put where they belong.

use super::failure::{Failure, Problem, reason};
use crate::codec::hash::{Hash, HashAlgorithm, Hasher};
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How far a transfer is, for who watches it from another thread.
#[derive(Debug, Default)]
pub(super) struct Count {
    pub(super) done: AtomicU64,
    /// 0 if it is not known.
    pub(super) total: AtomicU64,
}

/// Where bytes are put.
#[derive(Debug)]
pub(super) enum Target {
    File(File),
    Memory(Vec<u8>),
}

/// A target with what is known of the bytes that are there.
#[derive(Debug)]
pub(super) struct Sink {
    pub(super) target: Target,
    hasher: Hasher,
    pub(super) written: u64,
    limit: u64,
    pub(super) count: Arc<Count>,
}

impl Sink {
    /// Nothing is there yet, and never more than the limit.
    pub(super) fn new(target: Target, limit: u64) -> Self {
        Self { target, hasher: Hasher::new(HashAlgorithm::Sha256), written: 0, limit, count: Arc::default() }
    }

    /// Forgets everything.
    pub(super) fn restart(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::Memory(bytes) => bytes.clear(),
            Target::File(file) => {
                file.set_len(0)?;
                file.seek(SeekFrom::Start(0))?;
            }
        }
        self.hasher = Hasher::new(HashAlgorithm::Sha256);
        self.written = 0;
        self.count.done.store(0, Ordering::Relaxed);
        Ok(())
    }

    /// Adds bytes.
    pub(super) fn add(&mut self, bytes: &[u8]) -> Result<(), Problem> {
        self.written = self.written.saturating_add(bytes.len() as u64);
        if self.written > self.limit {
            return Err(Problem::new(63, format!("Maximum file size exceeded: {}", self.limit)));
        }
        match &mut self.target {
            Target::Memory(memory) => memory.extend_from_slice(bytes),
            Target::File(file) => file.write_all(bytes).map_err(|error| Problem::new(23, reason(&error)))?,
        }
        self.hasher.update(bytes);
        Ok(())
    }

    /// The hash of all bytes so far.
    pub(super) fn hash(&self) -> Hash {
        self.hasher.clone().finish()
    }
}

/// Bytes from the network, which are counted.
pub(super) struct Counted<R> {
    pub(super) inner: R,
    pub(super) count: Arc<Count>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.count.done.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}

/// The encodings that servers may choose from.
pub(super) const ENCODINGS: &str = "deflate, gzip";

/// A reader of what was encoded as a header says.
pub(super) fn decoder<'r>(encoding: &str, raw: impl Read + 'r) -> Result<Box<dyn Read + 'r>, Problem> {
    let mut reader: Box<dyn Read> = Box::new(raw);
    for one in encoding.split(',').rev() {
        reader = match &one.trim().to_ascii_lowercase()[..] {
            "" | "identity" | "none" => reader,
            "gzip" | "x-gzip" => Box::new(GzDecoder::new(reader)),
            "deflate" => deflate(reader)?,
            _ => return Err(Problem::new(61, format!("Unrecognized content encoding type: {encoding}"))),
        };
    }
    Ok(reader)
}

/// With the header of zlib, as it should be, or without, as some servers have it.
fn deflate<'r>(raw: Box<dyn Read + 'r>) -> Result<Box<dyn Read + 'r>, Problem> {
    let mut raw = BufReader::new(raw);
    let first = raw.fill_buf().map_err(|error| Problem::new(56, reason(&error)))?.first().copied().unwrap_or_default();
    Ok(if first & 0x0f == 8 { Box::new(ZlibDecoder::new(raw)) } else { Box::new(DeflateDecoder::new(raw)) })
}

/// Most bytes that are kept of an answer that isn't what was asked for.
const MOST_OF_ERROR: u64 = 1 << 16;

/// The beginning of what a server says of an error.
pub(super) fn error_body(reader: &mut dyn Read) -> Vec<u8> {
    let mut body = Vec::new();
    // What comes before it breaks off tells something too.
    let _ = reader.take(MOST_OF_ERROR).read_to_end(&mut body);
    body
}

/// Takes everything from a reader.
pub(super) fn drain(
    reader: &mut dyn Read,
    sink: &mut Sink,
    problem: impl Fn(io::Error) -> Problem,
) -> Result<(), Failure> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(length) => sink.add(&buffer[..length])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(problem(error).into()),
        }
    }
}
