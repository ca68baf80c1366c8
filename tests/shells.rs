//! Completions in the shells themselves, as far as they are on this machine.

use crate::support::{isolated, links};
use libtest_mimic::{Failed, Trial};
use std::process::Command;

const FLAKE: &str = "{ outputs = _: { packages.x86_64-linux = { hello = throw \"\"; help = 2; }; }; }";
const FILE: &str = "{ aa = { bb = throw \"\"; bc = 2; }; z = { }; }";

/// Lines that are typed up to Tab, and the words that are offered.
const TABLE: &[(&str, &[&str])] = &[
    ("nivis eval --system x86_64-linux .#hel", &[".#hello", ".#help"]),
    ("nivis eval -f x.nix aa.", &["aa.bb", "aa.bc"]),
    ("nivis --eval x.nix -A aa.", &["aa.bb", "aa.bc"]),
    ("nivis explain E001", &["E0010", "E0011", "E0012", "E0013", "E0014", "E0016", "E0017", "E0018", "E0019"]),
    ("nivis eval --error-format ", &["json", "nix", "pretty"]),
    ("nivis ev", &["eval"]),
];

/// What makes a shell offer words for a line, which is in `LINE`: one to a line of output, with what else it says of them
/// after a tab.
const BASH: &str = r#"
source <(nivis completions bash)
COMP_LINE=$LINE COMP_POINT=${#LINE}
_nivis 2>/dev/null
printf '%s\n' "${COMPREPLY[@]}"
"#;
const FISH: &str = "nivis completions fish | source; complete -C \"$LINE\"";
/// Zsh completes in its line editor only. Here its words are given, and what it would add is printed.
const ZSH: &str = r#"
compdef() { :; }
source <(nivis completions zsh)
compadd() { print -rl -- $found; }
words=("${(@s: :)LINE}") CURRENT=${#words}
_nivis
"#;

pub(crate) fn trials() -> Vec<Trial> {
    let shells = [("bash", BASH), ("fish", FISH), ("zsh", ZSH)];
    let trial = |(shell, script): (&'static str, &'static str)| {
        let is_there = Command::new(shell).arg("--version").output().is_ok();
        Trial::test(format!("shells/{shell} completes"), move || check(shell, script)).with_ignored_flag(!is_there)
    };
    shells.into_iter().map(trial).collect()
}

fn check(shell: &str, script: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("flake.nix"), FLAKE)?;
    std::fs::write(folder.path().join("x.nix"), FILE)?;
    let path = std::env::var("PATH").unwrap_or_default();
    for (line, expected) in TABLE {
        let mut command = isolated(Command::new(shell));
        command
            .args(["-c", script])
            .env("LINE", line)
            .env("LAST", expected.last().unwrap_or(&""))
            .env("HOME", folder.path())
            .current_dir(folder.path());
        command.env("PATH", format!("{}:{path}", links().display()));
        let output = command.output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let offered: Vec<&str> = text.lines().map(|line| line.split('\t').next().unwrap_or_default().trim()).collect();
        if let Some(missing) = expected.iter().find(|word| !offered.contains(word)) {
            return Err(format!("{shell} does not offer {missing} after '{line}': {text:?}").into());
        }
        if offered.len() != expected.len() {
            return Err(format!("{shell} offers more after '{line}': {text:?}").into());
        }
    }
    Ok(())
}
