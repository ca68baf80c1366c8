//! The contents of a lock file: a graph of nodes, each with named inputs.

use super::path::{InputPath, extended, show_input_path};
use crate::error::{Error, Result};
use crate::flake_ref::{FlakeRef, input};
use crate::settings::FlakeSettings;
use std::collections::{BTreeMap, BTreeSet};

/// The number of a node in its lock file. The root has 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub usize);

impl NodeId {
    /// The flake that the lock file belongs to.
    pub const ROOT: Self = Self(0);
}

/// A flake, or another tree.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Its inputs by name.
    pub inputs: BTreeMap<String, Edge>,
    /// Its lock; `None` for the root.
    pub lock: Option<Lock>,
}

/// The target of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edge {
    /// A node.
    Node(NodeId),
    /// The input at this path from the root.
    Follows(InputPath),
}

/// The lock of a node.
#[derive(Clone, Debug)]
pub struct Lock {
    /// The exact reference that was found.
    pub locked: FlakeRef,
    /// The reference in the flake.
    pub original: FlakeRef,
    /// False for a plain tree.
    pub is_flake: bool,
    /// The flake that a relative path starts from.
    pub parent: Option<InputPath>,
}

/// A lock file.
#[derive(Clone, Debug)]
pub struct LockFile {
    nodes: Vec<Node>,
}

impl Default for LockFile {
    fn default() -> Self {
        Self { nodes: vec![Node::default()] }
    }
}

impl LockFile {
    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        // The numbers come from the file itself; one from a different file means the root.
        self.nodes.get(id.0).unwrap_or(&self.nodes[0])
    }

    /// The node of the flake itself.
    pub fn root(&self) -> &Node {
        &self.nodes[0]
    }

    /// Adds a node that is not an input of any other yet.
    pub(super) fn add(&mut self, lock: Lock) -> NodeId {
        self.nodes.push(Node { inputs: BTreeMap::new(), lock: Some(lock) });
        NodeId(self.nodes.len() - 1)
    }

    pub(super) fn set_input(&mut self, node: NodeId, name: &str, edge: Edge) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.inputs.insert(name.to_owned(), edge);
        }
    }

    /// The nodes reachable from the root, each once, in the order of a walk from the root.
    pub(super) fn reachable(&self) -> Vec<NodeId> {
        let (mut seen, mut pending, mut found) = (BTreeSet::new(), vec![NodeId::ROOT], Vec::new());
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            found.push(id);
            let edges = self.node(id).inputs.values().rev();
            pending.extend(edges.filter_map(|edge| if let Edge::Node(child) = edge { Some(*child) } else { None }));
        }
        found
    }

    /// All inputs at all depths, by their paths. The inputs of a shared node are listed once.
    pub fn all_inputs(&self) -> BTreeMap<InputPath, &Edge> {
        let (mut done, mut all) = (BTreeSet::new(), BTreeMap::new());
        let mut pending = vec![(Vec::new(), NodeId::ROOT)];
        while let Some((prefix, id)) = pending.pop() {
            if !done.insert(id) {
                continue;
            }
            let mut below = Vec::new();
            for (name, edge) in &self.node(id).inputs {
                let path = extended(&prefix, name);
                if let Edge::Node(child) = edge {
                    below.push((path.clone(), *child));
                }
                all.entry(path).or_insert(edge);
            }
            pending.extend(below.into_iter().rev());
        }
        all
    }

    /// The node at a path; `None` if there is no such input.
    ///
    /// # Errors
    ///
    /// Fails if inputs follow each other in a circle.
    pub fn find(&self, path: &[String]) -> Result<Option<NodeId>> {
        self.find_from(path, &mut Vec::new())
    }

    fn find_from(&self, path: &[String], visited: &mut Vec<InputPath>) -> Result<Option<NodeId>> {
        if let Some(start) = visited.iter().position(|known| known == path) {
            let mut cycle: Vec<_> = visited[start..].iter().map(|path| show_input_path(path)).collect();
            cycle.push(show_input_path(path));
            return Err(Error::fetch(format!("follow cycle detected: [{}]", cycle.join(" -> "))));
        }
        visited.push(path.to_vec());
        let mut at = NodeId::ROOT;
        for name in path {
            match self.node(at).inputs.get(name) {
                None => return Ok(None),
                Some(Edge::Node(child)) => at = *child,
                Some(Edge::Follows(target)) => match self.find_from(target, visited)? {
                    None => return Ok(None),
                    Some(found) => at = found,
                },
            }
        }
        Ok(Some(at))
    }

    /// Fails if an input follows one that does not exist.
    pub(super) fn check(&self) -> Result<()> {
        for (path, edge) in self.all_inputs() {
            if let Edge::Follows(target) = edge
                && !target.is_empty()
                && self.find(target)?.is_none()
            {
                let (path, target) = (show_input_path(&path), show_input_path(target));
                return Err(Error::fetch(format!("input '{path}' follows a non-existent input '{target}'")));
            }
        }
        Ok(())
    }

    /// The first input that is not locked well enough to be written.
    ///
    /// # Errors
    ///
    /// Fails if the attributes of an input are invalid.
    pub fn unlocked(&self, settings: &FlakeSettings) -> Result<Option<&FlakeRef>> {
        for id in self.reachable() {
            let Some(lock) = &self.node(id).lock else { continue };
            let attrs = &lock.locked.attrs;
            let is_locked = input::is_locked(attrs, settings.trust_forges)?
                || (settings.allow_dirty_locks && input::has_hash(attrs)?);
            let is_final = is_locked && input::is_final(attrs);
            if !is_final && !lock.locked.is_relative() {
                return Ok(Some(&lock.locked));
            }
        }
        Ok(None)
    }
}
