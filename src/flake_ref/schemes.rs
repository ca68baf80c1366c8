//! The dispatch from a URL or attributes to the kind of input, and the simple kinds: registry entries, paths,
//! downloads.

use super::attrs::{InputAttr, InputAttrs, check_int, maybe_string, parse_int, required_string, string, to_json};
use super::ref_name::{git_rev, is_legal_ref, is_rev};
use super::{Failure, git, git_archive, paths};
use crate::codec::hash::{Hash, HashAlgorithm};
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::{hash_to_text, parse_sri};
use crate::codec::lossy;
use crate::codec::url::{Url, split_scheme};

const ARCHIVE: &[&str] = &["owner", "repo", "ref", "rev", "narHash", "lastModified", "host", "treeHash"];
const DOWNLOAD: &[&str] = &["url", "narHash", "name", "unpack", "rev", "revCount", "lastModified"];
const GIT: &[&str] = &[
    "url",
    "ref",
    "rev",
    "shallow",
    "submodules",
    "lfs",
    "exportIgnore",
    "lastModified",
    "revCount",
    "narHash",
    "allRefs",
    "name",
    "dirtyRev",
    "dirtyShortRev",
    "verifyCommit",
    "keytype",
    "publicKey",
    "publicKeys",
];
const INDIRECT: &[&str] = &["id", "ref", "rev", "narHash"];
const MERCURIAL: &[&str] = &["url", "ref", "rev", "revCount", "narHash", "name"];
const PATH: &[&str] = &["path", "rev", "revCount", "lastModified", "narHash"];

/// The file name endings of archives.
const ARCHIVES: [&[u8]; 7] = [b".zip", b".tar", b".tgz", b".tar.gz", b".tar.xz", b".tar.bz2", b".tar.zst"];

/// The attributes of a URL from which `dir` and the fragment have been removed. A web address names a file unless it
/// must be a tree, or has the name of an archive.
pub(super) fn attrs_of_url(url: Url, is_tree: bool) -> Result<InputAttrs, Failure> {
    let (application, transport) = split_scheme(&url.scheme);
    let is_download = matches!(transport, "file" | "http" | "https");
    match (application, url.scheme.as_str()) {
        (Some("file"), _) if is_download => Ok(download_attrs(url, "file")),
        (Some("tarball"), _) if is_download => Ok(download_attrs(url, "tarball")),
        (None, _) if is_download => {
            let name = url.path.last().map(Vec::as_slice).unwrap_or_default();
            let is_archive = is_tree || ARCHIVES.iter().any(|ending| name.ends_with(ending));
            Ok(download_attrs(url, if is_archive { "tarball" } else { "file" }))
        }
        (Some("git"), _) | (None, "git") => git::git_attrs(url),
        (None, "github" | "gitlab" | "sourcehut") => git_archive::archive_attrs(&url),
        (_, "hg+http" | "hg+https" | "hg+ssh" | "hg+file") => git::mercurial_attrs(url),
        (None, "flake") => indirect_attrs(&url),
        (None, "path") => path_attrs(&url),
        _ => {
            let is_swapped = (application, transport) == (Some("file"), "git");
            let hint = if is_swapped { "; did you mean 'git+file' instead of 'file+git'?" } else { "" };
            Err(Failure::Other(format!("input '{}' is unsupported{hint}", url.display())))
        }
    }
}

/// The URL of attributes without `dir`.
pub(super) fn url_of_attrs(attrs: &InputAttrs) -> Result<Url, Failure> {
    url_of_checked(&check_attrs(attrs.clone())?)
}

/// The URL of checked attributes.
pub(super) fn url_of_checked(attrs: &InputAttrs) -> Result<Url, Failure> {
    match maybe_string(attrs, "type")?.unwrap_or_default() {
        b"github" | b"gitlab" | b"sourcehut" => git_archive::archive_to_url(attrs),
        b"file" | b"tarball" => download_to_url(attrs),
        b"git" => git::git_to_url(attrs),
        b"hg" => git::mercurial_to_url(attrs),
        b"indirect" => indirect_to_url(attrs),
        b"path" => path_to_url(attrs),
        _ => Err(Failure::Other(format!("cannot show unsupported input '{}'", to_json(attrs)))),
    }
}

/// Checks the attributes of an input, without `dir`.
pub(super) fn check_attrs(attrs: InputAttrs) -> Result<InputAttrs, Failure> {
    let missing = || Failure::Other("'type' attribute to specify input scheme is required but not provided".into());
    let scheme = lossy(maybe_string(&attrs, "type")?.ok_or_else(missing)?);
    let attrs = check_for(attrs, &scheme)?;
    maybe_string(&attrs, "ref")?;
    check_int(&attrs, "revCount")?;
    check_int(&attrs, "lastModified")?;
    Ok(attrs)
}

fn check_for(attrs: InputAttrs, scheme: &str) -> Result<InputAttrs, Failure> {
    let allowed = match scheme {
        "github" | "gitlab" | "sourcehut" => ARCHIVE,
        "file" | "tarball" => DOWNLOAD,
        "git" => GIT,
        "hg" => MERCURIAL,
        "indirect" => INDIRECT,
        "path" => PATH,
        _ => return Ok(attrs),
    };
    let is_known = |name: &str| name == "type" || name == "__final" || allowed.contains(&name);
    if let Some(name) = attrs.keys().map(|name| lossy(name)).find(|name| !is_known(name)) {
        return Err(Failure::Other(format!("input attribute '{name}' not supported by scheme '{scheme}'")));
    }
    match scheme {
        "github" | "gitlab" | "sourcehut" => git_archive::check_archive(attrs),
        "git" => git::check_git(attrs),
        "hg" => git::check_mercurial(attrs),
        "indirect" => {
            check_flake_id(required_string(&attrs, "id")?)?;
            Ok(attrs)
        }
        "path" => {
            required_string(&attrs, "path")?;
            Ok(attrs)
        }
        _ => Ok(attrs),
    }
}

/// The hash of the contents; an empty text means all zeros.
pub(super) fn nar_hash(attrs: &InputAttrs) -> Result<Option<Hash>, Failure> {
    let Some(text) = maybe_string(attrs, "narHash")? else {
        return Ok(None);
    };
    let algorithm = HashAlgorithm::Sha256;
    let hash = match text {
        b"" => Hash { algorithm, bytes: vec![0; algorithm.digest_length()] },
        _ => parse_sri(text).map_err(|error| Failure::Other(error.to_string()))?,
    };
    if hash.algorithm != algorithm {
        return Err(Failure::Other("narHash must use SHA-256".into()));
    }
    Ok(Some(hash))
}

/// The hash of the contents as a parameter of a URL.
pub(super) fn nar_hash_text(attrs: &InputAttrs) -> Result<Option<Vec<u8>>, Failure> {
    Ok(nar_hash(attrs)?.map(|hash| hash_to_text(&hash, HashFormat::Sri, true).into_bytes()))
}

/// True if a text can be the name of a registry entry.
pub(super) fn is_flake_id(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_alphabetic)
        && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(byte))
}

fn check_flake_id(id: &[u8]) -> Result<(), Failure> {
    if is_flake_id(id) {
        return Ok(());
    }
    Err(Failure::BadUrl(format!("'{}' is not a valid flake ID", lossy(id))))
}

fn indirect_attrs(url: &Url) -> Result<InputAttrs, Failure> {
    let segments = url.segments();
    let bad = |part: &[u8], expected: &str| {
        Failure::BadUrl(format!("in flake URL '{}', '{}' is not {expected}", url.display(), lossy(part)))
    };
    let (id, name, rev) = match *segments.as_slice() {
        [id] => (id, None, None),
        [id, rev] if is_rev(rev) => (id, None, Some(rev)),
        [id, name] if is_legal_ref(name) => (id, Some(name), None),
        [_, part] => return Err(bad(part, "a commit hash or branch/tag name")),
        [_, name, _] if !is_legal_ref(name) => return Err(bad(name, "a branch/tag name")),
        [_, _, rev] if !is_rev(rev) => return Err(bad(rev, "a commit hash")),
        [id, name, rev] => (id, Some(name), Some(rev)),
        _ => return Err(Failure::BadUrl(format!("GitHub URL '{}' is invalid", url.display()))),
    };
    check_flake_id(id)?;
    let mut attrs = InputAttrs::from([(b"type".to_vec(), string("indirect")), (b"id".to_vec(), string(id))]);
    attrs.extend(rev.map(|rev| (b"rev".to_vec(), string(rev.to_ascii_lowercase()))));
    attrs.extend(name.map(|name| (b"ref".to_vec(), string(name))));
    Ok(attrs)
}

fn indirect_to_url(attrs: &InputAttrs) -> Result<Url, Failure> {
    let mut path = vec![required_string(attrs, "id")?.to_vec()];
    path.extend(maybe_string(attrs, "ref")?.map(<[u8]>::to_vec));
    if let Some(rev) = maybe_string(attrs, "rev")? {
        path.push(git_rev(rev)?.into_bytes());
    }
    Ok(Url { scheme: "flake".into(), path, ..Url::default() })
}

fn path_attrs(url: &Url) -> Result<InputAttrs, Failure> {
    let bad = |problem: &str| Failure::Other(format!("path URL '{}' {problem}", url.display()));
    if let Some(authority) = url.authority.as_ref().filter(|authority| !authority.host.is_empty()) {
        return Err(bad(&format!("should not have an authority ('{}')", lossy(&authority.render()))));
    }
    let path = paths::from_segments(&url.path)?;
    let mut attrs = InputAttrs::from([(b"type".to_vec(), string("path")), (b"path".to_vec(), InputAttr::String(path))]);
    for (name, value) in &url.query {
        let invalid = |kind: &str| bad(&format!("has {kind} parameter '{}'", lossy(name)));
        let value = match name.as_slice() {
            b"rev" | b"narHash" => string(value),
            b"revCount" | b"lastModified" => InputAttr::Int(parse_int(value).ok_or_else(|| invalid("invalid"))?),
            _ => return Err(invalid("unsupported")),
        };
        attrs.insert(name.clone(), value);
    }
    Ok(attrs)
}

fn path_to_url(attrs: &InputAttrs) -> Result<Url, Failure> {
    let path = paths::to_segments(required_string(attrs, "path")?);
    let shown = attrs.iter().filter(|(name, _)| !matches!(name.as_slice(), b"path" | b"type" | b"__final"));
    let text = |value: &InputAttr| match value {
        InputAttr::String(text) => text.clone(),
        InputAttr::Int(int) => int.to_string().into_bytes(),
        InputAttr::Bool(truth) => u8::from(*truth).to_string().into_bytes(),
    };
    let query = shown.map(|(name, value)| (name.clone(), text(value))).collect();
    Ok(Url { scheme: "path".into(), path, query, ..Url::default() })
}

fn download_attrs(mut url: Url, kind: &str) -> InputAttrs {
    url.scheme = split_scheme(&url.scheme).1.to_owned();
    let mut attrs = InputAttrs::new();
    for &name in DOWNLOAD {
        let Some(value) = url.query.remove(name.as_bytes()) else {
            continue;
        };
        let value = match name {
            "narHash" | "rev" => Some(InputAttr::String(value)),
            "revCount" | "lastModified" => parse_int(&value).map(InputAttr::Int),
            _ => None,
        };
        attrs.extend(value.map(|value| (name.into(), value)));
    }
    attrs.insert(b"type".to_vec(), string(kind));
    attrs.insert(b"url".to_vec(), InputAttr::String(url.render()));
    attrs
}

fn download_to_url(attrs: &InputAttrs) -> Result<Url, Failure> {
    let mut url = Url::parse(required_string(attrs, "url")?).map_err(Failure::BadUrl)?;
    if let Some(hash) = nar_hash_text(attrs)? {
        url.query.insert(b"narHash".to_vec(), hash);
    }
    Ok(url)
}
