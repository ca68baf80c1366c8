//! The corpus in `nix-test-corpus`: programs as files, run by the program under the name `nix-instantiate`.

use crate::support::{expect, files, neutral, nix_instantiate, project, run_with_input};
use libtest_mimic::{Failed, Trial};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Output;

/// One trial per case.
pub(crate) fn trials() -> Vec<Trial> {
    let folder = project().join("nix-test-corpus");
    let failures = expected_failures(&folder);
    let cases = files(&folder, ".nix").into_iter().filter(|path| kind(path).is_some());
    cases.map(|path| trial(&folder, path, &failures)).collect()
}

/// Cases that fail today, with the reason. They must keep failing until they are removed from the list.
fn expected_failures(folder: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(folder.join("expected-failures.txt")).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once("  ")).map(|(path, why)| (path.to_owned(), why.trim().to_owned())).collect()
}

fn kind(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.to_str()?;
    ["eval-okay", "eval-fail", "parse-okay", "parse-fail"].into_iter().find(|kind| name.starts_with(kind))
}

fn trial(folder: &Path, path: PathBuf, failures: &BTreeMap<String, String>) -> Trial {
    let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
    let reason = failures.get(&name).cloned();
    let folder = folder.to_owned();
    let test = name.clone();
    Trial::test(format!("corpus/{name}"), move || {
        let result = check(&folder, &path, &test);
        match reason {
            None => result,
            Some(reason) if result.is_ok() => {
                Err(format!("passes now; take it off expected-failures.txt ({reason})").into())
            }
            Some(_) => Ok(()),
        }
    })
}

fn check(folder: &Path, path: &Path, name: &str) -> Result<(), Failed> {
    match kind(path) {
        Some("parse-okay") => okay(folder, path, run_parse(folder, path)?, ".exp"),
        Some("parse-fail") => fail(folder, path, &run_parse(folder, path)?),
        Some("eval-fail") => {
            fail(folder, path, &run_eval(folder, path, name, &["--eval", "--strict", "--show-trace"])?)
        }
        _ if path.with_extension("exp.xml").exists() => okay(
            folder,
            path,
            run_eval(folder, path, name, &["--eval", "--xml", "--no-location", "--strict"])?,
            ".exp.xml",
        ),
        _ => okay(folder, path, run_eval(folder, path, name, &["--eval", "--strict"])?, ".exp"),
    }
}

fn run_parse(folder: &Path, path: &Path) -> Result<Output, Failed> {
    let mut command = nix_instantiate();
    command.args(["--parse", "-"]).current_dir(folder);
    run_with_input(command, &std::fs::read(path)?)
}

fn run_eval(folder: &Path, path: &Path, name: &str, default: &[&str]) -> Result<Output, Failed> {
    let mut command = nix_instantiate();
    match std::fs::read_to_string(path.with_extension("flags")) {
        Ok(flags) => {
            command.args(flags.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace));
            if kind(path) == Some("eval-okay") {
                command.args(default);
            }
        }
        Err(_) => {
            command.args(default);
        }
    }
    command.env("NIX_CONFIG", "show-trace = true\nextra-experimental-features = nix-command flakes fetch-tree\n");
    Ok(command.arg(name).current_dir(folder).output()?)
}

fn okay(folder: &Path, path: &Path, output: Output, ending: &str) -> Result<(), Failed> {
    if output.status.code() != Some(0) {
        return Err(format!("status {:?}\n{}", output.status, String::from_utf8_lossy(&output.stderr)).into());
    }
    expect(&path.with_extension("err.exp"), &neutral(folder, &output.stderr), "standard error")?;
    let base = path.with_extension("");
    expect(&PathBuf::from(format!("{}{ending}", base.display())), &neutral(folder, &output.stdout), "standard output")
}

fn fail(folder: &Path, path: &Path, output: &Output) -> Result<(), Failed> {
    let stderr = neutral(folder, &output.stderr);
    if output.status.code() != Some(1) {
        return Err(format!("status {:?}\n{}", output.status, String::from_utf8_lossy(&stderr)).into());
    }
    expect(&path.with_extension("err.exp"), &stderr, "standard error")
}
