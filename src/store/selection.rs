//! Some of the files of a folder: those that a filter takes, or that a repository knows.

use rustc_hash::FxHashSet;

/// Which files and folders below a folder belong to a tree. The folder itself does.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    paths: FxHashSet<Box<[u8]>>,
}

impl Selection {
    /// Takes a path in, as `a/b`, and all folders that lead to it.
    pub fn add(&mut self, path: &[u8]) {
        let ends = memchr::memchr_iter(b'/', path).chain([path.len()]);
        for end in ends {
            self.paths.insert(path[..end].into());
        }
    }

    /// True if the path below the folder, as `a/b`, belongs to the tree.
    pub fn has(&self, path: &[u8]) -> bool {
        path.is_empty() || self.paths.contains(path)
    }
}
