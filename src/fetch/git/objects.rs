//! Objects of a repository, read through a single long-running `git cat-file`.

use super::program::Git;
use super::running::{Running, check};
use crate::error::{Error, Result};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::process::{ChildStdout, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::thread;

/// The hash, type and size of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) id: Vec<u8>,
    pub(super) kind: Vec<u8>,
    pub(super) size: u64,
}

/// A reader of the objects of a repository.
#[derive(Debug)]
pub(super) struct Objects<'g> {
    git: &'g Git<'g>,
    questions: Option<Sender<Vec<u8>>>,
    answers: BufReader<ChildStdout>,
    /// Stopped on drop, after the queue of questions.
    _running: Running,
}

impl<'g> Objects<'g> {
    /// A reader for any objects of a repository.
    ///
    /// # Errors
    ///
    /// Fails if Git cannot be started.
    pub(super) fn of(git: &'g Git<'g>) -> Result<Self> {
        Self::start(git, &["cat-file", "--batch"])
    }

    /// A reader for exactly these objects, one name per line. Git can then answer in large pieces.
    ///
    /// # Errors
    ///
    /// Fails if Git cannot be started.
    pub(super) fn exactly(git: &'g Git<'g>, names: Vec<u8>) -> Result<Self> {
        let mut objects = Self::start(git, &["cat-file", "--batch", "--buffer"])?;
        objects.ask(names);
        objects.questions = None;
        Ok(objects)
    }

    fn start(git: &'g Git<'g>, arguments: &[&str]) -> Result<Self> {
        let mut command = git.command();
        command.args(arguments).stdin(Stdio::piped()).stderr(Stdio::null());
        let mut running = Running::start(command)?;
        running.is_reader = true;
        let (Some(mut stdin), Some(stdout)) = (running.child.stdin.take(), running.child.stdout.take()) else {
            return Err(broken());
        };
        let (questions, asked) = channel::<Vec<u8>>();
        thread::spawn(move || {
            for names in asked {
                if stdin.write_all(&names).is_err() {
                    return;
                }
            }
        });
        let answers = BufReader::with_capacity(256 << 10, stdout);
        Ok(Self { git, questions: Some(questions), answers, _running: running })
    }

    /// Requests objects, one name per line. As many answers follow.
    pub(super) fn ask(&mut self, names: Vec<u8>) {
        if let Some(questions) = &self.questions {
            // If the receiver is gone, the answer will be missing.
            let _ = questions.send(names);
        }
    }

    /// The header of the next requested object; `None` if the repository does not have the object. The contents
    /// follow.
    ///
    /// # Errors
    ///
    /// Fails if Git fails.
    pub(super) fn next(&mut self) -> Result<Option<Header>> {
        check(self.git.context)?;
        let mut line = Vec::new();
        self.answers.read_until(b'\n', &mut line).map_err(|_| broken())?;
        let line = line.strip_suffix(b"\n").ok_or_else(broken)?;
        let words: Vec<_> = line.split(|&byte| byte == b' ').collect();
        let [id, kind, size] = *words.as_slice() else { return Ok(None) };
        let Some(size) = std::str::from_utf8(size).ok().and_then(|size| size.parse().ok()) else { return Ok(None) };
        Ok(Some(Header { id: id.to_vec(), kind: kind.to_vec(), size }))
    }

    /// Copies the contents of the object with the latest header.
    ///
    /// # Errors
    ///
    /// Fails if Git fails. Errors of the writer are the inner `Err`.
    pub(super) fn copy(&mut self, header: &Header, to: &mut impl Write) -> Result<std::io::Result<()>> {
        let mut left = header.size;
        while left > 0 {
            let bytes = match self.answers.fill_buf() {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => return Err(broken()),
            };
            if bytes.is_empty() {
                return Err(broken());
            }
            let length = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            if let Err(error) = to.write_all(&bytes[..length]) {
                return Ok(Err(error));
            }
            self.answers.consume(length);
            left -= length as u64;
            check(self.git.context)?;
        }
        let mut end = [0];
        self.answers.read_exact(&mut end).map_err(|_| broken())?;
        Ok(Ok(()))
    }

    /// The contents of the object with the latest header.
    ///
    /// # Errors
    ///
    /// Fails if Git fails.
    pub(super) fn contents(&mut self, header: &Header) -> Result<Vec<u8>> {
        let mut contents = Vec::new();
        // Writing to memory can't fail.
        let _ = self.copy(header, &mut contents)?;
        Ok(contents)
    }

    /// One whole object.
    ///
    /// # Errors
    ///
    /// Fails if Git fails.
    pub(super) fn get(&mut self, name: &[u8]) -> Result<Option<(Header, Vec<u8>)>> {
        self.ask([name, b"\n"].concat());
        let Some(header) = self.next()? else { return Ok(None) };
        let contents = self.contents(&header)?;
        Ok(Some((header, contents)))
    }
}

impl Drop for Objects<'_> {
    fn drop(&mut self) {
        self.questions = None;
    }
}

#[cold]
fn broken() -> Error {
    Error::fetch("reading a Git repository: 'git cat-file' ended before it had answered")
}
