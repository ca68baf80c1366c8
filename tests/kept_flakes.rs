//! Runs on flakes are kept like others. What Git says of a repository is among what they asked.

use crate::kept_runs::{ANSWERS, NONE, WORK, kept, run, same, why};
use crate::support::with_files;
use libtest_mimic::{Failed, Trial};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

/// One trial per property.
pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("kept-flakes/each command says the same again", same_again),
        Trial::test("kept-flakes/each change of the repository is seen", changes),
        Trial::test("kept-flakes/a flake outside of Git, and its inputs", paths),
        Trial::test("kept-flakes/getFlake and a registry", named),
        Trial::test("kept-flakes/who asks to see more sees it", closer_looks),
        Trial::test("kept-flakes/errors and lock files that are written are not kept", not_kept),
        Trial::test("kept-flakes/derivations that are gone are made again", derivations),
        Trial::test("kept-flakes/submodules and other work trees", submodules),
    ]
}

fn flake() -> String {
    let outputs = r#"{
        number = 42;
        legacyPackages.x86_64-linux.fails = throw "no value";
        speaks = builtins.trace "spoken" 1;
        whispers = builtins.traceVerbose "whispered" 2;
        stops = builtins.break 3;
        address = https://example.org;
        files = builtins.attrNames (builtins.readDir ./.);
        rev = self.rev or self.dirtyRev or "none";
        packages.x86_64-linux.default = derivation { name = "job"; system = "x86_64-linux"; builder = "b"; };
    }"#;
    format!("{{ outputs = {{ self, ... }}: builtins.seq ({WORK}) {outputs}; }}")
}

/// Runs `body` in a Git repository with the flake.
fn in_repository(body: impl FnOnce(&Path) -> Result<(), Failed>) -> Result<(), Failed> {
    let files = [("flake.nix", flake()), (".gitignore", "cache\nstore\n".to_owned()), ("data", "1".to_owned())];
    // Commands that evaluate nothing have to read all of the tree, so that they too take long enough to be kept.
    let many = (0..4000).map(|index| (format!("many/{index}"), String::new()));
    let all: Vec<_> = files.map(|(name, text)| (name.to_owned(), text)).into_iter().chain(many).collect();
    with_files(&all, |folder| {
        git(folder, &["init", "--quiet", "--initial-branch=main"])?;
        commit(folder)?;
        body(folder)
    })
}

fn commit(folder: &Path) -> Result<(), Failed> {
    git(folder, &["add", "."])?;
    git(folder, &["-c", "user.name=n", "-c", "user.email=e", "commit", "--quiet", "--message=m"])
}

/// Runs Git, and waits until the clock of files has gone on.
fn git(folder: &Path, words: &[&str]) -> Result<(), Failed> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(["-c", "protocol.file.allow=always"]).args(words);
    let output = command.env("GIT_CONFIG_GLOBAL", "/dev/null").output();
    let output = output.map_err(|error| format!("git has to be installed for this test: {error}"))?;
    later();
    same(&(output.status.success(), &*String::from_utf8_lossy(&output.stderr)), &(true, ""))
}

/// Files that change while a run begins spoil its record.
fn later() {
    thread::sleep(Duration::from_millis(40));
}

fn said(output: &Output) -> (String, String, Option<i32>) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

fn same_again() -> Result<(), Failed> {
    let commands: [&[&str]; 6] = [
        &["eval", ".#number"],
        &["eval", ".#speaks", "--json"],
        &["eval", ".#packages.x86_64-linux.default.drvPath"],
        &["flake", "show"],
        &["flake", "check", "--no-build"],
        &["flake", "metadata"],
    ];
    in_repository(|folder| {
        for words in commands {
            same(&why(folder, words)?, &NONE.to_owned())?;
            let first = run(folder, words)?;
            same(&(words, &*why(folder, words)?), &(words, ANSWERS))?;
            let second = run(folder, words)?;
            let without = run(folder, &[words, &["--no-eval-cache"]].concat())?;
            same(&said(&second), &said(&first))?;
            same(&said(&without), &said(&first))?;
            same(&first.status.code(), &Some(0))?;
        }
        let told = said(&run(folder, &["eval", ".#number", "-v"])?).1;
        same(&told.contains("an earlier run"), &false)?;
        let told = said(&run(folder, &["eval", ".#number", "-v"])?).1;
        same(&told.contains("an earlier run"), &true)
    })
}

fn changes() -> Result<(), Failed> {
    type Change = fn(&Path) -> Result<(), Failed>;
    let table: [(Change, bool); 13] = [
        (|it| Ok(fs::write(it.join("untracked"), "")?), true),
        (|it| git(it, &["add", "untracked"]), false),
        (|it| Ok(fs::write(it.join("data"), "2")?), false),
        (|it| Ok(fs::write(it.join("data"), "1")?), false),
        (commit, false),
        (|it| Ok(fs::remove_file(it.join("data"))?), false),
        (|it| git(it, &["checkout", "--quiet", "data"]), false),
        (|it| git(it, &["branch", "other"]), true),
        (|it| git(it, &["checkout", "--quiet", "-b", "third"]), false),
        (|it| git(it, &["pack-refs", "--all"]), false),
        (|it| git(it, &["config", "core.fileMode", "false"]), false),
        (|it| Ok(fs::write(it.join("flake.nix"), flake().replace("42", "43"))?), false),
        (|it| git(it, &["stash", "--quiet"]).or_else(|_| git(it, &["checkout", "--quiet", "."])), false),
    ];
    let commands: [&[&str]; 4] =
        [&["eval", ".#number"], &["eval", ".#rev"], &["eval", ".#files"], &["flake", "metadata", "--json"]];
    in_repository(|folder| {
        for (index, (change, answers)) in table.into_iter().enumerate() {
            commands.iter().try_for_each(|words| run(folder, words).map(drop))?;
            same(&(index, &*why(folder, commands[0])?), &(index, ANSWERS))?;
            change(folder)?;
            later();
            same(&(index, why(folder, commands[0])? == ANSWERS), &(index, answers))?;
            for words in commands {
                let without = run(folder, &[words, &["--no-eval-cache"]].concat())?;
                same(&(index, said(&run(folder, words)?)), &(index, said(&without)))?;
            }
        }
        Ok(())
    })
}

fn paths() -> Result<(), Failed> {
    let flake = format!(
        r#"{{ inputs.dep = {{ url = "path:./dep"; flake = false; }};
              outputs = {{ self, dep }}: builtins.seq ({WORK}) {{ number = import "${{dep}}/number.nix"; }}; }}"#
    );
    let files = [("f/flake.nix", &flake[..]), ("f/dep/number.nix", "1"), ("f/dep/other", "")];
    with_files(&files.map(|(name, text)| (name.to_owned(), text.to_owned())), |folder| {
        let words = ["eval", "path:./f#number", "--no-write-lock-file"];
        let first = run(folder, &words)?;
        same(&said(&first).0, &"1\n".to_owned())?;
        same(&why(folder, &words)?, &ANSWERS.to_owned())?;
        same(&said(&run(folder, &words)?), &said(&first))?;
        // All of the tree counts: its hash is in the lock file.
        fs::write(folder.join("f/dep/other"), "more")?;
        same(&why(folder, &words)?.starts_with("./f/dep/other has "), &true)?;
        fs::write(folder.join("f/dep/number.nix"), "2")?;
        same(&said(&run(folder, &words)?).0, &"2\n".to_owned())
    })
}

fn named() -> Result<(), Failed> {
    in_repository(|folder| {
        let program = format!("(builtins.getFlake \"git+file://{}\").number", folder.display());
        let words = ["eval", "--impure", "--extra-experimental-features", "flakes", "--expr", &program];
        run(folder, &words)?;
        same(&why(folder, &words)?, &ANSWERS.to_owned())?;
        fs::write(folder.join("flake.nix"), flake().replace("42", "43"))?;
        same(&said(&run(folder, &words)?).0, &"43\n".to_owned())?;

        let registry = |target: &str| {
            let place = folder.join(target);
            let text = format!(
                r#"{{"version": 2, "flakes": [{{"from": {{"type": "indirect", "id": "it"}},
                     "to": {{"type": "path", "path": "{}"}}}}]}}"#,
                place.display()
            );
            fs::create_dir_all(&place)?;
            fs::write(
                place.join("flake.nix"),
                format!("{{ outputs = _: builtins.seq ({WORK}) {{ at = \"{target}\"; }}; }}"),
            )?;
            fs::write(folder.join("registry.json"), text)
        };
        let file = folder.join("registry.json");
        let words = ["eval", "it#at", "--flake-registry", &*file.to_string_lossy()];
        for target in ["one", "two"] {
            registry(target)?;
            later();
            same(&said(&run(folder, &words)?).0, &format!("\"{target}\"\n"))?;
            same(&why(folder, &words)?, &ANSWERS.to_owned())?;
        }
        Ok(())
    })
}

fn closer_looks() -> Result<(), Failed> {
    in_repository(|folder| {
        // Each of its calls would be shown.
        fs::write(folder.join("flake.nix"), flake().replace(WORK, "1"))?;
        later();
        for output in ["whispers", "stops", "address"] {
            let words = ["eval", &format!(".#{output}")];
            same(&run(folder, &words)?.status.success(), &true)?;
            same(&why(folder, &words)?, &ANSWERS.to_owned())?;
        }
        let table: [(&[&str], &str); 5] = [
            (&[".#whispers", "--trace-verbose"], "trace: whispered"),
            (&[".#whispers", "--trace-function-calls"], "function-trace entered"),
            (&[".#whispers", "-v"], "evaluating file"),
            (&[".#stops", "--debugger"], "In the debugger"),
            (&[".#address", "--lint-url-literals", "fatal"], "error"),
        ];
        for (words, told) in table {
            for _ in 0..2 {
                let output = run(folder, &[&["eval"], words].concat())?;
                let stderr = String::from_utf8_lossy(&output.stderr);
                same(&(stderr.contains(told), &*stderr), &(true, &*stderr))?;
            }
        }
        Ok(())
    })
}

fn not_kept() -> Result<(), Failed> {
    in_repository(|folder| {
        run(folder, &["eval", ".#legacyPackages.x86_64-linux.fails"])?;
        same(&kept(folder), &Vec::new())?;
        let input = folder.join("input");
        fs::create_dir_all(&input)?;
        fs::write(input.join("flake.nix"), "{ outputs = _: { }; }")?;
        fs::write(
            folder.join("flake.nix"),
            flake().replacen('{', &format!("{{ inputs.i.url = \"path:{}\";", input.display()), 1),
        )?;
        later();
        let words = ["eval", ".#number"];
        same(&said(&run(folder, &words)?).1.contains("lock file"), &true)?;
        same(&(kept(folder), folder.join("flake.lock").exists()), &(Vec::new(), true))?;
        later();
        run(folder, &words)?;
        same(&why(folder, &words)?, &ANSWERS.to_owned())
    })
}

fn derivations() -> Result<(), Failed> {
    in_repository(|folder| {
        let store = folder.join("store");
        let words = ["eval", ".#packages.x86_64-linux.default.drvPath", "--raw", "--store", &*store.to_string_lossy()];
        for _ in 0..2 {
            let path = said(&run(folder, &words)?).0;
            same(&why(folder, &words)?, &ANSWERS.to_owned())?;
            same(&store.join(path.trim_start_matches('/')).exists(), &true)?;
            fs::remove_dir_all(&store)?;
            same(&(why(folder, &words)? == ANSWERS), &false)?;
        }
        Ok(())
    })
}

fn submodules() -> Result<(), Failed> {
    let files = [("m/data", "1"), ("r/data", "2")].map(|(name, text)| (name.to_owned(), text.to_owned()));
    with_files(&files, |folder| {
        let (module, root) = (folder.join("m"), folder.join("r"));
        fs::write(root.join("flake.nix"), flake().replace("42", "builtins.readFile ./s/data"))?;
        for place in [&module, &root] {
            git(place, &["init", "--quiet", "--initial-branch=main"])?;
            commit(place)?;
        }
        git(&root, &["submodule", "--quiet", "add", &module.to_string_lossy(), "s"])?;
        commit(&root)?;
        git(&root, &["worktree", "add", "--quiet", "../w"])?;
        let words = ["eval", "git+file:./r?submodules=1#number"];
        let words = [words[0], &words[1].replace("./r", &root.to_string_lossy())];
        same(&said(&run(folder, &words)?).0, &"\"1\"\n".to_owned())?;
        same(&why(folder, &words)?, &ANSWERS.to_owned())?;
        fs::write(root.join("s/data"), "3")?;
        same(&said(&run(folder, &words)?).0, &"\"3\"\n".to_owned())?;

        let words = ["eval", "./w#rev"];
        let first = run(folder, &words)?;
        same(&why(folder, &words)?, &ANSWERS.to_owned())?;
        fs::write(folder.join("w/data"), "4")?;
        commit(&folder.join("w"))?;
        same(&(said(&run(folder, &words)?).0 == said(&first).0), &false)
    })
}
