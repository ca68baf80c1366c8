//! The NAR format: a file tree as bytes that depend only on names, contents, links and executable bits.
//!
//! It is written piece by piece: into a digest, or into another sink.

use crate::codec::hash::{Hash, HashAlgorithm, Hasher};

/// Tokens are gathered up to this many bytes before they are passed on.
const BATCH: usize = 32 << 10;

/// A receiver of the bytes of an archive.
pub trait ArchiveSink {
    /// Receives the next bytes.
    fn write(&mut self, bytes: &[u8]);
}

impl ArchiveSink for Hasher {
    fn write(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }
}

/// An archive in the making.
#[derive(Debug)]
pub struct ArchiveWriter<S> {
    sink: S,
    pending: Vec<u8>,
}

/// An archive written into a digest.
pub type ArchiveHasher = ArchiveWriter<Hasher>;

impl ArchiveHasher {
    /// An archive without any bytes yet.
    pub fn new() -> Self {
        Self::into(Hasher::new(HashAlgorithm::Sha256))
    }

    /// The digest of the archive.
    pub fn finish(self) -> Hash {
        self.end_archive().finish()
    }
}

impl<S: ArchiveSink> ArchiveWriter<S> {
    /// An archive whose bytes go into a sink.
    pub fn into(sink: S) -> Self {
        let mut archive = Self { sink, pending: Vec::with_capacity(BATCH) };
        archive.token(b"nix-archive-1");
        archive
    }

    /// Writes a text: its length in 8 bytes, its bytes, and zeros up to a multiple of 8.
    fn token(&mut self, text: &[u8]) {
        self.pending.extend_from_slice(&(text.len() as u64).to_le_bytes());
        if text.len() >= BATCH {
            self.flush();
            self.sink.write(text);
        } else {
            self.pending.extend_from_slice(text);
        }
        self.pad(text.len() as u64);
        self.flush_if_full();
    }

    /// Writes zeros up to a multiple of 8.
    fn pad(&mut self, length: u64) {
        let padding = (8 - length % 8) % 8;
        self.pending.extend_from_slice(&[0; 8][..padding as usize]);
    }

    fn flush_if_full(&mut self) {
        if self.pending.len() >= BATCH {
            self.flush();
        }
    }

    fn tokens(&mut self, texts: &[&[u8]]) {
        for text in texts {
            self.token(text);
        }
    }

    fn flush(&mut self) {
        self.sink.write(&self.pending);
        self.pending.clear();
    }

    /// Writes a regular file.
    pub fn file(&mut self, contents: &[u8], executable: bool) {
        self.begin_file(contents.len() as u64, executable);
        self.piece(contents);
        self.end_file(contents.len() as u64);
    }

    /// Begins a regular file of this many bytes, which follow in pieces.
    pub fn begin_file(&mut self, length: u64, executable: bool) {
        self.tokens(&[b"(", b"type", b"regular"]);
        if executable {
            self.tokens(&[b"executable", b""]);
        }
        self.token(b"contents");
        self.pending.extend_from_slice(&length.to_le_bytes());
    }

    /// Writes the next bytes of a file.
    pub fn piece(&mut self, bytes: &[u8]) {
        if bytes.len() >= BATCH {
            self.flush();
            self.sink.write(bytes);
        } else {
            self.pending.extend_from_slice(bytes);
            self.flush_if_full();
        }
    }

    /// Ends a file of this many bytes.
    pub fn end_file(&mut self, length: u64) {
        self.pad(length);
        self.token(b")");
    }

    /// Writes a symbolic link.
    pub fn link(&mut self, target: &[u8]) {
        self.tokens(&[b"(", b"type", b"symlink", b"target", target, b")"]);
    }

    /// Begins a directory. Its entries follow, ordered by the bytes of their names.
    pub fn begin_directory(&mut self) {
        self.tokens(&[b"(", b"type", b"directory"]);
    }

    /// Begins an entry of a directory. Its file, link or directory follows.
    pub fn begin_entry(&mut self, name: &[u8]) {
        self.tokens(&[b"entry", b"(", b"name", name, b"node"]);
    }

    /// Ends a directory or entry.
    pub fn end(&mut self) {
        self.token(b")");
    }

    /// Passes the last bytes on, and returns the sink.
    pub fn end_archive(mut self) -> S {
        self.flush();
        self.sink
    }
}

impl Default for ArchiveHasher {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::base::encode_base16;

    #[test]
    fn a_large_file_hashes_as_if_in_one_piece() {
        let contents = vec![b'x'; BATCH + 3];
        let mut archive = ArchiveHasher::new();
        archive.file(&contents, false);
        let mut bytes = Vec::new();
        let mut pieces = ArchiveHasher::new();
        pieces.begin_file(contents.len() as u64, false);
        contents.chunks(1000).for_each(|piece| pieces.piece(piece));
        pieces.end_file(contents.len() as u64);
        assert_eq!(pieces.finish(), {
            let mut whole = ArchiveHasher::new();
            whole.file(&contents, false);
            whole.finish()
        });
        for text in [b"nix-archive-1".as_slice(), b"(", b"type", b"regular", b"contents", &contents, b")"] {
            bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
            bytes.extend_from_slice(text);
            bytes.resize(bytes.len().next_multiple_of(8), 0);
        }
        let whole = crate::codec::hash::hash_bytes(HashAlgorithm::Sha256, &bytes);
        assert_eq!(encode_base16(&archive.finish().bytes), encode_base16(&whole.bytes));
    }
}
