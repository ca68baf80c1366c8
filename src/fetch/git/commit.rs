//! Commits: resolution of names, commit times, and the number of ancestors.

use super::super::cache::{FetchCache, Record};
use super::objects::Objects;
use super::program::Git;
use crate::error::{Error, Result};
use crate::flake_ref::{InputAttr, InputAttrs};

/// A commit.
#[derive(Clone, Debug)]
pub(super) struct Commit {
    /// The hash of its tree.
    pub(super) tree: String,
    /// The commit time, in seconds since 1970.
    pub(super) time: u64,
}

/// The commit with this hash, or the commit that the tag with this hash points to.
///
/// # Errors
///
/// Fails if there is none.
pub(super) fn commit(objects: &mut Objects<'_>, rev: &str) -> Result<Commit> {
    let (header, contents) = objects.get(rev.as_bytes())?.ok_or_else(|| missing(rev))?;
    let contents = match header.kind.as_slice() {
        b"commit" => contents,
        b"tag" => peeled(objects, rev)?,
        _ => return Err(not_a_commit(rev)),
    };
    parse(&contents).ok_or_else(|| not_a_commit(rev))
}

fn peeled(objects: &mut Objects<'_>, rev: &str) -> Result<Vec<u8>> {
    let found = objects.get(format!("{rev}^{{commit}}").as_bytes())?;
    Ok(found.ok_or_else(|| not_a_commit(rev))?.1)
}

fn parse(contents: &[u8]) -> Option<Commit> {
    let text = String::from_utf8_lossy(contents);
    let lines = || text.lines().take_while(|line| !line.is_empty());
    let tree = lines().find_map(|line| line.strip_prefix("tree "))?.to_owned();
    let committer = lines().find_map(|line| line.strip_prefix("committer "));
    let time = committer.and_then(|line| line.rsplit('>').next()?.split_whitespace().next()?.parse().ok());
    Some(Commit { tree, time: time.unwrap_or(0) })
}

/// The hash of the commit that a branch, tag or other name points to.
///
/// # Errors
///
/// Fails if the name does not resolve to a commit.
pub(super) fn resolve(objects: &mut Objects<'_>, name: &[u8]) -> Result<String> {
    let found = objects.get(&[name, b"^{commit}"].concat())?;
    let header = found.ok_or_else(|| unresolved(&String::from_utf8_lossy(name)))?.0;
    Ok(String::from_utf8_lossy(&header.id).into_owned())
}

/// The number of commits up to and including this one. `None` for a shallow repository.
///
/// # Errors
///
/// Fails if Git fails.
pub(super) fn count(git: &Git<'_>, cache: &FetchCache, rev: &str) -> Result<Option<u64>> {
    if git.is_shallow()? {
        return Ok(None);
    }
    let question = InputAttrs::from([(b"rev".to_vec(), InputAttr::String(rev.as_bytes().to_vec()))]);
    let known = cache.get("git-rev-count", &question);
    if let Some(&InputAttr::Int(count)) = known.as_ref().and_then(|record| record.answer.get(&b"revCount"[..])) {
        return Ok(Some(count));
    }
    let what = format!("counting the commits that lead to '{rev}'");
    let printed = git.read(&what, &[b"rev-list", b"--count", rev.as_bytes(), b"--"], Vec::new())?;
    let count = String::from_utf8_lossy(&printed).trim().parse().ok();
    if let Some(count) = count {
        let answer = InputAttrs::from([(b"revCount".to_vec(), InputAttr::Int(count))]);
        cache.put("git-rev-count", &question, &Record::of(git.context.io, answer));
    }
    Ok(count)
}

#[cold]
fn missing(rev: &str) -> Error {
    let reason = format!("object not found - no match for id ({rev}) (libgit2 error code = 9)");
    Error::fetch(format!("getting Git object '{rev}': {reason}"))
}

#[cold]
fn not_a_commit(rev: &str) -> Error {
    Error::fetch(format!("peeling Git object '{rev}'"))
}

#[cold]
fn unresolved(name: &str) -> Error {
    Error::fetch(format!("resolving Git reference '{name}': revspec '{name}' not found (libgit2 error code = 4)"))
}
