//! The search path. Its entries are folders, or addresses of archives, which are downloaded and then used as folders.

use super::files::Links;
use crate::error::{Cause, Code, Error, ErrorKind, Result};
use crate::eval::Eval;
use crate::flake_ref::{InputAttr, InputAttrs};
use crate::heap::Value;
use crate::path::canonical;
use crate::world::view::core_path;
use std::borrow::Cow;

/// True for an address that is downloaded and unpacked when it is in the search path or on a command line.
pub fn is_archive_url(text: &[u8]) -> bool {
    const SCHEMES: [&[u8]; 7] = [b"http", b"https", b"file", b"channel", b"git", b"s3", b"ssh"];
    let scheme = memchr::memmem::find(text, b"://").map(|end| &text[..end]);
    text.starts_with(b"channel:") || scheme.is_some_and(|scheme| SCHEMES.contains(&scheme))
}

/// The full address for `channel:name`; other addresses are unchanged.
pub(crate) fn without_channel(url: &[u8]) -> Cow<'_, [u8]> {
    match url.strip_prefix(b"channel:") {
        Some(name) => [b"https://channels.nixos.org/", name, b"/nixexprs.tar.xz"].concat().into(),
        None => url.into(),
    }
}

impl<'h> Eval<'h> {
    /// Downloads and unpacks the archive at an address, or `channel:name`, and returns its path in the store.
    ///
    /// # Errors
    ///
    /// Fails on fetch errors.
    pub fn fetch_archive(&self, url: &[u8]) -> Result<Vec<u8>> {
        let text = |text: &[u8]| InputAttr::String(text.to_vec());
        let url = text(&without_channel(url));
        let input = InputAttrs::from([(b"type".to_vec(), text(b"tarball")), (b"url".to_vec(), url)]);
        Ok(self.fetch_input(&input, b"source")?.path.to_vec())
    }

    /// The path for `<name>`: from the first entry that has it.
    ///
    /// # Errors
    ///
    /// Fails with a catchable error if no entry has it.
    pub fn find_file(&mut self, name: &[u8], entries: &[(Vec<u8>, Vec<u8>)]) -> Result<Value<'h>> {
        for (prefix, directory) in entries {
            let Some(suffix) = suffix_after(name, prefix) else { continue };
            if let Some(found) = self.find_in_entry(directory, suffix)? {
                return Ok(self.path(found));
            }
        }
        if let Some(path) = core_path(name) {
            return Ok(self.path(path));
        }
        let shown = String::from_utf8_lossy(name);
        let error = if self.settings().pure {
            let text = format!("cannot look up '<{shown}>' in pure evaluation mode (use '--impure' to override)");
            Error::from(ErrorKind::Throw(text)).because(Cause::PureSearchPath(shown.as_ref().into()))
        } else {
            let text = format!("file '{shown}' was not found in the Nix search path (add it using $NIX_PATH or -I)");
            Error::from(ErrorKind::Throw(text)).because(Cause::SearchPath(shown.as_ref().into()))
        };
        let has_name = |(prefix, _): &&(Vec<u8>, Vec<u8>)| !prefix.is_empty() && suffix_after(name, prefix).is_some();
        let error = error.with_code(Code::SEARCH_PATH);
        Err(match entries.iter().find(has_name) {
            Some((prefix, place)) => {
                let (prefix, place) = (String::from_utf8_lossy(prefix), String::from_utf8_lossy(place));
                error.with_note(format!("`{prefix}` is {place} in the search path, which has no such file"))
            }
            None => error,
        })
    }

    /// The file at `suffix` in an entry of the search path. A warning is shown once for an entry that leads nowhere.
    fn find_in_entry(&self, directory: &[u8], suffix: &[u8]) -> Result<Option<Vec<u8>>> {
        let entry = self.search_entry(directory)?;
        let is_known = self.shared.recorder.is_none() && self.shared.search_entries.borrow().contains(directory);
        if suffix.is_empty() || !is_known {
            let (resolved, kind) = self.resolve(&entry, Links::All)?;
            let exists = match kind {
                // An entry of the settings outside the readable files counts as missing; an entry of a program is
                // refused.
                Err(error) if error.code() == Code::FORBIDDEN && self.is_setting(directory) => return Ok(None),
                found => found?.is_some(),
            };
            if self.shared.search_entries.borrow_mut().insert(directory.to_vec()) && !exists {
                let shown = String::from_utf8_lossy(directory);
                self.warn(&Error::eval(format!("Nix search path entry '{shown}' does not exist, ignoring")));
            }
            if !exists || suffix.is_empty() {
                return Ok(exists.then_some(resolved));
            }
        }
        // The suffix alone first, so that it can't lead out of the entry.
        let inside = canonical(&[b"/", suffix].concat());
        let (resolved, kind) = self.resolve(&canonical(&[&entry, &inside[..]].concat()), Links::All)?;
        Ok(kind?.map(|_| resolved))
    }

    pub(in crate::eval) fn is_setting(&self, directory: &[u8]) -> bool {
        self.settings().search_path.iter().any(|entry| entry.path == directory)
    }

    /// The absolute path of an entry of the search path. If a download fails, a warning is shown and the entry is
    /// used as a path.
    ///
    /// # Errors
    ///
    /// Fails if an entry that is a flake cannot be fetched.
    pub(in crate::eval) fn search_entry(&self, entry: &[u8]) -> Result<Vec<u8>> {
        let flake = entry.strip_prefix(b"flake:");
        if flake.is_none() && !is_archive_url(entry) {
            return Ok(self.absolute(entry));
        }
        if !self.is_setting(entry) {
            self.check_entry(entry)?;
        }
        if let Some(known) = self.shared.search_urls.borrow().get(entry) {
            return Ok(known.clone());
        }
        let place = match flake {
            Some(reference) => (self.shared.flake_resolver)(self, reference)?,
            None => self.downloaded_entry(entry),
        };
        self.shared.search_urls.borrow_mut().insert(entry.to_vec(), place.clone());
        Ok(place)
    }

    /// Checks that a program may use an address that is not in the settings.
    fn check_entry(&self, entry: &[u8]) -> Result<()> {
        let shown = String::from_utf8_lossy(entry);
        if self.settings().pure {
            let text =
                format!("access to URI '{shown}' is forbidden in pure evaluation mode (use '--impure' to override)");
            return Err(Error::eval(text).with_code(Code::FORBIDDEN));
        }
        self.check_uri(shown.strip_prefix("flake:").unwrap_or(&shown))
    }

    fn downloaded_entry(&self, entry: &[u8]) -> Vec<u8> {
        self.fetch_archive(entry).unwrap_or_else(|_| {
            let shown = String::from_utf8_lossy(entry);
            self.warn(&Error::eval(format!("Nix search path entry '{shown}' cannot be downloaded, ignoring")));
            self.absolute(entry)
        })
    }
}

/// The rest of a name after an entry's prefix; `None` if the entry doesn't match.
fn suffix_after<'n>(name: &'n [u8], prefix: &[u8]) -> Option<&'n [u8]> {
    if prefix.is_empty() {
        return Some(name);
    }
    match name.strip_prefix(prefix)? {
        b"" => Some(b""),
        rest => rest.strip_prefix(b"/"),
    }
}

#[cfg(test)]
mod tests {
    use super::is_archive_url;

    #[test]
    fn addresses() {
        let table = [
            ("channel:nixos-24.05", true),
            ("https://example.org/a.tar.gz", true),
            ("file:///a.tar", true),
            ("gopher://x", false),
            ("flake:nixpkgs", false),
            ("/a/b", false),
            ("a:b", false),
        ];
        for (text, expected) in table {
            assert_eq!(is_archive_url(text.as_bytes()), expected, "{text}");
        }
    }
}
