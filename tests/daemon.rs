//! A real Nix daemon: what is written, built and read through it, in every version of the protocol that it speaks.
//!
//! Needs `nix-daemon` in `PATH` (Debian: `apt-get install nix-bin`), or a program that runs the commands of Nix given as
//! its arguments, named by `NIVIS_TEST_NIX`. Without it these tests are left out, and listed as ignored. Stores below a
//! folder need a static `busybox` too, and a system that lets one make namespaces.

mod commands;
mod developing;
mod faults;
mod ifd;
mod launches;
mod matrix;
mod trees;

use crate::support::{isolated, links, nivis};
use libtest_mimic::{Failed, Trial};
use nivis::io::SystemIo;
use nivis::store::daemon::DaemonStore;
use nivis::store::daemon::address::DaemonAddress;
use nivis::store::daemon::client::{Client, Deaf};
use nivis::store::daemon::types::{ClientOptions, Version};
use nivis::{Engine, Settings};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

/// The tests, ignored if there is no daemon to start.
pub(crate) fn trials() -> Vec<Trial> {
    let is_installed = nix_command("nix-daemon").arg("--version").output().is_ok();
    let own = [
        Trial::test("daemon/import from derivation", import_from_derivation),
        Trial::test("daemon/what cannot be built", failures),
        Trial::test("daemon/a program's files are what Nix would have written", written),
        Trial::test("daemon/building at the prompt", at_the_prompt),
        Trial::test("daemon/nivis build", building),
        Trial::test("daemon/nivis build: what fails", failing_builds),
        Trial::test("daemon/nix-build", commands::nix_build),
        Trial::test("daemon/roots of derivations", commands::roots),
        Trial::test("daemon/nivis run and nivis shell", launches::starting),
        Trial::test("daemon/nix-shell", launches::environments),
        Trial::test("daemon/package sets that import from derivations", ifd::package_sets),
        Trial::test("daemon/nivis develop", developing::shells),
        Trial::test("daemon/nivis print-dev-env", developing::printed),
        Trial::test("daemon/nivis flake archive, prefetch-inputs and clone", trees::flakes),
        Trial::test("daemon/a flake in a home directory", trees::homes),
        Trial::test("daemon/archives of entries", trees::archives),
        Trial::test("daemon/installables from standard input", trees::installables_from_input),
        Trial::test("daemon/commands about the store", launches::about_the_store),
        Trial::test("daemon/log formats", commands::log_formats),
        Trial::test("daemon/nivis flake check", checks),
        Trial::test("daemon/settings", settings),
        Trial::test("daemon/every version answers", versions),
        Trial::test("daemon/every version writes and builds", builds_in_every_version),
    ];
    let trials = own.into_iter().chain(matrix::trials()).chain(faults::trials());
    let trials = trials.map(|trial| {
        let is_ignored = trial.has_ignored_flag() || !is_installed;
        trial.with_kind("needs nix-daemon").with_ignored_flag(is_ignored)
    });
    let mut trials: Vec<_> = trials.collect();
    trials.extend(faults::trials_without());
    trials.push(Trial::test("daemon/nothing is asked of a store that is not needed", not_needed));
    trials
}

/// A command of Nix.
fn nix_command(name: &str) -> Command {
    match std::env::var_os("NIVIS_TEST_NIX") {
        Some(program) => {
            let mut command = Command::new(program);
            command.arg(name);
            command
        }
        None => Command::new(name),
    }
}

/// The kinds of place where a daemon has its store.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// In a folder that its paths name.
    Store,
    /// Below a folder: its paths are those of `/nix/store`.
    Root,
}

/// A daemon of its own, with its store in a new folder.
struct Daemon {
    folder: tempfile::TempDir,
    kind: Kind,
    process: Child,
}

impl Daemon {
    fn start() -> Result<Self, Failed> {
        Self::configured(Kind::Store, "")
    }

    /// A daemon that makes outputs addressed by their contents, if it can.
    fn of_kind(kind: Kind) -> Result<Self, Failed> {
        let features = if knows_content_addresses() { "extra-experimental-features = ca-derivations" } else { "" };
        Self::configured(kind, features)
    }

    /// A daemon with more lines in its `nix.conf`.
    fn configured(kind: Kind, more: &str) -> Result<Self, Failed> {
        // The path of a socket is short.
        let folder = tempfile::Builder::new().prefix("nd").tempdir_in("/tmp")?;
        for name in ["conf", "store", "state", "log", "home"] {
            fs::create_dir(folder.path().join(name))?;
        }
        let sandbox = match kind {
            Kind::Store => "sandbox = false",
            Kind::Root => "sandbox = true\nsandbox-fallback = false\nsandbox-paths = /bin/sh=/bin/busybox",
        };
        let features = "experimental-features = nix-command flakes";
        // A program that starts the commands of Nix is no hook.
        let hook = if std::env::var_os("NIVIS_TEST_NIX").is_some() { "build-hook =" } else { "" };
        let settings = format!("build-users-group =\nsubstituters =\n{hook}\n{sandbox}\n{features}\n{more}\n");
        fs::write(folder.path().join("conf/nix.conf"), settings)?;
        let mut command = nix_command("nix-daemon");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        with_environment(&mut command, folder.path());
        match kind {
            Kind::Store => command.env("NIX_REMOTE", "local"),
            Kind::Root => {
                let root = format!("local?root={}/root", folder.path().display());
                command.env("NIX_STORE_DIR", "/nix/store").env_remove("NIX_STATE_DIR").env_remove("NIX_LOG_DIR");
                command.env("NIX_REMOTE", root)
            }
        };
        let process = command.spawn()?;
        let daemon = Self { folder, kind, process };
        let start = Instant::now();
        // It listens a moment after the socket's file is there, and makes its database for the first client.
        while daemon.client(Version::NEWEST).is_err() {
            if start.elapsed() > Duration::from_secs(30) {
                return Err("the daemon does not listen".into());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(daemon)
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    /// A connection in a version of the protocol. The daemon ends one at once while its database is busy.
    fn client(&self, version: Version) -> nivis::Result<Client> {
        let address = DaemonAddress::Socket(self.socket());
        let connect = || Client::connect(&address, version, Rc::new(Deaf), Rc::new(|| false));
        connect().or_else(|_| {
            std::thread::sleep(Duration::from_millis(200));
            connect()
        })
    }

    /// The newest version of the protocol that both sides speak.
    fn newest(&self) -> Result<Version, Failed> {
        Ok(self.client(Version::NEWEST)?.version())
    }

    /// True if it can make outputs that are addressed by their contents.
    fn knows_content_addresses(&self) -> bool {
        knows_content_addresses()
    }

    /// The program, as a client of this daemon.
    fn nivis(&self) -> Command {
        self.as_client(nivis())
    }

    /// The program under the name `nix`, as a client of this daemon.
    fn as_nix(&self) -> Command {
        self.as_client(isolated(Command::new(links().join("nix"))))
    }

    /// A command of Nix, as a client of this daemon.
    fn nix(&self, name: &str) -> Command {
        self.as_client(isolated(nix_command(name)))
    }

    fn as_client(&self, mut command: Command) -> Command {
        with_environment(&mut command, self.folder.path());
        let folder = self.folder.path().display();
        match self.kind {
            Kind::Store => command.env("NIX_REMOTE", "daemon"),
            Kind::Root => {
                command.env("NIX_STORE_DIR", "/nix/store");
                command.env("NIX_REMOTE", format!("unix://{folder}/socket?root={folder}/root"))
            }
        };
        command
    }
}

/// True if the installed Nix can make outputs that are addressed by their contents: 2.4 and later.
fn knows_content_addresses() -> bool {
    let version = nix_command("nix-daemon").arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    let version = String::from_utf8_lossy(&version);
    let minor = version.trim().rsplit(' ').next().and_then(|version| version.split('.').nth(1)?.parse().ok());
    minor.is_some_and(|minor: u32| minor >= 4)
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        // Entries are not writable.
        let _ = Command::new("chmod").args(["-R", "u+w"]).arg(self.folder.path()).status();
    }
}

fn with_environment<'c>(command: &'c mut Command, folder: &Path) -> &'c mut Command {
    let places = [
        ("NIX_CONF_DIR", "conf"),
        ("NIX_LOG_DIR", "log"),
        ("NIX_STORE_DIR", "store"),
        ("NIX_STATE_DIR", "state"),
        ("NIX_DAEMON_SOCKET_PATH", "socket"),
        ("HOME", "home"),
    ];
    for (name, place) in places {
        command.env(name, folder.join(place));
    }
    command
}

/// A derivation that a shell builds, as a function of its name and script.
fn shell() -> String {
    let system = format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS);
    let derivation = "derivation { inherit name system; builder = \"/bin/sh\"; args = [ \"-c\" script ]; }";
    format!("system = \"{system}\"; shell = name: script: {derivation};")
}

/// The value of a program, or the error output if it fails.
fn evaluated(daemon: &Daemon, flags: &[&str], program: &str) -> Result<Result<String, String>, Failed> {
    let program = format!("let {} in {program}", shell());
    let output = daemon.nivis().args(["eval", "--expr", &program]).args(flags).output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    Ok(if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) })
}

fn import_from_derivation() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let table = [
        (r#"builtins.readFile (shell "a" "echo 1 > $out")"#, r#""1\n""#),
        (r#"import (shell "a.nix" "echo '{ a = 1 + 1; }' > $out")"#, "{ a = 2; }"),
        (r#"builtins.pathExists (shell "dir" "/bin/mkdir $out" + "/x")"#, "false"),
        (r#"builtins.readFile (shell "b" "read x < ${builtins.toFile "t" "text\n"}; echo $x > $out")"#, r#""text\n""#),
        (
            r#"builtins.readFile (shell "c" "echo ${builtins.readFile (shell "in" "printf 2 > $out")} > $out")"#,
            r#""2\n""#,
        ),
        (
            r#"builtins.readFile "${shell "two" "echo 2 > $out"}" + builtins.readFile (shell "three" "echo 3 > $out")"#,
            r#""2\n3\n""#,
        ),
        (r#"builtins.hashFile "md5" (shell "h" "printf h > $out")"#, r#""2510c39011c5be704182423e3a695e91""#),
        (r#"builtins.readDir (shell "tree" "/bin/mkdir $out; > $out/x")"#, r#"{ x = "regular"; }"#),
    ];
    for flags in [&["--impure"][..], &[]] {
        for (program, expected) in table {
            same(&evaluated(&daemon, flags, program)?, &Ok(expected.to_owned()))?;
        }
    }
    Ok(())
}

fn same<T: PartialEq + std::fmt::Debug>(got: &T, expected: &T) -> Result<(), Failed> {
    if got == expected { Ok(()) } else { Err(format!("got {got:?}, expected {expected:?}").into()) }
}

fn failures() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let table = [
        (&["--impure"][..], r#"builtins.readFile (shell "f" "echo no; exit 3")"#, "failed with exit code 3"),
        (&["--impure"], r#"builtins.readFile (shell "f" "cat ${shell "g" "exit 4"} > $out")"#, "failed"),
        (
            &["--impure", "--no-allow-import-from-derivation"],
            r#"builtins.readFile (shell "f" "> $out")"#,
            "because the option 'allow-import-from-derivation' is disabled",
        ),
        (&["--impure", "--read-only"], r#"builtins.readFile (shell "unwritten" "> $out")"#, "would have to be built"),
    ];
    for (flags, program, expected) in table {
        match evaluated(&daemon, flags, program)? {
            Err(message) if message.contains(expected) => {}
            other => return Err(format!("{program}: {other:?} does not contain {expected:?}").into()),
        }
    }
    Ok(())
}

/// The files of a program with every kind of entry, against those that Nix's own evaluator writes.
fn written() -> Result<(), Failed> {
    let program = r#"
        let inner = builtins.toFile "inner" "text"; in derivation {
            name = "t"; system = "s"; builder = "b"; tree = ./tree;
            conf = builtins.toFile "conf" "refers to ${inner}";
            file = builtins.path { path = ./tree/a; name = "file"; recursive = false; };
            used = derivation { name = "used"; system = "s"; builder = "b"; };
        }"#;
    let (ours, theirs) = (Daemon::start()?, Daemon::start()?);
    let source = tempfile::tempdir()?;
    fs::create_dir(source.path().join("tree"))?;
    fs::write(source.path().join("tree/a"), "a")?;
    fs::write(source.path().join("t.nix"), program)?;
    let got = ours.nivis().args(["instantiate", "t.nix"]).current_dir(source.path()).output()?;
    let wanted = theirs.nix("nix-instantiate").arg("t.nix").current_dir(source.path()).output()?;
    let entries = |daemon: &Daemon, output: &[u8]| {
        let store = daemon.folder.path().join("store");
        let derivation = String::from_utf8_lossy(output).trim_end().to_owned();
        let listed = daemon.nix("nix-store").args(["--query", "--requisites", &derivation]).output()?;
        let text = String::from_utf8_lossy(&listed.stdout).replace(&*store.to_string_lossy(), "");
        // Paths depend on the folder of the store: the names and their number remain.
        let mut names: Vec<_> = text.lines().map(|line| line[34..].to_owned()).collect();
        names.sort();
        Ok::<_, Failed>(names)
    };
    same(&entries(&ours, &got.stdout)?, &entries(&theirs, &wanted.stdout)?)?;
    let verified = ours.nix("nix-store").args(["--verify", "--check-contents"]).output()?;
    if verified.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&verified.stderr).into_owned().into()) }
}

fn at_the_prompt() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let lines = format!("d = let {} in shell \"d\" \"echo line; echo 1 > $out\"\n:b d\n:bl d\n:log d\n:b 1\n", shell());
    let mut child = daemon.nivis();
    child.arg("repl").current_dir(daemon.folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = child.stderr(Stdio::piped()).spawn()?;
    std::io::Write::write_all(&mut child.stdin.take().ok_or("a pipe")?, lines.as_bytes())?;
    let output = child.wait_with_output()?;
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    let link = fs::read_link(daemon.folder.path().join("repl-result-out"))?;
    for part in ["  out -> ", "./repl-result-out -> ", "line", "so I can't build it", &link.to_string_lossy()] {
        if !text.contains(part) {
            return Err(format!("{part:?} is not in:\n{text}").into());
        }
    }
    let roots = daemon.nix("nix-store").args(["--gc", "--print-roots"]).output()?;
    if String::from_utf8_lossy(&roots.stdout).contains("repl-result-out") { Ok(()) } else { Err("no root".into()) }
}

/// Derivations of all kinds, as attributes of a file.
fn packages() -> String {
    let outputs = "args = [ \"-c\" \"echo o > $out; echo d > $dev; echo ${a}\" ]; outputs = [ \"out\" \"dev\" ]";
    format!(
        "let {} in rec {{
            a = shell \"a\" \"echo line; echo a > $out\";
            two = derivation {{ name = \"two\"; inherit system; builder = \"/bin/sh\"; {outputs}; }};
            installs = two // {{ meta.outputsToInstall = [ \"dev\" ]; }};
            text = \"${{a}}\";
            path = ./a.nix;
            function = {{ x ? 1 }}: a;
            flaky = shell \"flaky\" \"read x < /proc/sys/kernel/random/uuid; echo $x > $out\";
            bad = shell \"bad\" \"echo broken; exit 3\";
            needs = shell \"needs\" \"echo ${{bad}} > $out\";
            worse = shell \"worse\" \"exit 4\";
            number = 1;
        }}",
        shell()
    )
}

/// A folder with the file of [`packages`].
fn with_packages(daemon: &Daemon, name: &str) -> Result<PathBuf, Failed> {
    let folder = daemon.folder.path().join(name);
    fs::create_dir(&folder)?;
    fs::write(folder.join("a.nix"), packages())?;
    Ok(folder)
}

/// The links in a folder, which are removed.
fn links_in(folder: &Path) -> Result<String, Failed> {
    let mut links = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if let Ok(target) = fs::read_link(&path) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            links.push(format!("{name} -> {}", target.display()));
            fs::remove_file(&path)?;
        }
    }
    links.sort();
    Ok(links.join(", "))
}

/// A text with the names of entries instead of their paths.
fn with_names(text: &str, daemon: &Daemon) -> String {
    let store = format!("{}/store/", daemon.folder.path().display());
    let parts: Vec<&str> = text.trim_end().split(&store).collect();
    parts[0].to_owned() + &parts[1..].iter().map(|part| &part[33..]).collect::<String>()
}

fn building() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let folder = with_packages(&daemon, "t")?;
    let both = "result -> two, result-dev -> two-dev";
    let table = [
        ("a", "", "result -> a"),
        ("a two --print-out-paths", "a\ntwo-dev\ntwo", "result -> a, result-1 -> two, result-1-dev -> two-dev"),
        ("two^dev --print-out-paths -o x", "two-dev", "x-dev -> two-dev"),
        ("two^* --no-link --print-out-paths", "two-dev\ntwo", ""),
        ("two.dev", "", both),
        ("installs --print-out-paths", "two-dev", "result-dev -> two-dev"),
        ("text --json", r#"[{"drvPath":"a.drv","outputs":{"out":"a"}}]"#, "result -> a"),
        ("path --json", r#"["source"]"#, "result -> source"),
        ("function --no-link --print-out-paths", "a", ""),
        ("two --json -o sub/x", r#"[{"drvPath":"two.drv","outputs":{"dev":"two-dev","out":"two"}}]"#, ""),
        ("bad --dry-run --json", r#"[{"drvPath":"bad.drv","outputs":{"out":"bad"}}]"#, ""),
    ];
    for (line, printed, links) in table {
        let words = ["build", "--impure", "-f", "a.nix"].into_iter().chain(line.split(' '));
        let output = daemon.nivis().args(words).current_dir(&folder).output()?;
        let failed = |failed: Failed| format!("{line}: {failed:?} {}", String::from_utf8_lossy(&output.stderr));
        same(&&*with_names(&String::from_utf8_lossy(&output.stdout), &daemon), &printed).map_err(failed)?;
        same(&&*with_names(&links_in(&folder)?, &daemon), &links).map_err(failed)?;
    }
    same(&with_names(&links_in(&folder.join("sub"))?, &daemon), &"x -> two, x-dev -> two-dev".to_owned())?;
    let log = daemon.nivis().args(["log", "--impure", "-f", "a.nix", "a"]).current_dir(&folder).output()?;
    same(&&*String::from_utf8_lossy(&log.stdout), &"line\n")?;
    daemon.nivis().args(["build", "--impure", "-f", "a.nix", "a", "-o", "kept"]).current_dir(&folder).output()?;
    let roots = daemon.nix("nix-store").args(["--gc", "--print-roots"]).output()?;
    same(&String::from_utf8_lossy(&roots.stdout).contains("t/kept"), &true)
}

fn failing_builds() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let folder = with_packages(&daemon, "t")?;
    fs::write(folder.join("file"), "")?;
    let table = [
        ("bad", "failed with exit code 3"),
        ("bad", "broken"),
        ("bad -L", "bad> broken"),
        ("needs", "failed"),
        ("bad worse --keep-going", "failed with exit code 4"),
        ("bad worse -k", ".drv^out', '"),
        ("a -o file", "already exists"),
        ("needs --dry-run", "these 2 derivations will be built:"),
        ("flaky", "building '"),
        ("flaky --rebuild", "may not be deterministic"),
        ("number", "does not evaluate to a derivation"),
    ];
    for (line, expected) in table {
        let words = ["build", "--impure", "-f", "a.nix"].into_iter().chain(line.split(' '));
        let output = daemon.nivis().args(words).current_dir(&folder).output()?;
        let text = String::from_utf8_lossy(&output.stderr);
        if !text.contains(expected) {
            return Err(format!("{line}: {expected:?} is not in:\n{text}").into());
        }
        same(&output.status.code(), &Some(i32::from(!["needs --dry-run", "flaky"].contains(&line))))?;
    }
    Ok(())
}

fn checks() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let folder = daemon.folder.path().join("flake");
    fs::create_dir(&folder)?;
    let flake = |script: &str| {
        let checks = format!("checks.${{system}}.one = shell \"one\" \"{script}\";");
        let packages = "packages.${system}.default = shell \"default\" \"echo 1 > $out\";";
        fs::write(folder.join("flake.nix"), format!("{{ outputs = _: let {} in {{ {checks} {packages} }}; }}", shell()))
    };
    let run = |words: &[&str]| daemon.nivis().args(words).current_dir(&folder).output();
    for (script, words, expected) in [
        ("exit 3", &["flake", "check", "path:."][..], Some("checks.")),
        ("exit 3", &["flake", "check", "--no-build", "path:."], None),
        ("> $out", &["flake", "check", "path:."], None),
        ("> $out", &["build", "path:.", "--print-out-paths"], None),
        ("> $out", &["build", "path:.#checks"], Some("to be a derivation or path")),
    ] {
        flake(script)?;
        let output = run(words)?;
        let text = String::from_utf8_lossy(&output.stderr);
        if output.status.success() == expected.is_some() || !text.contains(expected.unwrap_or_default()) {
            return Err(format!("{script} {words:?}: {text}").into());
        }
    }
    Ok(())
}

/// The user's settings reach the daemon, and traces name what is built.
fn settings() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let folder = with_packages(&daemon, "t")?;
    for (flags, text, is_shown) in
        [(&[][..], "", true), (&["--option", "log-lines", "0"], "", false), (&[], "log-lines = 0", false)]
    {
        let mut command = daemon.nivis();
        command.args(["build", "--impure", "-f", "a.nix", "bad"]).args(flags).env("NIX_CONFIG", text);
        let output = command.current_dir(&folder).output()?;
        same(&String::from_utf8_lossy(&output.stderr).contains("broken"), &is_shown)?;
    }
    let program = r#"builtins.readFile (shell "t" "echo 1 > $out")"#;
    let program = format!("let {} in {program}", shell());
    let output = daemon.nivis().args(["eval", "--trace-import-from-derivation", "--expr", &program]).output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let is_told = text.contains("-t.drv^out' during evaluation due to an import from derivation");
    if is_told { Ok(()) } else { Err(text.into_owned().into()) }
}

fn versions() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    for minor in Version::OLDEST.0..=Version::NEWEST.0 {
        let mut client = daemon.client(Version(minor))?;
        client.set_options(&ClientOptions::default())?;
        let path = [daemon.folder.path().as_os_str().as_encoded_bytes(), b"/store/", &[b'0'; 32], b"-x"].concat();
        same(&client.is_valid(&path)?, &false)?;
        same(&client.valid_paths(&[path.clone().into()], false)?, &Vec::new())?;
        same(&client.path_info(&path)?, &None)?;
        client.add_temporary_roots(&[path.clone().into()])?;
        // After an error the connection goes on, unless the request itself was wrong.
        same(&client.ensure(&path).is_err(), &true)?;
        same(&client.is_valid(&path)?, &false)?;
        same(&client.is_valid(b"/elsewhere").is_err(), &true)?;
    }
    Ok(())
}

/// Texts, trees, flat files and derivations are written, and what is built is read.
fn builds_in_every_version() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let source = tempfile::tempdir()?;
    fs::create_dir(source.path().join("tree"))?;
    let large = "x".repeat(200_000);
    fs::write(source.path().join("tree/large"), &large)?;
    fs::write(source.path().join("flat"), "flat")?;
    let folder = source.path().display();
    for minor in Version::OLDEST.0..=Version::NEWEST.0 {
        fs::write(source.path().join("tree/small"), minor.to_string())?;
        let program = format!(
            r#"let {}; text = builtins.toFile "text{minor}" "text ${{inner}}"; inner = builtins.toFile "inner{minor}" "inner";
               flat = builtins.path {{ path = {folder}/flat; name = "flat{minor}"; recursive = false; }};
               built = shell "built{minor}" "exec > $out; read x < ${{text}}; echo $x; read x < ${{flat}}; echo $x
                 read x < ${{{folder}/tree}}/small; echo $x; read x < ${{{folder}/tree}}/large; echo \${{#x}}";
               in builtins.readFile built"#,
            shell().trim_end_matches(';')
        );
        let store =
            DaemonStore::at(DaemonAddress::Socket(daemon.socket()), source.path().join("staging"), Rc::new(Deaf));
        let store_dir = daemon.folder.path().join("store").display().to_string();
        let mut settings = Settings::default();
        (settings.store_dir, settings.read_only, settings.keep_derivations) = (store_dir, false, true);
        let mut engine = Engine::with_io(settings, Box::new(SystemIo));
        engine = engine.with_store(Rc::new(store.with_newest_version(Version(minor))));
        let got = engine.enter(|cx| {
            let value = cx.eval_text(program.into_bytes(), &[])?;
            let text = value.as_str().map(|text| String::from_utf8_lossy(text.as_bytes()).into_owned());
            Ok::<_, nivis::Error>(text.unwrap_or_default())
        });
        let got = got.map_err(|error| format!("1.{minor}: {error}"))?;
        let expected = format!("text {}/store/", daemon.folder.path().display());
        let rest = format!("-inner{minor}\nflat\n{minor}\n{}\n", large.len());
        if !(got.starts_with(&expected) && got.ends_with(&rest)) {
            return Err(format!("1.{minor}: {got:?}").into());
        }
    }
    Ok(())
}

/// Evaluation connects to no daemon, if no entry is read or written.
fn not_needed() -> Result<(), Failed> {
    let output = nivis().args(["eval", "--expr", "1 + 1"]).env("NIX_REMOTE", "unix:///nowhere").output()?;
    same(&String::from_utf8_lossy(&output.stdout).trim_end().to_owned(), &"2".to_owned())
}
