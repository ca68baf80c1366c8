//! The `git` program: how it is started, waited for and stopped.
//!
//! It runs without a shell, and without the variables that would lead it to another repository than the one meant. What a
//! repository's own configuration would have it run (filters, hooks, a monitor of files) is not run: to read a repository is
//! not to trust it.

use super::super::Work;
use super::running::{Running, Said};
use crate::error::{Details, Error, Result};
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

/// Variables that lead Git elsewhere, or make it read names otherwise.
const REDIRECTIONS: [&str; 22] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_ATTR_SOURCE",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DEFAULT_HASH",
    "GIT_DEFAULT_REF_FORMAT",
    "GIT_DIR",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM",
    "GIT_GLOB_PATHSPECS",
    "GIT_GRAFT_FILE",
    "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_LITERAL_PATHSPECS",
    "GIT_NAMESPACE",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_WORK_TREE",
];

/// Where a repository is.
#[derive(Clone, Debug)]
enum Place {
    /// A folder with `.git` in it.
    WorkTree(PathBuf),
    /// A repository without a work tree, which is ours.
    Bare(PathBuf),
    /// None is needed.
    Nowhere,
}

/// Git, for one repository.
#[derive(Clone, Debug)]
pub(super) struct Git<'w> {
    pub(super) work: &'w Work<'w>,
    place: Place,
    /// Configuration that goes before any other.
    overrides: Vec<(OsString, OsString)>,
    variables: Vec<(&'static str, OsString)>,
}

/// What a program said.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) status: ExitStatus,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
}

impl Output {
    /// The first line that is not empty, if all went well.
    pub(super) fn line(&self) -> Option<&[u8]> {
        let line = self.stdout.split(|&byte| byte == b'\n').next().unwrap_or_default();
        (self.status.success() && !line.is_empty()).then_some(line)
    }

    /// What the program complained about.
    pub(super) fn complaint(&self) -> String {
        String::from_utf8_lossy(&self.stderr).trim().to_owned()
    }
}

/// Git that runs, and what it has said.
#[derive(Debug)]
pub(super) struct Begun {
    running: Running,
    stdout: Said,
    stderr: Said,
}

impl Begun {
    /// Waits for the end.
    ///
    /// # Errors
    /// That somebody wants this to end.
    fn end(mut self, work: &Work<'_>) -> Result<Output> {
        let stdout = self.stdout.all(work)?;
        let status = self.running.wait(work)?;
        Ok(Output { status, stdout, stderr: self.stderr.at_last() })
    }
}

impl<'w> Git<'w> {
    fn new(work: &'w Work<'w>, place: Place) -> Self {
        Self { work, place, overrides: Vec::new(), variables: Vec::new() }
    }

    /// Git for a folder with `.git` in it. If that is no repository, folders around it are not looked at.
    pub(super) fn in_work_tree(work: &'w Work<'w>, folder: &Path) -> Self {
        let mut git = Self::new(work, Place::WorkTree(folder.to_path_buf()));
        git.set("core.fsmonitor", "false");
        git.set("core.hooksPath", "/dev/null");
        git
    }

    /// Git for a repository of our own.
    pub(super) fn in_bare(work: &'w Work<'w>, folder: &Path) -> Self {
        Self::new(work, Place::Bare(folder.to_path_buf()))
    }

    /// Git where no repository is needed.
    pub(super) fn nowhere(work: &'w Work<'w>) -> Self {
        Self::new(work, Place::Nowhere)
    }

    /// True for a repository of our own.
    pub(super) fn is_bare(&self) -> bool {
        matches!(self.place, Place::Bare(_))
    }

    /// Where the repository is.
    pub(super) fn folder(&self) -> &Path {
        match &self.place {
            Place::WorkTree(folder) | Place::Bare(folder) => folder,
            Place::Nowhere => Path::new("/"),
        }
    }

    /// Configures something before anything else does.
    pub(super) fn set(&mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) {
        self.overrides.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
    }

    /// Gives Git a variable.
    pub(super) fn variable(&mut self, name: &'static str, value: impl AsRef<OsStr>) {
        self.variables.push((name, value.as_ref().to_owned()));
    }

    /// The program, for this repository.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new("git");
        for name in REDIRECTIONS {
            command.env_remove(name);
        }
        match &self.place {
            Place::WorkTree(folder) => {
                let around = folder.canonicalize().unwrap_or_else(|_| folder.clone());
                command.arg("-C").arg(folder).arg("--no-optional-locks");
                command.env("GIT_CEILING_DIRECTORIES", around.parent().unwrap_or(&around));
            }
            Place::Bare(folder) => {
                command.arg("-C").arg(folder).args(["--git-dir", "."]);
            }
            Place::Nowhere => {
                command.args(["-C", "/"]);
            }
        }
        command.env("GIT_NO_REPLACE_OBJECTS", "1").env("GIT_NO_LAZY_FETCH", "1").env("GIT_ATTR_NOSYSTEM", "1");
        command.env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C").env_remove("LANGUAGE");
        self.configure(&mut command);
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Adds our configuration to what the user's environment has.
    fn configure(&self, command: &mut Command) {
        let variable = self.work.io.variable(b"GIT_CONFIG_COUNT");
        let count = variable.and_then(|count| std::str::from_utf8(&count).ok()?.parse::<usize>().ok()).unwrap_or(0);
        for (index, (name, value)) in self.overrides.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{}", count + index), name);
            command.env(format!("GIT_CONFIG_VALUE_{}", count + index), value);
        }
        if !self.overrides.is_empty() {
            command.env("GIT_CONFIG_COUNT", (count + self.overrides.len()).to_string());
        }
    }

    /// Runs Git to its end.
    ///
    /// # Errors
    /// That there is no such program, and that somebody wants this to end. That Git failed is none.
    pub(super) fn run(&self, arguments: &[&[u8]]) -> Result<Output> {
        self.run_with(arguments, Vec::new())
    }

    /// The same, with something to read.
    ///
    /// # Errors
    /// Those of [`Git::run`].
    pub(super) fn run_with(&self, arguments: &[&[u8]], input: Vec<u8>) -> Result<Output> {
        self.begin(arguments, input)?.end(self.work)
    }

    /// Starts Git, which runs beside whatever else is done until its end is waited for.
    ///
    /// # Errors
    /// That there is no such program.
    pub(super) fn begin(&self, arguments: &[&[u8]], input: Vec<u8>) -> Result<Begun> {
        let mut command = self.command();
        command.args(arguments.iter().map(|argument| OsStr::from_bytes(argument)));
        if !input.is_empty() {
            command.stdin(Stdio::piped());
        }
        let mut running = Running::start(command)?;
        if let Some(mut stdin) = running.child.stdin.take() {
            // Whoever doesn't read on doesn't need the rest.
            thread::spawn(move || stdin.write_all(&input));
        }
        let (stdout, stderr) = (Said::by(running.child.stdout.take()), Said::by(running.child.stderr.take()));
        Ok(Begun { running, stdout, stderr })
    }

    /// What Git prints, which must not fail.
    ///
    /// # Errors
    /// Those of [`Git::run`]; that it failed while doing something, `what`.
    pub(super) fn read(&self, what: &str, arguments: &[&[u8]], input: Vec<u8>) -> Result<Vec<u8>> {
        self.printed(what, self.begin(arguments, input)?)
    }

    /// What Git prints that was begun, which must not fail.
    ///
    /// # Errors
    /// That it failed while doing something, `what`, and that somebody wants this to end.
    pub(super) fn printed(&self, what: &str, begun: Begun) -> Result<Vec<u8>> {
        let output = begun.end(self.work)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(self.failure(what, &output.complaint()))
    }

    /// The error of Git not doing something with this repository.
    #[cold]
    pub(super) fn failure(&self, what: &str, complaint: &str) -> Error {
        if let Place::WorkTree(folder) = &self.place
            && complaint.contains("dubious ownership")
        {
            return opening_failed(
                folder,
                &format!("repository path '{}' is not owned by current user", folder.display()),
                7,
            );
        }
        let reason = complaint.strip_prefix("fatal: ").unwrap_or(complaint);
        Error::fetch(format!("{what}: {reason}"))
    }
}

/// C++ Nix's words for a repository that is not to be opened.
#[cold]
pub(super) fn opening_failed(folder: &Path, reason: &str, code: u32) -> Error {
    Error::fetch(format!("opening Git repository \"{}\": {reason} (libgit2 error code = {code})", folder.display()))
}

/// An error of fetching, with what Git said of it.
#[cold]
pub(super) fn with_complaint(message: String, complaint: &str) -> Error {
    let lines =
        complaint.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("remote: Counting"));
    let notes = lines.map(|line| format!("git: {line}")).collect();
    Error::fetch(message).with_details(Details { notes, ..Details::default() })
}
