//! The pictures of the REPL in `docs/`: `docs/repl.in` is the input, and the written files must equal those in the
//! project.

use crate::support::{expect, isolated, project, run_with_input};
use libtest_mimic::{Failed, Trial};
use std::process::Command;

pub(crate) fn trials() -> Vec<Trial> {
    vec![Trial::test("pictures", check)]
}

fn check() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    std::fs::create_dir(folder.path().join("docs"))?;
    let mut command = isolated(Command::new(env!("CARGO_BIN_EXE_nivis")));
    command.arg("repl").current_dir(folder.path());
    run_with_input(command, &std::fs::read(project().join("docs/repl.in"))?)?;
    for picture in ["docs/repl.svg", "docs/graph.svg"] {
        let drawn = std::fs::read(folder.path().join(picture))?;
        expect(&project().join(picture), &drawn, picture)?;
    }
    Ok(())
}
