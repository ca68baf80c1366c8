//! Access to the attributes of an input.

use super::settings::FlakeSettings;
use crate::codec::flake_ref::{Attr, Attrs, file_path, input_hash, input_rev, input_url};
use crate::error::{Error, Result};
use crate::path::canonical;

/// The text of an attribute.
pub(super) fn text<'a>(attrs: &'a Attrs, name: &str) -> Option<&'a [u8]> {
    match attrs.get(name.as_bytes()) {
        Some(Attr::String(text)) => Some(text),
        _ => None,
    }
}

/// The number in an attribute.
pub(super) fn number(attrs: &Attrs, name: &str) -> Option<u64> {
    match attrs.get(name.as_bytes()) {
        Some(Attr::Int(int)) => Some(*int),
        _ => None,
    }
}

/// True if an attribute is there and true.
pub(super) fn flag(attrs: &Attrs, name: &str) -> bool {
    attrs.get(name.as_bytes()) == Some(&Attr::Bool(true))
}

/// The type.
pub(super) fn kind(attrs: &Attrs) -> &[u8] {
    text(attrs, "type").unwrap_or_default()
}

/// Its name in messages.
pub(super) fn url(attrs: &Attrs) -> String {
    input_url(attrs).unwrap_or_else(|error| error.0)
}

/// True for inputs that registries must resolve.
pub(super) fn is_indirect(attrs: &Attrs) -> bool {
    kind(attrs) == b"indirect"
}

/// The path of a relative `path` input.
pub(super) fn relative_path(attrs: &Attrs) -> Option<&[u8]> {
    text(attrs, "path").filter(|path| kind(attrs) == b"path" && !path.starts_with(b"/"))
}

/// True if a fetch is known to add nothing to the attributes.
pub(super) fn is_final(attrs: &Attrs) -> bool {
    flag(attrs, "__final")
}

/// Marks the attributes as complete: a fetch adds nothing.
pub(super) fn make_final(attrs: &mut Attrs) {
    attrs.insert(b"__final".to_vec(), Attr::Bool(true));
}

/// True if the hash of the contents is known.
pub(super) fn has_hash(attrs: &Attrs) -> Result<bool> {
    input_hash(attrs).map(|hash| hash.is_some()).map_err(|error| Error::fetch(error.0))
}

/// True if the attributes determine the contents.
pub(crate) fn is_locked(attrs: &Attrs, settings: &FlakeSettings) -> Result<bool> {
    let rev = || input_rev(attrs).map_err(|error| Error::fetch(error.0));
    Ok(match kind(attrs) {
        b"git" => rev()?.is_some_and(|rev| rev.bytes().any(|digit| digit != b'0')),
        b"github" | b"gitlab" | b"sourcehut" => rev()?.is_some() && (settings.trust_forges || has_hash(attrs)?),
        b"hg" => rev()?.is_some(),
        b"path" | b"file" | b"tarball" => has_hash(attrs)?,
        _ => false,
    })
}

/// Its location on this machine, if files could be written there.
pub(super) fn source_path(attrs: &Attrs) -> Result<Option<Vec<u8>>> {
    match kind(attrs) {
        b"path" if relative_path(attrs).is_some() => Err(uses_relative_path(attrs)),
        b"path" => Ok(text(attrs, "path").map(canonical)),
        b"git" => Ok(text(attrs, "url").and_then(file_path).map(|path| canonical(&path))),
        b"hg" if text(attrs, "ref").is_some() || text(attrs, "rev").is_some() => Ok(None),
        b"hg" => Ok(text(attrs, "url").and_then(file_path)),
        _ => Ok(None),
    }
}

#[cold]
fn uses_relative_path(attrs: &Attrs) -> Error {
    Error::fetch(format!("cannot fetch input '{}' because it uses a relative path", url(attrs)))
}

/// The input with another branch or commit.
pub(super) fn with_revision(attrs: &Attrs, branch: Option<&[u8]>, rev: Option<&str>) -> Result<Attrs> {
    let mut changed = attrs.clone();
    let mut set = |name: &str, value: &[u8]| changed.insert(name.into(), Attr::String(value.to_vec()));
    match kind(attrs) {
        b"github" | b"gitlab" | b"sourcehut" => {
            if let (Some(branch), Some(rev)) = (branch, rev) {
                let (branch, url) = (String::from_utf8_lossy(branch), url(attrs));
                let both = format!("both a commit hash ({rev}) and a branch/tag name ('{branch}')");
                return Err(Error::fetch(format!("cannot apply {both} to input '{url}'")));
            }
            if let Some(rev) = rev {
                set("rev", rev.as_bytes());
                changed.remove(&b"ref"[..]);
            } else if let Some(branch) = branch {
                set("ref", branch);
                changed.remove(&b"rev"[..]);
            }
        }
        b"git" | b"hg" | b"indirect" => {
            rev.map(|rev| set("rev", rev.as_bytes()));
            branch.map(|branch| set("ref", branch));
            if kind(attrs) == b"git" && !changed.contains_key(&b"ref"[..]) && changed.contains_key(&b"rev"[..]) {
                let url = url(&changed);
                return Err(Error::fetch(format!("Git input '{url}' has a commit hash but no branch/tag name")));
            }
        }
        _ => {
            let unknown = |what: String| Error::fetch(format!("don't know how to set {what}"));
            let url = url(attrs);
            if let Some(branch) = branch {
                let branch = String::from_utf8_lossy(branch);
                return Err(unknown(format!("branch/tag name of input '{url}' to '{branch}'")));
            }
            if let Some(rev) = rev {
                return Err(unknown(format!("revision of input '{url}' to '{rev}'")));
            }
        }
    }
    Ok(changed)
}
