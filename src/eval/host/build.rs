//! Import from derivation: what a program reads of the output of a derivation is built first.

use crate::error::{Error, ErrorKind, Result};
use crate::eval::Eval;
use crate::io::native;
use crate::store::backend::{OutputPath, Store};
use crate::store::computed::Output;
use crate::store::daemon::types::{BuildMode, BuildResult, DerivedPath, Missing, Outputs, PathInfo};
use crate::store::derivation_steps;
use crate::store::folder::disk_error;
use crate::store::path::StorePath;
use crate::world::entries::Entry;
use rustc_hash::FxHashSet;
use std::path::Path;
use std::{fs, io};

impl Eval<'_> {
    /// True if outputs that are missing can be built now.
    pub fn can_build(&self) -> bool {
        !self.settings().read_only && self.shared().world.store().backend().can_build()
    }

    /// True if these outputs can be built now. Where nothing is written, the derivations must be in the store.
    pub(crate) fn can_build_outputs(&self, outputs: &[&Output]) -> bool {
        let store = self.shared().world.store().backend();
        let is_stored = |(derivation, _): &&Output| store.locate(derivation_steps(derivation).0).is_some();
        store.can_build() && (!self.settings().read_only || outputs.iter().all(is_stored))
    }

    /// True if this evaluation or the store has an entry.
    pub(crate) fn has_entry(&self, path: &[u8]) -> bool {
        let store = self.shared().world.store();
        store.has_contents(path) || store.backend().locate(path).is_some()
    }

    /// Builds outputs in one request.
    ///
    /// # Errors
    ///
    /// Fails if the store refuses, or if a build fails.
    pub(crate) fn build(&self, outputs: &[Output]) -> Result<()> {
        let mut derivations: Vec<StorePath> = outputs.iter().map(|(derivation, _)| derivation.clone()).collect();
        derivations.sort_unstable();
        derivations.dedup();
        let targets: Vec<_> = derivations.into_iter().map(|path| target(path, outputs)).collect();
        if !self.settings().read_only {
            self.save_targets(&targets)?;
        }
        self.shared().world.store().backend().build_all(&targets)?;
        for output in outputs {
            self.built(output)?;
        }
        Ok(())
    }

    /// Makes outputs readable, with all they refer to: they belong to the program now.
    ///
    /// # Errors
    ///
    /// Fails if the store cannot be reached.
    pub(crate) fn allow_outputs(&self, outputs: &[Output]) -> Result<()> {
        if !(self.settings().pure || self.settings().restricted) {
            return Ok(());
        }
        let paths: Vec<StorePath> = outputs.iter().map(|output| self.built(output)).collect::<Result<_>>()?;
        self.allow(&*self.shared().world.store().backend(), paths)
    }

    /// Builds a derivation that was computed or is in the store: all of its outputs, with their paths.
    ///
    /// # Errors
    ///
    /// Fails if the store does not build, if it refuses, or if the build fails.
    pub fn build_derivation(&self, derivation: &[u8]) -> Result<Vec<(Box<[u8]>, StorePath)>> {
        let derivation: StorePath = derivation.into();
        self.save_before_build(std::slice::from_ref(&derivation))?;
        let store = self.shared().world.store().backend();
        store.build_all(&[DerivedPath::Built { derivation: derivation.clone(), outputs: Outputs::All }])?;
        let path = |(name, path): OutputPath| match path {
            Some(path) => Ok((name, path)),
            None => Err(not_built(&(derivation.clone(), name))),
        };
        self.outputs_of(&derivation)?.into_iter().map(path).collect()
    }

    /// The outputs of a derivation that was computed or is in the store, by name. A path may be known only after a
    /// build.
    ///
    /// # Errors
    ///
    /// Fails if the store lacks the derivation.
    pub fn outputs_of(&self, derivation: &[u8]) -> Result<Vec<OutputPath>> {
        match self.computed().derivation(derivation) {
            Some(known) if known.outputs.iter().all(|(_, path)| path.is_some()) => Ok(known.outputs.into_vec()),
            _ => {
                let outputs = self.shared().world.store().backend().outputs(&self.built_derivation(derivation)?)?;
                let known = |name: &[u8]| self.computed().output_path(&(derivation.into(), name.into()));
                Ok(outputs.into_iter().map(|(name, path)| (name.clone(), path.or_else(|| known(&name)))).collect())
            }
        }
    }

    /// Builds or downloads in one request. What was computed is written into the store first.
    ///
    /// # Errors
    ///
    /// Fails if the store does not build, refuses, or cannot be reached. Failed builds may be errors or results.
    pub fn build_targets(&self, targets: &[DerivedPath], mode: BuildMode) -> Result<Vec<BuildResult>> {
        self.save_targets(targets)?;
        let results = self.shared().world.store().backend().build(targets, mode)?;
        for result in &results {
            let Some(target) = targets.iter().find(|target| target.is_named_by(&result.target)) else { continue };
            for (name, path) in &result.outputs {
                let path = [self.settings().store_dir.as_bytes(), b"/", path].concat();
                self.computed().add_built((target.base().clone(), name.clone()), path.into());
            }
        }
        Ok(results)
    }

    /// The builds and downloads that [`Eval::build_targets`] would make.
    ///
    /// # Errors
    ///
    /// Fails if the store does not build, or cannot be reached.
    pub fn build_plan(&self, targets: &[DerivedPath]) -> Result<Missing> {
        self.save_targets(targets)?;
        self.shared().world.store().backend().build_plan(targets)
    }

    /// The store's knowledge about an entry, if it has it and keeps such knowledge.
    ///
    /// # Errors
    ///
    /// Fails if the store cannot be reached.
    pub fn entry_info(&self, entry: &[u8]) -> Result<Option<PathInfo>> {
        self.shared().world.store().backend().info(entry)
    }

    fn save_targets(&self, targets: &[DerivedPath]) -> Result<()> {
        let paths: Vec<StorePath> = targets.iter().map(|target| derivation_steps(target.base()).0.into()).collect();
        self.save_before_build(&paths)
    }

    /// Makes a link to an entry, which the store then keeps as long as the link is there. A link that leads into the
    /// store already is replaced.
    ///
    /// # Errors
    ///
    /// Fails if something else is there, or if the store has no roots.
    pub fn link_entry(&self, entry: &[u8], link: &Path) -> Result<()> {
        let store = self.shared().world.store().backend();
        let failed = |error: io::Error| disk_error("creating symlink", link, &error);
        // Renaming and the store's root need the place itself.
        let link = &*std::path::absolute(link).map_err(failed)?;
        if let Ok(found) = link.symlink_metadata() {
            let leads_into_store = found.is_symlink()
                && fs::read_link(link).is_ok_and(|target| target.starts_with(&self.settings().store_dir));
            if !leads_into_store {
                let shown = link.display();
                return Err(ErrorKind::Io(format!("cannot create symlink \"{shown}\"; already exists")).into());
            }
        }
        if let Some(folder) = link.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        // Renamed into place, so that there is a link at any time.
        let staged = link.with_extension(format!("{}.tmp", std::process::id()));
        native::link(entry, &staged).map_err(failed)?;
        fs::rename(&staged, link).map_err(failed)?;
        store.add_root(link.as_os_str().as_encoded_bytes())
    }

    /// The path of an output that was built.
    ///
    /// # Errors
    ///
    /// Fails if the store does not know it.
    pub(crate) fn built(&self, output: &Output) -> Result<StorePath> {
        if let Some(path) = self.computed().output_path(output) {
            return Ok(path);
        }
        let derivation = self.built_derivation(&output.0)?;
        let outputs = self.shared().world.store().backend().outputs(&derivation)?;
        let (_, path) = outputs.into_iter().find(|(name, _)| *name == output.1).ok_or_else(|| no_output(output))?;
        let path = path.ok_or_else(|| not_built(output))?;
        self.computed().add_built(output.clone(), path.clone());
        Ok(path)
    }

    /// The path of a derivation, which may be an output of another that was built.
    ///
    /// # Errors
    ///
    /// Fails like [`Eval::built`].
    pub(crate) fn built_derivation(&self, derivation: &[u8]) -> Result<StorePath> {
        let (base, steps) = derivation_steps(derivation);
        let mut path: StorePath = base.into();
        for step in steps {
            path = self.built(&(path, step.into()))?;
        }
        Ok(path)
    }

    fn allow(&self, store: &dyn Store, mut pending: Vec<StorePath>) -> Result<()> {
        let mut seen = FxHashSet::default();
        while let Some(path) = pending.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            pending.extend(store.info(&path)?.map(|info| info.references).unwrap_or_default());
            self.shared().world.add(&path, Entry::copy(path.clone(), None));
        }
        Ok(())
    }
}

/// The target for outputs of a derivation.
fn target(derivation: StorePath, outputs: &[Output]) -> DerivedPath {
    let mut names: Vec<_> =
        outputs.iter().filter(|(path, _)| *path == derivation).map(|(_, name)| name.clone()).collect();
    names.sort_unstable();
    names.dedup();
    DerivedPath::Built { derivation, outputs: Outputs::Named(names) }
}

#[cold]
fn no_output((derivation, name): &Output) -> Error {
    let (derivation, name) = (String::from_utf8_lossy(derivation), String::from_utf8_lossy(name));
    ErrorKind::Store(format!("derivation '{derivation}' does not have an output named '{name}'")).into()
}

#[cold]
fn not_built((derivation, name): &Output) -> Error {
    let (derivation, name) = (String::from_utf8_lossy(derivation), String::from_utf8_lossy(name));
    ErrorKind::Store(format!("cannot operate on output '{name}' of the unbuilt derivation '{derivation}'")).into()
}
