//! Reads zip archives: their central directory, which alone has modes, and then the entries by their position in the
//! file. It is as lenient as libarchive, with which C++ Nix reads archives.

mod contents;
mod directory;
mod fields;

use super::tree::Tree;
use super::{reason, tar::unreadable};
use crate::error::{Error, ErrorKind, Result};
use directory::Listed;
use fields::Header;
use std::io::{self, BufRead, Seek, SeekFrom};

/// The bits of a mode for the file type, and their values.
const KIND_BITS: u32 = 0o170_000;
const FOLDER: u32 = 0o040_000;
const FILE: u32 = 0o100_000;
const LINK: u32 = 0o120_000;
const FIFO: u32 = 0o010_000;
/// The mode of a file without one.
const USUAL_MODE: u32 = 0o664;
/// The longest target of a link.
const LONGEST_LINK: u64 = 64 << 10;

/// The entries of an archive by their position; `None` if the file is not a zip.
pub(super) fn entries(file: &mut (impl BufRead + Seek)) -> Result<Option<Vec<Listed>>> {
    directory::entries(file).map_err(|error| nameless(&error))
}

/// Unpacks an archive.
pub(super) fn unpack(file: &mut (impl BufRead + Seek), entries: &[Listed], tree: &mut Tree<'_>) -> Result<()> {
    for listed in entries {
        tree.check_stop()?;
        let entry = Entry::read(file, listed).map_err(|error| nameless(&error))?;
        tree.modified(entry.modified);
        unpack_entry(file, &entry, tree)?;
    }
    Ok(())
}

fn unpack_entry(file: &mut impl BufRead, entry: &Entry, tree: &mut Tree<'_>) -> Result<()> {
    match entry.mode & KIND_BITS {
        FOLDER => tree.folder(&entry.name),
        FILE => {
            let mut written = tree.file(&entry.name, entry.mode & 0o100 != 0)?;
            contents::copy(file, entry, &mut written, tree)
        }
        LINK => {
            if entry.stored > LONGEST_LINK {
                return Err(nameless(&io::Error::other("Zip file with oversized link entry")));
            }
            let target = contents::read(file, entry, LONGEST_LINK).map_err(|error| unreadable(&error))?;
            tree.symlink(&entry.name, target.split(|byte| *byte == 0).next().unwrap_or_default())
        }
        kind => {
            let name = String::from_utf8_lossy(&entry.name);
            Err(Error::fetch(format!("file '{name}' in tarball has unsupported file type {kind}")))
        }
    }
}

/// A member of an archive.
struct Entry {
    name: Vec<u8>,
    /// With the file type bits.
    mode: u32,
    modified: i64,
    is_encrypted: bool,
    method: u16,
    checksum: u32,
    /// The number of bytes in the archive, and on disk.
    stored: u64,
    size: u64,
}

impl Entry {
    /// Reads the header before the contents. Fields that it lacks come from the central directory.
    fn read(file: &mut (impl BufRead + Seek), listed: &Listed) -> io::Result<Self> {
        file.seek(SeekFrom::Start(listed.offset))?;
        let mut bytes = [0; fields::LOCAL];
        file.read_exact(&mut bytes).map_err(|_| truncated())?;
        let mut header = Header::local(&bytes).ok_or_else(|| io::Error::other("Damaged Zip archive"))?;
        let (mut name, mut extra) = (vec![0; header.name_length], vec![0; header.extra_length]);
        file.read_exact(&mut name).and_then(|()| file.read_exact(&mut extra)).map_err(|_| truncated())?;
        name.truncate(name.iter().position(|byte| *byte == 0).unwrap_or(name.len()));
        if let Some(better) = header.read_extra(&extra, &name)? {
            name = better;
        }
        if header.system == 0 && !name.contains(&b'/') {
            for byte in name.iter_mut().filter(|byte| **byte == b'\\') {
                *byte = b'/';
            }
        }
        let or = |own: u64, listed: u64| if own == 0 || own == u64::from(u32::MAX) { listed } else { own };
        Ok(Self {
            mode: mode(listed.mode, &name),
            name,
            modified: header.modified,
            is_encrypted: header.is_encrypted,
            method: header.method,
            checksum: if header.checksum == 0 { listed.checksum } else { header.checksum },
            stored: or(header.stored, listed.stored),
            size: or(header.size, listed.size),
        })
    }
}

/// Sets the file type bits of a mode. A slash at the end of a name counts more than the mode.
fn mode(listed: u32, name: &[u8]) -> u32 {
    let mode = match listed {
        0 => USUAL_MODE,
        // Some programs write this for data that came through a pipe.
        _ if listed & KIND_BITS == FIFO => listed & !KIND_BITS | FILE,
        _ => listed,
    };
    match mode & KIND_BITS {
        FOLDER => mode,
        _ if name.ends_with(b"/") => mode & !KIND_BITS | FOLDER,
        0 => mode | FILE,
        _ => mode,
    }
}

#[cold]
fn truncated() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "Truncated ZIP file header")
}

#[cold]
fn nameless(error: &io::Error) -> Error {
    ErrorKind::Fetch(format!("cannot get archive member name: {}", reason(error))).into()
}
