//! The derivations that were computed, as files: in the store, and for `--drv-dir DIR` in a folder.

use crate::command_line::args::Arguments;
use crate::config::files;
use crate::config::settings::Configuration;
use crate::output::stdio;
use nivis::store::path::StorePath;
use nivis::{ErrorKind, Eval, Result};
use std::cell::Cell;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Writes the derivations that were computed since the last call to where they belong.
#[derive(Clone, Debug)]
pub(crate) struct DrvFiles {
    directory: Option<Vec<u8>>,
    /// The store is only the default: a failure to write there is not an error.
    is_usual_store: bool,
    has_warned: Cell<bool>,
}

impl DrvFiles {
    /// The files that the command line and the configuration ask for.
    pub(crate) fn of(arguments: &Arguments, configuration: &Configuration) -> Self {
        Self {
            directory: arguments.common.drv_dir.clone(),
            is_usual_store: configuration.store_place.is_usual(),
            has_warned: Cell::new(false),
        }
    }

    /// Writes them, and returns them too.
    ///
    /// # Errors
    /// Fails if a file can't be written. If the default store can't be written, that is only a warning.
    pub(crate) fn save(&self, cx: &Eval<'_>) -> Result<Vec<(StorePath, Box<[u8]>)>> {
        let texts = cx.computed().take_texts();
        if let Some(directory) = &self.directory {
            write(texts.iter().cloned(), directory)?;
        }
        if self.has_warned.get() {
            return Ok(texts);
        }
        match cx.save(&texts) {
            Err(error) if self.is_usual_store && matches!(error.kind(), ErrorKind::Io(_)) => {
                self.has_warned.set(true);
                stdio::eprint_warning(&format!("derivations are not written to the store: {error}"));
            }
            result => result?,
        }
        Ok(texts)
    }
}

/// Writes derivations into a directory, which is made if it isn't there. Each file is named as in the store, and has the
/// same bytes.
///
/// # Errors
/// Fails if a file can't be written.
fn write(texts: impl IntoIterator<Item = (StorePath, Box<[u8]>)>, directory: &[u8]) -> Result<()> {
    let directory = Path::new(OsStr::from_bytes(directory));
    files::make_directories(directory)?;
    for (path, text) in texts {
        let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
        files::write(directory.join(OsStr::from_bytes(name)), text)?;
    }
    Ok(())
}
