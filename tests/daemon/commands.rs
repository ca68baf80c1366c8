//! Commands that build, and what they print and link.

use super::{Daemon, links_in, same, with_names, with_packages};
use libtest_mimic::Failed;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

/// Runs the program under another name.
pub(super) fn run(daemon: &Daemon, folder: &Path, line: &str) -> Result<Output, Failed> {
    let mut words = line.split(' ');
    let name = words.next().unwrap_or_default();
    let link = daemon.folder.path().join(name);
    let program = daemon.nivis();
    if name != "nivis" && !link.exists() {
        symlink(program.get_program(), &link)?;
    }
    let program_of = |program: Command| match name {
        "nivis" => program,
        _ => daemon.nix(&link.to_string_lossy()),
    };
    Ok(program_of(program).args(words).current_dir(folder).output()?)
}

/// The error output.
pub(super) fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(super) fn nix_build() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let folder = with_packages(&daemon, "t")?;
    let table = [
        ("nix-build a.nix -A a", "a", "result -> a"),
        (
            "nix-build a.nix -A two -A a -A two.dev",
            "two\na\ntwo-dev",
            "result -> two, result-2 -> a, result-dev -> two-dev",
        ),
        ("nivis nix-build a.nix -A two.dev -o x", "two-dev", "x-dev -> two-dev"),
        ("nix-build a.nix -A function --no-out-link", "a", ""),
        ("nix-build a.nix -A bad --dry-run", "", ""),
        ("nix-build a.nix -A a -Q", "a", "result -> a"),
    ];
    for (line, printed, links) in table {
        let output = run(&daemon, &folder, line)?;
        let failed = |failed: Failed| format!("{line}: {failed:?} {}", errors(&output));
        same(&&*with_names(&String::from_utf8_lossy(&output.stdout), &daemon), &printed).map_err(failed)?;
        same(&&*with_names(&links_in(&folder)?, &daemon), &links).map_err(failed)?;
    }
    let told = errors(&run(&daemon, &folder, "nix-build a.nix -A worse -A bad -k")?);
    for part in ["these 2 derivations will be built:", "\nbroken\n", ".drv', '"] {
        same(&told.contains(part), &true).map_err(|_| format!("{part:?} is not in:\n{told}"))?;
    }
    // Without a daemon between, the status tells what failed.
    for (line, status) in [("bad", 100), ("worse", 100), ("needs", 100), ("a", 0)] {
        let line = format!("nix-build a.nix --store local -A {line}");
        same(&run(&daemon, &folder, &line)?.status.code(), &Some(status))
            .map_err(|failed| format!("{line}: {failed:?}"))?;
    }
    same(&run(&daemon, &folder, "nix-build a.nix -A bad")?.status.code(), &Some(1))
}

pub(super) fn roots() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let folder = with_packages(&daemon, "t")?;
    let shown = |output: &Output| String::from_utf8_lossy(&output.stdout).replace(&*folder.to_string_lossy(), "");
    let output = run(&daemon, &folder, "nix-instantiate a.nix -A two.dev -A a --add-root sub/x --indirect")?;
    same(&&*shown(&output), &"/sub/x!dev\n/sub/x-2\n").map_err(|failed| format!("{failed:?} {}", errors(&output)))?;
    let links = with_names(&links_in(&folder.join("sub"))?, &daemon);
    same(&&*links, &"x -> two.drv, x-2 -> a.drv")?;
    let told =
        |line: &str| Ok::<_, Failed>(errors(&run(&daemon, &folder, line)?).contains("did not specify '--add-root'"));
    same(&told("nix-instantiate a.nix -A a")?, &true)?;
    same(&told("nix-instantiate a.nix -A a --no-gc-warning")?, &false)?;
    fs::write(folder.join("jobs.nix"), "{ inherit (import ./a.nix) a bad; }")?;
    run(&daemon, &folder, "nix-build a.nix -A a --no-out-link")?;
    let output = run(&daemon, &folder, "nivis jobs jobs.nix --check-cache-status --gc-roots-dir roots")?;
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    for part in [r#""a"],"cacheStatus":"local""#, r#""bad"],"cacheStatus":"notBuilt""#] {
        same(&lines.contains(part), &true).map_err(|_| format!("{part} is not in:\n{lines}"))?;
    }
    same(&fs::read_dir(folder.join("roots"))?.count(), &2)
}

pub(super) fn log_formats() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let folder = with_packages(&daemon, "t")?;
    let build = |line: &str| run(&daemon, &folder, line);
    let table = [
        ("--log-format internal-json", r#"@nix {"action":"result","fields":["broken"],"id":"#),
        ("--log-format internal-json", r#"@nix {"action":"msg","level":3,"msg":"this derivation will be built:"}"#),
        ("--log-format internal-json", r#""column":null,"file":null,"level":0,"line":null,"msg":"\u001b[31;1merror:"#),
        ("--log-format raw-with-logs", "\nbroken\n"),
        ("--log-format bar-with-logs", "\nbad> broken\n"),
        ("--log-format raw --option log-lines 0", "building '"),
    ];
    for (flags, expected) in table {
        let told = errors(&build(&format!("nivis build --impure -f a.nix bad --no-link {flags}"))?);
        same(&told.contains(expected), &true).map_err(|_| format!("{flags}: {expected} is not in:\n{told}"))?;
        let is_json = flags.contains("json");
        same(&told.lines().all(|line| line.starts_with("@nix {")), &is_json)
            .map_err(|_| format!("{flags}:\n{told}"))?;
    }
    Ok(())
}
