//! Incoming bytes: decoded, hashed, counted, and written to their target.

use super::failure::{Failure, Problem};
use crate::codec::hash::{Hash, HashAlgorithm, Hasher};
use crate::io::reason;
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The progress of a transfer, readable from another thread.
#[derive(Debug, Default)]
pub(super) struct Count {
    pub(super) done: AtomicU64,
    /// 0 if it is not known.
    pub(super) total: AtomicU64,
}

/// The destination of the bytes.
#[derive(Debug)]
pub(super) enum Target {
    File(File),
    Memory(Vec<u8>),
}

/// A target, with the hash and number of the bytes in it.
#[derive(Debug)]
pub(super) struct Sink {
    pub(super) target: Target,
    hasher: Hasher,
    pub(super) written: u64,
    limit: u64,
    pub(super) count: Arc<Count>,
}

impl Sink {
    /// An empty sink that accepts at most `limit` bytes.
    pub(super) fn new(target: Target, limit: u64) -> Self {
        Self { target, hasher: Hasher::new(HashAlgorithm::Sha256), written: 0, limit, count: Arc::default() }
    }

    /// Drops all bytes received so far.
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

    /// Appends bytes.
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

/// A reader that counts bytes from the network.
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

/// The content encodings that are accepted.
pub(super) const ENCODINGS: &str = "deflate, gzip";

/// A reader that decodes the content encodings in a header.
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

/// Decodes `deflate`, with zlib's header, as the standard requires, or without it, as some servers send it.
fn deflate<'r>(raw: Box<dyn Read + 'r>) -> Result<Box<dyn Read + 'r>, Problem> {
    let mut raw = BufReader::new(raw);
    let first = raw.fill_buf().map_err(|error| Problem::new(56, reason(&error)))?.first().copied().unwrap_or_default();
    Ok(if first & 0x0f == 8 { Box::new(ZlibDecoder::new(raw)) } else { Box::new(DeflateDecoder::new(raw)) })
}

/// The largest number of bytes kept of an error response.
const MOST_OF_ERROR: u64 = 1 << 16;

/// The beginning of the body of an error response.
pub(super) fn error_body(reader: &mut dyn Read) -> Vec<u8> {
    let mut body = Vec::new();
    // An incomplete body is useful too.
    let _ = reader.take(MOST_OF_ERROR).read_to_end(&mut body);
    body
}

/// Reads a reader to its end.
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
