//! Inputs that are downloads: `tarball` is the tree in an archive, `file` is a single file.

use super::Fetched;
use super::download::{Downloads, text_in};
use super::http::Request;
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::hash_to_text;
use crate::error::{Error, Result};
use crate::flake_ref::{InputAttr, InputAttrs, file_path, parse_input};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Fetches the tree in an archive. If the server names an immutable address, the result's attributes have that
/// address.
///
/// # Errors
///
/// Fails on network or disk errors, or if the file is not an archive.
pub fn fetch_tarball(downloads: &Downloads<'_>, input: &InputAttrs) -> Result<Fetched> {
    let url = text_in(input, "url").unwrap_or_default();
    check_local(&url)?;
    let tree = downloads.tree(&Request { url, ..Request::default() })?;
    let mut attrs = match &tree.immutable_url {
        Some(url) => immutable_attrs(url)?,
        None => input.clone(),
    };
    if tree.last_modified != 0 {
        attrs.entry(b"lastModified".to_vec()).or_insert(InputAttr::Int(tree.last_modified));
    }
    let fingerprint = Some(hash_to_text(&tree.hash, HashFormat::Sri, true));
    Ok(Fetched { place: tree.place, selection: None, hash: Some(tree.hash), attrs, fingerprint })
}

fn immutable_attrs(url: &str) -> Result<InputAttrs> {
    let attrs = parse_input(url.as_bytes())?;
    if text_in(&attrs, "type").as_deref() != Some("tarball") {
        let text = "tarball 'Link' headers that redirect to non-tarball URLs are not supported";
        return Err(Error::fetch(text));
    }
    Ok(attrs)
}

/// Refuses local paths that are not archives.
fn check_local(url: &str) -> Result<()> {
    if !url.starts_with("file:") {
        return Ok(());
    }
    let Some(path) = file_path(url.as_bytes()) else { return Ok(()) };
    let shown = format!("\"{}\"", String::from_utf8_lossy(&path));
    let path = Path::new(OsStr::from_bytes(&path));
    let problem = if !path.exists() {
        "does not exist."
    } else if path.join(".git").exists() {
        "is a git repository, not a tarball. Please use `git+file` as the scheme."
    } else if path.is_dir() {
        "is a directory, not a file."
    } else {
        return Ok(());
    };
    Err(Error::fetch(format!("tarball {shown} {problem}")))
}

/// Fetches a file, as a tree that consists of it alone.
///
/// # Errors
///
/// Fails on network or disk errors.
pub fn fetch_file(downloads: &Downloads<'_>, input: &InputAttrs) -> Result<Fetched> {
    let url = text_in(input, "url").unwrap_or_default();
    let name = text_in(input, "name").unwrap_or_else(|| "source".to_owned());
    let file = downloads.file(&Request { url, ..Request::default() }, name.as_bytes())?;
    Ok(Fetched { place: file.place, selection: None, hash: None, attrs: input.clone(), fingerprint: None })
}
