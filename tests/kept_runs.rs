//! A run is kept with what it asked of the world, and answers as long as the world does not change.

use crate::support::{nivis, with_files};
use libtest_mimic::{Failed, Trial};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// One trial per property.
pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("kept-runs/a run prints the same again", same_again),
        Trial::test("kept-runs/each change is seen", changes),
        Trial::test("kept-runs/what cannot be repeated is not kept", not_kept),
        Trial::test("kept-runs/derivations that are gone are made again", derivations),
        Trial::test("kept-runs/what is damaged is not believed", damaged),
        Trial::test("kept-runs/what lies in the place of a record does no harm", other_things),
        Trial::test("kept-runs/where nothing can be written, nothing is kept", not_writable),
        Trial::test("kept-runs/many at once, of which some are killed", crowd),
    ]
}

/// Long enough to be kept.
pub(crate) const WORK: &str = "builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 400000)";

/// Runs `body` in a folder with `program.nix` and what it reads.
fn with_program(program: &str, body: impl FnOnce(&Path) -> Result<(), Failed>) -> Result<(), Failed> {
    let program = format!("builtins.seq ({WORK}) ({program})");
    let files = [("program.nix", &program[..]), ("a", "1"), ("b", "2"), ("d/x", ""), ("imported.nix", "3")];
    with_files(&files.map(|(name, text)| (name.to_owned(), text.to_owned())), |folder| {
        symlink("a", folder.join("link"))?;
        body(folder)
    })
}

pub(crate) fn run(folder: &Path, words: &[&str]) -> Result<Output, Failed> {
    Ok(command(folder, words).output()?)
}

fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = nivis();
    command.args(words).current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache")).env_remove("NIVIS_NO_CACHE");
    command
}

const EVAL: [&str; 3] = ["--eval", "--strict", "program.nix"];

pub(crate) fn why(folder: &Path, words: &[&str]) -> Result<String, Failed> {
    let output = run(folder, &[&["cache", "why"], words].concat())?;
    Ok(String::from_utf8(output.stdout)?.trim_end().replace(&*folder.to_string_lossy(), "."))
}

pub(crate) fn kept(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("cache/nivis/values")).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

pub(crate) fn same<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> Result<(), Failed> {
    if found == expected { Ok(()) } else { Err(format!("{found:?} instead of {expected:?}").into()) }
}

pub(crate) const ANSWERS: &str = "nothing has changed: an earlier run answers";
pub(crate) const NONE: &str = "no run of this command is kept";

fn same_again() -> Result<(), Failed> {
    with_program("builtins.trace \"spoken\" (builtins.warn \"warned\" [ 1 \"two\" ])", |folder| {
        same(&why(folder, &EVAL)?, &NONE.to_owned())?;
        let first = run(folder, &EVAL)?;
        same(&why(folder, &EVAL)?, &ANSWERS.to_owned())?;
        let second = run(folder, &EVAL)?;
        same(&(&second.stdout, &second.stderr), &(&first.stdout, &first.stderr))?;
        same(&second.status.code(), &Some(0))?;
        same(&String::from_utf8(second.stderr)?.contains("spoken"), &true)?;
        // Another command is another run.
        same(&why(folder, &["--eval", "program.nix"])?, &NONE.to_owned())
    })
}

fn changes() -> Result<(), Failed> {
    let looks = "[ (builtins.readFile ./a) (builtins.readFile ./link) (builtins.attrNames (builtins.readDir ./d)) \
                 (builtins.pathExists ./none) (import ./imported.nix) (builtins.readFileType ./b) \
                 (builtins.fetchurl \"file://${toString ./a}\") ]";
    type Change = fn(&Path) -> std::io::Result<()>;
    let table: [(Change, &str); 7] = [
        (|folder| fs::write(folder.join("imported.nix"), "4"), "./imported.nix has changed"),
        (|folder| fs::write(folder.join("a"), "9"), "./a has changed"),
        (|folder| fs::write(folder.join("d/y"), ""), "./d has other entries"),
        (|folder| fs::write(folder.join("none"), ""), "./none was created, removed, or has another type"),
        (
            |folder| fs::remove_file(folder.join("b")).and_then(|()| fs::create_dir(folder.join("b"))),
            "./b was created, removed, or has another type",
        ),
        (
            |folder| fs::remove_file(folder.join("link")).and_then(|()| symlink("imported.nix", folder.join("link"))),
            "./link",
        ),
        (|folder| fs::write(folder.join("d/x"), "unread"), ANSWERS),
    ];
    with_program(looks, |folder| {
        for (change, told) in table {
            let before = run(folder, &EVAL)?;
            same(&why(folder, &EVAL)?, &ANSWERS.to_owned())?;
            change(folder)?;
            let found = why(folder, &EVAL)?;
            let is_it = if told == "./link" { found.contains("./a") || found.contains(told) } else { found == told };
            same(&(is_it, &found), &(true, &found))?;
            let after = run(folder, &EVAL)?;
            same(&after.status.success(), &true)?;
            same(&(after.stdout == before.stdout), &(told == ANSWERS))?;
        }
        Ok(())
    })
}

fn not_kept() -> Result<(), Failed> {
    for program in ["throw \"no value\"", "builtins.isInt builtins.currentTime"] {
        with_program(program, |folder| {
            run(folder, &EVAL)?;
            same(&(program, kept(folder)), &(program, Vec::new()))
        })?;
    }
    for flag in [&["--no-cache"][..], &["--option", "eval-cache", "false"]] {
        with_program("1", |folder| {
            run(folder, &[&EVAL, flag].concat())?;
            same(&kept(folder), &Vec::new())?;
            same(&why(folder, &[&EVAL, flag].concat())?, &"runs of this command are not kept".to_owned())
        })?;
    }
    Ok(())
}

fn derivations() -> Result<(), Failed> {
    with_program("derivation { name = \"n\"; system = \"s\"; builder = ./a; }", |folder| {
        let store = folder.join("store");
        let words = ["instantiate", "program.nix", "--store", &*store.to_string_lossy()];
        let first = run(folder, &words)?;
        same(&first.status.success(), &true)?;
        same(&why(folder, &words)?, &ANSWERS.to_owned())?;
        let path = String::from_utf8(first.stdout.clone())?;
        let file = store.join(path.trim_start_matches('/').trim_end());
        fs::remove_file(&file)?;
        same(&why(folder, &words)?, &format!("the store lacks {}", path.trim_end()))?;
        same(&run(folder, &words)?.stdout, &first.stdout)?;
        same(&file.exists(), &true)
    })
}

fn damaged() -> Result<(), Failed> {
    with_program("[ 1 2 ]", |folder| {
        let first = run(folder, &EVAL)?;
        let file = kept(folder).remove(0);
        let sound = fs::read(&file)?;
        for at in (0..sound.len()).step_by(sound.len() / 12) {
            let mut bytes = sound.clone();
            bytes[at] ^= 1;
            fs::write(&file, &bytes)?;
            same(&why(folder, &EVAL)?, &NONE.to_owned())?;
        }
        same(&run(folder, &EVAL)?.stdout, &first.stdout)
    })
}

fn other_things() -> Result<(), Failed> {
    type Make = fn(&Path) -> std::io::Result<()>;
    let table: [Make; 5] = [
        |place| fs::create_dir(place),
        |place| symlink("/dev/zero", place),
        |place| symlink(place, place),
        |place| fs::write(place, ""),
        |place| Command::new("mkfifo").arg(place).status().map(drop),
    ];
    with_program("[ 1 2 ]", |folder| {
        let first = run(folder, &EVAL)?;
        let place = kept(folder).remove(0);
        for make in table {
            fs::remove_file(&place).or_else(|_| fs::remove_dir(&place))?;
            make(&place)?;
            let again = run(folder, &EVAL)?;
            same(&(&again.stdout, &again.stderr), &(&first.stdout, &first.stderr))?;
        }
        same(&said_info(folder)?.contains("runs: "), &true)?;
        same(&run(folder, &["cache", "clear"])?.status.code().is_some(), &true)
    })
}

fn said_info(folder: &Path) -> Result<String, Failed> {
    Ok(String::from_utf8(run(folder, &["cache", "info"])?.stdout)?)
}

fn not_writable() -> Result<(), Failed> {
    with_program("[ 1 2 ]", |folder| {
        let first = run(folder, &EVAL)?;
        fs::write(folder.join("file"), "")?;
        for place in [folder.join("file"), "/proc".into(), "/dev/null".into()] {
            for _ in 0..2 {
                let output = command(folder, &EVAL).env("XDG_CACHE_HOME", &place).output()?;
                same(&(&output.stdout, &output.stderr), &(&first.stdout, &first.stderr))?;
            }
        }
        Ok(())
    })
}

fn crowd() -> Result<(), Failed> {
    with_program("builtins.trace \"spoken\" (builtins.readFile ./a)", |folder| {
        for round in 0..4 {
            fs::write(folder.join("a"), round.to_string())?;
            let expected = run(folder, &[&EVAL[..], &["--no-eval-cache"]].concat())?;
            let mut children = Vec::new();
            for _ in 0..8 {
                children.push(command(folder, &EVAL).spawn()?);
            }
            for killed in children.drain(..3) {
                let mut killed = killed;
                std::thread::sleep(std::time::Duration::from_millis(7));
                killed.kill()?;
                killed.wait()?;
            }
            for child in children {
                let output = child.wait_with_output()?;
                same(&(&output.stdout, &output.stderr), &(&expected.stdout, &expected.stderr))?;
            }
            let after = run(folder, &EVAL)?;
            same(&(&after.stdout, &after.stderr), &(&expected.stdout, &expected.stderr))?;
        }
        Ok(())
    })
}
