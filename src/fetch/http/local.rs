//! Files as downloads: `file://…`.

use super::body::{Sink, drain};
use super::failure::{Failure, Problem};
use super::{Failed, Received, interrupted};
use crate::fetch::FetchContext;
use crate::flake_ref::file_path;
use crate::io::reason;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// A reader that ends when the fetch should stop.
struct Stoppable<'s> {
    file: File,
    context: &'s FetchContext<'s>,
}

impl Read for Stoppable<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if (self.context.stop)() {
            return Err(io::ErrorKind::Other.into());
        }
        self.file.read(buffer)
    }
}

/// Reads a file.
pub(super) fn read(context: &FetchContext<'_>, url: &str, mut sink: Sink) -> Result<(Received, Sink), Failed> {
    let transfer = |failure: Failure| Failed::Transfer(failure.text(url));
    let path = file_path(url.as_bytes()).ok_or_else(|| transfer(Problem::new(3, "").into()))?;
    let missing =
        || transfer(Problem::new(37, format!("Could not open file {}", String::from_utf8_lossy(&path))).into());
    let file = File::open(Path::new(OsStr::from_bytes(&path))).map_err(|_| missing())?;
    if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
        return Err(missing());
    }
    let read = drain(&mut Stoppable { file, context }, &mut sink, |error| Problem::new(37, reason(&error)));
    interrupted(context)?;
    read.map_err(transfer)?;
    let received = Received {
        etag: String::new(),
        urls: vec![url.to_owned()],
        immutable_url: None,
        is_unchanged: false,
        hash: sink.hash(),
    };
    Ok((received, sink))
}
