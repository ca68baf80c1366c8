//! What can be configured of flakes, as settings of C++ Nix have it.

use super::registry::RegistryEntry;

/// What can be configured of flakes.
#[derive(Clone, Debug)]
pub struct FlakeSettings {
    /// Names are looked up in registries; C++ Nix's `use-registries`.
    pub use_registries: bool,
    /// The address of the global registry, or its absolute path; empty for none. C++ Nix's `flake-registry`.
    pub global_registry: String,
    /// The user's own registry. It need not be there.
    pub user_registry: Option<Vec<u8>>,
    /// The registry of this machine. It need not be there.
    pub system_registry: Option<Vec<u8>>,
    /// What the command line says that names mean: before all registries.
    pub flag_registry: Vec<RegistryEntry>,
    /// Lock files may have inputs of which only a hash is known; C++ Nix's `allow-dirty-locks`.
    pub allow_dirty_locks: bool,
    /// Git work trees with changes may be used; C++ Nix's `allow-dirty`.
    pub allow_dirty: bool,
    /// Say so when one is, and when that keeps a lock file from being written; C++ Nix's `warn-dirty`.
    pub warn_dirty: bool,
    /// A commit tells enough of an archive from a forge; C++ Nix's `trust-tarballs-from-git-forges`.
    pub trust_forges: bool,
    /// What flakes want to have configured needs nobody's consent; C++ Nix's `accept-flake-config`.
    pub accept_config: bool,
    /// The first line of commits of lock files, if it is not empty; C++ Nix's `commit-lock-file-summary`.
    pub commit_summary: String,
}

impl Default for FlakeSettings {
    /// C++ Nix's defaults, but without any registry.
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
