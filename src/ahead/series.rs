//! The paths in a file, in their order.

use crate::ir::{Constant, Unit};
use crate::lower::path_literal;
use std::sync::Arc;

/// A file with no more paths is followed as a whole. More than half of such paths are needed, of those in larger files a
/// thirtieth.
const FEW: usize = 100;
/// A file with more paths is not followed at all.
const CATALOGUE: usize = 4096;
/// Needed paths with at most so many between them are taken for a sequence.
const NEAR: usize = 4;
/// The largest number of paths that are followed after one in a sequence.
const MOST_AT_ONCE: usize = 64;

/// The folder of a file that has paths.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    /// The folder as programs see it.
    pub(crate) path: Vec<u8>,
    /// The folder on this machine.
    pub(crate) place: Vec<u8>,
    /// If set, only paths below this one are followed.
    pub(crate) within: Option<Arc<[u8]>>,
}

/// The paths in a file that was lowered, as they are written.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) folder: Folder,
    literals: Vec<Box<[u8]>>,
}

impl Found {
    /// The paths that may lead to programs; `None` if there are none, or if they are too many.
    pub(super) fn of(unit: &Unit, folder: impl FnOnce() -> Option<Folder>) -> Option<Self> {
        let paths = || {
            unit.constants.iter().filter_map(|constant| match constant {
                Constant::RelativePath(text) if may_be_program(text) => Some(text),
                _ => None,
            })
        };
        let is_useful = (1..=CATALOGUE).contains(&paths().count());
        is_useful.then(folder).flatten().map(|folder| Self { folder, literals: paths().cloned().collect() })
    }

    /// The paths with their folder.
    pub(super) fn series(&self) -> Series {
        let Folder { path, place, within } = &self.folder;
        let target = |literal: &[u8]| {
            let [path, place] = [path, place].map(|folder| path_literal(folder, literal));
            let target = Target { path, place, within: within.clone() };
            let is_within =
                |folder: &Arc<[u8]>| target.path.strip_prefix(&folder[..]).is_some_and(|rest| rest.starts_with(b"/"));
            within.as_ref().is_none_or(is_within).then_some(target)
        };
        Series::new(self.literals.iter().filter_map(|literal| target(literal)).collect())
    }
}

/// True for a folder or a file of the language, by its name.
fn may_be_program(literal: &[u8]) -> bool {
    let name = literal.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    name.ends_with(b".nix") || !name.contains(&b'.') || matches!(name, b"." | b"..")
}

/// A path to follow.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The path as programs see it.
    pub(super) path: Vec<u8>,
    /// The path on this machine.
    pub(super) place: Vec<u8>,
    pub(super) within: Option<Arc<[u8]>>,
}

/// The paths in a file, and how far they are followed.
///
/// Of a file with many paths, such as one with all packages, hardly any are needed, unless they are needed one after the
/// other, such as the modules of a system. So it is read ahead as systems read ahead in files: the longer a sequence gets,
/// the more of what comes after it.
#[derive(Debug)]
pub(super) struct Series {
    pub(super) targets: Vec<Target>,
    next: usize,
    end: usize,
    last_needed: Option<usize>,
    /// The number of paths in the current sequence.
    in_sequence: u32,
}

impl Series {
    fn new(targets: Vec<Target>) -> Self {
        let end = if targets.len() <= FEW { targets.len() } else { 0 };
        Self { targets, next: 0, end, last_needed: None, in_sequence: 0 }
    }

    /// The next path to follow.
    pub(super) fn next(&mut self) -> Option<&Target> {
        let target = self.targets.get(self.next).filter(|_| self.next < self.end)?;
        self.next += 1;
        Some(target)
    }

    /// Notes that the path at `index` is needed.
    pub(super) fn need(&mut self, index: usize) {
        let is_near = |last: usize| (last..=last + NEAR).contains(&index);
        let continues = self.last_needed.replace(index).is_some_and(is_near);
        self.in_sequence = if continues { self.in_sequence + 1 } else { 0 };
        let more = if continues { (1 << self.in_sequence.min(16)).min(MOST_AT_ONCE) } else { 0 };
        self.next = self.next.max(index + 1);
        self.end = self.end.max(index + 1 + more);
    }
}
