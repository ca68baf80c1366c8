//! The arguments and replies of requests.

use crate::store::path::StorePath;

/// A version of the protocol: the minor number, as the major one has always been 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u8);

impl Version {
    /// The newest version that the client speaks.
    pub const NEWEST: Self = Self(38);
    /// The oldest version that the client speaks.
    pub const OLDEST: Self = Self(18);

    /// The number that stands for it in a handshake.
    pub(super) fn encoded(self) -> u64 {
        1 << 8 | u64::from(self.0)
    }

    /// The version of this number, if its major number is known.
    pub(super) fn decoded(number: u64) -> Option<Self> {
        (number >> 8 == 1).then_some(Self((number & 0xff) as u8))
    }
}

/// The daemon's knowledge about an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathInfo {
    /// The derivation that it was built from.
    pub deriver: Option<StorePath>,
    /// The SHA-256 of its archive, in base 16.
    pub archive_hash: String,
    /// The entries it refers to, possibly itself.
    pub references: Vec<StorePath>,
    /// The time of its registration, in seconds since 1970.
    pub registered: u64,
    /// The size of its archive, in bytes.
    pub archive_size: u64,
    /// True if it was built by this machine.
    pub is_ultimate: bool,
    /// Signatures, each with the name of its key.
    pub signatures: Vec<String>,
    /// Its content address, for example `fixed:r:sha256:…`.
    pub content_address: Option<String>,
}

/// Something to build or substitute.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DerivedPath {
    /// A path, which can only be substituted.
    Opaque(StorePath),
    /// Outputs of a derivation.
    Built {
        /// The path of the derivation.
        derivation: StorePath,
        /// The outputs.
        outputs: Outputs,
    },
}

/// Some outputs of a derivation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outputs {
    /// All of them.
    All,
    /// The outputs with these names.
    Named(Vec<Box<[u8]>>),
}

impl Outputs {
    /// True if the output with this name is among them.
    pub fn contains(&self, name: &[u8]) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.iter().any(|known| **known == *name),
        }
    }
}

impl DerivedPath {
    /// The derivation, or the path itself.
    pub fn base(&self) -> &StorePath {
        match self {
            Self::Opaque(path) | Self::Built { derivation: path, .. } => path,
        }
    }

    /// Its text, as people write it: `….drv^out,dev`.
    pub fn shown(&self) -> String {
        String::from_utf8_lossy(&self.text(b"^")).into_owned()
    }

    /// True if a daemon's result with this text is about it.
    pub fn is_named_by(&self, text: &[u8]) -> bool {
        // Older daemons mix the separators.
        self.text(b"!").iter().zip(text).all(|(own, other)| own == other || (*own, *other) == (b'!', b'^'))
            && self.text(b"!").len() == text.len()
    }

    fn text(&self, separator: &[u8]) -> Vec<u8> {
        match self {
            Self::Opaque(path) => path.to_vec(),
            Self::Built { derivation, outputs } => {
                let names = match outputs {
                    Outputs::All => b"*".to_vec(),
                    Outputs::Named(names) => names.join(&b","[..]),
                };
                let steps = derivation.split(|&byte| byte == b'^').chain([&names[..]]);
                steps.collect::<Vec<_>>().join(separator)
            }
        }
    }

    /// Its text in this version. Before 1.30, derivations are always built as a whole.
    pub(super) fn encoded(&self, version: Version) -> Vec<u8> {
        match self {
            Self::Built { derivation, .. } if version < Version(30) => derivation.to_vec(),
            _ => self.text(b"!"),
        }
    }
}

/// The way of building.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BuildMode {
    /// Builds what is missing.
    #[default]
    Normal,
    /// Repairs damaged outputs. Only trusted users may.
    Repair,
    /// Builds again, and compares.
    Check,
}

/// The result of building one [`DerivedPath`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildResult {
    /// The built output or derivation, as the daemon writes it.
    pub target: Vec<u8>,
    /// Its outcome.
    pub status: BuildStatus,
    /// The error message; empty if there is none.
    pub message: String,
    /// The outputs, as far as they are known.
    pub outputs: Vec<(Box<[u8]>, StorePath)>,
    /// The seconds since 1970 at which the build began and ended; 0 if it did not.
    pub times: (u64, u64),
}

/// The outcome of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildStatus {
    /// It was built.
    Built,
    /// It was downloaded.
    Substituted,
    /// It was there.
    AlreadyValid,
    /// The builder failed.
    PermanentFailure,
    /// The derivation was not accepted.
    InputRejected,
    /// The output was not accepted, for example because of its hash.
    OutputRejected,
    /// A failure that may not happen again.
    TransientFailure,
    /// It took too long.
    TimedOut,
    /// Any other failure.
    OtherFailure,
    /// Something it depends on failed.
    DependencyFailed,
    /// The log became too long.
    LogLimit,
    /// A second build had another result.
    NotDeterministic,
    /// It is the same as another derivation, whose outputs are there.
    ResolvesToAlreadyValid,
    /// Nothing can substitute it.
    NoSubstituters,
}

impl BuildStatus {
    pub(super) fn decoded(number: u64) -> Self {
        match number {
            0 => Self::Built,
            1 => Self::Substituted,
            2 => Self::AlreadyValid,
            3 | 7 => Self::PermanentFailure,
            4 => Self::InputRejected,
            5 => Self::OutputRejected,
            6 => Self::TransientFailure,
            8 => Self::TimedOut,
            10 => Self::DependencyFailed,
            11 => Self::LogLimit,
            12 => Self::NotDeterministic,
            13 => Self::ResolvesToAlreadyValid,
            14 => Self::NoSubstituters,
            _ => Self::OtherFailure,
        }
    }

    /// True if the outputs are there.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Built | Self::Substituted | Self::AlreadyValid | Self::ResolvesToAlreadyValid)
    }
}

/// The plan of a build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Derivations that would be built.
    pub builds: Vec<StorePath>,
    /// Paths that would be downloaded.
    pub substitutes: Vec<StorePath>,
    /// Paths that cannot be had.
    pub unknown: Vec<StorePath>,
    /// The size of the downloads, in bytes.
    pub download_size: u64,
    /// The size of their archives, in bytes.
    pub archive_size: u64,
}

/// The daemon's description of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Greeting {
    /// The version of Nix, from 1.33 on.
    pub nix_version: Option<String>,
    /// True if it trusts this user; known from 1.35 on, if it says so.
    pub is_trusted: Option<bool>,
}

/// The options of a client. What the daemon does not allow is ignored by it, with a warning.
#[derive(Clone, Debug)]
pub struct ClientOptions {
    /// Keeps the folders of failed builds.
    pub keep_failed: bool,
    /// Goes on with other builds after a failure.
    pub keep_going: bool,
    /// Builds if a download fails.
    pub fallback: bool,
    /// The most detailed lines to send: 0 errors, 1 warnings, 2 notices, 3 information, up to 7.
    pub verbosity: u64,
    /// The number of builds at once.
    pub max_jobs: u64,
    /// The number of cores for each build; 0 for all.
    pub cores: u64,
    /// The seconds that a build may be silent; 0 for any time.
    pub max_silent_time: u64,
    /// Downloads instead of building where possible.
    pub use_substitutes: bool,
    /// Lines of logs are lines for the user; otherwise they are reports, and errors show the last of them.
    pub verbose_build: bool,
    /// Other settings, by name.
    pub settings: Vec<(String, String)>,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            keep_failed: false,
            keep_going: false,
            fallback: false,
            verbosity: 3,
            max_jobs: 1,
            cores: 0,
            max_silent_time: 0,
            use_substitutes: true,
            verbose_build: false,
            settings: Vec::new(),
        }
    }
}
