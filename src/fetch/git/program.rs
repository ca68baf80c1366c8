//! The `git` program: started, waited for and stopped.
//!
//! It runs without a shell, and without the variables that could redirect it to another repository. Programs from a
//! repository's own configuration (filters, hooks, a file monitor) are not run: reading a repository does not mean
//! trusting it.

use super::super::FetchContext;
use super::running::{Running, Said};
use crate::error::{Details, Error, Result};
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

/// Variables that redirect Git to another repository, or change how it reads names.
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

/// The location of a repository.
#[derive(Clone, Debug)]
enum Repository {
    /// A folder with `.git` in it.
    WorkTree(PathBuf),
    /// A repository of Nivis's own, without a work tree.
    Bare(PathBuf),
    /// No repository.
    Nowhere,
}

/// Git, for one repository.
#[derive(Clone, Debug)]
pub(super) struct Git<'w> {
    pub(super) context: &'w FetchContext<'w>,
    place: Repository,
    /// Configuration that overrides all other configuration.
    overrides: Vec<(OsString, OsString)>,
    variables: Vec<(&'static str, OsString)>,
    /// True for a repository that lacks the history of its commits. `None` if nobody has asked yet.
    is_shallow: Option<bool>,
}

/// The output of a program.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) status: ExitStatus,
    pub(super) stdout: Vec<u8>,
    pub(super) stderr: Vec<u8>,
}

impl Output {
    /// The first nonempty line, if the program succeeded.
    pub(super) fn line(&self) -> Option<&[u8]> {
        let line = self.stdout.split(|&byte| byte == b'\n').next().unwrap_or_default();
        (self.status.success() && !line.is_empty()).then_some(line)
    }

    /// The program's error output.
    pub(super) fn complaint(&self) -> String {
        String::from_utf8_lossy(&self.stderr).trim().to_owned()
    }
}

/// A running Git, with its output so far.
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
    ///
    /// Fails if the fetch should stop.
    fn end(mut self, context: &FetchContext<'_>) -> Result<Output> {
        let stdout = self.stdout.all(context)?;
        let status = self.running.wait(context)?;
        Ok(Output { status, stdout, stderr: self.stderr.at_last() })
    }
}

impl<'w> Git<'w> {
    fn new(context: &'w FetchContext<'w>, place: Repository) -> Self {
        Self { context, place, overrides: Vec::new(), variables: Vec::new(), is_shallow: None }
    }

    /// Git for a folder with `.git` in it. If that is not a repository, the parent folders are not searched.
    pub(super) fn in_work_tree(context: &'w FetchContext<'w>, folder: &Path) -> Self {
        let mut git = Self::new(context, Repository::WorkTree(folder.to_path_buf()));
        git.set("core.fsmonitor", "false");
        git.set("core.hooksPath", "/dev/null");
        git
    }

    /// Git for a repository of Nivis's own.
    pub(super) fn in_bare(context: &'w FetchContext<'w>, folder: &Path) -> Self {
        Self::new(context, Repository::Bare(folder.to_path_buf()))
    }

    /// Git without a repository.
    pub(super) fn nowhere(context: &'w FetchContext<'w>) -> Self {
        Self::new(context, Repository::Nowhere)
    }

    /// True for a repository of Nivis's own.
    pub(super) fn is_bare(&self) -> bool {
        matches!(self.place, Repository::Bare(_))
    }

    /// Asks Git for the repository, and with it for whether it is shallow.
    ///
    /// # Errors
    ///
    /// Fails like [`Git::run`].
    pub(super) fn look_up(&mut self) -> Result<Output> {
        let output = self.run(&[b"rev-parse", b"--git-dir", b"--is-shallow-repository"])?;
        self.is_shallow = output.status.success().then(|| output.stdout.ends_with(b"\ntrue\n"));
        Ok(output)
    }

    /// True for a repository that lacks the history of its commits.
    ///
    /// # Errors
    ///
    /// Fails like [`Git::run`].
    pub(super) fn is_shallow(&self) -> Result<bool> {
        match self.is_shallow {
            Some(known) => Ok(known),
            None => Ok(self.run(&[b"rev-parse", b"--is-shallow-repository"])?.line() == Some(b"true")),
        }
    }

    /// The folder of the repository.
    pub(super) fn folder(&self) -> &Path {
        match &self.place {
            Repository::WorkTree(folder) | Repository::Bare(folder) => folder,
            Repository::Nowhere => Path::new("/"),
        }
    }

    /// Adds overriding configuration.
    pub(super) fn set(&mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) {
        self.overrides.push((name.as_ref().to_owned(), value.as_ref().to_owned()));
    }

    /// Sets an environment variable for Git.
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
            Repository::WorkTree(folder) => {
                let around = folder.canonicalize().unwrap_or_else(|_| folder.clone());
                command.arg("-C").arg(folder).arg("--no-optional-locks");
                command.env("GIT_CEILING_DIRECTORIES", around.parent().unwrap_or(&around));
            }
            Repository::Bare(folder) => {
                command.arg("-C").arg(folder).args(["--git-dir", "."]);
            }
            Repository::Nowhere => {
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

    /// Appends the overrides to the configuration in the user's environment.
    fn configure(&self, command: &mut Command) {
        let variable = self.context.io.variable(b"GIT_CONFIG_COUNT");
        let count = variable.and_then(|count| std::str::from_utf8(&count).ok()?.parse::<usize>().ok()).unwrap_or(0);
        for (index, (name, value)) in self.overrides.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{}", count + index), name);
            command.env(format!("GIT_CONFIG_VALUE_{}", count + index), value);
        }
        if !self.overrides.is_empty() {
            command.env("GIT_CONFIG_COUNT", (count + self.overrides.len()).to_string());
        }
    }

    /// Runs Git to its end. A failure status is not an error here.
    ///
    /// # Errors
    ///
    /// Fails if Git is not installed, or if the fetch should stop.
    pub(super) fn run(&self, arguments: &[&[u8]]) -> Result<Output> {
        self.run_with(arguments, Vec::new())
    }

    /// Like [`Git::run`], with standard input.
    ///
    /// # Errors
    ///
    /// Fails like [`Git::run`].
    pub(super) fn run_with(&self, arguments: &[&[u8]], input: Vec<u8>) -> Result<Output> {
        self.begin(arguments, input)?.end(self.context)
    }

    /// Starts Git. It runs in parallel until the caller waits for its end.
    ///
    /// # Errors
    ///
    /// Fails if Git is not installed.
    pub(super) fn begin(&self, arguments: &[&[u8]], input: Vec<u8>) -> Result<Begun> {
        let mut command = self.command();
        command.args(arguments.iter().map(|argument| OsStr::from_bytes(argument)));
        if !input.is_empty() {
            command.stdin(Stdio::piped());
        }
        let mut running = Running::start(command)?;
        if let Some(mut stdin) = running.child.stdin.take() {
            // A program that stops reading does not need the rest.
            thread::spawn(move || stdin.write_all(&input));
        }
        let (stdout, stderr) = (Said::by(running.child.stdout.take()), Said::by(running.child.stderr.take()));
        Ok(Begun { running, stdout, stderr })
    }

    /// The output of a Git command that must succeed.
    ///
    /// # Errors
    ///
    /// Fails like [`Git::run`], or if the command fails; `what` describes the command in the message.
    pub(super) fn read(&self, what: &str, arguments: &[&[u8]], input: Vec<u8>) -> Result<Vec<u8>> {
        self.printed(what, self.begin(arguments, input)?)
    }

    /// The output of a running Git command that must succeed.
    ///
    /// # Errors
    ///
    /// Fails if the command fails, or if the fetch should stop; `what` describes the command in the message.
    pub(super) fn printed(&self, what: &str, begun: Begun) -> Result<Vec<u8>> {
        let output = begun.end(self.context)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(self.failure(what, &output.complaint()))
    }

    /// The error for a failed Git command on this repository.
    #[cold]
    pub(super) fn failure(&self, what: &str, complaint: &str) -> Error {
        if let Repository::WorkTree(folder) = &self.place
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

/// C++ Nix's message for a repository that cannot be opened.
#[cold]
pub(super) fn opening_failed(folder: &Path, reason: &str, code: u32) -> Error {
    Error::fetch(format!("opening Git repository \"{}\": {reason} (libgit2 error code = {code})", folder.display()))
}

/// A fetch error with Git's error output as notes.
#[cold]
pub(super) fn with_complaint(message: String, complaint: &str) -> Error {
    let lines =
        complaint.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("remote: Counting"));
    let notes = lines.map(|line| format!("git: {line}")).collect();
    Error::fetch(message).with_details(Details { notes, ..Details::default() })
}
