//! Import from derivation as package sets do it, in small: the derivations are those of Nix's own evaluator.

use super::commands::{errors, run};
use super::{Daemon, same};
use crate::support::project;
use libtest_mimic::Failed;

/// The programs, and how often one of them has something built while it is evaluated.
const PROGRAMS: [(&str, usize); 7] =
    [("cabal", 1), ("hackage", 2), ("python", 1), ("javascript", 1), ("rust", 1), ("chain", 3), ("many", 1)];

pub(super) fn package_sets() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let folder = project().join("tests/daemon/ifd");
    for (name, count) in PROGRAMS {
        let line = format!("nivis instantiate {name}.nix --no-gc-warning --log-format internal-json");
        let got = run(&daemon, &folder, &line)?;
        let requests = errors(&got).lines().filter(|line| line.contains(r#""type":104"#)).count();
        let wanted = daemon.nix("nix-instantiate").arg(format!("{name}.nix")).current_dir(&folder).output()?;
        let (got_lines, wanted_lines) = (lines(&got.stdout), lines(&wanted.stdout));
        let told = || format!("{name}: {} {}", errors(&got), errors(&wanted));
        same(&got_lines.is_empty(), &false).map_err(|_| told())?;
        same(&got_lines, &wanted_lines).map_err(|failed| format!("{failed:?} {}", told()))?;
        same(&requests, &count).map_err(|failed| format!("{name}: requests: {failed:?}"))?;
    }
    Ok(())
}

fn lines(output: &[u8]) -> Vec<String> {
    String::from_utf8_lossy(output).lines().map(str::to_owned).collect()
}
