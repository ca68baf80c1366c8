//! Inputs from version control systems that are addressed by URL: Git and Mercurial.

use super::Failure;
use super::attrs::{InputAttr, InputAttrs, flag, maybe_string, required_string, string};
use super::ref_name::{git_rev, is_legal_ref, matches_ref_pattern};
use super::scp::git_url;
use crate::codec::lossy;
use crate::codec::url::Url;

const KEYS: [&str; 3] = ["keytype", "publicKey", "publicKeys"];
const FLAGS: [&str; 6] = ["shallow", "submodules", "lfs", "exportIgnore", "allRefs", "verifyCommit"];

/// The attributes of `git:…` or `git+…:…`.
pub(super) fn git_attrs(mut url: Url) -> Result<InputAttrs, Failure> {
    let mut attrs = InputAttrs::from([(b"type".to_vec(), string("git"))]);
    for (name, value) in std::mem::take(&mut url.query) {
        let is_one_of = |names: &[&str]| names.iter().any(|known| known.as_bytes() == name);
        if is_one_of(&["rev", "ref"]) || is_one_of(&KEYS) {
            attrs.insert(name, InputAttr::String(value));
        } else if is_one_of(&FLAGS) {
            attrs.insert(name, InputAttr::Bool(value == b"1"));
        } else {
            url.query.insert(name, value);
        }
    }
    attrs.insert(b"url".to_vec(), InputAttr::String(url.render()));
    check_git(attrs)
}

/// Checks the attributes of a Git input and normalizes its address.
pub(super) fn check_git(mut attrs: InputAttrs) -> Result<InputAttrs, Failure> {
    if KEYS.iter().chain(&["verifyCommit"]).any(|name| attrs.contains_key(name.as_bytes())) {
        let feature = "verified-fetches";
        return Err(Failure::Other(format!(
            "experimental Nix feature '{feature}' is disabled; add '--extra-experimental-features {feature}' to enable it"
        )));
    }
    if let Some(name) = maybe_string(&attrs, "ref")?.filter(|name| !is_legal_ref(name)) {
        return Err(Failure::BadUrl(format!("invalid Git branch/tag name '{}'", lossy(name))));
    }
    let url = git_url(required_string(&attrs, "url")?)?.render();
    attrs.insert(b"url".to_vec(), InputAttr::String(url));
    for name in ["shallow", "submodules", "allRefs"] {
        flag(&attrs, name)?;
    }
    Ok(attrs)
}

/// The URL of checked attributes of a Git input.
pub(super) fn git_to_url(attrs: &InputAttrs) -> Result<Url, Failure> {
    let mut url = Url::parse(required_string(attrs, "url")?).map_err(Failure::BadUrl)?;
    if url.scheme != "git" {
        url.scheme.insert_str(0, "git+");
    }
    add_revision(&mut url, attrs)?;
    for name in ["shallow", "lfs", "submodules", "exportIgnore"] {
        if flag(attrs, name)? {
            url.query.insert(name.into(), b"1".to_vec());
        }
    }
    Ok(url)
}

/// The attributes of `hg+…:…`.
pub(super) fn mercurial_attrs(mut url: Url) -> Result<InputAttrs, Failure> {
    url.scheme = url.scheme.split_off("hg+".len());
    let mut attrs = InputAttrs::from([(b"type".to_vec(), string("hg"))]);
    for name in ["rev", "ref"] {
        if let Some(value) = url.query.remove(name.as_bytes()) {
            attrs.insert(name.into(), InputAttr::String(value));
        }
    }
    attrs.insert(b"url".to_vec(), InputAttr::String(url.render()));
    check_mercurial(attrs)
}

/// Checks the attributes of a Mercurial input.
pub(super) fn check_mercurial(attrs: InputAttrs) -> Result<InputAttrs, Failure> {
    Url::parse(required_string(&attrs, "url")?).map_err(Failure::BadUrl)?;
    match maybe_string(&attrs, "ref")?.filter(|name| !matches_ref_pattern(name)) {
        Some(name) => Err(Failure::BadUrl(format!("invalid Mercurial branch/tag name '{}'", lossy(name)))),
        None => Ok(attrs),
    }
}

/// The URL of checked attributes of a Mercurial input.
pub(super) fn mercurial_to_url(attrs: &InputAttrs) -> Result<Url, Failure> {
    let mut url = Url::parse(required_string(attrs, "url")?).map_err(Failure::BadUrl)?;
    url.scheme.insert_str(0, "hg+");
    add_revision(&mut url, attrs)?;
    Ok(url)
}

fn add_revision(url: &mut Url, attrs: &InputAttrs) -> Result<(), Failure> {
    if let Some(rev) = maybe_string(attrs, "rev")? {
        url.query.insert(b"rev".to_vec(), git_rev(rev)?.into_bytes());
    }
    if let Some(name) = maybe_string(attrs, "ref")? {
        url.query.insert(b"ref".to_vec(), name.to_vec());
    }
    Ok(())
}
