//! Inputs that are archives of Git repositories: `github:…`, `gitlab:…` and `sourcehut:…`.

use super::Failure;
use super::attrs::{InputAttr, InputAttrs, maybe_string, required_string, string, to_json};
use super::ref_name::{git_rev, is_legal_ref, is_rev, sha1_rev};
use super::schemes::nar_hash_text;
use crate::codec::lossy;
use crate::codec::url::Url;

/// The attributes of `scheme:owner/repository`, with or without a branch, tag or commit after it.
pub(super) fn archive_attrs(url: &Url) -> Result<InputAttrs, Failure> {
    let bad = |problem: &str| Failure::BadUrl(format!("URL '{}' {problem}", url.display()));
    let (owner, repo, rest) = match url.segments().as_slice() {
        [owner, repo, rest @ ..] => (owner.to_vec(), repo.to_vec(), rest.join(&b'/')),
        _ => return Err(bad("is invalid")),
    };
    let mut attrs = InputAttrs::new();
    if !rest.is_empty() {
        let name = if is_rev(&rest) { "rev" } else { "ref" };
        attrs.insert(name.into(), InputAttr::String(rest));
    }
    for (name, value) in &url.query {
        let twice = attrs.contains_key(name);
        match name.as_slice() {
            b"rev" if twice => return Err(bad("contains multiple commit hashes")),
            b"ref" if twice => return Err(bad("contains multiple branch/tag names")),
            b"rev" | b"ref" | b"host" | b"narHash" => attrs.insert(name.clone(), string(value)),
            // This is never meant as a file name.
            _ => {
                let (url, name) = (url.display(), lossy(name));
                return Err(Failure::Other(format!("URL '{url}' contains unknown parameter '{name}'")));
            }
        };
    }
    attrs.insert(b"type".to_vec(), string(&url.scheme));
    attrs.insert(b"owner".to_vec(), InputAttr::String(owner));
    attrs.insert(b"repo".to_vec(), InputAttr::String(repo));
    check_archive(attrs)
}

/// Checks the attributes of such an input.
pub(super) fn check_archive(attrs: InputAttrs) -> Result<InputAttrs, Failure> {
    let bad = |problem: &str| Failure::BadUrl(format!("input {} contains {problem}", to_json(&attrs)));
    required_string(&attrs, "owner")?;
    required_string(&attrs, "repo")?;
    let name = maybe_string(&attrs, "ref")?;
    let rev = maybe_string(&attrs, "rev")?;
    if let (Some(name), Some(rev)) = (name, rev) {
        let (name, rev) = (lossy(name), lossy(rev));
        return Err(bad(&format!("both a commit hash ('{rev}') and a branch/tag name ('{name}')")));
    }
    if let Some(rev) = rev {
        sha1_rev(rev)?;
    }
    if name.is_some_and(|name| !is_legal_ref(name)) {
        return Err(bad("an invalid branch/tag name"));
    }
    let is_host_byte = |byte: &u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
    if maybe_string(&attrs, "host")?.is_some_and(|host| !host.iter().all(is_host_byte)) {
        return Err(bad("an invalid instance host"));
    }
    Ok(attrs)
}

/// The URL of checked attributes.
pub(super) fn archive_to_url(attrs: &InputAttrs) -> Result<Url, Failure> {
    let mut url = Url { scheme: lossy(required_string(attrs, "type")?), ..Url::default() };
    for name in ["owner", "repo"] {
        url.path.push(required_string(attrs, name)?.to_vec());
    }
    if let Some(name) = maybe_string(attrs, "ref")? {
        url.path.push(name.to_vec());
    }
    if let Some(rev) = maybe_string(attrs, "rev")? {
        url.path.push(git_rev(rev)?.into_bytes());
    }
    if let Some(hash) = nar_hash_text(attrs)? {
        url.query.insert(b"narHash".to_vec(), hash);
    }
    if let Some(host) = maybe_string(attrs, "host")? {
        url.query.insert(b"host".to_vec(), host.to_vec());
    }
    Ok(url)
}
