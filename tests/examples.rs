//! The examples of the library: what they print is beside them, `examples/NAME.out`. Lines are compared in order, but for those
//! of threads.

use crate::support::{expect, failed_at, files, isolated, project};
use libtest_mimic::{Failed, Trial};
use std::path::Path;
use std::process::Command;

/// One trial per example with an expected output.
pub(crate) fn trials() -> Vec<Trial> {
    let all = files(&project().join("examples"), ".out");
    let name = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    all.into_iter()
        .map(|path| Trial::test(format!("examples/{}", name(&path)), move || check(&path, &name(&path))))
        .collect()
}

fn check(path: &Path, name: &str) -> Result<(), Failed> {
    let test = std::env::current_exe()?;
    let folder = test.parent().and_then(Path::parent).map(|folder| folder.join("examples"));
    let program = folder.unwrap_or_default().join(name);
    if !program.exists() {
        return Err(failed_at(path, None, "it is not built: `cargo build --examples`".into()));
    }
    let output = isolated(Command::new(program)).current_dir(project()).output()?;
    if !output.status.success() {
        return Err(failed_at(path, None, String::from_utf8_lossy(&output.stderr).into_owned().into()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut lines: Vec<&str> = text.lines().collect();
    // Threads end in any order.
    if let Some(first) = lines.iter().position(|line| line.starts_with("thread ")) {
        let count = lines[first..].iter().take_while(|line| line.starts_with("thread ")).count();
        lines[first..first + count].sort_unstable();
    }
    expect(path, (lines.join("\n") + "\n").as_bytes(), "the output")
}
