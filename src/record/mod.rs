//! Records: what an evaluation asked of the world, with the answers. As long as the world answers the same, the
//! evaluation has the same result.
//!
//! ```text
//! RecordingIo, RecordingStore ──questions, answers──▶ Recorder ──▶ Record ──▶ bytes
//!                                                                    └──change──▶ the first question that is
//!                                                                                 answered otherwise now
//! ```
//!
//! A [`Recorder`] that sees something that cannot be asked again, such as the clock or a fetch, is spoiled: it makes no
//! record.
//!
//! [`PartRecords`] has a record for each of several parts of one evaluation, such as the attributes of a set.

mod bytes;
mod console;
mod io;
mod parts;
mod recorder;
mod sets;
mod store;
#[cfg(test)]
mod tests;

pub(crate) use console::FetchConsole;
pub use io::RecordingIo;
pub use parts::{Adoption, Hearing, PartRecords, Telling};
pub use recorder::Recorder;
pub use sets::SetId;
pub use store::RecordingStore;

use crate::io::{FileType, Io, Stamp, Status};
use crate::store::backend::Store;
use crate::store::path::StorePath;
use std::io::ErrorKind::{NotADirectory, NotFound};
use std::io::Result;

/// A property of a path, a variable or an entry of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aspect {
    /// The contents of a file, links followed.
    Contents,
    /// The names and types of a folder's entries.
    Names,
    /// The type of a file, and whether it is executable.
    Kind,
    /// The target of a link.
    Target,
    /// The time of the last change.
    Modified,
    /// The value of an environment variable.
    Variable,
    /// The location of an entry of the store on this machine.
    Location,
    /// Everything at a path, its last link not followed: the type, and the contents or the target.
    State,
    /// A comparison: is it before a time, whose digits are the subject?
    Before,
    /// Nothing: a message was shown, with this number. The answer is always the same.
    Message,
}

/// A question to the world.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Question {
    /// The property in question.
    pub aspect: Aspect,
    /// The path, or the name of the variable.
    pub subject: Box<[u8]>,
}

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Answer {
    /// There is nothing of this name.
    Absent,
    /// The file or folder is as it was when it had this stamp.
    Stamped(Stamp),
    /// The answer itself, or a digest of it.
    Exact(Box<[u8]>),
}

/// The questions of an evaluation with their answers, and the entries of the store that must exist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    answers: Vec<(Question, Answer)>,
    needed: Vec<StorePath>,
}

/// A difference between a record and the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// This question has another answer now.
    Answer(Question),
    /// The store lacks this entry.
    Missing(StorePath),
}

impl Record {
    /// The first difference between the record and the world; `None` if an evaluation would have the same result.
    pub fn change(&self, io: &dyn Io, store: &dyn Store) -> Option<Change> {
        let is_other = |(question, answer): &&(Question, Answer)| !still(question, answer, io, store);
        if let Some((question, _)) = self.answers.iter().find(is_other) {
            return Some(Change::Answer(question.clone()));
        }
        if self.needed.is_empty() {
            return None;
        }
        let missing = store.missing(&self.needed).unwrap_or_else(|_| self.needed.clone());
        missing.into_iter().next().map(Change::Missing)
    }
}

/// True if a question still has this answer.
fn still(question: &Question, answer: &Answer, io: &dyn Io, store: &dyn Store) -> bool {
    if let Answer::Stamped(stamp) = answer {
        let now = match question.aspect {
            Aspect::State => io.status(&question.subject).map(|status| status.and_then(|status| status.stamp)),
            _ => io.stamp(&question.subject),
        };
        return now.is_ok_and(|now| now == Some(*stamp));
    }
    asked(question, io, store).is_ok_and(|now| now == *answer)
}

/// The exact answer to a question now.
fn asked(question: &Question, io: &dyn Io, store: &dyn Store) -> Result<Answer> {
    let path = &*question.subject;
    match question.aspect {
        Aspect::Contents => absent_or(contents(io, path)),
        Aspect::Names => absent_or(io.read_dir(path).map(|names| of_names(&names))),
        Aspect::Kind => Ok(io.status(path)?.map_or(Answer::Absent, of_status)),
        Aspect::Target => absent_or(io.read_link(path).map(|target| Answer::Exact(target.into()))),
        Aspect::Modified => Ok(of_time(io.modified(path)?)),
        Aspect::Variable => Ok(of_optional(io.variable(path).as_deref())),
        Aspect::Location => Ok(of_optional(store.locate(path).as_deref())),
        Aspect::State => Ok(io.status(path)?.map_or(Ok(Answer::Absent), |status| state(io, path, status))?),
        Aspect::Message => Ok(Answer::Absent),
        Aspect::Before => {
            let time = std::str::from_utf8(path).ok().and_then(|digits| digits.parse().ok());
            time.map(|time| of_truth(io.is_before(time))).ok_or_else(|| NotFound.into())
        }
    }
}

/// Everything at a path that has this status.
fn state(io: &dyn Io, path: &[u8], status: Status) -> Result<Answer> {
    let mut hasher = blake3::Hasher::new();
    hasher.update(status.kind.name().as_bytes()).update(&[u8::from(status.is_executable)]);
    match status.kind {
        FileType::Regular => hasher.update(&io.read_file(path)?),
        FileType::Symlink => hasher.update(&io.read_link(path)?),
        FileType::Directory => &mut hasher,
        FileType::Unknown => return Err(NotFound.into()),
    };
    Ok(Answer::Exact((*hasher.finalize().as_bytes()).into()))
}

/// The contents of a file, if it is one that can be read again.
fn contents(io: &dyn Io, path: &[u8]) -> Result<Answer> {
    match io.stamp(path)? {
        Some(_) => io.read_file(path).map(|contents| digest(&contents)),
        None => Err(NotFound.into()),
    }
}

fn absent_or(answer: Result<Answer>) -> Result<Answer> {
    match answer {
        Err(error) if matches!(error.kind(), NotFound | NotADirectory) => Ok(Answer::Absent),
        answer => answer,
    }
}

fn digest(bytes: &[u8]) -> Answer {
    Answer::Exact((*blake3::hash(bytes).as_bytes()).into())
}

fn of_names(names: &[(Vec<u8>, FileType)]) -> Answer {
    let mut names: Vec<_> = names.iter().map(|(name, kind)| (&name[..], kind.name())).collect();
    names.sort_unstable();
    let mut hasher = blake3::Hasher::new();
    for (name, kind) in names {
        hasher.update(name).update(b"/").update(kind.as_bytes()).update(b"/");
    }
    Answer::Exact((*hasher.finalize().as_bytes()).into())
}

fn of_status(status: Status) -> Answer {
    let kind = status.kind.name().as_bytes()[0];
    Answer::Exact([kind, u8::from(status.is_executable)].into())
}

fn of_truth(truth: bool) -> Answer {
    Answer::Exact([u8::from(truth)].into())
}

fn of_time(time: Option<i64>) -> Answer {
    time.map_or(Answer::Absent, |time| Answer::Exact(time.to_le_bytes().into()))
}

/// Values of variables are kept as digests: they may be secrets.
fn of_optional(value: Option<&[u8]>) -> Answer {
    value.map_or(Answer::Absent, digest)
}
