//! What was fetched before: one small file of JSON per question, in a folder of its kind.
//!
//! A file is written under another name and renamed, so that it is whole or isn't there; what can't be read is not there.
//! That nothing can be kept is no error: then it is fetched again.

use crate::codec::base::encode_base16;
use crate::codec::flake_ref::{Attrs, attrs_from_json, attrs_to_json};
use crate::codec::hash::{HashAlgorithm, hash_bytes};
use crate::error::Result;
use crate::store::folder::disk_error;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The memory of fetching, in a folder that need not be there.
#[derive(Clone, Debug)]
pub struct FetchCache {
    folder: PathBuf,
}

/// What is remembered of one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The answer.
    pub answer: Attrs,
    /// When it was given, in seconds since 1970.
    pub time: i64,
}

/// Held while something is fetched, so that others who want the same wait, and then find it.
#[derive(Debug)]
pub struct FetchLock(#[allow(dead_code, reason = "dropping it is what counts")] File);

impl FetchCache {
    /// The memory in a folder.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn path(&self, kind: &str, question: &Attrs) -> PathBuf {
        let digest = hash_bytes(HashAlgorithm::Sha256, attrs_to_json(question).to_string().as_bytes());
        self.folder.join(kind).join(encode_base16(&digest.bytes))
    }

    /// What is remembered of a question of this kind.
    pub fn get(&self, kind: &str, question: &Attrs) -> Option<Record> {
        let text = fs::read(self.path(kind, question).with_extension("json")).ok()?;
        let record: serde_json::Value = serde_json::from_slice(&text).ok()?;
        Some(Record { answer: attrs_from_json(record.get("answer")?)?, time: record.get("time")?.as_i64()? })
    }

    /// Remembers an answer.
    pub fn put(&self, kind: &str, question: &Attrs, record: &Record) {
        let path = self.path(kind, question).with_extension("json");
        let text = serde_json::json!({
            "question": attrs_to_json(question),
            "answer": attrs_to_json(&record.answer),
            "time": record.time,
        });
        // A cache that can't be written is no cache.
        let _ = write_whole(&path, text.to_string().as_bytes());
    }

    /// Waits until nobody else fetches this.
    ///
    /// # Errors
    /// If there can be no lock.
    pub fn lock(&self, kind: &str, question: &Attrs) -> Result<FetchLock> {
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

/// Writes a file under another name first.
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
