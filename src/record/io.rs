//! The world with a recorder beside it.

use super::{Answer, Aspect, Recorder, digest, of_names, of_optional, of_status, of_time, of_truth, state};
use crate::io::{FileType, Io, IsTracked, ReadAhead, Stamp, Status, TakePiece};
use std::io;
use std::rc::Rc;

/// An [`Io`] that notes what is asked.
pub struct RecordingIo<I> {
    inner: I,
    recorder: Rc<Recorder>,
}

impl<I: Io> RecordingIo<I> {
    /// The same world, observed.
    pub fn new(inner: I, recorder: Rc<Recorder>) -> Self {
        Self { inner, recorder }
    }

    /// The stamp of a file or folder before it is read, if that is enough to know it again. What has no stamp, such as
    /// a pipe, is passed to `without`.
    fn settled(&self, aspect: Aspect, path: &[u8], without: impl FnOnce()) -> Option<Stamp> {
        let now = self.inner.nanoseconds();
        let Some(stamp) = self.inner.stamp(path).ok()? else {
            without();
            return None;
        };
        self.is_enough(aspect, path, stamp, now).then_some(stamp)
    }

    /// True if a stamp says more than the contents: it is settled, and there is no other answer to compare with.
    fn is_enough(&self, aspect: Aspect, path: &[u8], stamp: Stamp, now: i64) -> bool {
        // Files and folders that the system makes up have no size, and change without a new stamp.
        stamp.is_settled(now) && stamp.size > 0 && !self.recorder.knows_exactly(aspect, path)
    }

    /// The same for a file. Pipes and devices can't be read again.
    fn settled_file(&self, path: &[u8]) -> Option<Stamp> {
        self.settled(Aspect::Contents, path, || self.recorder.spoil())
    }
}

impl<I: Io> Io for RecordingIo<I> {
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        let stamp = self.settled_file(path);
        let contents = self.inner.read_file(path);
        self.recorder.note(Aspect::Contents, path, &contents, |contents| match stamp {
            Some(stamp) if stamp.size == contents.len() as u64 => Answer::Stamped(stamp),
            _ => digest(contents),
        });
        contents
    }

    fn read_in_pieces(&self, path: &[u8], take: TakePiece<'_>) -> io::Result<()> {
        let stamp = self.settled_file(path);
        let mut hasher = blake3::Hasher::new();
        let mut length = 0;
        let result = self.inner.read_in_pieces(path, &mut |whole, piece| {
            length += piece.len() as u64;
            if stamp.is_none_or(|stamp| stamp.size != whole) {
                hasher.update(piece);
            }
            take(whole, piece)
        });
        self.recorder.note(Aspect::Contents, path, &result, |()| match stamp {
            Some(stamp) if stamp.size == length => Answer::Stamped(stamp),
            _ => Answer::Exact((*hasher.finalize().as_bytes()).into()),
        });
        result
    }

    fn read_ahead(&self) -> Option<ReadAhead> {
        self.inner.read_ahead()
    }

    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        let stamp = self.settled(Aspect::Names, path, || ());
        let names = self.inner.read_dir(path);
        self.recorder.note(Aspect::Names, path, &names, |names| match stamp {
            Some(stamp) => Answer::Stamped(stamp),
            None => of_names(names),
        });
        names
    }

    /// Files that are observed need no other question, and folders only one for their type.
    fn read_tracked_dir(&self, path: &[u8], is_tracked: IsTracked<'_>) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        let entries = self.inner.read_tracked_dir(path, is_tracked);
        for (name, kind) in entries.iter().flatten().filter(|(_, kind)| *kind != FileType::Regular) {
            let place = [path.strip_suffix(b"/").unwrap_or(path), b"/", name].concat();
            self.recorder.note(Aspect::Kind, &place, &Ok(*kind), |kind| of_status((*kind).into()));
        }
        if entries.is_err() {
            self.recorder.note(Aspect::Names, path, &entries, |entries| of_names(entries));
        }
        entries
    }

    fn status(&self, path: &[u8]) -> io::Result<Option<Status>> {
        let status = self.inner.status(path);
        self.recorder.note(Aspect::Kind, path, &status, |status| status.map_or(Answer::Absent, of_status));
        status
    }

    fn stamp(&self, path: &[u8]) -> io::Result<Option<Stamp>> {
        self.inner.stamp(path)
    }

    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        let target = self.inner.read_link(path);
        self.recorder.note(Aspect::Target, path, &target, |target| Answer::Exact(target[..].into()));
        target
    }

    fn modified(&self, path: &[u8]) -> io::Result<Option<i64>> {
        let time = self.inner.modified(path);
        self.recorder.note(Aspect::Modified, path, &time, |time| of_time(*time));
        time
    }

    fn variable(&self, name: &[u8]) -> Option<Vec<u8>> {
        let value = self.inner.variable(name);
        self.recorder.note(Aspect::Variable, name, &Ok(&value), |value| of_optional(value.as_deref()));
        value
    }

    /// A program that knows the time has another result later.
    fn now(&self) -> i64 {
        self.recorder.spoil();
        self.inner.now()
    }

    fn is_before(&self, time: i64) -> bool {
        let is_before = self.inner.is_before(time);
        self.recorder.note(Aspect::Before, time.to_string().as_bytes(), &Ok(is_before), |truth| of_truth(*truth));
        is_before
    }

    fn nanoseconds(&self) -> i64 {
        self.inner.nanoseconds()
    }

    fn current_dir(&self) -> Vec<u8> {
        self.inner.current_dir()
    }

    fn rely_on(&self, path: &[u8], stamp: Stamp) {
        if self.recorder.knows_exactly(Aspect::Contents, path) {
            let _ = self.read_file(path);
        } else {
            self.recorder.rely(path, stamp);
        }
        self.inner.rely_on(path, stamp);
    }

    /// Somebody else has read the path before, so a file that may have changed since the run began spoils the record.
    fn observe(&self, path: &[u8]) {
        let now = self.inner.nanoseconds();
        let status = self.inner.status(path);
        let stamp = status.as_ref().ok().and_then(|status| status.as_ref()?.stamp);
        let found = status.and_then(|status| match (status, stamp) {
            (None, _) => Ok(Answer::Absent),
            (Some(_), Some(stamp)) if self.is_enough(Aspect::State, path, stamp, now) => Ok(Answer::Stamped(stamp)),
            (Some(_), Some(stamp)) if self.recorder.may_have_missed(stamp) => Err(io::ErrorKind::Other.into()),
            (Some(status), _) => state(&self.inner, path, status),
        });
        self.recorder.note_for_all(|| self.recorder.note(Aspect::State, path, &found, Answer::clone));
        self.inner.observe(path);
    }

    fn ask_elsewhere(&self) {
        self.recorder.note_for_all(|| self.recorder.spoil());
        self.inner.ask_elsewhere();
    }
}
