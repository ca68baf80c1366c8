//! Commands that put flakes into the store, and entries of it into archives; installables from standard input.

use super::commands::{errors, run};
use super::{Daemon, same, shell, with_names};
use crate::support::run_with_input;
use libtest_mimic::Failed;
use nivis::io::SystemIo;
use nivis::store::tree::write_archive;
use serde_json::Value as Json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A flake with inputs: one elsewhere, twice, and one in its own tree.
fn with_flakes(daemon: &Daemon) -> Result<PathBuf, Failed> {
    let folder = daemon.folder.path().join("t");
    let top = folder.join("top");
    fs::create_dir_all(top.join("sub"))?;
    fs::create_dir(folder.join("dep"))?;
    for place in [folder.join("dep"), top.join("sub")] {
        fs::write(place.join("flake.nix"), "{ outputs = _: { x = 1; }; }")?;
    }
    let dep = folder.join("dep");
    let dep = dep.display();
    let inputs = format!("a.url = \"path:{dep}\"; b.url = \"path:{dep}\"; sub.url = \"path:./sub\";");
    fs::write(top.join("flake.nix"), format!("{{ inputs = {{ {inputs} }}; outputs = _: {{ }}; }}"))?;
    Ok(folder)
}

pub(super) fn flakes() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let folder = with_flakes(&daemon)?;
    let json = |line: &str| {
        let output = run(&daemon, &folder, line)?;
        let json: Result<Json, _> = serde_json::from_slice(&output.stdout);
        json.map_err(|error| Failed::from(format!("{line}: {error} {}", errors(&output))))
    };
    // The run that writes the lock file means the tree before.
    let before = json("nivis flake archive --json path:./top")?;
    let files = fs::read_dir(before["path"].as_str().unwrap_or_default())?.count();
    same(&(files, folder.join("top/flake.lock").exists()), &(2, true))?;
    let archived = json("nivis flake archive --json path:./top")?;
    same(&(archived["path"] == before["path"]), &false)?;
    same(&json("nivis flake archive --json --dry-run path:./top")?, &archived)?;
    let inputs = &archived["inputs"];
    same(&(&inputs["a"], inputs["sub"].get("path")), &(&inputs["b"], None))?;
    for path in [&archived["path"], &inputs["a"]["path"]] {
        let path = path.as_str().unwrap_or_default();
        let found = daemon.nix("nix-store").args(["--check-validity", path]).output()?;
        same(&found.status.success(), &true).map_err(|_| format!("{path} is not there"))?;
        same(&Path::new(path).join("flake.nix").exists(), &true)?;
    }
    let output = run(&daemon, &folder, "nivis flake prefetch-inputs path:./top")?;
    same(&output.status.success(), &true).map_err(|_| errors(&output))?;
    copies(&daemon, &folder, &archived)?;
    fs::remove_dir_all(folder.join("dep"))?;
    same(&json("nivis flake archive --json path:./top")?, &archived)?;
    for (line, expected) in [
        ("nivis flake archive path:./top --to https://cache.example.org", "'nix copy --to https://cache.example.org'"),
        ("nivis flake archive path:./top --to file:///x?compression=xz", "not compressed"),
        ("nivis flake clone path:./top", "missing flag '--dest'"),
        ("nivis flake clone path:./top --dest top", "cannot clone into existing path"),
        ("nivis flake clone git+file:///nowhere?rev=0000000000000000000000000000000000000000 --dest x", "revision"),
    ] {
        let told = errors(&run(&daemon, &folder, line)?);
        same(&told.contains(expected), &true).map_err(|_| format!("{line}: {expected} is not in:\n{told}"))?;
    }
    run(&daemon, &folder, "nivis flake clone path:./top --dest copy")?;
    same(&fs::read(folder.join("copy/flake.lock"))?, &fs::read(folder.join("top/flake.lock"))?)?;
    clones(&daemon, &folder)
}

/// Trees are copied into other stores, each once.
fn copies(daemon: &Daemon, folder: &Path, archived: &Json) -> Result<(), Failed> {
    let other = Daemon::start()?;
    let base = |path: &Json| path.as_str().and_then(|path| path.rsplit('/').next()).unwrap_or_default().to_owned();
    let names = [base(&archived["path"]), base(&archived["inputs"]["a"]["path"])];
    let own_store = daemon.folder.path().join("store").display().to_string();
    let (cache, plain) = (folder.join("cache"), folder.join("plain"));
    let entries = plain.join(own_store.trim_start_matches('/'));
    for to in [format!("file://{}", cache.display()), plain.display().to_string()] {
        for expected in ["copied 2 trees", "copied 0 trees"] {
            let line = format!("nivis flake archive path:./top --to {to}");
            let told = errors(&run(daemon, folder, &line)?);
            same(&told.contains(expected), &true).map_err(|_| format!("{line}: {told}"))?;
        }
    }
    run(daemon, folder, "nivis flake archive path:./top --dry-run --to ./none")?;
    same(&folder.join("none").exists(), &false)?;
    for name in &names {
        same(&entries.join(name).join("flake.nix").exists(), &true)?;
        let info = fs::read_to_string(cache.join(&name[..32]).with_extension("narinfo"))?;
        let field = |name: &str| info.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        same(&field("StorePath: ").to_owned(), &format!("{own_store}/{name}"))?;
        same(&field("CA: fixed:r:"), &field("NarHash: "))?;
        same(&fs::metadata(cache.join(field("URL: ")))?.len().to_string(), &field("NarSize: ").to_owned())?;
    }
    same(&fs::read_to_string(cache.join("nix-cache-info"))?, &format!("StoreDir: {own_store}\n"))?;
    // The other daemon's store has another directory, so paths differ; a cache is for one directory only.
    let line = format!("nivis flake archive path:./top --to file://{}", cache.display());
    let told = errors(&run(&other, folder, &line)?);
    same(&told.contains("is for Nix stores with prefix"), &true).map_err(|_| told.into())
}

/// Repositories are cloned, not copied.
fn clones(daemon: &Daemon, folder: &Path) -> Result<(), Failed> {
    let repository = folder.join("repository");
    for words in [&["init", "-q"][..], &["commit", "-q", "--allow-empty", "-m", "first"]] {
        fs::create_dir_all(&repository)?;
        let mut git = Command::new("git");
        git.args(["-c", "user.name=A", "-c", "user.email=a@example.org"]).args(words).current_dir(&repository);
        same(&git.output()?.status.success(), &true)?;
    }
    let output = run(daemon, folder, &format!("nivis flake clone git+file://{} -f cloned", repository.display()))?;
    same(&folder.join("cloned/.git").exists(), &true).map_err(|_| errors(&output).into())
}

/// A flake in a home directory, where copies are staged, is not copied into itself.
pub(super) fn homes() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let home = daemon.folder.path().join("home");
    fs::write(home.join("flake.nix"), "{ outputs = { self }: { text = \"${self}\"; }; }")?;
    let mut command = daemon.nivis();
    command.env_remove("XDG_CACHE_HOME").args(["flake", "archive", "--json", "path:."]).current_dir(&home);
    let output = command.output()?;
    same(&output.status.success(), &true).map_err(|_| errors(&output).into())
}

pub(super) fn archives() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let folder = with_flakes(&daemon)?;
    let entry = run(&daemon, &folder, "nivis store add top")?.stdout;
    let entry = String::from_utf8_lossy(&entry).trim_end().to_owned();
    let mut expected = Vec::new();
    let top = folder.join("top");
    write_archive(&SystemIo, top.as_os_str().as_encoded_bytes(), &mut |bytes| {
        expected.extend_from_slice(bytes);
        Ok(())
    })?;
    for line in ["nivis nar pack top".to_owned(), format!("nivis store dump-path {entry}")] {
        let output = run(&daemon, &folder, &line)?;
        same(&(output.stdout == expected), &true).map_err(|_| format!("{line}: {}", errors(&output)))?;
    }
    let missing = format!("{entry}x");
    let told = errors(&run(&daemon, &folder, &format!("nivis store dump-path {missing}"))?);
    same(&told.contains("is not valid"), &true).map_err(|_| told.into())
}

pub(super) fn installables_from_input() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let folder = daemon.folder.path().join("t");
    fs::create_dir(&folder)?;
    fs::write(
        folder.join("a.nix"),
        format!("let {} in {{ a = shell \"a\" \"> $out\"; b = shell \"b\" \"> $out\"; }}", shell()),
    )?;
    let built = |words: &[&str], input: &str| {
        let mut command = daemon.nivis();
        command.args(["build", "--impure", "-f", "a.nix", "--no-link", "--print-out-paths", "--stdin"]);
        command.args(words).current_dir(&folder);
        let output = run_with_input(command, input.as_bytes())?;
        let text = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
        let names: Vec<_> = text.lines().map(|line| with_names(line, &daemon)).collect();
        Ok::<_, Failed>((names.join(" "), errors(&output)))
    };
    for (words, input, expected) in [(&["b"][..], "a\n", "b a"), (&[], " a\n\tb", "a b"), (&[], "", "")] {
        let (names, told) = built(words, input)?;
        same(&&*names, &expected).map_err(|failed| format!("{words:?}: {failed:?} {told}"))?;
    }
    Ok(())
}
