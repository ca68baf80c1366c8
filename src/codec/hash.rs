//! Digests under the five hash algorithms that Nix supports.

use std::fmt;

use sha2::Digest as _;

/// A hash algorithm. The order is that of the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HashAlgorithm {
    /// BLAKE3 with its default digest of 256 bits. C++ Nix needs an experimental feature for it; Nivis does not.
    Blake3,
    /// MD5, 128 bits.
    Md5,
    /// SHA-1, 160 bits.
    Sha1,
    /// SHA-2 of 256 bits.
    Sha256,
    /// SHA-2 of 512 bits.
    Sha512,
}

/// A name that is not the name of a hash algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownAlgorithm(pub String);

impl fmt::Display for UnknownAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = "expect 'blake3', 'md5', 'sha1', 'sha256', or 'sha512'";
        write!(formatter, "unknown hash algorithm '{}', {expected}", self.0)
    }
}

impl std::error::Error for UnknownAlgorithm {}

impl HashAlgorithm {
    /// Every algorithm, by name.
    pub const ALL: [Self; 5] = [Self::Blake3, Self::Md5, Self::Sha1, Self::Sha256, Self::Sha512];

    /// The name in Nix expressions and before `:` or `-` in hashes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blake3 => "blake3",
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// The algorithm called exactly `name`.
    pub fn from_name(name: &[u8]) -> Result<Self, UnknownAlgorithm> {
        let known = Self::ALL.into_iter().find(|algorithm| algorithm.name().as_bytes() == name);
        known.ok_or_else(|| UnknownAlgorithm(String::from_utf8_lossy(name).into_owned()))
    }

    /// The length of a digest, in bytes.
    pub fn digest_length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 | Self::Blake3 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// A digest and its algorithm; `bytes` has the algorithm's digest length.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash {
    /// The hash function.
    pub algorithm: HashAlgorithm,
    /// The digest.
    pub bytes: Vec<u8>,
}

/// A digest in the making: the digest depends only on the concatenation of all updates.
#[derive(Clone)]
pub struct Hasher {
    algorithm: HashAlgorithm,
    state: State,
}

#[derive(Clone)]
enum State {
    Blake3(Box<blake3::Hasher>),
    Md5(md5::Md5),
    Sha1(sha1::Sha1),
    Sha256(sha2::Sha256),
    Sha512(sha2::Sha512),
}

impl fmt::Debug for Hasher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Hasher").field(&self.algorithm).finish()
    }
}

impl Hasher {
    /// A hasher that has seen no bytes.
    pub fn new(algorithm: HashAlgorithm) -> Self {
        let state = match algorithm {
            HashAlgorithm::Blake3 => State::Blake3(Box::default()),
            HashAlgorithm::Md5 => State::Md5(md5::Md5::new()),
            HashAlgorithm::Sha1 => State::Sha1(sha1::Sha1::new()),
            HashAlgorithm::Sha256 => State::Sha256(sha2::Sha256::new()),
            HashAlgorithm::Sha512 => State::Sha512(sha2::Sha512::new()),
        };
        Self { algorithm, state }
    }

    /// Appends bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Blake3(state) => {
                state.update(bytes);
            }
            State::Md5(state) => state.update(bytes),
            State::Sha1(state) => state.update(bytes),
            State::Sha256(state) => state.update(bytes),
            State::Sha512(state) => state.update(bytes),
        }
    }

    /// The digest of all bytes so far.
    pub fn finish(self) -> Hash {
        let bytes = match self.state {
            State::Blake3(state) => state.finalize().as_bytes().to_vec(),
            State::Md5(state) => state.finalize().to_vec(),
            State::Sha1(state) => state.finalize().to_vec(),
            State::Sha256(state) => state.finalize().to_vec(),
            State::Sha512(state) => state.finalize().to_vec(),
        };
        Hash { algorithm: self.algorithm, bytes }
    }
}

/// The digest of `bytes`.
pub fn hash_bytes(algorithm: HashAlgorithm, bytes: &[u8]) -> Hash {
    let mut hasher = Hasher::new(algorithm);
    hasher.update(bytes);
    hasher.finish()
}

impl Hash {
    /// The digest folded to `length` bytes: byte `i` is combined by exclusive or into byte `i % length`. Store paths
    /// use 20 bytes. A length of zero gives no bytes.
    pub fn compressed(&self, length: usize) -> Vec<u8> {
        let mut folded = vec![0; length];
        for chunk in self.bytes.chunks(length.max(1)) {
            for (target, byte) in folded.iter_mut().zip(chunk) {
                *target ^= byte;
            }
        }
        folded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests() {
        let table = [
            ("md5", "900150983cd24fb0d6963f7d28e17f72"),
            ("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            ("blake3", "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"),
        ];
        for (name, digest) in table {
            let algorithm = HashAlgorithm::from_name(name.as_bytes()).expect("a known name");
            let mut hasher = Hasher::new(algorithm);
            hasher.update(b"a");
            hasher.update(b"bc");
            let hash = hasher.finish();
            assert_eq!(hash, hash_bytes(algorithm, b"abc"));
            assert_eq!(hash.bytes.len(), algorithm.digest_length());
            assert_eq!(data_encoding::HEXLOWER.encode(&hash.bytes), digest);
        }
        assert_eq!(hash_bytes(HashAlgorithm::Sha512, b"").bytes.len(), 64);
    }

    #[test]
    fn unknown_name() {
        let text = "unknown hash algorithm 'foo', expect 'blake3', 'md5', 'sha1', 'sha256', or 'sha512'";
        assert_eq!(HashAlgorithm::from_name(b"foo").map_err(|error| error.to_string()), Err(text.to_owned()));
    }

    #[test]
    fn folding() {
        let hash = Hash { algorithm: HashAlgorithm::Md5, bytes: (0..16).collect() };
        assert_eq!(hash.compressed(5), [5 ^ 10 ^ 15, 1 ^ 6 ^ 11, 2 ^ 7 ^ 12, 3 ^ 8 ^ 13, 4 ^ 9 ^ 14]);
    }
}
