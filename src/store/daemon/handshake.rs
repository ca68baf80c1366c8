//! The beginning of a connection: both sides agree on a version.

use super::messages::{Event, until_reply};
use super::stream::{Stream, connection_failed};
use super::types::{Greeting, Version};
use super::wire::Encoder;
use crate::error::Result;

const CLIENT_MAGIC: u64 = 0x6e69_7863;
const DAEMON_MAGIC: u64 = 0x6478_696f;

/// From this version on, both sides name their features.
const FEATURES: Version = Version(38);
const NIX_VERSION: Version = Version(33);
const TRUST: Version = Version(35);

/// Agrees with the daemon on a version that is at most `newest`.
///
/// # Errors
///
/// Fails if the other side is not a daemon, is too old, or does not accept this user.
pub(super) fn greet(
    stream: &mut Stream,
    newest: Version,
    listener: &mut dyn FnMut(Event),
) -> Result<(Version, Greeting)> {
    stream.send(&Encoder::default().number(CLIENT_MAGIC).number(newest.encoded()).finish())?;
    let magic = stream.number()?;
    if magic != DAEMON_MAGIC {
        return Err(not_a_daemon(magic));
    }
    let number = stream.number()?;
    let theirs = Version::decoded(number).filter(|version| *version >= Version::OLDEST);
    let version = theirs.ok_or_else(|| unsupported(number))?.min(newest);
    if version >= FEATURES {
        stream.send(&Encoder::default().number(0).finish())?;
        stream.list(Stream::text)?;
    }
    // No processor is wanted, and no space is reserved: both are obsolete.
    stream.send(&Encoder::default().number(0).number(0).finish())?;
    let mut greeting = Greeting::default();
    if version >= NIX_VERSION {
        greeting.nix_version = Some(stream.string()?);
    }
    if version >= TRUST {
        greeting.is_trusted = match stream.number()? {
            1 => Some(true),
            2 => Some(false),
            _ => None,
        };
    }
    until_reply(stream, version, listener)?;
    Ok((version, greeting))
}

#[cold]
fn not_a_daemon(magic: u64) -> crate::error::Error {
    let got = String::from_utf8_lossy(&magic.to_le_bytes()).into_owned();
    connection_failed(format!("protocol mismatch, got '{}'", got.trim_end_matches('\0')))
}

#[cold]
fn unsupported(number: u64) -> crate::error::Error {
    let (major, minor) = (number >> 8, number & 0xff);
    connection_failed(format!("the Nix daemon's version {major}.{minor} is not supported; 1.18 or newer is needed"))
}
