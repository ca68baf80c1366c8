//! The text of hashes, in all of Nix's formats.

use std::fmt;

use super::base::{base64_length, nix32_length};
use super::hash::{Hash, HashAlgorithm, UnknownAlgorithm};
use super::hash_format::HashFormat;
use crate::codec::lossy;

/// The reason why a text is not a hash. The display form is C++ Nix's message. In a variant with two fields, the last
/// one is what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HashTextError {
    /// The text names no algorithm and none was given.
    NoType(String),
    /// The text names a different algorithm from the one given.
    OtherType(String, HashAlgorithm),
    /// The text names an algorithm that does not exist.
    UnknownAlgorithm(UnknownAlgorithm),
    /// The text's length fits no format of the algorithm's digest.
    WrongLength(String, HashAlgorithm),
    /// The text decodes to the wrong number of bytes; zero if it does not decode at all.
    WrongSize {
        /// The encoding the text was read in.
        format: HashFormat,
        /// The text after the algorithm.
        text: String,
        /// The number of bytes it decodes to.
        found: usize,
        /// The number of bytes of a digest.
        expected: usize,
    },
    /// A text that must have the form `algorithm-base64` does not.
    NotSri(String),
}

impl fmt::Display for HashTextError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoType(text) => {
                write!(formatter, "hash '{text}' does not include a type, nor is the type otherwise known from context")
            }
            Self::OtherType(text, expected) => {
                write!(formatter, "hash '{text}' should have type '{}'", expected.name())
            }
            Self::UnknownAlgorithm(error) => error.fmt(formatter),
            Self::WrongLength(text, algorithm) => {
                write!(formatter, "hash '{text}' has wrong length for hash algorithm '{}'", algorithm.name())
            }
            Self::WrongSize { format, text, found, expected } => {
                let name = format.error_name();
                write!(formatter, "invalid {name} hash '{text}', length {found} != expected length {expected}")
            }
            Self::NotSri(text) => write!(formatter, "hash '{text}' is not SRI"),
        }
    }
}

impl std::error::Error for HashTextError {}

impl From<UnknownAlgorithm> for HashTextError {
    fn from(error: UnknownAlgorithm) -> Self {
        Self::UnknownAlgorithm(error)
    }
}

/// Reads a hash in any format: `algorithm:digits`, `algorithm-base64`, or digits alone. The algorithm must be in the
/// text or given; if it is both, the two must agree. The base of bare digits follows from their length.
pub fn parse_hash(text: &[u8], given: Option<HashAlgorithm>) -> Result<Hash, HashTextError> {
    parse_hash_with_format(text, given).map(|(hash, _)| hash)
}

/// Like [`parse_hash`], and also returns the format of the text.
pub fn parse_hash_with_format(text: &[u8], given: Option<HashAlgorithm>) -> Result<(Hash, HashFormat), HashTextError> {
    let (named, digits, is_sri) = match (split_at(text, b':'), split_at(text, b'-')) {
        (Some((name, digits)), _) => (Some(HashAlgorithm::from_name(name)?), digits, false),
        (None, Some((name, digits))) => (Some(HashAlgorithm::from_name(name)?), digits, true),
        (None, None) => (None, text, false),
    };
    let algorithm = match (named, given) {
        (None, None) => return Err(HashTextError::NoType(lossy(text))),
        (Some(named), Some(given)) if named != given => {
            return Err(HashTextError::OtherType(lossy(text), given));
        }
        (Some(algorithm), _) | (None, Some(algorithm)) => algorithm,
    };
    let format = if is_sri { HashFormat::Sri } else { format_of_length(digits, algorithm)? };
    Ok((parse_digits(digits, algorithm, format)?, format))
}

/// The name of the algorithm that the text of a hash begins with, if it has one.
pub fn named_algorithm(text: &[u8]) -> Option<&[u8]> {
    split_at(text, b':').or_else(|| split_at(text, b'-')).map(|(name, _)| name)
}

/// Reads a hash of the form `algorithm-base64`. No other form is accepted.
pub fn parse_sri(text: &[u8]) -> Result<Hash, HashTextError> {
    let (name, digits) = split_at(text, b'-').ok_or_else(|| HashTextError::NotSri(lossy(text)))?;
    parse_digits(digits, HashAlgorithm::from_name(name)?, HashFormat::Sri)
}

/// Reads the digits of a digest, without algorithm, in a known format. A text that does not decode is reported
/// as one of length 0.
pub fn parse_digits(digits: &[u8], algorithm: HashAlgorithm, format: HashFormat) -> Result<Hash, HashTextError> {
    let bytes = format.decode(digits).unwrap_or_default();
    let expected = algorithm.digest_length();
    if bytes.len() == expected {
        Ok(Hash { algorithm, bytes })
    } else {
        Err(HashTextError::WrongSize { format, text: lossy(digits), found: bytes.len(), expected })
    }
}

/// The text of a hash. With `with_algorithm` it begins with `algorithm:`. The SRI format always begins with
/// `algorithm-`.
pub fn hash_to_text(hash: &Hash, format: HashFormat, with_algorithm: bool) -> String {
    let digits = format.encode(&hash.bytes);
    match (format, with_algorithm) {
        (HashFormat::Sri, _) => format!("{}-{digits}", hash.algorithm.name()),
        (_, true) => format!("{}:{digits}", hash.algorithm.name()),
        (_, false) => digits,
    }
}

fn format_of_length(digits: &[u8], algorithm: HashAlgorithm) -> Result<HashFormat, HashTextError> {
    let size = algorithm.digest_length();
    match digits.len() {
        length if length == 2 * size => Ok(HashFormat::Base16),
        length if length == nix32_length(size) => Ok(HashFormat::Nix32),
        length if length == base64_length(size) => Ok(HashFormat::Base64),
        _ => Err(HashTextError::WrongLength(lossy(digits), algorithm)),
    }
}

fn split_at(text: &[u8], separator: u8) -> Option<(&[u8], &[u8])> {
    let index = memchr::memchr(separator, text)?;
    Some((&text[..index], &text[index + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const NIX32: &str = "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73";
    const SRI: &str = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    #[test]
    fn all_formats_read_and_write() {
        let texts = [
            (HashFormat::Base16, format!("sha256:{HEX}")),
            (HashFormat::Base16, format!("sha256:{}", HEX.to_uppercase())),
            (HashFormat::Nix32, format!("sha256:{NIX32}")),
            (HashFormat::Base64, SRI.replace('-', ":")),
            (HashFormat::Sri, SRI.to_owned()),
            (HashFormat::Sri, SRI.trim_end_matches('=').to_owned()),
            (HashFormat::Sri, format!("{SRI}trailing")),
        ];
        for (format, text) in texts {
            let (hash, found) = parse_hash_with_format(text.as_bytes(), None).expect("a valid hash");
            assert_eq!((found, hash_to_text(&hash, HashFormat::Base16, false)), (format, HEX.to_owned()));
            assert_eq!(hash_to_text(&hash, HashFormat::Nix32, true), format!("sha256:{NIX32}"));
            assert_eq!(hash_to_text(&hash, HashFormat::Sri, false), SRI);
            assert_eq!(parse_sri(text.as_bytes()).is_ok(), format == HashFormat::Sri);
        }
    }

    #[test]
    fn errors() {
        let sha1 = Some(HashAlgorithm::Sha1);
        let table = [
            (
                HEX.to_owned(),
                None,
                format!("hash '{HEX}' does not include a type, nor is the type otherwise known from context"),
            ),
            (HEX.to_owned(), sha1, format!("hash '{HEX}' has wrong length for hash algorithm 'sha1'")),
            (SRI.to_owned(), sha1, format!("hash '{SRI}' should have type 'sha1'")),
            (format!("foo:{HEX}"), None, UnknownAlgorithm("foo".to_owned()).to_string()),
            (format!("sha256-{HEX}"), None, format!("invalid SRI hash '{HEX}', length 48 != expected length 32")),
            ("sha256-*".to_owned(), None, "invalid SRI hash '*', length 0 != expected length 32".to_owned()),
            (
                "md5:zy8bwfr609h3lh9ch0izcqq7fl".to_owned(),
                None,
                "invalid nix32 hash 'zy8bwfr609h3lh9ch0izcqq7fl', length 17 != expected length 16".to_owned(),
            ),
        ];
        for (text, given, message) in table {
            let error = parse_hash(text.as_bytes(), given).map_err(|error| error.to_string());
            assert_eq!(error, Err(message));
        }
        assert_eq!(parse_sri(b"x"), Err(HashTextError::NotSri("x".to_owned())));
    }
}
