//! New entries, sent to the daemon.

use super::client::{Client, path_info};
use super::stream::malformed;
use super::types::{PathInfo, Version};
use super::wire::Encoder;
use crate::error::Result;
use crate::store::backend::NewEntry;
use crate::store::content::Method;
use crate::store::path::StorePath;

const ADD_TO_STORE: u64 = 7;
const ADD_TEXT_TO_STORE: u64 = 8;

/// From this version on, one operation adds entries of all kinds, and their contents come in frames.
const FRAMES: Version = Version(25);

/// The size of a full frame, in bytes.
const FRAME: usize = 64 << 10;

/// The size of a frame's length, in bytes.
const LENGTH: usize = 8;

/// Contents that are written piece by piece: the bytes of a file, or the archive of a tree.
pub(super) type Contents<'c> = &'c mut dyn FnMut(&mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()>;

impl Client {
    /// Adds an entry, and returns its path. `contents` writes the bytes of a file for [`Method::Flat`] and
    /// [`Method::Text`], and an archive otherwise.
    ///
    /// After an error the connection cannot be used any more.
    ///
    /// # Errors
    ///
    /// Fails if `contents` fails, if the daemon refuses, or if the connection ends.
    pub(super) fn add(&mut self, entry: &NewEntry<'_>, contents: Contents<'_>) -> Result<StorePath> {
        if self.version >= FRAMES {
            let method = format!("{}sha256", method_prefix(entry.method));
            let request =
                Encoder::request(ADD_TO_STORE).text(entry.name()).text(method).set(entry.references).flag(false);
            self.stream.send(&request.finish())?;
            self.send_frames(contents)?;
            let path = self.stream.text()?.into();
            let _: PathInfo = path_info(&mut self.stream)?;
            return Ok(path);
        }
        match entry.method {
            Method::Text => self.add_old_text(entry, contents)?,
            method => self.add_old_tree(entry, method, contents)?,
        }
        self.until_reply()?;
        self.stream.text().map(Into::into)
    }

    /// Sends contents in frames, and waits for the reply. Messages are passed on meanwhile.
    fn send_frames(&mut self, contents: Contents<'_>) -> Result<()> {
        let mut frame = Vec::with_capacity(LENGTH + FRAME);
        frame.resize(LENGTH, 0);
        contents(&mut |mut piece| {
            while !piece.is_empty() {
                let count = piece.len().min(LENGTH + FRAME - frame.len());
                frame.extend_from_slice(&piece[..count]);
                piece = &piece[count..];
                if frame.len() == LENGTH + FRAME {
                    self.send_frame(&mut frame)?;
                }
            }
            Ok(())
        })?;
        if frame.len() > LENGTH {
            self.send_frame(&mut frame)?;
        }
        self.stream.send(&[0; LENGTH])?;
        self.until_reply()
    }

    /// Sends a frame, whose first bytes are for its length, and empties it.
    fn send_frame(&mut self, frame: &mut Vec<u8>) -> Result<()> {
        let length = (frame.len() - LENGTH) as u64;
        frame[..LENGTH].copy_from_slice(&length.to_le_bytes());
        self.stream.send(frame)?;
        frame.truncate(LENGTH);
        if self.has_reply()? { Err(malformed("a reply in the middle of an upload")) } else { Ok(()) }
    }

    fn add_old_text(&mut self, entry: &NewEntry<'_>, contents: Contents<'_>) -> Result<()> {
        let mut text = Vec::new();
        contents(&mut |piece| {
            text.extend_from_slice(piece);
            Ok(())
        })?;
        let request = Encoder::request(ADD_TEXT_TO_STORE).text(entry.name()).text(text).set(entry.references);
        self.stream.send(&request.finish())
    }

    /// Sends an archive, which has no length: it ends where its syntax ends. Flat files are archives here, too.
    fn add_old_tree(&mut self, entry: &NewEntry<'_>, method: Method, contents: Contents<'_>) -> Result<()> {
        let is_archive = method == Method::Archive;
        let request = Encoder::request(ADD_TO_STORE)
            .text(entry.name())
            // Obsolete: true for anything but archives with SHA-256.
            .flag(!is_archive)
            .flag(is_archive)
            .text("sha256");
        self.stream.send(&request.finish())?;
        if is_archive {
            let stream = &mut self.stream;
            return contents(&mut |piece| stream.send(piece));
        }
        let mut bytes = Vec::new();
        contents(&mut |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        })?;
        let tokens = [&b"nix-archive-1"[..], b"(", b"type", b"regular", b"contents", &bytes, b")"];
        let archive = tokens.iter().fold(Encoder::default(), Encoder::text);
        self.stream.send(&archive.finish())
    }
}

/// The method's name before the name of the algorithm.
fn method_prefix(method: Method) -> &'static str {
    match method {
        Method::Flat => "fixed:",
        Method::Archive => "fixed:r:",
        Method::Git => "fixed:git:",
        Method::Text => "text:",
    }
}
