//! Faults with a real daemon: it dies, collects garbage, has many clients, or does not trust the user.

use super::{Daemon, Kind, same, shell};
use libtest_mimic::{Failed, Trial};
use nivis::store::daemon::types::Version;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

pub(super) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("daemon/killed in the middle of a build", killed),
        Trial::test("daemon/another user of the machine", another_user).with_ignored_flag(!can_be_nobody()),
        Trial::test("daemon/a collection during an evaluation", collected),
        Trial::test("daemon/eight clients at once", eight_clients),
        Trial::test("daemon/a user that is not trusted", not_trusted),
        Trial::test("daemon/one request for what one value needs", one_request),
        Trial::test("daemon/a chain of imports from derivation", chain),
    ]
}

/// Faults that need no daemon.
pub(super) fn trials_without() -> Vec<Trial> {
    vec![Trial::test("daemon/no socket, refused, no daemon behind it", nobody)]
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// An evaluation of a program, with these words before it.
fn eval(daemon: &Daemon, program: &str) -> Command {
    let mut command = daemon.nivis();
    command.args(["eval", "--impure", "--expr", &format!("let {} in {program}", shell())]);
    command
}

fn contains(found: &str, part: &str) -> Result<(), Failed> {
    if found.contains(part) { Ok(()) } else { Err(format!("{part:?} is not in:\n{found}").into()) }
}

/// Waits until a file is there.
fn wait_for(file: &Path) -> Result<(), Failed> {
    let start = Instant::now();
    while !file.exists() {
        if start.elapsed() > Duration::from_secs(60) {
            return Err(format!("no {}", file.display()).into());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(())
}

/// A script that says that it runs, and waits until it may go on.
fn waiting(started: &Path, go_on: &Path) -> String {
    let (started, go_on) = (started.display(), go_on.display());
    format!("> {started}; while ! [ -e {go_on} ]; do /bin/sleep 0.05; done; echo 1 > $out")
}

/// The processes that a process has started, directly.
fn children(parent: u32) -> Vec<u32> {
    let tasks = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    tasks.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

fn killed() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let (started, go_on) = (daemon.folder.path().join("started"), daemon.folder.path().join("go-on"));
    let program = format!("builtins.readFile (shell \"w\" \"{}\")", waiting(&started, &go_on));
    let child = eval(&daemon, &program).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    wait_for(&started)?;
    // Each client has a process of the daemon.
    for worker in children(daemon.process.id()) {
        Command::new("kill").args(["-9", &worker.to_string()]).status()?;
    }
    let output = child.wait_with_output()?;
    fs::write(&go_on, "")?;
    same(&output.status.code(), &Some(1))?;
    contains(&text(&output.stderr), "Nix daemon disconnected unexpectedly (maybe it crashed?)")
}

/// Entries that an evaluation has written or built stay until it ends, even if another process collects garbage.
fn collected() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let (started, go_on) = (daemon.folder.path().join("started"), daemon.folder.path().join("go-on"));
    let program = format!(
        "let a = shell \"a\" \"echo ${{builtins.toFile \"t\" \"x\"}} > $out\"; w = shell \"w\" \"{}\"; in \
         builtins.seq (builtins.readFile a) (builtins.seq (builtins.readFile w) (builtins.readFile (shell \"c\" \
         \"read x < ${{a}}; read y < $x; echo $y > $out\")))",
        waiting(&started, &go_on)
    );
    let child = eval(&daemon, &program).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    wait_for(&started)?;
    let collection = daemon.nix("nix-store").arg("--gc").output()?;
    fs::write(&go_on, "")?;
    let output = child.wait_with_output()?;
    same(&collection.status.success(), &true)?;
    same(&output.status.success(), &true).map_err(|_| text(&output.stderr))?;
    // Afterwards nothing holds it.
    daemon.nix("nix-store").arg("--gc").output()?;
    let left = fs::read_dir(daemon.folder.path().join("store"))?.flatten();
    let left: Vec<_> = left.map(|entry| text(entry.file_name().as_encoded_bytes())).collect();
    same(&left.into_iter().filter(|name| !name.starts_with('.')).collect::<Vec<_>>(), &Vec::new())
}

fn eight_clients() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let program = |number: u32| {
        format!(
            "builtins.readFile (shell \"own{number}\" \"read x < ${{shell \"common\" \"echo c > $out\"}}; echo {number}$x > $out\")"
        )
    };
    let spawn = |number| eval(&daemon, &program(number)).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let clients: Vec<_> = (0..8).map(|number| (number, spawn(number))).collect();
    for (number, client) in clients {
        let output = client?.wait_with_output()?;
        let got = (text(&output.stdout), text(&output.stderr));
        same(&&*got.0, &&*format!("\"{number}c\\n\"\n")).map_err(|_| format!("{got:?}"))?;
    }
    Ok(())
}

fn not_trusted() -> Result<(), Failed> {
    let daemon = Daemon::configured(Kind::Store, "trusted-users =\nallowed-users = *")?;
    // Root is always trusted by the daemon of root.
    let trust = daemon.client(Version::NEWEST)?.greeting().is_trusted;
    let program = r#"builtins.readFile (shell "u" "read x < ${builtins.toFile "t" "x\n"}; echo $x > $out")"#;
    let mut command = eval(&daemon, program);
    command.args(["--option", "max-silent-time", "100", "--option", "sandbox", "true"]);
    let output = command.output()?;
    let found = text(&output.stderr);
    same(&&*text(&output.stdout), &"\"x\\n\"\n").map_err(|failed| format!("{failed:?} {found}"))?;
    if trust == Some(false) { contains(&found, "ignoring the client-specified setting 'sandbox'") } else { Ok(()) }
}

/// Runs a command as a user with no rights.
fn as_nobody(command: &Command) -> Command {
    let mut other = Command::new("setpriv");
    other.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(command.get_program());
    other.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => other.env(name, value),
            None => other.env_remove(name),
        };
    }
    other
}

/// True if these tests may run the program as another user.
fn can_be_nobody() -> bool {
    let mut command = crate::support::nivis();
    command.arg("--version");
    as_nobody(&command).output().is_ok_and(|output| output.status.success())
}

/// A user of the machine who is not trusted builds and links, but changes no settings of the daemon.
fn another_user() -> Result<(), Failed> {
    let daemon = Daemon::configured(Kind::Store, "trusted-users = root\nallowed-users = *")?;
    fs::set_permissions(daemon.folder.path(), fs::Permissions::from_mode(0o755))?;
    let home = tempfile::Builder::new().prefix("nd").tempdir_in("/tmp")?;
    std::os::unix::fs::chown(home.path(), Some(65534), Some(65534))?;
    let run = |words: &[&str]| {
        let mut command = daemon.nivis();
        command.args(words).env("HOME", home.path()).env_remove("XDG_CACHE_HOME");
        as_nobody(&command).current_dir(home.path()).output()
    };
    let program =
        format!("let {} in shell \"u\" \"read x < ${{builtins.toFile \"t\" \"x\\n\"}}; echo $x > $out\"", shell());
    let output = run(&["build", "--impure", "--expr", &program, "--option", "sandbox", "true"])?;
    let found = text(&output.stderr);
    same(&output.status.code(), &Some(0)).map_err(|failed| format!("{failed:?} {found}"))?;
    same(&fs::read_to_string(home.path().join("result"))?, &"x\n".to_owned())?;
    if daemon.newest()? >= Version(35) {
        contains(&found, "ignoring the client-specified setting 'sandbox'")?;
    }
    let roots = daemon.nix("nix-store").args(["--gc", "--print-roots"]).output()?;
    contains(&text(&roots.stdout), &home.path().join("result").display().to_string())?;
    // What only trusted users may do is the daemon's to refuse.
    let output = run(&["nix-build", "-E", &program, "--repair"])?;
    same(&output.status.code(), &Some(1))?;
    contains(&text(&output.stderr), "not allowed because you are not in 'trusted-users'")
}

/// Fifty derivations whose outputs one value needs are built by one request.
fn one_request() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let program = "builtins.readFile (builtins.head (builtins.attrValues { a = shell \"last\" \"echo 1 > $out\"; }) \
                   + builtins.substring 0 0 (builtins.concatStringsSep \"\" (builtins.genList \
                   (n: \"${shell \"n${toString n}\" \"echo > $out\"}\") 50)))";
    let output = eval(&daemon, program).args(["--trace-import-from-derivation"]).output()?;
    let found = text(&output.stderr);
    same(&&*text(&output.stdout), &"\"1\\n\"\n").map_err(|failed| format!("{failed:?} {found}"))?;
    same(&found.matches("due to an import from derivation").count(), &1)?;
    let built = fs::read_dir(daemon.folder.path().join("store"))?.flatten();
    let built = built.filter(|entry| text(entry.file_name().as_encoded_bytes()).contains("-n"));
    same(&built.filter(|entry| entry.path().extension().is_none()).count(), &50)
}

fn chain() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let program = r#"let
        one = shell "one.nix" "echo '[ \"a\" \"b\" ]' > $out";
        two = shell "two.nix" "printf '${toString (import one)}' > $out";
        three = shell "three" "echo ${builtins.readFile two} > $out";
        in builtins.readFile three"#;
    let output = eval(&daemon, program).output()?;
    same(&&*text(&output.stdout), &"\"a b\\n\"\n")
        .map_err(|failed| format!("{failed:?} {}", text(&output.stderr)).into())
}

fn nobody() -> Result<(), Failed> {
    let folder = tempfile::Builder::new().prefix("nd").tempdir_in("/tmp")?;
    let program = "builtins.readFile (derivation { name = \"x\"; system = \"s\"; builder = \"b\"; })";
    let ask = |socket: &Path| {
        let store = format!("unix://{}", socket.display());
        let output =
            crate::support::nivis().args(["eval", "--impure", "--expr", program]).env("NIX_REMOTE", store).output();
        output.map(|output| (output.status.code(), text(&output.stderr)))
    };
    let missing = ask(&folder.path().join("missing"))?;
    contains(&missing.1, "cannot connect to socket at")?;
    contains(&missing.1, "No such file or directory")?;
    let refused = folder.path().join("refused");
    drop(UnixListener::bind(&refused)?);
    contains(&ask(&refused)?.1, "Connection refused")?;
    let long = folder.path().join("x".repeat(120));
    contains(&ask(&long)?.1, "is too long")?;
    let other = folder.path().join("other");
    let listener = UnixListener::bind(&other)?;
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            // A connection that ends with unread input loses the output that was on its way.
            let _ = client.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            let _ = client.read_to_end(&mut Vec::new());
        }
    });
    let strange = ask(&other)?;
    contains(&strange.1, "protocol mismatch, got 'HTTP/1.1'")?;
    same(&strange.0, &Some(1))
}
