//! From the text of a flake reference to attributes, or to a path that must be looked up in the file system.

use super::attrs::string;
use super::{Failure, FlakeRefError, InputAttr, InputAttrs, paths, ref_name, schemes};
use crate::codec::lossy;
use crate::codec::url::{self, Authority, Query, Url};
use crate::path::canonical;

/// The way to read a reference.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'b> {
    /// The folder that relative paths start from, if there is one.
    pub base: Option<&'b [u8]>,
    /// True if relative paths are kept as they are.
    pub keeps_relative: bool,
    /// True if a web address always names a tree, whatever its file name is.
    pub is_tree: bool,
}

impl Default for Reading<'_> {
    /// The reading for Nix code: relative paths are not allowed.
    fn default() -> Self {
        Self { base: None, keeps_relative: false, is_tree: true }
    }
}

/// The result of reading a reference.
#[derive(Clone, Debug)]
pub enum Read {
    /// A complete reference.
    Whole {
        /// The attributes, including `dir`.
        attrs: InputAttrs,
        /// The text after the `#`.
        fragment: Vec<u8>,
    },
    /// A path, whose meaning depends on its files.
    Path(PathText),
}

/// A path with query and fragment.
#[derive(Clone, Debug)]
pub struct PathText {
    /// The path, as written.
    pub path: Vec<u8>,
    text: Vec<u8>,
    query: Query,
    fragment: Vec<u8>,
    reading: (bool, bool),
}

/// Reads the text of a reference.
///
/// # Errors
///
/// Fails if the text is not a reference of any kind.
pub fn read(text: &[u8], reading: &Reading<'_>) -> Result<Read, FlakeRefError> {
    read_any(text, reading).map_err(Failure::into_message)
}

fn read_any(text: &[u8], reading: &Reading<'_>) -> Result<Read, Failure> {
    let whole = |(attrs, fragment)| Read::Whole { attrs, fragment };
    if let Some(url) = flake_id_url(text) {
        return from_url(url, reading.is_tree).map(whole);
    }
    let url = Url::parse_lenient(text).map_err(Failure::BadUrl).and_then(|url| based(url, reading.base));
    match url.and_then(|url| from_url(url, reading.is_tree)) {
        Err(Failure::BadUrl(_)) => path_text(text, reading).map(Read::Path),
        result => result.map(whole),
    }
}

/// The warnings about parameters of a reference without `=`, repeated as often as C++ Nix repeats them.
pub fn warnings(text: &[u8], reading: &Reading<'_>) -> Vec<String> {
    let (before, _) = url::split_once(text, b'#').unwrap_or((text, b""));
    let names = url::split_once(before, b'?').map(|(_, query)| url::parameters_without_value(query));
    let Some(names) = names.filter(|names| !names.is_empty()) else { return Vec::new() };
    let as_url = Url::parse_lenient(text).ok();
    let is_url = as_url.is_some();
    let is_path = !as_url.is_some_and(|url| {
        let attrs = based(url, reading.base).and_then(|url| from_url(url, reading.is_tree));
        !matches!(attrs, Err(Failure::BadUrl(_)))
    });
    let is_path = is_path && path_text(text, reading).is_ok();
    let warning = |name: &String| format!("dubious URI query '{name}' is missing equal sign '=', ignoring");
    let times = usize::from(is_url) + usize::from(is_path);
    std::iter::repeat_n(names, times).flatten().map(|name| warning(&name)).collect()
}

/// The URL with its path made absolute, if it is a path URL.
fn based(mut url: Url, base: Option<&[u8]>) -> Result<Url, Failure> {
    if let Some(base) = base.filter(|_| matches!(url.scheme.as_str(), "path" | "git+file")) {
        let path = paths::from_segments(&url.path)?;
        if !path.starts_with(b"/") {
            url.path = paths::to_segments(&canonical(&[base, b"/", &path].concat()));
        }
    }
    Ok(url)
}

fn from_url(mut url: Url, is_tree: bool) -> Result<(InputAttrs, Vec<u8>), Failure> {
    let dir = url.query.remove(&b"dir"[..]).unwrap_or_default();
    let fragment = std::mem::take(&mut url.fragment);
    let mut attrs = schemes::attrs_of_url(url, is_tree)?;
    if !dir.is_empty() {
        attrs.entry(b"dir".to_vec()).or_insert_with(|| string(&dir));
    }
    Ok((attrs, fragment))
}

/// The URL that the short form `id`, `id/ref`, `id/rev` or `id/ref/rev` means.
fn flake_id_url(text: &[u8]) -> Option<Url> {
    let (name, fragment) = url::split_once(text, b'#').unwrap_or((text, b""));
    let id = match url::split_once(name, b'/') {
        Some((id, rest)) => ref_name::matches_ref_pattern(rest).then_some(id)?,
        None => name,
    };
    let is_short = schemes::is_flake_id(id) && url::is_fragment_of_id(fragment);
    is_short.then(|| Url {
        scheme: "flake".into(),
        path: url::split_path(name),
        fragment: url::decode(fragment),
        ..Url::default()
    })
}

fn path_text(text: &[u8], reading: &Reading<'_>) -> Result<PathText, Failure> {
    let (before, fragment) = url::split_once(text, b'#').unwrap_or((text, b""));
    let (path, query) = url::split_once(before, b'?').unwrap_or((before, b""));
    if fragment.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        return Err(Failure::BadUrl(format!("invalid flakeref '{}'", lossy(text))));
    }
    Ok(PathText {
        path: path.to_vec(),
        text: text.to_vec(),
        query: url::decode_query_lenient(query).map_err(Failure::BadUrl)?,
        fragment: url::decode_checked(fragment).map_err(Failure::BadUrl)?,
        reading: (reading.keeps_relative, reading.is_tree),
    })
}

impl PathText {
    /// The reference to a path: the written one, unless `path` replaces it.
    ///
    /// # Errors
    ///
    /// Fails if the path is relative and this is not allowed, or if the query has a parameter that paths don't have.
    pub fn at(self, path: Option<&[u8]>) -> Result<(InputAttrs, Vec<u8>), FlakeRefError> {
        let (keeps_relative, _) = self.reading;
        let path = path.unwrap_or(&self.path);
        let is_absolute = path.starts_with(b"/");
        if !is_absolute && !keeps_relative {
            return Err(FlakeRefError(format!("flake reference '{}' is not an absolute path", lossy(&self.text))));
        }
        let (authority, path) = (is_absolute.then(Authority::default), paths::to_segments(path));
        self.url("path", authority, path)
    }

    /// The reference to a folder in the repository at `root`.
    ///
    /// # Errors
    ///
    /// Fails if the query names a different folder.
    pub fn in_repository(
        mut self,
        root: &[u8],
        dir: &[u8],
        shallow: bool,
    ) -> Result<(InputAttrs, Vec<u8>), FlakeRefError> {
        if !dir.is_empty() && self.query.insert(b"dir".to_vec(), dir.to_vec()).is_some() {
            let text = lossy(&self.text);
            return Err(FlakeRefError(format!("flake URL '{text}' has an inconsistent 'dir' parameter")));
        }
        if shallow {
            self.query.insert(b"shallow".to_vec(), b"1".to_vec());
        }
        self.url("git+file", Some(Authority::default()), paths::to_segments(root))
    }

    fn url(
        self,
        scheme: &str,
        authority: Option<Authority>,
        path: Vec<Vec<u8>>,
    ) -> Result<(InputAttrs, Vec<u8>), FlakeRefError> {
        let (query, fragment) = (self.query, self.fragment);
        let url = Url { scheme: scheme.into(), authority, path, query, fragment };
        from_url(url, self.reading.1).map_err(Failure::into_message)
    }
}

/// The reference without a `dir` in its address if that repeats the attribute: old lock files have it in both places.
pub fn canonical_reference(mut attrs: InputAttrs) -> InputAttrs {
    let Some(InputAttr::String(text)) = attrs.get(&b"url"[..]) else { return attrs };
    let Ok(mut url) = Url::parse_lenient(text) else { return attrs };
    if let (Some(InputAttr::String(dir)), Some(inner)) = (attrs.get(&b"dir"[..]), url.query.get(&b"dir"[..]))
        && dir == inner
    {
        url.query.remove(&b"dir"[..]);
    }
    attrs.insert(b"url".to_vec(), InputAttr::String(url.render()));
    attrs
}
