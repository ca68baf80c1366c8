//! A selection of the files of a folder: those that a filter accepts, or that a repository tracks.

use rustc_hash::FxHashSet;

/// The files and folders below a folder that belong to a tree. The folder itself always does.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    paths: FxHashSet<Box<[u8]>>,
    repository: Option<Box<[u8]>>,
}

impl Selection {
    /// An empty selection of the files of a Git repository.
    pub fn of_repository(folder: &[u8]) -> Self {
        Self { paths: FxHashSet::default(), repository: Some(folder.into()) }
    }

    /// The folder of its Git repository, if there is one.
    pub fn repository(&self) -> Option<&[u8]> {
        self.repository.as_deref()
    }

    /// Adds a path such as `a/b`, and all of its parent folders.
    pub fn add(&mut self, path: &[u8]) {
        let mut end = path.len();
        // The parents of a selected folder are selected.
        while !self.paths.contains(&path[..end]) {
            self.paths.insert(path[..end].into());
            match memchr::memrchr(b'/', &path[..end]) {
                Some(slash) => end = slash,
                None => return,
            }
        }
    }

    /// True if the path below the folder, for example `a/b`, belongs to the tree.
    pub fn has(&self, path: &[u8]) -> bool {
        path.is_empty() || self.paths.contains(path)
    }
}

#[cfg(test)]
mod tests {
    use super::Selection;

    #[test]
    fn folders_that_lead_to_a_file() {
        let mut selection = Selection::default();
        selection.add(b"a/b/c");
        selection.add(b"a/d");
        let table =
            [("", true), ("a", true), ("a/b", true), ("a/b/c", true), ("a/d", true), ("a/b/d", false), ("b", false)];
        for (path, expected) in table {
            assert_eq!(selection.has(path.as_bytes()), expected, "{path}");
        }
    }
}
