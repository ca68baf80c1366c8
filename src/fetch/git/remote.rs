//! Remote repositories: a bare copy for each address is kept in the cache folder.
//!
//! Git's writes there become visible either whole or not at all, and a lock keeps processes from fetching the same
//! repository at once. So leftovers of a killed fetch do no harm: the next one removes its locks.

use super::super::cache::{FetchCache, Record};
use super::super::options::FetchOptions;
use super::objects::Objects;
use super::program::{Git, Output, with_complaint};
use super::request::warn;
use crate::codec::base::encode_base16;
use crate::codec::hash::{HashAlgorithm, hash_bytes};
use crate::error::{Error, Result};
use crate::fetch::FetchContext;
use crate::flake_ref::{InputAttr, InputAttrs};
use crate::io::Message;
use crate::store::folder::disk_error;
use std::fs;
use std::path::{Path, PathBuf};

/// A remote repository.
#[derive(Debug)]
pub(super) struct Remote<'r> {
    pub(super) context: &'r FetchContext<'r>,
    pub(super) options: &'r FetchOptions,
    pub(super) cache: &'r FetchCache,
    pub(super) url: &'r str,
    pub(super) shallow: bool,
}

/// The wanted part of it.
#[derive(Debug)]
pub(super) struct Wanted<'r> {
    pub(super) reference: &'r [u8],
    pub(super) rev: Option<&'r str>,
    pub(super) all_refs: bool,
}

impl<'r> Remote<'r> {
    fn question(&self, reference: Option<&[u8]>) -> InputAttrs {
        let mut question = InputAttrs::from([
            (b"url".to_vec(), InputAttr::String(self.url.as_bytes().to_vec())),
            (b"shallow".to_vec(), InputAttr::Bool(self.shallow)),
        ]);
        question.extend(reference.map(|name| (b"ref".to_vec(), InputAttr::String(name.to_vec()))));
        question
    }

    /// The folder of the local copy.
    pub(super) fn folder(&self) -> PathBuf {
        let digest = encode_base16(&hash_bytes(HashAlgorithm::Sha256, self.url.as_bytes()).bytes);
        let end = if self.shallow { "-shallow" } else { "" };
        self.options.cache_folder.join("git").join(digest + end)
    }

    fn is_fresh(&self, record: &Record) -> bool {
        let lives = i64::try_from(self.options.tarball_ttl).unwrap_or(i64::MAX);
        let is_young = record.time.saturating_add(lives) > self.context.io.now();
        self.options.offline || (is_young && !self.options.refresh)
    }

    /// True if the repository can be reached: offline, only repositories on this machine can.
    fn is_reachable(&self) -> bool {
        !self.options.offline || self.url.starts_with("file:")
    }

    /// The name of the repository's default branch. With `any_age`, an old answer is accepted.
    ///
    /// # Errors
    ///
    /// Fails if Git cannot be started.
    pub(super) fn head(&self, any_age: bool) -> Result<Vec<u8>> {
        let question = self.question(None);
        let known = self.cache.get("git-head", &question);
        let name = |record: &Record| match record.answer.get(&b"ref"[..]) {
            Some(InputAttr::String(name)) => Some(name.clone()),
            _ => None,
        };
        if let Some(name) = known.as_ref().filter(|known| any_age || self.is_fresh(known)).and_then(name) {
            return Ok(name);
        }
        if let Some(name) = self.ask_for_head()? {
            let answer = InputAttrs::from([(b"ref".to_vec(), InputAttr::String(name.clone()))]);
            self.cache.put("git-head", &question, &Record { answer, time: self.context.io.now() });
            return Ok(name);
        }
        let url = self.url;
        if let Some(name) = known.as_ref().and_then(name) {
            let shown = String::from_utf8_lossy(&name);
            let text = format!("could not get HEAD ref for repository '{url}'; using expired cached ref '{shown}'");
            warn(self.context, text);
            return Ok(name);
        }
        warn(self.context, format!("could not read HEAD ref from repo at '{url}', using 'master'"));
        Ok(b"master".to_vec())
    }

    /// Asks the repository for its default branch. The first line of the answer is `ref: NAME HEAD`, or `HASH HEAD`
    /// if no branch is checked out.
    fn ask_for_head(&self) -> Result<Option<Vec<u8>>> {
        if !self.is_reachable() {
            return Ok(None);
        }
        let git = Git::nowhere(self.context);
        let output = git.run(&[b"ls-remote", b"--symref", b"--", self.url.as_bytes(), b"HEAD"])?;
        let target = output.line().and_then(|line| line.strip_suffix(b"\tHEAD"));
        Ok(target.map(|target| target.strip_prefix(b"ref: ").unwrap_or(target).trim_ascii().to_vec()))
    }

    /// The local copy, if it already has this commit.
    ///
    /// # Errors
    ///
    /// Fails if Git cannot be started.
    pub(super) fn known(&self, rev: &str) -> Result<Option<Git<'r>>> {
        let folder = self.folder();
        if !folder.exists() {
            return Ok(None);
        }
        let git = Git::in_bare(self.context, &folder);
        Ok(has(&git, rev)?.then_some(git))
    }

    /// Updates the local copy to have the wanted part, and returns the copy and the commit.
    ///
    /// # Errors
    ///
    /// Fails if the commit cannot be fetched.
    pub(super) fn obtain(&self, wanted: &Wanted<'_>) -> Result<(Git<'r>, String)> {
        let _lock = self.cache.lock("git", &self.question(None))?;
        let git = self.open(wanted.rev)?;
        let question = self.question(Some(wanted.reference));
        let is_there = match wanted.rev {
            Some(rev) => has(&git, rev)?,
            None if wanted.all_refs => self.options.offline,
            None => self.cache.get("git-ref", &question).is_some_and(|record| self.is_fresh(&record)),
        };
        let local = local_name(wanted.reference);
        if !is_there || (wanted.rev.is_none() && !has_ref(&git, &local)?) {
            self.update(&git, wanted, &local, &question)?;
        }
        match wanted.rev {
            Some(rev) if has(&git, rev)? => Ok((git, rev.to_owned())),
            Some(rev) => Err(self.not_found(rev, wanted.reference)),
            None => {
                let rev = super::commit::resolve(&mut Objects::of(&git)?, wanted.reference)?;
                Ok((git, rev))
            }
        }
    }

    /// Fetches. A failure is only a warning if an earlier fetch can be used.
    fn update(&self, git: &Git<'_>, wanted: &Wanted<'_>, local: &[u8], question: &InputAttrs) -> Result<()> {
        let name = match wanted.reference {
            b"HEAD" => b"HEAD",
            _ => local,
        };
        let specification = match wanted.rev {
            _ if wanted.all_refs => b"refs/*:refs/*".to_vec(),
            Some(rev) => rev.as_bytes().to_vec(),
            None => [name, b":", name].concat(),
        };
        let url = self.url;
        if let Err(error) = self.fetch(git, &specification) {
            if !has_ref(git, local)? {
                return Err(error);
            }
            self.context.console.message(&Message::Note(format!("error: {error}").as_bytes()));
            let text = "continuing with the most recent version";
            warn(self.context, format!("could not update local clone of Git repository '{url}'; {text}"));
        }
        if wanted.rev.is_none() {
            self.cache.put("git-ref", question, &Record { answer: InputAttrs::new(), time: self.context.io.now() });
        }
        Ok(())
    }

    fn fetch(&self, git: &Git<'_>, specification: &[u8]) -> Result<()> {
        let message = format!("Failed to fetch git repository '{}'", self.url);
        if !self.is_reachable() {
            return Err(with_complaint(message, "nothing is downloaded because of --offline"));
        }
        remove_locks(&self.folder());
        let mut output = self.run_fetch(git, specification)?;
        if !output.status.success() && output.complaint().contains("mismatched algorithms") {
            // The local copy was made for hashes of a different length.
            let folder = self.folder();
            fs::remove_dir_all(&folder).map_err(|error| disk_error("removing", &folder, &error))?;
            initialise(self.context, &folder, "sha256")?;
            output = self.run_fetch(git, specification)?;
        }
        if output.status.success() { Ok(()) } else { Err(with_complaint(message, &output.complaint())) }
    }

    fn run_fetch(&self, git: &Git<'_>, specification: &[u8]) -> Result<Output> {
        let mut arguments: Vec<&[u8]> = vec![b"fetch", b"--quiet", b"--force", b"--no-recurse-submodules"];
        if self.shallow {
            arguments.extend([b"--depth".as_slice(), b"1"]);
        }
        arguments.extend([b"--", self.url.as_bytes(), specification]);
        git.run(&arguments)
    }

    /// The local copy, created if it is missing.
    fn open(&self, rev: Option<&str>) -> Result<Git<'r>> {
        let folder = self.folder();
        if !folder.exists() {
            let is_long = rev.is_some_and(|rev| rev.len() == 64);
            initialise(self.context, &folder, if is_long { "sha256" } else { "sha1" })?;
        }
        let mut git = Git::in_bare(self.context, &folder);
        // Cleaning up must happen under the lock too.
        git.set("gc.autoDetach", "false");
        git.set("maintenance.autoDetach", "false");
        git.set("core.hooksPath", "/dev/null");
        Ok(git)
    }

    #[cold]
    fn not_found(&self, rev: &str, reference: &[u8]) -> Error {
        let (url, reference) = (self.url, String::from_utf8_lossy(reference));
        Error::fetch(format!(
            "Cannot find Git revision '{rev}' in ref '{reference}' of repository '{url}'! Please make sure that the rev \
             exists on the ref you've specified or add allRefs = true; to fetchGit."
        ))
    }
}

/// Creates a new repository under a temporary name and renames it.
fn initialise(context: &FetchContext<'_>, folder: &Path, format: &str) -> Result<()> {
    use std::os::unix::ffi::OsStrExt;
    let new = folder.with_extension("new");
    let parent = folder.parent().unwrap_or(folder);
    fs::create_dir_all(parent).map_err(|error| disk_error("creating directory", parent, &error))?;
    // Left by a killed process.
    let _ = fs::remove_dir_all(&new);
    let format = format!("--object-format={format}");
    let arguments: [&[u8]; 6] =
        [b"init", b"--quiet", b"--bare", b"--template=", format.as_bytes(), new.as_os_str().as_bytes()];
    Git::nowhere(context).read("creating a Git repository", &arguments, Vec::new())?;
    fs::rename(&new, folder).map_err(|error| disk_error("renaming to", folder, &error))
}

/// The name of a branch in the local copy.
fn local_name(reference: &[u8]) -> Vec<u8> {
    if reference.starts_with(b"refs/") { reference.to_vec() } else { [b"refs/heads/", reference].concat() }
}

fn has(git: &Git<'_>, rev: &str) -> Result<bool> {
    Ok(Objects::of(git)?.get(rev.as_bytes())?.is_some())
}

fn has_ref(git: &Git<'_>, name: &[u8]) -> Result<bool> {
    Ok(Objects::of(git)?.get(name)?.is_some())
}

/// Removes the locks left by killed processes. The caller holds the lock of the repository.
fn remove_locks(folder: &Path) {
    let mut pending = vec![folder.to_path_buf(), folder.join("refs")];
    while let Some(path) = pending.pop() {
        let Ok(entries) = fs::read_dir(&path) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == "lock") {
                let _ = fs::remove_file(&path);
            } else if path.starts_with(folder.join("refs")) && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                pending.push(path);
            }
        }
    }
}
