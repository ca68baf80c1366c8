//! The cache of fetched inputs: one small JSON file per request, in a folder for its kind.
//!
//! A file is written under a temporary name and renamed, so it is either whole or missing. A file that can't be read
//! counts as missing. A failed write is not an error: the next run fetches again.

use crate::codec::base::encode_base16;
use crate::codec::hash::{HashAlgorithm, hash_bytes};
use crate::error::Result;
use crate::flake_ref::{InputAttrs, attrs_from_json, attrs_to_json};
use crate::io::Io;
use crate::store::folder::disk_error;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The cache of fetched inputs, in a folder that need not exist.
#[derive(Clone, Debug)]
pub struct FetchCache {
    folder: PathBuf,
}

/// The cached result of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The result.
    pub answer: InputAttrs,
    /// The time of the request, in seconds since 1970.
    pub time: i64,
}

impl Record {
    /// The result of a request now. A result that never changes does not depend on the time.
    pub fn of(io: &dyn Io, answer: InputAttrs) -> Self {
        Self { answer, time: io.nanoseconds().div_euclid(1_000_000_000) }
    }
}

/// A lock held during a fetch, so that other processes that want the same input wait and then find it.
#[derive(Debug)]
pub struct FetchLock(#[allow(dead_code, reason = "dropping it is what counts")] File);

impl FetchCache {
    /// The cache in a folder.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Tells that a result depends on what is cached for a request of this kind.
    #[cfg(feature = "fetch")]
    pub(super) fn observe(&self, io: &dyn Io, kind: &str, question: &InputAttrs) {
        io.observe(self.path(kind, question).with_extension("json").as_os_str().as_encoded_bytes());
    }

    fn path(&self, kind: &str, question: &InputAttrs) -> PathBuf {
        let digest = hash_bytes(HashAlgorithm::Sha256, attrs_to_json(question).to_string().as_bytes());
        self.folder.join(kind).join(encode_base16(&digest.bytes))
    }

    /// The cached result of a request of this kind.
    pub fn get(&self, kind: &str, question: &InputAttrs) -> Option<Record> {
        let text = fs::read(self.path(kind, question).with_extension("json")).ok()?;
        let record: serde_json::Value = serde_json::from_slice(&text).ok()?;
        Some(Record { answer: attrs_from_json(record.get("answer")?)?, time: record.get("time")?.as_i64()? })
    }

    /// Stores a result.
    pub fn put(&self, kind: &str, question: &InputAttrs, record: &Record) {
        let path = self.path(kind, question).with_extension("json");
        let text = serde_json::json!({
            "question": attrs_to_json(question),
            "answer": attrs_to_json(&record.answer),
            "time": record.time,
        });
        // An unwritable cache has no effect.
        let _ = write_whole(&path, text.to_string().as_bytes());
    }

    /// Waits until no other process fetches this input, and takes the lock.
    ///
    /// # Errors
    ///
    /// Fails if the lock file cannot be created or locked.
    pub fn lock(&self, kind: &str, question: &InputAttrs) -> Result<FetchLock> {
        let path = self.path(kind, question).with_extension("lock");
        let lock = || {
            fs::create_dir_all(self.folder.join(kind))?;
            let file = File::options().create(true).truncate(false).write(true).open(&path)?;
            file.lock()?;
            Ok(file)
        };
        lock().map(FetchLock).map_err(|error| disk_error("locking", &path, &error))
    }
}

/// Writes a file under a temporary name and renames it.
fn write_whole(path: &Path, contents: &[u8]) -> std::io::Result<()> {
    let new = path.with_extension(format!("new{}", std::process::id()));
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    let written =
        File::create(&new).and_then(|mut file| file.write_all(contents)).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written
}
