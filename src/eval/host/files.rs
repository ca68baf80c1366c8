//! Path resolution: symbolic links, `default.nix`.

use crate::error::{Cause, Code, Details, Error, ErrorKind, Refusal, Result};
use crate::eval::Eval;
use crate::io::{FileType, Status, reason};
use crate::path::{MOST_LINKS, canonical, link_target};
use crate::source::CORE_FOLDER;
use crate::world::entries::OutsideOfGit;
use std::borrow::Cow;

/// The largest number of links from an imported file to the next; each may lead through [`MOST_LINKS`] others.
const MOST_IMPORTED_LINKS: usize = 1022;

/// The links of a path to follow.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    All,
    /// All but the last component.
    OnTheWay,
}

impl<'h> Eval<'h> {
    /// The type of a file, without following its last link.
    ///
    /// # Errors
    ///
    /// Fails on file system errors, with the path.
    pub fn file_type(&self, path: &[u8]) -> Result<Option<FileType>> {
        Ok(self.status(path)?.map(|found| found.kind))
    }

    fn status(&self, path: &[u8]) -> Result<Option<Status>> {
        let found = self.io().status(path).map_err(|error| io_error("getting status of", path, &error))?;
        // The store's directory exists for a program, whether the machine has one or not.
        let is_store = || path == self.settings().store_dir.as_bytes();
        Ok(found.or_else(|| is_store().then_some(FileType::Directory.into())))
    }

    /// The path with all symbolic links resolved, including those of its parents. A part that doesn't exist is kept.
    ///
    /// # Errors
    ///
    /// Fails if links are circular or can't be read.
    pub fn resolve_links(&self, path: &[u8]) -> Result<Vec<u8>> {
        self.resolve(path, Links::All).map(|(resolved, _)| resolved)
    }

    /// A path that the system can open for the same file, with its last link kept, and the file's status. It is the
    /// path itself unless there are more links than the system follows, or it goes up, as `~/..` does.
    ///
    /// # Errors
    ///
    /// Fails if links are circular or can't be read.
    pub(crate) fn reach<'p>(&self, path: &'p [u8]) -> Result<(Cow<'p, [u8]>, Option<Status>)> {
        match self.status(path) {
            Ok(found) if !goes_up(path) => Ok((Cow::Borrowed(path), found)),
            Err(error) if error.code() == Code::FORBIDDEN => Err(error),
            _ => {
                let (resolved, found) = self.resolve(path, Links::OnTheWay)?;
                Ok((Cow::Owned(resolved), found?))
            }
        }
    }

    /// The path with its links resolved, and the result of its status, which not every caller needs.
    pub(super) fn resolve(&self, path: &[u8], links: Links) -> Result<(Vec<u8>, Result<Option<Status>>)> {
        let mut last = Some(FileType::Directory.into());
        let (mut resolved, mut pending) = self.start(path);
        let mut followed = 0;
        while let Some(component) = pending.pop() {
            if component == b".." {
                resolved.truncate(resolved.iter().rposition(|&byte| byte == b'/').unwrap_or(0));
                last = Some(FileType::Directory.into());
                continue;
            }
            resolved.push(b'/');
            resolved.extend_from_slice(&component);
            last = match self.status(&resolved) {
                // The contents of a forbidden folder stay hidden: the whole path is refused.
                Err(error) if error.code() == Code::FORBIDDEN => {
                    let rest = pending.drain(..).rev().flat_map(|component| [b"/", &component[..]].concat());
                    resolved.extend(rest);
                    let refused = self.status(&resolved);
                    return Ok((resolved, refused));
                }
                found => found?,
            };
            let is_kept = links == Links::OnTheWay && pending.is_empty();
            if is_kept || last.is_none_or(|found| found.kind != FileType::Symlink) {
                continue;
            }
            followed += 1;
            if followed > MOST_LINKS {
                let shown = String::from_utf8_lossy(path);
                return Err(ErrorKind::Io(format!("infinite symlink recursion in path '{shown}'")).into());
            }
            let target =
                self.io().read_link(&resolved).map_err(|error| io_error("reading symbolic link", &resolved, &error))?;
            let (start, components) = self.start(&canonical(&link_target(&resolved, &target)));
            resolved = start;
            pending.extend(components);
        }
        if resolved.is_empty() {
            resolved.push(b'/');
            last = Some(FileType::Directory.into());
        }
        Ok((resolved, Ok(last)))
    }

    /// The start of the search for links in a path, and the remaining components, last first. The store's folder
    /// itself is skipped: it may be forbidden, while its entries are not.
    fn start(&self, path: &[u8]) -> (Vec<u8>, Vec<Vec<u8>>) {
        let store_dir = self.settings().store_dir.as_bytes();
        match path.strip_prefix(store_dir).filter(|rest| rest.starts_with(b"/") && rest.len() > 1) {
            Some(rest) => (store_dir.to_vec(), components(rest)),
            None => (Vec::with_capacity(path.len()), components(path)),
        }
    }

    /// The status of a path that isn't a link, if the system reaches it: it follows links of the parents itself. If
    /// it fails, the links may still lead into the program's store, and an error shows how far.
    fn found_at_once(&self, path: &[u8]) -> Option<Status> {
        self.io().status(path).ok().flatten().filter(|found| found.kind != FileType::Symlink)
    }

    /// A path to the same file with the last link followed, and the file's status.
    ///
    /// # Errors
    ///
    /// Fails if links are circular or can't be read.
    pub(crate) fn follow<'p>(&self, path: &'p [u8]) -> Result<(Cow<'p, [u8]>, Option<Status>)> {
        if let found @ Some(_) = self.found_at_once(path) {
            return Ok((Cow::Borrowed(path), found));
        }
        let (resolved, found) = self.resolve(path, Links::All)?;
        Ok((Cow::Owned(resolved), found?))
    }

    /// The file that `import path` reads: links followed, `default.nix` for a directory. Links of the parents are
    /// kept, so that relative paths in the file start from there.
    ///
    /// # Errors
    ///
    /// Fails if the file does not exist.
    pub fn resolve_expression_path(&self, path: &[u8]) -> Result<Vec<u8>> {
        let mut file = Cow::Borrowed(path);
        let mut followed = 0;
        let found = loop {
            if let found @ Some(_) = self.found_at_once(&file) {
                break found;
            }
            let Some(target) = self.next_link(&file)? else { break self.resolve(&file, Links::All)?.1? };
            followed += 1;
            if followed > MOST_IMPORTED_LINKS {
                return Err(too_many_links(&target));
            }
            file = Cow::Owned(target);
        };
        match found.map(|found| found.kind) {
            Some(FileType::Directory) => Ok([file.strip_suffix(b"/").unwrap_or(&file), b"/default.nix"].concat()),
            Some(_) => Ok(file.into_owned()),
            None => Err(self.missing(&self.really(&file))),
        }
    }

    /// The target of the last component of a path, if it is a link.
    fn next_link(&self, path: &[u8]) -> Result<Option<Vec<u8>>> {
        let Some(slash) = path.iter().rposition(|&byte| byte == b'/') else { return Ok(None) };
        let (parent, name) = path.split_at(slash);
        let place = [&self.resolve_links(parent)?, name].concat();
        if !matches!(self.file_type(&place)?, Some(FileType::Symlink)) {
            return Ok(None);
        }
        let target = self.io().read_link(&place).map_err(|error| io_error("reading symbolic link", &place, &error))?;
        Ok(Some(canonical(&link_target(path, &target))))
    }

    /// The contents of a regular file, links followed.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read, or is not regular: a folder, a device, a pipe.
    pub fn read_file(&self, path: &[u8]) -> Result<Vec<u8>> {
        let (place, found) = self.follow(path)?;
        self.read_found(&place, found)
    }

    /// The contents of a file found by [`Eval::follow`].
    ///
    /// # Errors
    ///
    /// Fails like [`Eval::read_file`].
    pub(crate) fn read_found(&self, path: &[u8], found: Option<Status>) -> Result<Vec<u8>> {
        match found.map(|found| found.kind) {
            None => Err(self.missing_file(path)),
            Some(FileType::Regular) => {
                self.io().read_file(path).map_err(|error| io_error("opening", &self.really(path), &error))
            }
            Some(FileType::Unknown) => Err(self.irregular(path).with_details(stream_details())),
            Some(_) => Err(self.irregular(path)),
        }
    }

    /// The error for reading something other than a regular file.
    #[cold]
    fn irregular(&self, path: &[u8]) -> Error {
        let (path, what) = (self.really(path), if path == b"/" { "" } else { "file " });
        ErrorKind::Io(format!("{what}'{}' is not a regular file", self.sources().shown(&path))).into()
    }

    /// The real path of a file, for errors: C++ Nix follows all links first.
    #[cold]
    pub(crate) fn really(&self, path: &[u8]) -> Vec<u8> {
        self.resolve_links(path).unwrap_or_else(|_| path.to_vec())
    }

    /// The error for reading a missing file.
    #[cold]
    pub(crate) fn missing_file(&self, path: &[u8]) -> Error {
        let shown = self.sources().shown(path);
        if shown.starts_with('«') {
            // C++ Nix's words for files from Git's objects,
            return no_file(format!("'{shown}' does not exist"), path);
        }
        if path.starts_with(CORE_FOLDER) {
            // and for files that come with the language.
            return no_file(format!("file '{shown}' does not exist"), path);
        }
        match self.what_is_there(path) {
            Some(note) => self.missing(path).with_note(note),
            None => self.missing(path),
        }
    }

    /// For the `default.nix` of a folder without one: what the folder has instead.
    fn what_is_there(&self, path: &[u8]) -> Option<String> {
        const MOST: usize = 5;
        let folder = path.strip_suffix(b"/default.nix")?;
        let mut names: Vec<_> = self.io().read_dir(folder).ok()?.into_iter().map(|(name, _)| name).collect();
        names.retain(|name| name.ends_with(b".nix"));
        names.sort();
        let shown: Vec<_> = names.iter().take(MOST).map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        let more = if names.len() > MOST { format!(" and {} more", names.len() - MOST) } else { String::new() };
        Some(match shown.is_empty() {
            true => "this is a folder without a `default.nix`".to_owned(),
            false => format!("this is a folder without a `default.nix`; it has {}{more}", shown.join(", ")),
        })
    }

    #[cold]
    fn missing(&self, path: &[u8]) -> Error {
        let text = match self.shared.world.outside_of_git(path) {
            None => {
                let error = no_file(format!("path '{}' does not exist", self.sources().shown(path)), path);
                return if is_stream(path) { error.with_details(stream_details()) } else { error };
            }
            Some(OutsideOfGit { repository, file, is_there }) => {
                let [repository, file] = [repository, file].map(|it| String::from_utf8_lossy(&it).into_owned());
                let advice = "To make it visible to Nix, run:";
                match is_there {
                    false => format!("Path '{file}' does not exist in Git repository \"{repository}\"."),
                    true => format!(
                        "Path '{file}' in the repository \"{repository}\" is not tracked by Git.\n\n{advice}\n\n\
                         git -C \"{repository}\" add \"{file}\""
                    ),
                }
            }
        };
        ErrorKind::Io(text).into()
    }

    /// The path as an absolute one, starting from the current directory.
    pub fn absolute(&self, path: &[u8]) -> Vec<u8> {
        if path.starts_with(b"/") {
            return canonical(path);
        }
        canonical(&[&self.io().current_dir(), &b"/"[..], path].concat())
    }
}

/// True for a path with a component `..`, which only paths in the home directory can have.
fn goes_up(path: &[u8]) -> bool {
    path.split(|&byte| byte == b'/').any(|component| component == b"..")
}

/// Components, last first, so that the next one is popped.
fn components(path: &[u8]) -> Vec<Vec<u8>> {
    path.split(|&byte| byte == b'/').filter(|part| !part.is_empty()).rev().map(<[u8]>::to_vec).collect()
}

/// C++ Nix's message for a missing file.
#[cold]
fn no_file(message: String, path: &[u8]) -> Error {
    Error::from(ErrorKind::Io(message)).because(Cause::MissingFile(path.into()))
}

#[cold]
fn too_many_links(path: &[u8]) -> Error {
    let shown = String::from_utf8_lossy(path);
    ErrorKind::Io(format!("too many symbolic links encountered while traversing the path '{shown}'")).into()
}

/// True for the targets of links in `/proc` for open pipes and sockets, which have no location.
fn is_stream(path: &[u8]) -> bool {
    let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    path.starts_with(b"/proc/") && (name.starts_with(b"pipe:[") || name.starts_with(b"socket:["))
}

fn stream_details() -> Details {
    let note = "only regular files can be read; `--arg-from-stdin NAME` passes standard input to a \
                function, and you can write the output of a command to a file first";
    Details { notes: vec![note.to_owned()], ..Details::default() }
}

#[cold]
fn io_error(doing: &str, path: &[u8], error: &std::io::Error) -> Error {
    if let Some(refusal) = Refusal::found_in(error) {
        return refusal;
    }
    if error.kind() == std::io::ErrorKind::OutOfMemory {
        return ErrorKind::OutOfMemory.into();
    }
    ErrorKind::Io(format!("{doing} '{}': {}", String::from_utf8_lossy(path), reason(error))).into()
}
