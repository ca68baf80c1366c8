//! The store to use: the meaning of a store's address, as `--store` has it.

use crate::config::files;
use crate::output::builds::BuildDisplay;
use nivis::Settings;
use nivis::store::backend::{ComputeOnly, Store};
use nivis::store::binary_cache::BinaryCache;
use nivis::store::daemon::DaemonStore;
use nivis::store::daemon::address::DaemonAddress;
use nivis::store::folder::FolderStore;
use nix::unistd::{AccessFlags, access};
use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::path::PathBuf;
use std::rc::Rc;

/// The folder of Nix's own files on this machine, unless `NIX_STATE_DIR` is set.
const STATE_FOLDER: &str = "/nix/var/nix";

/// The place that entries of the store are read from and written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StorePlace {
    /// This machine's store, if it has one: written by a child process where that is allowed, and otherwise by the
    /// daemon. Without one, it is this folder, or the user's own.
    Automatic(Option<PathBuf>),
    /// A folder that the user has named.
    Folder(PathBuf),
    /// A daemon's socket, or the usual one; and the folder that the paths of its entries begin at.
    Daemon { socket: Option<PathBuf>, root: Option<PathBuf> },
    /// The store at an address that a child process opens.
    Child(String),
    /// The store of another machine, reached with `ssh`.
    Remote { host: String, store: Option<String> },
    /// A binary cache in a folder. Entries are only added to it, so as the store of an evaluation it is like
    /// [`StorePlace::Unreachable`].
    Cache(PathBuf),
    /// The user's own folder, for stores that this program can't reach.
    Unreachable,
    /// Paths are computed. What has to be fetched lies among what need not be kept.
    Nowhere,
}

impl Default for StorePlace {
    fn default() -> Self {
        Self::Automatic(None)
    }
}

impl StorePlace {
    /// The store that an address names.
    pub(crate) fn of_url(url: &str) -> Self {
        let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
        let parameter = |name: &str| {
            let mut pairs = parameters.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find_map(|(key, value)| (key == name).then(|| value.to_owned()))
        };
        let root = parameter("root").map(PathBuf::from);
        match (address, root) {
            ("" | "auto", _) => Self::Automatic(None),
            ("daemon", root) => Self::Daemon { socket: None, root },
            ("dummy://", _) => Self::Nowhere,
            ("local" | "local://", Some(root)) => Self::Folder(root),
            ("local" | "local://", None) => Self::Child("local".to_owned()),
            (path, _) if path.starts_with('/') => Self::Folder(path.into()),
            (path, _) if path.contains('/') && !path.contains("://") => {
                Self::Folder(env::current_dir().unwrap_or_default().join(path).components().collect())
            }
            (url, root) => match url.split_once("://") {
                Some(("local", path)) if path.starts_with('/') => Self::Folder(path.into()),
                Some(("file", path)) if path.starts_with('/') && is_plain(parameter("compression")) => {
                    Self::Cache(path.into())
                }
                Some(("unix", path)) => Self::Daemon { socket: (!path.is_empty()).then(|| path.into()), root },
                Some(("ssh-ng", host)) => Self::Remote { host: host.to_owned(), store: parameter("remote-store") },
                _ => Self::Unreachable,
            },
        }
    }

    /// True if nobody asked for this store: a failure to write there is not an error.
    pub(crate) fn is_usual(&self) -> bool {
        matches!(self, Self::Automatic(_) | Self::Cache(_) | Self::Unreachable)
    }

    /// True if what programs make is written there.
    pub(crate) fn is_written(&self) -> bool {
        *self != Self::Nowhere
    }

    /// True if the store builds derivations.
    pub(crate) fn can_build(&self) -> bool {
        match self {
            Self::Automatic(_) => of_this_machine().is_some(),
            Self::Daemon { .. } | Self::Child(_) | Self::Remote { .. } => true,
            Self::Folder(_) | Self::Cache(_) | Self::Unreachable | Self::Nowhere => false,
        }
    }

    /// True if C++ Nix would open this store itself, without a daemon.
    pub(crate) fn is_direct(&self) -> bool {
        match self {
            Self::Automatic(_) => matches!(of_this_machine(), Some(DaemonAddress::Program { .. })),
            Self::Child(_) => true,
            _ => false,
        }
    }

    /// The store as the target of copies; `None` if nothing can be added to it here.
    pub(crate) fn open_as_target(&self, settings: &Settings, display: &BuildDisplay) -> Option<Rc<dyn Store>> {
        match self {
            Self::Cache(folder) => {
                let staging = files::cache("staging").unwrap_or_else(env::temp_dir);
                Some(Rc::new(BinaryCache::at(folder, &settings.store_dir, staging)))
            }
            Self::Unreachable => None,
            _ => Some(self.open(settings, display)),
        }
    }

    /// The store. Nothing is connected to or made before it is used.
    pub(crate) fn open(&self, settings: &Settings, display: &BuildDisplay) -> Rc<dyn Store> {
        let daemon = |address| {
            let store =
                DaemonStore::at(address, files::cache("staging").unwrap_or_else(env::temp_dir), display.listener());
            store.with_options(display.options())
        };
        let socket = |socket: &Option<PathBuf>| DaemonAddress::Socket(socket.clone().unwrap_or_else(usual_socket));
        let folder = match self {
            Self::Automatic(folder) => match of_this_machine() {
                Some(address) => return Rc::new(daemon(address)),
                None => folder.clone().or_else(|| files::data("store")),
            },
            Self::Daemon { socket: path, root: None } => return Rc::new(daemon(socket(path))),
            Self::Daemon { socket: path, root: Some(root) } => {
                return Rc::new(daemon(socket(path)).with_root(root));
            }
            Self::Child(url) => return Rc::new(daemon(DaemonAddress::for_store(url))),
            Self::Remote { host, store } => {
                return Rc::new(daemon(DaemonAddress::over_ssh(host, store.as_deref())));
            }
            Self::Cache(_) | Self::Unreachable => files::data("store"),
            Self::Folder(folder) => Some(folder.clone()),
            Self::Nowhere => files::cache("fetched"),
        };
        match folder {
            Some(folder) => Rc::new(FolderStore::at(folder, &settings.store_dir)),
            None => Rc::new(ComputeOnly),
        }
    }
}

/// True if archives with this compression can be written.
fn is_plain(compression: Option<String>) -> bool {
    compression.is_none_or(|name| name == "none")
}

/// The way to this machine's store, if it has one.
fn of_this_machine() -> Option<DaemonAddress> {
    let state = state_folder();
    if access(&state, AccessFlags::W_OK).is_ok() && is_installed("nix-daemon") {
        return Some(DaemonAddress::for_store("local"));
    }
    let socket = usual_socket();
    let is_socket = fs::metadata(&socket).is_ok_and(|found| found.file_type().is_socket());
    is_socket.then_some(DaemonAddress::Socket(socket))
}

fn usual_socket() -> PathBuf {
    let given = env::var_os("NIX_DAEMON_SOCKET_PATH").filter(|path| !path.is_empty());
    given.map_or_else(|| state_folder().join("daemon-socket/socket"), PathBuf::from)
}

fn state_folder() -> PathBuf {
    let given = env::var_os("NIX_STATE_DIR").filter(|path| !path.is_empty());
    given.unwrap_or_else(|| OsString::from(STATE_FOLDER)).into()
}

fn is_installed(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

#[cfg(test)]
mod tests {
    use super::StorePlace;

    #[test]
    fn addresses() {
        let folder = |path: &str| StorePlace::Folder(path.into());
        let daemon = |socket: Option<&str>, root: Option<&str>| StorePlace::Daemon {
            socket: socket.map(Into::into),
            root: root.map(Into::into),
        };
        let remote =
            |host: &str, store: Option<&str>| StorePlace::Remote { host: host.into(), store: store.map(Into::into) };
        let table = [
            ("", StorePlace::default()),
            ("auto", StorePlace::default()),
            ("daemon", daemon(None, None)),
            ("unix://", daemon(None, None)),
            ("unix:///a/socket?root=/b", daemon(Some("/a/socket"), Some("/b"))),
            ("ssh-ng://host", remote("host", None)),
            ("ssh-ng://host?remote-store=/x", remote("host", Some("/x"))),
            ("https://cache.example.org", StorePlace::Unreachable),
            ("dummy://", StorePlace::Nowhere),
            ("dummy://?read-only=false", StorePlace::Nowhere),
            ("/a/b", folder("/a/b")),
            ("local", StorePlace::Child("local".into())),
            ("local?root=/a&store=/x", folder("/a")),
            ("local:///a?store=/x", folder("/a")),
            ("file:///a/b", StorePlace::Cache("/a/b".into())),
            ("file:///a/b?compression=none", StorePlace::Cache("/a/b".into())),
            ("file:///a/b?compression=xz", StorePlace::Unreachable),
            ("file://a", StorePlace::Unreachable),
            ("a", StorePlace::Unreachable),
        ];
        for (url, expected) in table {
            assert_eq!(StorePlace::of_url(url), expected, "{url}");
        }
    }
}
