//! The folder of a lesson with files. The program is there during the lesson, so that `./flake.nix` and `:lf .` mean
//! the files in it; then it returns, and removes the folder.

use crate::config::files;
use nivis::{ErrorKind, Result};
use std::env;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// More folders of this name in use at the same time are unlikely.
const MOST: usize = 100;

/// The folder, as long as it lives.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// The folder in which the program was before.
    before: Option<PathBuf>,
}

impl Folder {
    /// Makes a folder for the lesson with this name, and goes there.
    ///
    /// # Errors
    /// Fails if the folder can't be made.
    pub(crate) fn enter(name: &str) -> Result<Option<Self>> {
        let path = make(name).map_err(|error| ErrorKind::Io(format!("making a folder for the lesson: {error}")))?;
        let folder = Self { path, before: env::current_dir().ok() };
        env::set_current_dir(&folder.path).map_err(|error| files::not_written(&folder.path, &error))?;
        Ok(Some(folder))
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file into it.
    ///
    /// # Errors
    /// Fails if the file can't be written.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.path.join(name);
        path.parent().map_or(Ok(()), files::make_directories)?;
        files::write(path, text)
    }
}

/// A new folder that only the user may enter.
fn make(name: &str) -> io::Result<PathBuf> {
    let parent = env::temp_dir().canonicalize()?;
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for number in 0..MOST {
        let path = parent.join(format!("nivis-{name}-{}-{number}", std::process::id()));
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

impl Drop for Folder {
    fn drop(&mut self) {
        // There is no place to report a failure: the folder lies where such things are removed in time.
        let _ = env::set_current_dir(self.before.as_deref().unwrap_or(Path::new("/")));
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
