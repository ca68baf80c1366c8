//! Compression: detected by the first bytes, and decoded layer by layer.

use super::CHUNK;
use bzip2::bufread::BzDecoder;
use flate2::bufread::GzDecoder;
use lzma_rust2::{LzipReader, LzmaReader, XzReader};
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};
use std::io::{self, BufRead, BufReader, Cursor, Read};

/// A source of bytes; another thread may read it.
pub(super) type Source = Box<dyn BufRead + Send>;

/// The largest number of compression layers.
const MOST_LAYERS: usize = 25;
/// The number of bytes used to detect a format.
const HEAD: u64 = 512;
/// The memory limit of a dictionary, in KiB: more than the largest presets need.
const MOST_MEMORY: u32 = 2 << 20;

/// The fully decompressed bytes, with the first ones buffered.
pub(super) struct Layers {
    head: Vec<u8>,
    rest: Source,
    count: usize,
}

impl Layers {
    pub(super) fn found_in(source: Source) -> io::Result<Self> {
        let mut layers = Self { head: Vec::new(), rest: source, count: 0 };
        loop {
            layers.head.clear();
            (&mut layers.rest).take(HEAD).read_to_end(&mut layers.head)?;
            let Some(compression) = Compression::of(&layers.head) else { return Ok(layers) };
            if layers.count == MOST_LAYERS {
                return Err(io::Error::other("compressed too often"));
            }
            let count = layers.count + 1;
            let rest = compression.decoder(Peeked::new(layers.into_source()))?;
            layers = Self { head: Vec::new(), rest, count };
        }
    }

    /// The first bytes; fewer than 512 only at the end of the data.
    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    /// The number of compression layers.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// All bytes, including the first ones.
    pub(super) fn into_source(self) -> Source {
        Box::new(Cursor::new(self.head).chain(self.rest))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compression {
    Gzip,
    Bzip2,
    Xz,
    Zstd,
    Lzip,
    Lzma,
}

impl Compression {
    fn of(head: &[u8]) -> Option<Self> {
        let frame = head.first_chunk().map(|magic| u32::from_le_bytes(*magic));
        if is_gzip(head) {
            Some(Self::Gzip)
        } else if is_bzip2(head) {
            Some(Self::Bzip2)
        } else if head.starts_with(b"\xfd7zXZ\0") {
            Some(Self::Xz)
        } else if frame.is_some_and(|magic| magic == ZSTD_FRAME || is_skippable(magic)) {
            Some(Self::Zstd)
        } else if head.starts_with(b"LZIP\x01") {
            Some(Self::Lzip)
        } else if is_lzma(head) {
            Some(Self::Lzma)
        } else {
            None
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
            Self::Lzip => "lzip",
            Self::Lzma => "lzma",
        }
    }

    fn decoder(self, source: Peeked) -> io::Result<Source> {
        let decoder = match self {
            Self::Gzip => Decoder::Gzip(GzDecoder::new(source)),
            Self::Bzip2 => Decoder::Bzip2(BzDecoder::new(source)),
            Self::Xz => Decoder::Whole(Box::new(XzReader::new_mem_limit(source, true, MOST_MEMORY))),
            Self::Lzip => Decoder::Whole(Box::new(LzipReader::new(source))),
            Self::Lzma => Decoder::Whole(Box::new(
                LzmaReader::new_mem_limit(source, MOST_MEMORY, None).map_err(|error| explained(self, error))?,
            )),
            Self::Zstd => Decoder::Between(source, Box::new(FrameDecoder::new())),
        };
        Ok(Box::new(BufReader::with_capacity(CHUNK, Streams { compression: self, decoder })))
    }
}

const ZSTD_FRAME: u32 = 0xfd2f_b528;

/// True for frames that a zstd decoder skips.
fn is_skippable(magic: u32) -> bool {
    magic & 0xffff_fff0 == 0x184d_2a50
}

fn is_gzip(head: &[u8]) -> bool {
    head.starts_with(b"\x1f\x8b\x08") && head.get(3).is_some_and(|flags| flags & 0xe0 == 0)
}

fn is_bzip2(head: &[u8]) -> bool {
    let block = head.get(4..10).unwrap_or_default();
    head.starts_with(b"BZh")
        && matches!(head.get(3), Some(b'1'..=b'9'))
        && (block == b"\x31\x41\x59\x26\x53\x59" || block == b"\x17\x72\x45\x38\x50\x90")
}

/// True for the usual properties, a common dictionary size, and a plausible length: this format has no magic number.
fn is_lzma(head: &[u8]) -> bool {
    let Some((properties, rest)) = head.split_first() else { return false };
    let (Some(dictionary), Some(size)) = (rest.first_chunk(), rest.get(4..).and_then(<[u8]>::first_chunk)) else {
        return false;
    };
    let (dictionary, size) = (u32::from_le_bytes(*dictionary), u64::from_le_bytes(*size));
    let is_usual = |count: u32| count.is_power_of_two() || (count.is_multiple_of(3) && (count / 3).is_power_of_two());
    *properties == 0x5d && dictionary >= 4096 && is_usual(dictionary) && (size == u64::MAX || size < 1 << 40)
}

/// A source with lookahead.
struct Peeked {
    ahead: Vec<u8>,
    used: usize,
    source: Source,
}

impl Peeked {
    fn new(source: Source) -> Self {
        Self { ahead: Vec::new(), used: 0, source }
    }

    /// The next bytes; fewer than `count` only at the end.
    fn peek(&mut self, count: usize) -> io::Result<&[u8]> {
        self.ahead.drain(..self.used.min(self.ahead.len()));
        self.used = 0;
        let missing = count.saturating_sub(self.ahead.len());
        (&mut self.source).take(missing as u64).read_to_end(&mut self.ahead)?;
        Ok(&self.ahead)
    }

    /// Skips bytes; an error if there are too few.
    fn skip(&mut self, count: u64) -> io::Result<()> {
        let passed = io::copy(&mut self.take(count), &mut io::sink())?;
        if passed < count { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(()) }
    }
}

impl Read for Peeked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let ahead = self.ahead.get(self.used..).unwrap_or_default();
        if ahead.is_empty() {
            return self.source.read(buffer);
        }
        let count = ahead.len().min(buffer.len());
        buffer[..count].copy_from_slice(&ahead[..count]);
        self.used += count;
        Ok(count)
    }
}

impl BufRead for Peeked {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.used < self.ahead.len() {
            return Ok(&self.ahead[self.used..]);
        }
        self.source.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        if self.used < self.ahead.len() {
            self.used += count;
        } else {
            self.source.consume(count);
        }
    }
}

/// Concatenated compressed streams, decoded as one.
struct Streams {
    compression: Compression,
    decoder: Decoder,
}

enum Decoder {
    Gzip(GzDecoder<Peeked>),
    Bzip2(BzDecoder<Peeked>),
    Zstd(Box<StreamingDecoder<Peeked, FrameDecoder>>),
    /// At the beginning of a frame, or at a place where one may begin.
    Between(Peeked, Box<FrameDecoder>),
    /// A decoder that handles concatenated streams itself.
    Whole(Box<dyn Read + Send>),
    Over,
}

impl Read for Streams {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while !matches!(self.decoder, Decoder::Over) {
            let read = match &mut self.decoder {
                Decoder::Gzip(decoder) => decoder.read(buffer),
                Decoder::Bzip2(decoder) => decoder.read(buffer),
                Decoder::Zstd(decoder) => decoder.read(buffer),
                Decoder::Whole(decoder) => decoder.read(buffer),
                Decoder::Between(..) | Decoder::Over => Ok(0),
            };
            let count = read.map_err(|error| explained(self.compression, error))?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            let ended = std::mem::replace(&mut self.decoder, Decoder::Over);
            self.decoder = ended.next().map_err(|error| explained(self.compression, error))?;
        }
        Ok(0)
    }
}

impl Decoder {
    /// The decoder of the next stream, after the current one has ended.
    fn next(self) -> io::Result<Self> {
        Ok(match self {
            Self::Gzip(ended) => {
                let mut source = ended.into_inner();
                // Trailing data is ignored, as gzip does.
                if is_gzip(source.peek(4)?) { Self::Gzip(GzDecoder::new(source)) } else { Self::Over }
            }
            Self::Bzip2(ended) => {
                let mut source = ended.into_inner();
                if is_bzip2(source.peek(10)?) { Self::Bzip2(BzDecoder::new(source)) } else { Self::Over }
            }
            Self::Zstd(ended) => {
                let (source, decoder) = ended.into_parts();
                let (told, found) = (decoder.get_checksum_from_data(), decoder.get_calculated_checksum());
                if told.is_some() && told != found {
                    return Err(io::Error::other("Restored data doesn't match checksum"));
                }
                Self::Between(source, Box::new(decoder))
            }
            Self::Between(source, decoder) => next_frame(source, *decoder)?,
            Self::Whole(_) | Self::Over => Self::Over,
        })
    }
}

fn next_frame(mut source: Peeked, decoder: FrameDecoder) -> io::Result<Decoder> {
    let head = source.peek(8)?;
    if head.is_empty() {
        return Ok(Decoder::Over);
    }
    let magic = head.first_chunk().map_or(0, |magic| u32::from_le_bytes(*magic));
    let length = head.get(4..).and_then(<[u8]>::first_chunk).map(|length| u32::from_le_bytes(*length));
    if is_skippable(magic) {
        let length = length.ok_or(io::ErrorKind::UnexpectedEof)?;
        source.skip(8 + u64::from(length))?;
        return Ok(Decoder::Between(source, Box::new(decoder)));
    }
    if magic != ZSTD_FRAME {
        return Err(io::Error::other("Unknown frame descriptor"));
    }
    let frame = StreamingDecoder::new_with_decoder(source, decoder).map_err(io::Error::other)?;
    Ok(Decoder::Zstd(Box::new(frame)))
}

/// The error with the name of the compression.
#[cold]
fn explained(compression: Compression, error: io::Error) -> io::Error {
    let name = compression.name();
    if is_end(&error) {
        return io::Error::new(io::ErrorKind::UnexpectedEof, format!("truncated {name} input"));
    }
    io::Error::new(error.kind(), format!("damaged {name} input: {error}"))
}

/// True if bytes were missing; ruzstd wraps this in its own errors.
fn is_end(error: &io::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.get_ref().map(|cause| cause as _);
    let mut is_end = error.kind() == io::ErrorKind::UnexpectedEof;
    while let Some(inner) = cause {
        is_end |= inner.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::UnexpectedEof);
        cause = inner.source();
    }
    is_end
}
