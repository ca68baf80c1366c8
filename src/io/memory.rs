//! A machine in memory.

use super::{FileType, Io, Status};
use std::collections::BTreeMap;
use std::io;

/// Files in memory: for tests, and for programs that must not touch the machine.
#[derive(Debug, Default)]
pub struct MemoryIo {
    files: BTreeMap<Vec<u8>, Vec<u8>>,
    variables: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl MemoryIo {
    /// The same with one more file, by absolute path.
    pub fn with_file(mut self, path: &str, contents: &str) -> Self {
        self.files.insert(path.as_bytes().to_vec(), contents.as_bytes().to_vec());
        self
    }

    /// The same with one more environment variable.
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.as_bytes().to_vec(), value.as_bytes().to_vec());
        self
    }

    fn below<'a>(&'a self, path: &[u8]) -> impl Iterator<Item = (&'a [u8], bool)> + use<'a> {
        let mut prefix = path.to_vec();
        if !prefix.ends_with(b"/") {
            prefix.push(b'/');
        }
        self.files.keys().filter_map(move |file| {
            let rest = file.strip_prefix(prefix.as_slice())?;
            let mut parts = rest.splitn(2, |&byte| byte == b'/');
            Some((parts.next()?, parts.next().is_some()))
        })
    }
}

impl Io for MemoryIo {
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        self.files.get(path).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        let mut entries = BTreeMap::new();
        for (name, nested) in self.below(path) {
            entries.insert(name.to_vec(), if nested { FileType::Directory } else { FileType::Regular });
        }
        if entries.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(entries.into_iter().collect())
    }

    fn status(&self, path: &[u8]) -> io::Result<Option<Status>> {
        if self.files.contains_key(path) {
            return Ok(Some(FileType::Regular.into()));
        }
        Ok(self.below(path).next().map(|_| FileType::Directory.into()))
    }

    fn read_link(&self, _path: &[u8]) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::InvalidInput.into())
    }

    fn variable(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.variables.get(name).cloned()
    }

    fn now(&self) -> i64 {
        0
    }

    fn current_dir(&self) -> Vec<u8> {
        b"/".to_vec()
    }
}
