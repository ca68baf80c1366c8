//! Roots: values that outlive a visit to the engine.

use super::Eval;
use crate::error::{Error, ErrorKind, Result};
use crate::heap::{RootId, Value};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The state of an engine's roots outside the engine.
#[derive(Debug, Default)]
pub(crate) struct RootRegistry {
    /// The number of roots.
    pub(crate) count: AtomicUsize,
    /// The roots dropped since the engine was last entered.
    pub(crate) dropped: Mutex<Vec<RootId>>,
}

/// A lasting value: owned, and tied to its engine. Dropping it lets the engine forget the value.
#[derive(Debug)]
pub struct Root {
    id: RootId,
    engine: u64,
    kept: Arc<RootRegistry>,
}

impl Drop for Root {
    fn drop(&mut self) {
        self.kept.count.fetch_sub(1, Ordering::Relaxed);
        self.kept.dropped.lock().unwrap_or_else(PoisonError::into_inner).push(self.id);
    }
}

/// Creates roots of one engine.
#[derive(Clone, Debug)]
pub(crate) struct RootOwner {
    pub(crate) engine: u64,
    pub(crate) kept: Arc<RootRegistry>,
}

impl<'h> Eval<'h> {
    /// Keeps a value beyond this visit.
    pub fn keep(&self, value: Value<'h>) -> Root {
        let owner = self.root_owner();
        owner.kept.count.fetch_add(1, Ordering::Relaxed);
        Root { id: self.scope().add_root(value), engine: owner.engine, kept: Arc::clone(&owner.kept) }
    }

    /// The value of a root.
    ///
    /// # Errors
    ///
    /// Fails if the root belongs to another engine.
    pub fn get(&self, root: &Root) -> Result<Value<'h>> {
        if root.engine != self.root_owner().engine {
            return Err(Error::from(ErrorKind::Usage("this value belongs to another engine".to_owned())));
        }
        Ok(self.scope().root(root.id))
    }
}
