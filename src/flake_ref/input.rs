//! Access to the attributes of an input.

use super::{InputAttr, InputAttrs, file_path, input_hash, input_rev, input_url};
use crate::error::{Error, Result};
use crate::path::canonical;

/// The text of an attribute.
pub(crate) fn text<'a>(attrs: &'a InputAttrs, name: &str) -> Option<&'a [u8]> {
    match attrs.get(name.as_bytes()) {
        Some(InputAttr::String(text)) => Some(text),
        _ => None,
    }
}

/// The number in an attribute.
pub(crate) fn number(attrs: &InputAttrs, name: &str) -> Option<u64> {
    match attrs.get(name.as_bytes()) {
        Some(InputAttr::Int(int)) => Some(*int),
        _ => None,
    }
}

/// True if an attribute is there and true.
pub(crate) fn flag(attrs: &InputAttrs, name: &str) -> bool {
    attrs.get(name.as_bytes()) == Some(&InputAttr::Bool(true))
}

/// The type.
pub(crate) fn kind(attrs: &InputAttrs) -> &[u8] {
    text(attrs, "type").unwrap_or_default()
}

/// Its name in messages.
pub(crate) fn url(attrs: &InputAttrs) -> String {
    input_url(attrs).unwrap_or_else(|error| error.0)
}

/// True for inputs that registries must resolve.
pub(crate) fn is_indirect(attrs: &InputAttrs) -> bool {
    kind(attrs) == b"indirect"
}

/// The path of a relative `path` input.
pub(crate) fn relative_path(attrs: &InputAttrs) -> Option<&[u8]> {
    text(attrs, "path").filter(|path| kind(attrs) == b"path" && !path.starts_with(b"/"))
}

/// True if a fetch is known to add nothing to the attributes.
pub(crate) fn is_final(attrs: &InputAttrs) -> bool {
    flag(attrs, "__final")
}

/// Marks the attributes as complete: a fetch adds nothing.
pub(crate) fn make_final(attrs: &mut InputAttrs) {
    attrs.insert(b"__final".to_vec(), InputAttr::Bool(true));
}

/// True if the hash of the contents is known.
pub(crate) fn has_hash(attrs: &InputAttrs) -> Result<bool> {
    Ok(input_hash(attrs)?.is_some())
}

/// True if the attributes determine the contents. `trust_forges`: a commit is enough for an archive from a forge.
pub(crate) fn is_locked(attrs: &InputAttrs, trust_forges: bool) -> Result<bool> {
    let rev = || input_rev(attrs);
    Ok(match kind(attrs) {
        b"git" => rev()?.is_some_and(|rev| rev.bytes().any(|digit| digit != b'0')),
        b"github" | b"gitlab" | b"sourcehut" => rev()?.is_some() && (trust_forges || has_hash(attrs)?),
        b"hg" => rev()?.is_some(),
        b"path" | b"file" | b"tarball" => has_hash(attrs)?,
        _ => false,
    })
}

/// Its location on this machine, if files could be written there.
pub(crate) fn source_path(attrs: &InputAttrs) -> Result<Option<Vec<u8>>> {
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
fn uses_relative_path(attrs: &InputAttrs) -> Error {
    Error::fetch(format!("cannot fetch input '{}' because it uses a relative path", url(attrs)))
}

/// The input with another branch or commit.
pub(crate) fn with_revision(attrs: &InputAttrs, branch: Option<&[u8]>, rev: Option<&str>) -> Result<InputAttrs> {
    let mut changed = attrs.clone();
    let mut set = |name: &str, value: &[u8]| changed.insert(name.into(), InputAttr::String(value.to_vec()));
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
