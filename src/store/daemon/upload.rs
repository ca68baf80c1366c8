//! New entries, sent to the daemon.

use super::client::{Client, path_info};
use super::stream::malformed;
use super::types::{PathInfo, Version};
use super::wire::Encoder;
use crate::codec::hash::HashAlgorithm;
use crate::error::Result;
use crate::store::backend::{NewEntry, NewText};
use crate::store::content::Method;
use crate::store::path::StorePath;

const ADD_TO_STORE: u64 = 7;
const ADD_TEXT_TO_STORE: u64 = 8;

/// From this version on, one operation adds entries of all kinds, and their contents come in frames.
const FRAMES: Version = Version(25);

/// The size of a full frame, in bytes.
const FRAME: usize = 64 << 10;

/// The size of the texts that may be under way at once, in bytes. The replies to as many short ones must fit into what
/// the connection keeps for the client.
const UNDER_WAY: usize = 1 << 20;

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
            self.stream.send(&self.request(entry))?;
            self.send_frames(contents)?;
            return self.added();
        }
        match entry.method {
            Method::Text => self.add_old_text(entry, contents)?,
            method => self.add_old_tree(entry, method, contents)?,
        }
        self.until_reply()?;
        self.added()
    }

    /// Adds texts, each after those it refers to, and returns their paths. Many requests are under way at once.
    ///
    /// There is one request for many entries, too, since version 1.32. But until Nix 2.35, a daemon misunderstands it when
    /// another client has added one of them meanwhile.
    ///
    /// After an error the connection cannot be used any more.
    ///
    /// # Errors
    ///
    /// Fails if the daemon refuses, or if the connection ends.
    pub(super) fn add_texts(&mut self, texts: &[NewText<'_>]) -> Result<Vec<StorePath>> {
        let mut paths = Vec::with_capacity(texts.len());
        let mut rest = texts;
        while !rest.is_empty() {
            let mut size = 0;
            let fits = |text: &&NewText<'_>| {
                let fits = size < UNDER_WAY;
                size += text.text.len();
                fits
            };
            let (batch, later) = rest.split_at(rest.iter().take_while(fits).count());
            let requests: Vec<u8> = batch.iter().flat_map(|text| self.text_request(text)).collect();
            self.stream.send(&requests)?;
            for _ in batch {
                self.until_reply()?;
                paths.push(self.added()?);
            }
            rest = later;
        }
        Ok(paths)
    }

    /// The request that adds a text.
    fn text_request(&self, text: &NewText<'_>) -> Vec<u8> {
        let entry = text.entry();
        if self.version < FRAMES {
            return Encoder::request(ADD_TEXT_TO_STORE)
                .text(entry.name())
                .text(text.text)
                .set(entry.references)
                .finish();
        }
        let mut request = self.request(&entry);
        for frame in text.text.chunks(FRAME) {
            request.extend_from_slice(&(frame.len() as u64).to_le_bytes());
            request.extend_from_slice(frame);
        }
        request.extend_from_slice(&[0; LENGTH]);
        request
    }

    /// The request that adds an entry, before its contents.
    fn request(&self, entry: &NewEntry<'_>) -> Vec<u8> {
        let method = format!("{}{}", method_prefix(entry.method), entry.algorithm.name());
        Encoder::request(ADD_TO_STORE).text(entry.name()).text(method).set(entry.references).flag(false).finish()
    }

    /// Reads the reply about an added entry: its path, and from some version on, what the store knows about it.
    fn added(&mut self) -> Result<StorePath> {
        let path = self.stream.text()?.into();
        if self.version >= FRAMES {
            let _: PathInfo = path_info(&mut self.stream)?;
        }
        Ok(path)
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
            .flag(!is_archive || entry.algorithm != HashAlgorithm::Sha256)
            .flag(is_archive)
            .text(entry.algorithm.name());
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
