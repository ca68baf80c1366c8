//! The printed values of locked flakes are cached for the next run, without a visible difference.

use crate::support::{nivis, with_files};
use libtest_mimic::{Failed, Trial};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// One trial per property.
pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("kept-values/a value is kept, and never an error", values_and_errors),
        Trial::test("kept-values/what says something says it again", traces),
        Trial::test("kept-values/who asks to see more sees it", closer_looks),
        Trial::test("kept-values/what is damaged is not believed", damaged),
        Trial::test("kept-values/another commit has other values", changed),
        Trial::test("kept-values/nothing is kept of what is not locked", unlocked),
        Trial::test("kept-values/derivations that are gone are made again", derivations),
    ]
}

const FLAKE: &str = r#"{
  outputs = _: {
    number = 42;
    fails = throw "no value";
    speaks = builtins.trace "spoken" 1;
    whispers = builtins.traceVerbose "whispered" 2;
    stops = builtins.break 3;
    address = https://example.org;
    job = derivation { name = "job"; system = "s"; builder = "b"; };
  };
}"#;

/// Runs `body` in a Git repository with the flake.
fn in_repository(body: impl FnOnce(&Path) -> Result<(), Failed>) -> Result<(), Failed> {
    with_files(&[("flake/flake.nix".to_owned(), FLAKE.to_owned())], |folder| {
        git(folder, &["init", "--quiet", "--initial-branch=main"])?;
        commit(folder)?;
        body(folder)
    })
}

fn commit(folder: &Path) -> Result<(), Failed> {
    git(folder, &["add", "."])?;
    git(folder, &["-c", "user.name=n", "-c", "user.email=e", "commit", "--quiet", "--message=m"])
}

fn git(folder: &Path, words: &[&str]) -> Result<(), Failed> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder.join("flake")).args(words).env("GIT_CONFIG_GLOBAL", "/dev/null");
    let output = command.output().map_err(|error| format!("git has to be installed for this test: {error}"))?;
    holds(output.status.success(), &String::from_utf8_lossy(&output.stderr))
}

fn eval(folder: &Path, words: &[&str]) -> Result<Output, Failed> {
    let mut command = nivis();
    command.arg("eval").args(words).current_dir(folder.join("flake"));
    command.env("XDG_CACHE_HOME", folder.join("cache")).env_remove("NIVIS_NO_CACHE");
    Ok(command.output()?)
}

fn prints(folder: &Path, words: &[&str], wanted: &str) -> Result<(), Failed> {
    let output = eval(folder, words)?;
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    holds(output.stdout == wanted.as_bytes(), &told)
}

fn kept(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder.join("cache/nivis/values")).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn holds(what: bool, told: &str) -> Result<(), Failed> {
    if what { Ok(()) } else { Err(told.to_owned().into()) }
}

fn values_and_errors() -> Result<(), Failed> {
    in_repository(|folder| {
        prints(folder, &[".#number", "--no-eval-cache"], "42\n")?;
        holds(kept(folder).is_empty(), "something was kept that should not have been")?;
        for _ in 0..2 {
            prints(folder, &[".#number"], "42\n")?;
            holds(eval(folder, &[".#fails"])?.status.code() == Some(1), "no error")?;
            holds(kept(folder).len() == 1, "an error was kept, or no value")?;
        }
        // The cached text is the printed text.
        let file = &kept(folder)[0];
        holds(fs::read(file)?.ends_with(b"\n\n42\n"), "kept in another form")?;
        prints(folder, &[".#number", "--json"], "42\n")?;
        holds(kept(folder).len() == 2, "another form is another text")
    })
}

fn traces() -> Result<(), Failed> {
    in_repository(|folder| {
        for _ in 0..2 {
            let output = eval(folder, &[".#speaks"])?;
            holds(output.stderr == b"trace: spoken\n", &String::from_utf8_lossy(&output.stderr))?;
        }
        holds(kept(folder).is_empty(), "a value that speaks was kept")
    })
}

fn closer_looks() -> Result<(), Failed> {
    in_repository(|folder| {
        for words in [[".#whispers"], [".#stops"], [".#address"]] {
            let output = eval(folder, &words)?;
            holds(output.status.success(), &String::from_utf8_lossy(&output.stderr))?;
        }
        holds(kept(folder).len() == 3, "not all three are kept")?;
        let table: [(&[&str], &str); 5] = [
            (&[".#whispers", "--trace-verbose"], "trace: whispered"),
            (&[".#whispers", "--trace-function-calls"], "function-trace entered"),
            (&[".#whispers", "-v"], "evaluating file"),
            (&[".#stops", "--debugger"], "In the debugger"),
            (&[".#address", "--lint-url-literals", "fatal"], "error"),
        ];
        for (words, told) in table {
            let output = eval(folder, words)?;
            let stderr = String::from_utf8_lossy(&output.stderr);
            holds(stderr.contains(told), &format!("{words:?}: {stderr}"))?;
        }
        Ok(())
    })
}

fn damaged() -> Result<(), Failed> {
    in_repository(|folder| {
        prints(folder, &[".#number"], "42\n")?;
        let file = kept(folder).remove(0);
        let sound = fs::read(&file)?;
        for at in 0..sound.len() {
            let mut bytes = sound.clone();
            bytes[at] ^= 1;
            fs::write(&file, &bytes)?;
            if at % 9 == 0 {
                prints(folder, &[".#number"], "42\n")?;
            }
        }
        fs::write(&file, "")?;
        prints(folder, &[".#number"], "42\n")
    })
}

fn changed() -> Result<(), Failed> {
    in_repository(|folder| {
        prints(folder, &[".#number"], "42\n")?;
        fs::write(folder.join("flake/flake.nix"), FLAKE.replace("42", "43"))?;
        prints(folder, &[".#number"], "43\n")?;
        commit(folder)?;
        prints(folder, &[".#number"], "43\n")
    })
}

fn unlocked() -> Result<(), Failed> {
    in_repository(|folder| {
        prints(folder, &["--impure", ".#number"], "42\n")?;
        holds(kept(folder).is_empty(), "an impure value was kept")
    })
}

fn derivations() -> Result<(), Failed> {
    in_repository(|folder| {
        let store = folder.join("store");
        let words = [".#job.drvPath", "--raw", "--store", &store.to_string_lossy()];
        for _ in 0..2 {
            let output = eval(folder, &words)?;
            let path = String::from_utf8_lossy(&output.stdout).into_owned();
            holds(kept(folder).len() == 1, "not kept")?;
            holds(store.join(path.trim_start_matches('/')).exists(), "the derivation is not there")?;
            fs::remove_dir_all(&store)?;
        }
        Ok(())
    })
}
