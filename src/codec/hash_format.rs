//! The formats of hashes: their names, and the digits of a digest.

use std::fmt;

use super::base::{
    InvalidDigit, decode_base16, decode_base64, decode_nix32, encode_base16, encode_base64, encode_nix32,
};

/// The ways to write the bytes of a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HashFormat {
    /// Hexadecimal digits.
    Base16,
    /// Nix's own base 32.
    Nix32,
    /// Base 64 with padding.
    Base64,
    /// The algorithm, a dash, and base 64.
    Sri,
}

/// A name that is not the name of a hash format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(pub String);

impl fmt::Display for UnknownFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = "expect 'base16', 'base32', 'base64', or 'sri'";
        write!(formatter, "unknown hash format '{}', {expected}", self.0)
    }
}

impl std::error::Error for UnknownFormat {}

impl HashFormat {
    /// The format called exactly `name`; `base32` is an old name of `nix32` (see [`is_deprecated_format`]).
    pub fn from_name(name: &[u8]) -> Result<Self, UnknownFormat> {
        match name {
            b"base16" => Ok(Self::Base16),
            b"nix32" | b"base32" => Ok(Self::Nix32),
            b"base64" => Ok(Self::Base64),
            b"sri" => Ok(Self::Sri),
            _ => Err(UnknownFormat(String::from_utf8_lossy(name).into_owned())),
        }
    }

    /// The name of the encoding in messages about digits in it.
    pub(super) fn error_name(self) -> &'static str {
        match self {
            Self::Base16 => "base16",
            Self::Nix32 => "nix32",
            Self::Base64 => "Base64",
            Self::Sri => "SRI",
        }
    }

    pub(super) fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Base16 => encode_base16(bytes),
            Self::Nix32 => encode_nix32(bytes),
            Self::Base64 | Self::Sri => encode_base64(bytes),
        }
    }

    pub(super) fn decode(self, digits: &[u8]) -> Result<Vec<u8>, InvalidDigit> {
        match self {
            Self::Base16 => decode_base16(digits),
            Self::Nix32 => decode_nix32(digits),
            Self::Base64 | Self::Sri => decode_base64(digits),
        }
    }
}

/// True if Nix warns that this format name is old: `"base32" is a deprecated alias for hash format "nix32".`
pub fn is_deprecated_format(name: &[u8]) -> bool {
    name == b"base32"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(HashFormat::from_name(b"base32"), Ok(HashFormat::Nix32));
        assert!(is_deprecated_format(b"base32") && !is_deprecated_format(b"nix32"));
        let unknown = "unknown hash format 'x', expect 'base16', 'base32', 'base64', or 'sri'";
        assert_eq!(HashFormat::from_name(b"x").map_err(|error| error.to_string()), Err(unknown.to_owned()));
    }
}
