//! Commands that end in another program: it is built, and then takes the place of this one.

mod bash;
mod develop;
mod nix_shell;
mod rc;
mod run;
mod shell;
mod structured;

use crate::command_line::options::RunOptions;
use crate::command_line::words::usage;
use crate::output::stdio;
use crate::tasks::outcome::Failure;
pub(crate) use develop::{perform as develop, print as print_dev_env};
use nivis::codec::lossy;
use nivis::store::path::entry;
use nivis::{Error, ErrorKind, Eval, Result};
pub(crate) use nix_shell::perform as nix_shell;
pub(crate) use run::perform as run;
pub(crate) use shell::perform as shell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::{fs, io};

/// Variables and their values.
type Environment = BTreeMap<OsString, OsString>;

/// A program that starts.
#[derive(Debug)]
pub(crate) struct Launch {
    program: OsString,
    /// The program's name for itself.
    name: OsString,
    arguments: Vec<OsString>,
    environment: Environment,
    /// The folder where it starts, if not here.
    folder: Option<PathBuf>,
}

/// The program that starts; nothing if the command line asks only what would be built.
pub(crate) type Launched = std::result::Result<Option<Launch>, Failure>;

impl Launch {
    /// A program without arguments.
    fn of(program: OsString, environment: Environment) -> Self {
        Self { name: program.clone(), program, arguments: Vec::new(), environment, folder: None }
    }

    /// Starts the program in place of this one. Returns the status to exit with if that fails.
    pub(crate) fn start(self) -> i32 {
        let mut command = Command::new(&self.program);
        command.arg0(self.name).args(self.arguments).env_clear().envs(self.environment);
        if let Some(folder) = self.folder {
            command.current_dir(folder);
        }
        let reason = stdio::reason(&command.exec());
        stdio::eprint_line(&format!("error: unable to execute '{}': {reason}", self.program.display()));
        stdio::FAILED
    }
}

/// The environment that the flags ask for.
///
/// # Errors
/// Fails on flags that contradict each other.
fn environment(options: &RunOptions) -> Result<Environment> {
    let all = std::env::vars_os();
    if options.ignores_environment && !options.unset.is_empty() {
        return Err(usage("--unset-env-var does not make sense with --ignore-env"));
    }
    if !options.ignores_environment && !options.kept.is_empty() {
        return Err(usage("--keep-env-var does not make sense without --ignore-env"));
    }
    let names = if options.ignores_environment { &options.kept } else { &options.unset };
    let is_named = |name: &OsStr| names.iter().any(|known| known == name.as_bytes());
    let mut environment: Environment = all.filter(|(name, _)| is_named(name) == options.ignores_environment).collect();
    let set = options.set.iter().cloned();
    environment.extend(set.map(|(name, value)| (OsString::from_vec(name), OsString::from_vec(value))));
    Ok(environment)
}

/// Makes sure that a file of the store is where its path says, so that it can be started.
///
/// # Errors
/// Fails if the store lacks the entry, or keeps it elsewhere.
fn check_in_place(cx: &Eval<'_>, path: &[u8]) -> Result<()> {
    let entry = entry(&cx.settings().store_dir, path)?;
    match cx.stored_at(entry) {
        Some(place) if place == *entry => Ok(()),
        Some(place) => {
            let (entry, place) = (lossy(entry), lossy(&place));
            let text = format!("'{entry}' lies at '{place}': programs of such a store can't be started from here");
            Err(ErrorKind::Unsupported(text).into())
        }
        None => Err(ErrorKind::Store(format!("path '{}' is not valid", lossy(entry))).into()),
    }
}

/// A new folder for files of a shell.
fn temporary_folder() -> Result<PathBuf> {
    let base = std::env::temp_dir();
    for number in 0..1000 {
        let folder = base.join(format!("nix-shell-{}-{number}", process::id()));
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(not_written(&folder, &error)),
        }
    }
    Err(ErrorKind::Io(format!("creating a directory in '{}'", base.display())).into())
}

/// The error for a file that can't be written.
fn not_written(file: &Path, error: &io::Error) -> Error {
    ErrorKind::Io(format!("writing '{}': {}", file.display(), stdio::reason(error))).into()
}
