//! The store to use: the meaning of a store's address, as `--store` has it.

use crate::config::files;
use nivis::Settings;
use nivis::store::backend::{ComputeOnly, Store};
use nivis::store::folder::FolderStore;
use std::path::PathBuf;
use std::rc::Rc;

/// Where entries of the store are read from and written to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum StorePlace {
    /// The user's own folder. Also stands for stores that this program can't reach.
    #[default]
    Usual,
    /// A folder that the user has named.
    Folder(PathBuf),
    /// Paths are computed. What has to be fetched lies among what need not be kept.
    Nowhere,
}

impl StorePlace {
    /// The store that an address names: a path or `local?root=PATH`; `dummy://` for none.
    pub(crate) fn of_url(url: &str) -> Self {
        let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
        let root = parameters.split('&').find_map(|parameter| parameter.strip_prefix("root="));
        match (address, root) {
            ("dummy://", _) => Self::Nowhere,
            ("local" | "local://", Some(root)) => Self::Folder(root.into()),
            _ if address.starts_with('/') => Self::Folder(address.into()),
            _ => address
                .strip_prefix("local://")
                .filter(|path| path.starts_with('/'))
                .map_or(Self::Usual, |path| Self::Folder(path.into())),
        }
    }

    /// True if what programs make is written there.
    pub(crate) fn is_written(&self) -> bool {
        *self != Self::Nowhere
    }

    /// The store. Nothing is looked at or made before it is used.
    pub(crate) fn open(&self, settings: &Settings) -> Rc<dyn Store> {
        let folder = match self {
            Self::Usual => files::data("store"),
            Self::Folder(folder) => Some(folder.clone()),
            Self::Nowhere => files::cache("fetched"),
        };
        match folder {
            Some(folder) => Rc::new(FolderStore::at(folder, &settings.store_dir)),
            None => Rc::new(ComputeOnly),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::StorePlace;

    #[test]
    fn addresses() {
        let folder = |path: &str| StorePlace::Folder(path.into());
        let table = [
            ("", StorePlace::Usual),
            ("auto", StorePlace::Usual),
            ("daemon", StorePlace::Usual),
            ("https://cache.example.org", StorePlace::Usual),
            ("dummy://", StorePlace::Nowhere),
            ("dummy://?read-only=false", StorePlace::Nowhere),
            ("/a/b", folder("/a/b")),
            ("local?root=/a&store=/x", folder("/a")),
            ("local:///a?store=/x", folder("/a")),
        ];
        for (url, expected) in table {
            assert_eq!(StorePlace::of_url(url), expected, "{url}");
        }
    }
}
