//! Snapshots of the IR: `tests/ir/name.nix` lowers to `tests/ir/name.ir`.

use crate::support::{expect, files, project};
use libtest_mimic::{Failed, Trial};
use nivis::source::Origin;
use nivis::{Engine, Settings};
use std::path::Path;

/// One trial per program.
pub(crate) fn trials() -> Vec<Trial> {
    let name = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let trial = |path: std::path::PathBuf| Trial::test(format!("ir/{}", name(&path)), move || check(&path));
    files(&project().join("tests/ir"), ".nix").into_iter().map(trial).collect()
}

fn check(path: &Path) -> Result<(), Failed> {
    let text = std::fs::read(path)?;
    let mut engine = Engine::new(Settings::default());
    let unit = engine.enter(|cx| cx.lower_text(Origin::String, text, b"/dir")).map_err(|error| error.to_string())?;
    expect(&path.with_extension("ir"), unit.pretty().to_string().as_bytes(), "the IR")
}
