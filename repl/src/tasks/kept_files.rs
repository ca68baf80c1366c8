//! Files under digests, kept for the next run. Damaged ones count as absent.

use crate::config::files;
use nivis::codec::base::encode_base16;
use nivis::codec::hash::{HashAlgorithm, hash_bytes};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Larger contents are not kept, in bytes.
const LARGEST: usize = 128 << 20;
/// The length of the digest in front of contents.
const DIGEST: usize = 64;
/// Of more files than this, the oldest half goes.
const MOST: usize = 2000;
/// The same for their size, in bytes.
const MOST_BYTES: u64 = 512 << 20;

/// The folder where contents are or will be kept.
#[derive(Debug)]
pub(crate) struct KeptFile(PathBuf);

impl KeptFile {
    /// The place for what belongs to this text; `None` without a place for caches.
    pub(crate) fn of(text: &[u8]) -> Option<Self> {
        Some(Self(folder()?.join(digest(text))))
    }

    /// The contents, if they are kept and sound.
    pub(crate) fn get(&self) -> Option<Vec<u8>> {
        // Anything else, such as a pipe, may have no end.
        let status = fs::symlink_metadata(&self.0).ok()?;
        if !status.is_file() || status.len() > (DIGEST + LARGEST) as u64 {
            return None;
        }
        let mut kept = fs::read(&self.0).ok()?;
        let (expected, contents) = kept.split_at_checked(DIGEST)?;
        if digest(contents).as_bytes() != expected {
            return None;
        }
        kept.drain(..DIGEST);
        Some(kept)
    }

    /// Keeps contents. What can't be kept is computed again.
    pub(crate) fn put(&self, contents: &[u8]) {
        if contents.len() <= LARGEST {
            let _ = self.write(&[digest(contents).as_bytes(), contents].concat());
        }
    }

    fn write(&self, contents: &[u8]) -> std::io::Result<()> {
        let folder = self.0.parent().unwrap_or(&self.0);
        fs::create_dir_all(folder)?;
        make_room(folder);
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(contents)?;
        file.persist(&self.0)?;
        Ok(())
    }
}

fn folder() -> Option<PathBuf> {
    files::cache("values")
}

fn digest(bytes: &[u8]) -> String {
    encode_base16(&hash_bytes(HashAlgorithm::Blake3, bytes).bytes)
}

/// Removes the older half, if there is too much.
fn make_room(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let facts = |entry: fs::DirEntry| {
        let status = entry.metadata().ok()?;
        Some((status.modified().ok()?, status.len(), entry.path()))
    };
    let mut entries: Vec<_> = entries.flatten().filter_map(facts).collect();
    if entries.len() > MOST || entries.iter().map(|(_, size, _)| size).sum::<u64>() > MOST_BYTES {
        entries.sort();
        for (_, _, path) in &entries[..entries.len().div_ceil(2)] {
            let _ = fs::remove_file(path);
        }
    }
}

/// The number of kept files, and their size in bytes.
pub(crate) fn census() -> (usize, u64) {
    let entries = folder().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let sizes = entries.filter_map(|entry| Some(entry.metadata().ok()?.len()));
    sizes.fold((0, 0), |(count, bytes), size| (count + 1, bytes + size))
}

/// Removes all that is kept.
///
/// # Errors
/// Fails if a file can't be removed.
pub(crate) fn clear() -> std::io::Result<()> {
    let Some(folder) = folder().filter(|folder| folder.exists()) else { return Ok(()) };
    fs::read_dir(folder)?.try_for_each(|entry| fs::remove_file(entry?.path()))
}
