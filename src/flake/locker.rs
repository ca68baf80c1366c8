//! From the inputs of a flake and the old lock file to a new lock file.

use super::inputs::FlakeInput;
use super::lock_file::{Edge, Lock, LockFile, NodeId};
use super::manifest::{Flake, References, fetch_flake, folder_in, read_flake, relative_folder};
use super::options::LockOptions;
use super::path::{InputPath, extended, show_input_path};
use super::registry::UseRegistries;
use super::trees::tree;
use crate::error::{Action, Error, Result, ResultExt, Work};
use crate::eval::Eval;
use crate::flake_ref::FlakeRef;
use std::collections::{BTreeMap, BTreeSet};

type Inputs = BTreeMap<String, FlakeInput>;

/// An override of an input by a flake above it, or by the command line.
#[derive(Clone)]
struct Override {
    input: FlakeInput,
    /// The start of relative paths.
    folder: Vec<u8>,
    /// The flake that overrides it; `None` for the command line.
    parent: Option<InputPath>,
}

/// A lock file in the making.
pub(super) struct Locker<'l, 'h> {
    cx: &'l mut Eval<'h>,
    options: &'l LockOptions<'l>,
    used: UseRegistries,
    old: &'l LockFile,
    pub(super) file: LockFile,
    /// The folders of the nodes that were fetched.
    pub(super) folders: BTreeMap<NodeId, Vec<u8>>,
    overrides: BTreeMap<InputPath, Override>,
    overrides_used: BTreeSet<InputPath>,
    updates_used: BTreeSet<InputPath>,
    /// The flakes that are being locked, to find a flake that needs itself.
    parents: Vec<FlakeRef>,
}

/// The node whose inputs are being locked.
#[derive(Clone, Copy)]
struct At<'a> {
    node: NodeId,
    path: &'a [String],
    /// The node of the old lock file that may provide locks.
    old: Option<NodeId>,
    /// The start of the old node's `follows` paths: the flake while it is first locked, else the root.
    follows: &'a [String],
    /// The start of relative paths.
    folder: &'a [u8],
    /// True if the inputs of the lock file are current, so that the flake need not be read.
    is_trusted: bool,
    /// The lock file of the old node.
    from: &'a LockFile,
}

/// An input after its overrides have been applied.
struct Chosen<'a> {
    name: &'a str,
    path: InputPath,
    input: FlakeInput,
    reference: FlakeRef,
    /// The description in the flake itself.
    own: &'a FlakeInput,
    folder: Vec<u8>,
    parent: Option<InputPath>,
    is_flag: bool,
}

impl<'l, 'h> Locker<'l, 'h> {
    /// A locker for a flake with this lock file.
    pub(super) fn new(
        cx: &'l mut Eval<'h>,
        options: &'l LockOptions<'l>,
        used: UseRegistries,
        old: &'l LockFile,
        flake: &Flake,
    ) -> Self {
        let flags = options.overrides.into_iter().flatten();
        let overrides = flags.map(|(path, reference)| {
            let input = FlakeInput { reference: Some(reference.clone()), ..FlakeInput::default() };
            (path.clone(), Override { input, folder: flake.folder.clone(), parent: None })
        });
        Self {
            cx,
            options,
            used,
            old,
            file: LockFile::default(),
            folders: BTreeMap::from([(NodeId::ROOT, flake.folder.clone())]),
            overrides: overrides.collect(),
            overrides_used: BTreeSet::new(),
            updates_used: BTreeSet::new(),
            parents: Vec::new(),
        }
    }

    /// Locks all inputs of the flake.
    pub(super) fn run(&mut self, flake: &Flake) -> Result<()> {
        let at = At {
            node: NodeId::ROOT,
            path: &[],
            old: (!self.options.recreate).then_some(NodeId::ROOT),
            follows: &[],
            folder: &flake.folder,
            is_trusted: false,
            from: self.old,
        };
        self.inputs(&flake.inputs, at)?;
        for (path, reference) in self.options.overrides.into_iter().flatten() {
            if !self.overrides_used.contains(path) {
                let (path, url) = (show_input_path(path), reference.url());
                self.warn(format!("the flag '--override-input {path} {url}' does not match any input"));
            }
        }
        for path in self.options.updates.into_iter().flatten() {
            if !self.updates_used.contains(path) {
                self.warn(format!("'{}' does not match any input of this flake", show_input_path(path)));
            }
        }
        self.file.check()
    }

    fn warn(&self, text: String) {
        self.cx.warn(&Error::eval(text));
    }

    fn inputs(&mut self, inputs: &Inputs, at: At<'_>) -> Result<()> {
        self.cx.poll()?;
        for (name, input) in inputs {
            self.add_overrides(input, &extended(at.path, name), at);
        }
        self.warn_of_lost_overrides(inputs, at.path);
        for (name, input) in inputs {
            let path = extended(at.path, name);
            let phrase = || Action::Work(Work::UpdatingInput, show_input_path(&path).into());
            self.input(name, input, at).traced_subject(phrase)?;
        }
        Ok(())
    }

    /// Records the overrides of an input's own inputs. An override from further above takes precedence.
    fn add_overrides(&mut self, input: &FlakeInput, path: &[String], at: At<'_>) {
        for (name, wanted) in &input.overrides {
            let path = extended(path, name);
            if wanted.reference.is_some() || wanted.follows.is_some() {
                self.overrides.entry(path.clone()).or_insert_with(|| Override {
                    input: wanted.clone(),
                    folder: at.folder.to_vec(),
                    parent: Some(at.path.to_vec()),
                });
            }
            self.add_overrides(wanted, &path, at);
        }
    }

    fn warn_of_lost_overrides(&self, inputs: &Inputs, path: &[String]) {
        for wanted in self.overrides.keys() {
            if let Some((name, parent)) = wanted.split_last()
                && parent == path
                && !inputs.contains_key(name)
            {
                let path = show_input_path(path);
                self.warn(format!("input '{path}' has an override for a non-existent input '{name}'"));
            }
        }
    }

    fn input(&mut self, name: &str, own: &FlakeInput, at: At<'_>) -> Result<()> {
        let path = extended(at.path, name);
        let wanted = self.overrides.get(&path).cloned();
        if wanted.is_some() {
            self.overrides_used.insert(path.clone());
        }
        let is_flag = self.options.overrides.is_some_and(|flags| flags.contains_key(&path));
        let (mut input, folder, parent) = match wanted {
            Some(wanted) => (wanted.input, wanted.folder, wanted.parent),
            None => (own.clone(), at.folder.to_vec(), Some(at.path.to_vec())),
        };
        // An override cannot turn a plain tree into a flake.
        input.is_flake = own.is_flake;
        if let Some(target) = input.follows {
            self.file.set_input(at.node, name, Edge::Follows(target));
            return Ok(());
        }
        let reference = input.reference.clone().map_or_else(|| FlakeRef::indirect(name), Ok)?;
        let parent = parent.filter(|_| reference.is_relative());
        let chosen = Chosen { name, path, input, reference, own, folder, parent, is_flag };
        self.updates_used.insert(chosen.path.clone());
        match self.old_lock(&chosen, at) {
            Some((id, lock)) => self.keep(&chosen, at, id, lock),
            None => self.create(&chosen, at),
        }
    }

    /// The old lock of the input, if it still applies.
    fn old_lock<'f>(&self, chosen: &Chosen<'_>, at: At<'f>) -> Option<(NodeId, &'f Lock)> {
        if self.options.updates.is_some_and(|updates| updates.contains(&chosen.path)) || chosen.is_flag {
            return None;
        }
        let Some(Edge::Node(id)) = at.from.node(at.old?).inputs.get(chosen.name) else { return None };
        let lock = at.from.node(*id).lock.as_ref()?;
        let is_same = lock.original.canonical() == chosen.reference.canonical()
            && self.has_parent(lock, chosen.parent.as_deref(), at);
        is_same.then_some((*id, lock))
    }

    /// True if a relative lock starts from the same flake as before. If that flake was not fetched, its name in the
    /// other lock file counts, since the path can only start from there.
    fn has_parent(&self, lock: &Lock, parent: Option<&[String]>, at: At<'_>) -> bool {
        let here = || lock.parent.as_ref().map(|path| [at.follows, path.as_slice()].concat());
        lock.parent.as_deref() == parent || (!self.folders.contains_key(&at.node) && here().as_deref() == parent)
    }

    /// Keeps an old lock. The flake is fetched only if its inputs may have changed. If a tree has become a flake, or
    /// is not one any more, its lock stays the same.
    fn keep(&mut self, chosen: &Chosen<'_>, at: At<'_>, id: NodeId, lock: &Lock) -> Result<()> {
        let is_flake = chosen.input.is_flake;
        let child = self.file.add(Lock { parent: chosen.parent.clone(), is_flake, ..lock.clone() });
        self.file.set_input(at.node, chosen.name, Edge::Node(child));
        if is_flake && !lock.is_flake {
            let flake = self.flake(chosen, &lock.locked, self.used)?;
            return self.new_flake(chosen, child, &flake);
        }
        if lock.is_flake && !is_flake {
            return Ok(());
        }
        let below = At { node: child, path: &chosen.path, old: Some(id), ..at };
        match self.inputs_of_lock(chosen, at, id) {
            Some(inputs) => self.inputs(&inputs, At { is_trusted: true, ..below }),
            None => {
                let flake = self.flake(chosen, &lock.locked, self.used)?;
                self.folders.insert(child, flake.folder.clone());
                self.inputs(&flake.inputs, At { folder: &flake.folder, is_trusted: false, ..below })
            }
        }
    }

    /// The inputs of an old node. `None` if the flake must be read: one of the inputs is to be updated, or follows
    /// another input without a current override.
    fn inputs_of_lock(&self, chosen: &Chosen<'_>, at: At<'_>, id: NodeId) -> Option<Inputs> {
        let next = self.options.updates.and_then(|updates| updates.range(chosen.path.clone()..).next());
        if next.is_some_and(|next| next.len() > chosen.path.len() && next.starts_with(&chosen.path)) {
            return None;
        }
        let mut inputs = Inputs::new();
        for (name, edge) in &at.from.node(id).inputs {
            let input = match edge {
                Edge::Node(node) => {
                    let Some(lock) = &at.from.node(*node).lock else { continue };
                    let reference = Some(lock.original.clone());
                    FlakeInput { reference, is_flake: lock.is_flake, ..FlakeInput::default() }
                }
                Edge::Follows(target) => {
                    if !at.is_trusted && !self.overrides.contains_key(&extended(&chosen.path, name)) {
                        return None;
                    }
                    let target = at.follows.iter().chain(target).cloned().collect();
                    FlakeInput { follows: Some(target), ..FlakeInput::default() }
                }
            };
            inputs.insert(name.clone(), input);
        }
        Some(inputs)
    }

    /// Creates a new lock, which requires a fetch of the input.
    fn create(&mut self, chosen: &Chosen<'_>, at: At<'_>) -> Result<()> {
        let (reference, settings) = (&chosen.reference, &self.cx.settings().flakes);
        let is_unlocked = !reference.is_relative() && !reference.is_locked(settings.trust_forges)?;
        if is_unlocked && !self.options.allow_unlocked {
            let path = show_input_path(&chosen.path);
            return Err(self.options.refused(format!("cannot update unlocked flake input '{path}' in pure mode")));
        }
        // A flag must not persist: without it, the lock file still has the flake's own reference.
        let original = chosen.own.reference.clone().filter(|_| chosen.is_flag).unwrap_or_else(|| reference.clone());
        let lock = |locked, is_flake| Lock { locked, original, is_flake, parent: chosen.parent.clone() };
        if !chosen.input.is_flake {
            let (folder, locked) = self.plain_tree(chosen)?;
            let child = self.file.add(lock(locked, false));
            self.folders.insert(child, folder);
            self.file.set_input(at.node, chosen.name, Edge::Node(child));
            return Ok(());
        }
        let used = if chosen.is_flag { UseRegistries::All } else { self.used };
        let flake = self.flake(chosen, reference, used)?;
        let child = self.file.add(lock(flake.locked.clone(), true));
        self.file.set_input(at.node, chosen.name, Edge::Node(child));
        if self.parents.contains(reference) {
            return Err(Error::fetch(format!("found circular import of flake '{}'", reference.url())));
        }
        self.parents.push(reference.clone());
        let done = self.new_flake(chosen, child, &flake);
        self.parents.pop();
        done
    }

    /// Locks the inputs of a flake that was not locked before, based on its own lock file.
    fn new_flake(&mut self, chosen: &Chosen<'_>, child: NodeId, flake: &Flake) -> Result<()> {
        self.folders.insert(child, flake.folder.clone());
        let own = super::read_lock_file(self.cx, &flake.lock_file())?;
        let at = At {
            node: child,
            path: &chosen.path,
            old: Some(NodeId::ROOT),
            follows: &chosen.path,
            folder: &flake.folder,
            is_trusted: false,
            from: &own,
        };
        self.inputs(&flake.inputs, at)
    }

    /// Fetches and reads the flake of an input.
    fn flake(&mut self, chosen: &Chosen<'_>, reference: &FlakeRef, used: UseRegistries) -> Result<Flake> {
        match relative_folder(&chosen.folder, &chosen.reference) {
            Some(folder) => {
                let folder = folder_in(&folder, &reference.subdir);
                read_flake(self.cx, &References::of(reference), &folder, &chosen.path)
            }
            None => fetch_flake(self.cx, reference, used, &chosen.path),
        }
    }

    /// The folder of an input that is not a flake, and its lock.
    fn plain_tree(&mut self, chosen: &Chosen<'_>) -> Result<(Vec<u8>, FlakeRef)> {
        if let Some(folder) = relative_folder(&chosen.folder, &chosen.reference) {
            return Ok((folder, chosen.reference.clone()));
        }
        let found = tree(self.cx, &chosen.reference.attrs, self.used)?;
        let locked = FlakeRef { attrs: found.locked, subdir: chosen.reference.subdir.clone() };
        Ok((found.path.to_vec(), locked))
    }
}
