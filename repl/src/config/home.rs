//! The user's home directory, as C++ Nix finds it: `$HOME`, unless it belongs to another user; then, or without the
//! variable, the password file's.

use nix::unistd::{Uid, User};
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The home directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Home {
    /// `None` if the system doesn't know it.
    pub(crate) path: Option<PathBuf>,
    /// A warning if it is not the value of `$HOME`.
    pub(crate) warning: Option<String>,
}

/// The home directory of the user who runs the program.
pub(crate) fn home() -> &'static Home {
    static HOME: OnceLock<Home> = OnceLock::new();
    HOME.get_or_init(|| {
        let user = Uid::effective();
        let known = || User::from_uid(user).ok().flatten().map(|user| user.dir);
        let owner = |path: &Path| match fs::metadata(path) {
            Ok(status) => Owner::User(status.uid()),
            Err(error) => match error.kind() {
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Owner::Nobody,
                _ => Owner::Unknown(crate::output::stdio::reason(&error)),
            },
        };
        choose(std::env::var_os("HOME"), user.as_raw(), owner, known)
    })
}

/// Whom a directory belongs to.
enum Owner {
    User(u32),
    /// It does not exist.
    Nobody,
    /// It can't be looked at, for this reason.
    Unknown(String),
}

fn choose(
    variable: Option<OsString>,
    user: u32,
    owner: impl Fn(&Path) -> Owner,
    known: impl Fn() -> Option<PathBuf>,
) -> Home {
    let known = || known().filter(|path| !path.as_os_str().is_empty());
    let Some(stated) = variable.map(PathBuf::from) else { return Home { path: known(), warning: None } };
    match owner(&stated) {
        Owner::Nobody => Home { path: Some(stated), warning: None },
        Owner::User(found) if found == user => Home { path: Some(stated), warning: None },
        Owner::User(_) => {
            let path = known();
            let other = path.as_ref().filter(|path| **path != stated);
            let warning = other.map(|other| not_owned(&stated, other));
            Home { path, warning }
        }
        Owner::Unknown(reason) => Home { path: known(), warning: Some(not_examined(&stated, &reason)) },
    }
}

fn not_owned(stated: &Path, other: &Path) -> String {
    format!(
        "$HOME ('{}') is not owned by you, falling back to the one defined in the 'passwd' file ('{}')",
        stated.display(),
        other.display()
    )
}

fn not_examined(stated: &Path, reason: &str) -> String {
    format!(
        "couldn't stat $HOME ('{}') for reason other than not existing, falling back to the one defined in the 'passwd' \
         file: {reason}",
        stated.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_directory() {
        let owner = |path: &Path| match path.to_str() {
            Some("/mine") => Owner::User(7),
            Some("/theirs" | "/known") => Owner::User(8),
            Some("/hidden") => Owner::Unknown("Permission denied".to_owned()),
            _ => Owner::Nobody,
        };
        let table = [
            (None, Some("/known"), false),
            (Some("/mine"), Some("/mine"), false),
            (Some("/new"), Some("/new"), false),
            (Some(""), Some(""), false),
            (Some("/theirs"), Some("/known"), true),
            (Some("/known"), Some("/known"), false),
            (Some("/hidden"), Some("/known"), true),
        ];
        for (variable, path, warns) in table {
            let home = choose(variable.map(OsString::from), 7, owner, || Some("/known".into()));
            assert_eq!(home.path.as_deref(), path.map(Path::new), "{variable:?}");
            assert_eq!(home.warning.is_some(), warns, "{variable:?}");
        }
        assert_eq!(choose(None, 7, owner, || Some("".into())), Home::default());
    }
}
