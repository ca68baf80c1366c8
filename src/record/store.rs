//! A store with a recorder beside it.

use super::{Aspect, Recorder, of_optional};
use crate::error::Result;
use crate::store::backend::{NewEntry, NewText, OutputPath, Store};
use crate::store::daemon::types::{BuildMode, BuildResult, DerivedPath, Missing, PathInfo};
use crate::store::path::StorePath;
use crate::store::staging::Staging;
use std::path::Path;
use std::rc::Rc;

/// A [`Store`] that notes what is asked. Builds and what only a store knows spoil the recorder.
#[derive(Debug)]
pub struct RecordingStore {
    inner: Rc<dyn Store>,
    recorder: Rc<Recorder>,
}

impl RecordingStore {
    /// The same store, observed.
    pub fn new(inner: Rc<dyn Store>, recorder: Rc<Recorder>) -> Self {
        Self { inner, recorder }
    }

    fn spoiled(&self) -> &dyn Store {
        self.recorder.note_for_all(|| self.recorder.spoil());
        &*self.inner
    }
}

impl Store for RecordingStore {
    fn locate(&self, entry: &[u8]) -> Option<Vec<u8>> {
        let found = self.inner.locate(entry);
        self.recorder.note(Aspect::Location, entry, &Ok(&found), |found| of_optional(found.as_deref()));
        found
    }

    /// An evaluation asks this before it writes entries, so they must exist afterwards.
    fn missing(&self, entries: &[StorePath]) -> Result<Vec<StorePath>> {
        self.recorder.need(entries);
        self.inner.missing(entries)
    }

    fn stage(&self) -> Result<Staging> {
        self.inner.stage()
    }

    fn stage_apart(&self, folder: &Path) -> Result<Staging> {
        self.inner.stage_apart(folder)
    }

    fn publish(&self, staged: &Staging, entry: &NewEntry<'_>) -> Result<Vec<u8>> {
        self.recorder.need(&[entry.path.into()]);
        self.inner.publish(staged, entry)
    }

    fn add_texts(&self, texts: &[NewText<'_>]) -> Result<bool> {
        self.inner.add_texts(texts)
    }

    fn stop_if(&self, is_stopped: Rc<dyn Fn() -> bool>) {
        self.inner.stop_if(is_stopped);
    }

    fn can_build(&self) -> bool {
        self.inner.can_build()
    }

    fn build(&self, targets: &[DerivedPath], mode: BuildMode) -> Result<Vec<BuildResult>> {
        self.spoiled().build(targets, mode)
    }

    fn build_all(&self, targets: &[DerivedPath]) -> Result<()> {
        self.spoiled().build_all(targets)
    }

    fn build_plan(&self, targets: &[DerivedPath]) -> Result<Missing> {
        self.spoiled().build_plan(targets)
    }

    fn outputs(&self, derivation: &[u8]) -> Result<Vec<OutputPath>> {
        self.spoiled().outputs(derivation)
    }

    fn info(&self, entry: &[u8]) -> Result<Option<PathInfo>> {
        self.spoiled().info(entry)
    }

    fn add_root(&self, link: &[u8]) -> Result<()> {
        self.spoiled().add_root(link)
    }
}
