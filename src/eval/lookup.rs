//! Addresses of archives in the search path and on a command line: downloaded, and then used as folders.

use super::Eval;
use crate::error::{Code, Error, Result};
use crate::flake::fetch_tree;
use crate::flake_ref::{InputAttr, InputAttrs};
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

    /// The absolute path of an entry of the search path. If a download fails, a warning is shown and the entry is
    /// used as a path.
    ///
    /// # Errors
    ///
    /// Fails if an entry that is a flake cannot be fetched.
    pub(super) fn search_entry(&self, entry: &[u8]) -> Result<Vec<u8>> {
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
            Some(reference) => fetch_tree(self, reference)?,
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
