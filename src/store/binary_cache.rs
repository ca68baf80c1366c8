//! A binary cache in a folder, with C++ Nix's layout for `file://FOLDER`: archives in `nar`, and a `.narinfo` for each entry.
//!
//! Entries are only added. Archives are not compressed.

use super::backend::{NewEntry, Store};
use super::content::Method;
use super::folder::disk_error;
use super::path::{DIGITS, StorePath};
use super::staging::Staging;
use super::tree::{hash_of, write_archive};
use crate::codec::base::encode_nix32;
use crate::codec::hash::{Hash, HashAlgorithm, Hasher};
use crate::codec::lossy;
use crate::error::{ErrorKind, Result};
use crate::io::SystemIo;
use crate::io::native::bytes_of;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// The file that says what a cache is for.
const ABOUT: &str = "nix-cache-info";

/// A binary cache in a folder. The folder is created when the first entry is added.
#[derive(Debug)]
pub struct BinaryCache {
    folder: PathBuf,
    /// The logical directory of the store that the entries are from.
    store_dir: String,
    /// The folder where trees are made before they are archived.
    staging: PathBuf,
}

impl BinaryCache {
    /// The cache in a folder, for entries of the store `store_dir`. Trees are made in the folder `staging` first.
    pub fn at(folder: impl Into<PathBuf>, store_dir: &str, staging: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), store_dir: store_dir.to_owned(), staging: staging.into() }
    }

    /// Creates the cache, or checks that it is for the same store.
    fn prepare(&self) -> Result<()> {
        let (archives, about) = (self.folder.join("nar"), self.folder.join(ABOUT));
        fs::create_dir_all(&archives).map_err(|error| disk_error("creating directory", &archives, &error))?;
        let Ok(text) = fs::read_to_string(&about) else {
            return replace(&about, format!("StoreDir: {}\n", self.store_dir).as_bytes());
        };
        let store_dir = text.lines().find_map(|line| line.strip_prefix("StoreDir:")).map_or("", str::trim);
        if store_dir.is_empty() || store_dir == self.store_dir {
            return Ok(());
        }
        let (cache, own) = (self.folder.display(), &self.store_dir);
        let text = format!("binary cache 'file://{cache}' is for Nix stores with prefix '{store_dir}', not '{own}'");
        Err(ErrorKind::Store(text).into())
    }

    fn info_file(&self, entry: &[u8]) -> PathBuf {
        self.folder.join(format!("{}.narinfo", lossy(base(entry).get(..DIGITS).unwrap_or_default())))
    }

    /// Writes the archive of a file or tree, and gives its hash and size.
    fn write_archive(&self, place: &Path, entry: &NewEntry<'_>) -> Result<(Hash, u64)> {
        let archives = self.folder.join("nar");
        let part = archives.join(format!("{}.{}.part", lossy(base(entry.path)), std::process::id()));
        let failed = |error: &std::io::Error| disk_error("writing", &part, error);
        let mut file = BufWriter::new(File::create(&part).map_err(|error| failed(&error))?);
        let (mut hasher, mut size) = (Hasher::new(HashAlgorithm::Sha256), 0);
        let written = write_archive(&SystemIo, &bytes_of(place.to_owned()), &mut |bytes| {
            hasher.update(bytes);
            size += bytes.len() as u64;
            file.write_all(bytes).map_err(|error| failed(&error))
        });
        let written = written.and_then(|()| file.flush().map_err(|error| failed(&error)));
        let hash = hasher.finish();
        let whole = archives.join(archive_name(&hash));
        let moved =
            written.and_then(|()| fs::rename(&part, &whole).map_err(|error| disk_error("renaming to", &whole, &error)));
        if moved.is_err() {
            let _ = fs::remove_file(&part);
        }
        moved.map(|()| (hash, size))
    }
}

impl Store for BinaryCache {
    /// Entries can't be read where they are.
    fn locate(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn missing(&self, entries: &[StorePath]) -> Result<Vec<StorePath>> {
        Ok(entries.iter().filter(|entry| !self.info_file(entry).exists()).cloned().collect())
    }

    fn stage(&self) -> Result<Staging> {
        Staging::beside(&self.staging)
    }

    fn stage_apart(&self, folder: &Path) -> Result<Staging> {
        Staging::apart(&self.staging, folder)
    }

    fn publish(&self, staged: &Staging, entry: &NewEntry<'_>) -> Result<Vec<u8>> {
        self.prepare()?;
        let (hash, size) = self.write_archive(staged.place(), entry)?;
        let place = bytes_of(staged.place().to_owned());
        let address = hash_of(&SystemIo, &place, entry.method, entry.algorithm)?;
        let address = match entry.method {
            Method::Text => format!("text:{}", shown(&address)),
            method => format!("fixed:{}{}", method.prefix(), shown(&address)),
        };
        let references: Vec<_> = entry.references.iter().map(|path| lossy(base(path))).collect();
        let (path, archive, hash) = (lossy(entry.path), archive_name(&hash), shown(&hash));
        let text = format!(
            "StorePath: {path}\nURL: nar/{archive}\nCompression: none\nFileHash: {hash}\nFileSize: {size}\n\
             NarHash: {hash}\nNarSize: {size}\nReferences: {}\nCA: {address}\n",
            references.join(" ")
        );
        let file = self.info_file(entry.path);
        replace(&file, text.as_bytes())?;
        staged.clear();
        Ok(bytes_of(file))
    }
}

/// The name in the path of an entry, with its digits.
fn base(path: &[u8]) -> &[u8] {
    path.rsplit(|&byte| byte == b'/').next().unwrap_or_default()
}

fn shown(hash: &Hash) -> String {
    format!("{}:{}", hash.algorithm.name(), encode_nix32(&hash.bytes))
}

fn archive_name(hash: &Hash) -> String {
    format!("{}.nar", encode_nix32(&hash.bytes))
}

/// Writes a file as a whole: readers see it complete or not at all.
fn replace(file: &Path, contents: &[u8]) -> Result<()> {
    let part = file.with_extension(format!("{}.part", std::process::id()));
    let written = fs::write(&part, contents).and_then(|()| fs::rename(&part, file));
    written.map_err(|error| disk_error("writing", file, &error))
}
