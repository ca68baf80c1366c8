//! The configuration of flakes, by the settings of C++ Nix.

use super::registry::RegistryEntry;

/// The configuration of flakes.
#[derive(Clone, Debug)]
pub struct FlakeSettings {
    /// Look names up in registries; C++ Nix's `use-registries`.
    pub use_registries: bool,
    /// The address of the global registry, or its absolute path; empty for none. C++ Nix's `flake-registry`.
    pub global_registry: String,
    /// The user's own registry. It need not exist.
    pub user_registry: Option<Vec<u8>>,
    /// The registry of this machine. It need not exist.
    pub system_registry: Option<Vec<u8>>,
    /// The entries from the command line, which precede all registries.
    pub flag_registry: Vec<RegistryEntry>,
    /// Lock files may have inputs with only a hash; C++ Nix's `allow-dirty-locks`.
    pub allow_dirty_locks: bool,
    /// Allow Git work trees with changes; C++ Nix's `allow-dirty`.
    pub allow_dirty: bool,
    /// Warn about Git work trees with changes, and about a lock file that is not written because of them; C++ Nix's
    /// `warn-dirty`.
    pub warn_dirty: bool,
    /// A commit is enough to lock an archive from a forge; C++ Nix's `trust-tarballs-from-git-forges`.
    pub trust_forges: bool,
    /// Apply the configuration requests of flakes without asking; C++ Nix's `accept-flake-config`.
    pub accept_config: bool,
    /// The first line of the commit messages for lock files, if it is not empty; C++ Nix's
    /// `commit-lock-file-summary`.
    pub commit_summary: String,
}

impl Default for FlakeSettings {
    /// C++ Nix's defaults, but without registries.
    fn default() -> Self {
        Self {
            use_registries: true,
            global_registry: String::new(),
            user_registry: None,
            system_registry: None,
            flag_registry: Vec::new(),
            allow_dirty_locks: false,
            allow_dirty: true,
            warn_dirty: true,
            trust_forges: true,
            accept_config: false,
            commit_summary: String::new(),
        }
    }
}
