//! The interpreter's access to files and stores. Everything it sees of the machine comes through
//! [`WorldView`](crate::world::view::WorldView).
//!
//! - [`files`], [`lookup`], [`search_path`]: from a path or `<name>` to a file.
//! - [`import`], [`load`], [`cached`], [`ahead`], [`complaints`]: from a file or text to a value.
//! - [`sources`], [`inputs`], [`tree_value`]: files and fetched trees as store entries.
//! - [`drv_files`], [`save`], [`build`]: derivations read from the store, written into it, and built there.
//! - [`copy`]: files that become entries, and entries that are copied into other stores.
//! - [`flake_cache`]: what the room `flake` keeps in an engine.

mod ahead;
pub(crate) mod build;
pub(crate) mod cached;
pub(crate) mod clock;
mod complaints;
mod copy;
mod drv_files;
mod files;
pub(crate) mod flake_cache;
mod import;
pub(crate) mod inputs;
pub(crate) mod load;
pub(crate) mod lookup;
mod save;
pub mod search_path;
mod sources;
pub(crate) mod tree_value;

use super::Eval;
use crate::error::Result;

impl Eval<'_> {
    /// Checks that the settings allow fetches from this address.
    ///
    /// # Errors
    ///
    /// Fails with C++ Nix's `access to URI '…' is forbidden in restricted mode`.
    pub(crate) fn check_uri(&self, uri: &str) -> Result<()> {
        self.shared.world.check_uri(uri)
    }

    /// Runs `body` with access to the whole machine: a fetch that [`Self::check_uri`] has allowed. No program runs
    /// meanwhile; it sees only the result in the store.
    pub(crate) fn fetching<T>(&self, body: impl FnOnce() -> T) -> T {
        self.shared.world.fetch(body)
    }
}
