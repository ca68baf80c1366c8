//! From a request to a commit in a repository, and from there to a folder with all of its files.

use super::super::FetchContext;
use super::super::cache::FetchCache;
use super::super::options::FetchOptions;
use super::commit::{commit, resolve};
use super::ignored::{Attributes, is_ignored, is_mentioned, questions, with_attribute};
use super::large_files;
use super::modules::{self, Module};
use super::objects::Objects;
use super::observed;
use super::program::{Git, opening_failed};
use super::remote::{Remote, Wanted};
use super::request::{Location, Request, warn};
use super::status::branch;
use super::tree::{self, Entry, Kind};
use crate::error::{Error, Result};
use crate::flake_ref::{InputAttr, InputAttrs, check_input};
use rustc_hash::FxHashSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The shared context.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fetcher<'f> {
    pub(super) options: &'f FetchOptions,
    pub(super) cache: &'f FetchCache,
    pub(super) context: &'f FetchContext<'f>,
}

/// A commit that is available locally.
#[derive(Debug)]
pub(super) struct LocalCommit<'f> {
    pub(super) git: Git<'f>,
    /// The requested branch or tag, or the checked out one. Not known for submodules.
    pub(super) reference: Option<Vec<u8>>,
    pub(super) rev: String,
}

/// Opens a folder with a work tree.
///
/// # Errors
///
/// Fails if it is not one.
pub(super) fn open<'f>(context: &'f FetchContext<'f>, folder: &Path) -> Result<Git<'f>> {
    if folder.symlink_metadata().is_err() {
        return Err(Error::fetch(format!("Git repository \"{}\" does not exist.", folder.display())));
    }
    let mut git = Git::in_work_tree(context, folder);
    observed::repository(context.io, folder);
    let output = git.look_up()?;
    if output.status.success() {
        return Ok(git);
    }
    let complaint = output.complaint();
    if complaint.contains("not a git repository") {
        return Err(opening_failed(folder, &format!("could not find repository at '{}'", folder.display()), 6));
    }
    Err(git.failure(&format!("opening Git repository \"{}\"", folder.display()), &complaint))
}

impl<'f> Fetcher<'f> {
    /// Finds the requested commit, and fetches it if necessary.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be found.
    pub(super) fn find(&self, request: &'f Request, is_submodule: bool) -> Result<LocalCommit<'f>> {
        match &request.location {
            Location::Local(folder) => self.find_here(request, folder, is_submodule),
            Location::Remote(url) => self.find_there(request, url, is_submodule),
        }
    }

    fn find_here(&self, request: &Request, folder: &Path, is_submodule: bool) -> Result<LocalCommit<'f>> {
        let git = open(self.context, folder)?;
        if request.rev.is_none() {
            self.context.io.ask_elsewhere();
        }
        let reference = match &request.reference {
            Some(name) => Some(name.clone()),
            None if is_submodule => None,
            None => Some(self.checked_out(&git, request)?),
        };
        let rev = match &request.rev {
            Some(rev) => rev.clone(),
            None => resolve(&mut Objects::of(&git)?, reference.as_deref().unwrap_or(b"HEAD"))?,
        };
        Ok(LocalCommit { git, reference, rev })
    }

    fn checked_out(&self, git: &Git<'_>, request: &Request) -> Result<Vec<u8>> {
        if let Some(name) = branch(git)? {
            return Ok(name);
        }
        warn(self.context, format!("could not read HEAD ref from repo at '{}', using 'master'", request.shown()));
        Ok(b"master".to_vec())
    }

    fn find_there(&self, request: &'f Request, url: &'f str, is_submodule: bool) -> Result<LocalCommit<'f>> {
        let Self { context, options, cache } = *self;
        context.io.ask_elsewhere();
        let remote = Remote { context, options, cache, url, shallow: request.shallow };
        let known = request.rev.as_deref().map(|rev| remote.known(rev)).transpose()?.flatten();
        if let (Some(git), Some(rev), true) = (&known, &request.rev, is_submodule) {
            return Ok(LocalCommit { git: git.clone(), reference: None, rev: rev.clone() });
        }
        let reference = match &request.reference {
            Some(name) => name.clone(),
            None => remote.head(known.is_some())?,
        };
        let wanted = Wanted { reference: &reference, rev: request.rev.as_deref(), all_refs: request.all_refs };
        let (git, rev) = remote.obtain(&wanted)?;
        Ok(LocalCommit { git, reference: Some(reference), rev })
    }

    /// Writes all files of a commit into a new folder; `index` is the path of a temporary file.
    ///
    /// # Errors
    ///
    /// Fails on Git, disk or network errors.
    pub(super) fn write(
        &self,
        request: &Request,
        found: &LocalCommit<'_>,
        (folder, index): (&Path, &Path),
    ) -> Result<()> {
        let git = &found.git;
        let mut objects = Objects::of(git)?;
        let tree = commit(&mut objects, &found.rev)?.tree;
        let mut entries = tree::list(&mut objects, &tree)?;
        if request.export_ignore {
            let ignored = ignored(git, (&tree, index), &entries)?;
            entries.retain(|entry| !is_ignored(&ignored, &entry.path));
        }
        let modules = if request.submodules { modules_of(git, &entries)? } else { Vec::new() };
        let elsewhere: FxHashSet<_> = modules.iter().map(|(module, _)| module.path.clone()).collect();
        tree::write(git, &entries, folder, &|path| elsewhere.contains(path))?;
        if request.large_files {
            large_files::replace(git, &found.rev, (&tree, index), &entries, (folder, &request.shown()))?;
        }
        self.write_modules(request, found, &modules, (folder, index))
    }

    fn write_modules(
        &self,
        request: &Request,
        found: &LocalCommit<'_>,
        modules: &[(Module, String)],
        (folder, index): (&Path, &Path),
    ) -> Result<()> {
        if modules.is_empty() {
            return Ok(());
        }
        let origin = match &request.location {
            Location::Remote(url) => url.clone().into_bytes(),
            Location::Local(folder) => modules::origin(&found.git, folder, branch(&found.git)?.as_deref())?,
        };
        for (module, rev) in modules {
            let attrs = module_input(request, found, module, (rev, &modules::resolve(&origin, &module.url)?))?;
            let request = Request::new(self.context, &attrs)?;
            let fetcher = Fetcher { ..*self };
            let found = fetcher.find(&request, true)?;
            fetcher.write(&request, &found, (&folder.join(OsStr::from_bytes(&module.path)), index))?;
        }
        Ok(())
    }
}

/// The paths that `export-ignore` removes.
fn ignored(git: &Git<'_>, (tree, index): (&str, &Path), entries: &[Entry]) -> Result<FxHashSet<Vec<u8>>> {
    let attribute_files = entries.iter().filter(|entry| is_attribute_file(&entry.path));
    if !is_mentioned(git, attribute_files.map(|entry| entry.id.as_str()), "export-ignore")? {
        return Ok(FxHashSet::default());
    }
    let is_folder = |entry: &Entry| matches!(entry.kind, Kind::Folder | Kind::Module);
    let asked = questions(git, entries.iter().map(|entry| (entry.path.as_slice(), is_folder(entry))));
    with_attribute(git, Attributes::Tree(tree, index), ("export-ignore", "set"), asked)
}

/// True for a `.gitattributes` file.
pub(super) fn is_attribute_file(path: &[u8]) -> bool {
    path == b".gitattributes" || path.ends_with(b"/.gitattributes")
}

/// The submodules of a tree with their commits: those in both `.gitmodules` and the tree.
fn modules_of(git: &Git<'_>, entries: &[Entry]) -> Result<Vec<(Module, String)>> {
    let file = entries.iter().find(|entry| entry.path == b".gitmodules" && entry.kind != Kind::Folder);
    let Some(file) = file else { return Ok(Vec::new()) };
    let mut found: Vec<(Module, String)> = Vec::new();
    for module in modules::read(git, modules::From::Object(&file.id))? {
        let is_it = |entry: &&Entry| entry.kind == Kind::Module && entry.path == module.path;
        if let Some(entry) = entries.iter().find(is_it) {
            found.retain(|(known, _)| known.path != module.path);
            found.push((module, entry.id.clone()));
        }
    }
    Ok(found)
}

/// The commit of a submodule, as the attributes of an input.
fn module_input(
    request: &Request,
    found: &LocalCommit<'_>,
    module: &Module,
    (rev, url): (&str, &[u8]),
) -> Result<InputAttrs> {
    let mut attrs = InputAttrs::from([
        (b"type".to_vec(), InputAttr::String(b"git".to_vec())),
        (b"url".to_vec(), InputAttr::String(url.to_vec())),
        (b"rev".to_vec(), InputAttr::String(rev.as_bytes().to_vec())),
        (b"submodules".to_vec(), InputAttr::Bool(true)),
        (b"lfs".to_vec(), InputAttr::Bool(request.large_files)),
        (b"allRefs".to_vec(), InputAttr::Bool(true)),
    ]);
    let branch = match module.branch.as_slice() {
        b"" => None,
        b"." => found.reference.clone().or_else(|| request.reference.clone()),
        name => Some(name.to_vec()),
    };
    attrs.extend(branch.map(|name| (b"ref".to_vec(), InputAttr::String(name))));
    check_input(attrs).map_err(|error| Error::fetch(error.0))
}
