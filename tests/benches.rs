//! The benchmark programs have the right values: `benches/expected.txt` has them at a small size, as C++ Nix prints
//! them. Their speed is not tested.

use crate::support::{accepts, difference, files, isolated, nix_instantiate, project, with_files};
use libtest_mimic::{Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A size at which each program is fast.
const SIZE: usize = 1000;

/// One trial, since all values are in one file.
pub(crate) fn trials() -> Vec<Trial> {
    vec![Trial::test("benches/values", values)]
}

fn values() -> Result<(), Failed> {
    let programs = files(&project().join("benches/programs"), ".nix");
    let small = |index: usize| (format!("{index}.nix"), "{ value }: { inherit value; next = value + 1; }".to_owned());
    let source = |index: usize| (format!("sources-{SIZE}/{index}"), format!("file {index}\n"));
    let files: Vec<_> = (0..SIZE).map(small).chain((0..SIZE).map(source)).collect();
    with_files(&files, |folder| {
        for words in [&["init", "-q"][..], &["add", "."]] {
            let repository = folder.join(format!("sources-{SIZE}"));
            isolated(Command::new("git")).arg("-C").arg(repository).args(words).status()?;
        }
        compare(&programs, folder)
    })
}

fn compare(programs: &[PathBuf], folder: &Path) -> Result<(), Failed> {
    let mut got = String::new();
    for program in programs {
        let name = program.file_stem().unwrap_or_default().to_string_lossy();
        let output = nix_instantiate()
            .arg("--eval")
            .arg(program)
            .args(["--arg", "n", &SIZE.to_string(), "-I"])
            .arg(format!("files={}", folder.display()))
            .output()?;
        let text = if output.status.success() { output.stdout } else { output.stderr };
        got += &format!("{name} {}", String::from_utf8_lossy(&text));
    }
    let file = project().join("benches/expected.txt");
    let wanted = std::fs::read_to_string(&file).unwrap_or_default();
    match wanted == got {
        true => Ok(()),
        false if accepts() => Ok(std::fs::write(&file, got)?),
        false => Err(difference("the programs' values", wanted.as_bytes(), got.as_bytes())),
    }
}
