//! The lessons' claims about nixpkgs: a fence `claim` on their pages has an expression that is true in the tree that
//! `NIVIS_NIXPKGS` names. `pkgs` and `lib` are that tree's. Without the variable these trials are ignored.

use crate::markdown;
use crate::support::{files, isolated, project};
use libtest_mimic::{Failed, Trial};
use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

/// One trial per expression.
pub(crate) fn trials() -> Vec<Trial> {
    let tree = std::env::var_os("NIVIS_NIXPKGS");
    let mut trials = Vec::new();
    for path in files(&project().join("docs/lessons"), ".md") {
        for (number, claim) in claims(&path).into_iter().enumerate() {
            let (name, tree) = (format!("nixpkgs/{}: {}", markdown::stem(&path), number + 1), tree.clone());
            let is_ignored = tree.is_none();
            trials.push(Trial::test(name, move || check(&claim, tree.as_deref())).with_ignored_flag(is_ignored));
        }
    }
    trials
}

/// The expressions on a page.
fn claims(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let fences = text.split("\n```claim\n").skip(1);
    fences.map(|rest| rest.split_once("\n```").map_or("", |(claim, _)| claim).to_owned()).collect()
}

fn check(claim: &str, tree: Option<&OsStr>) -> Result<(), Failed> {
    let tree = tree.ok_or("NIVIS_NIXPKGS is not set")?;
    let program = format!(
        "let pkgs = import <nixpkgs> {{ system = \"x86_64-linux\"; config = {{ }}; overlays = [ ]; }}; inherit (pkgs) lib; in\n{claim}"
    );
    let mut search_path = OsString::from("nixpkgs=");
    search_path.push(tree);
    let mut command = isolated(Command::new(env!("CARGO_BIN_EXE_nivis")));
    command.args(["--eval", "--store", "dummy://", "-E", &program]).env("NIX_PATH", search_path);
    let output = command.output()?;
    match output.stdout.trim_ascii() {
        b"true" => Ok(()),
        _ => Err(format!("{claim}\nis {}", String::from_utf8_lossy(&[output.stdout, output.stderr].concat())).into()),
    }
}
