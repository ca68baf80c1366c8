//! The plan of a build, in the words of C++ Nix.

use crate::command_line::args::Arguments;
use crate::output::stdio;
use nivis::codec::lossy;
use nivis::store::daemon::types::{DerivedPath, Missing};
use nivis::store::path::StorePath;
use nivis::{Eval, Result};
use std::collections::BTreeSet;

/// The digits of a path and the dash after them.
const DIGITS_AND_DASH: usize = 33;

/// The same, unless the command line asks for less.
///
/// # Errors
/// Fails if the store cannot be reached.
pub(crate) fn tell_if_wanted(cx: &Eval<'_>, arguments: &Arguments, targets: &[DerivedPath]) -> Result<()> {
    if arguments.common.verbosity >= 0 { tell(cx, targets) } else { Ok(()) }
}

/// Tells on standard error what is built and downloaded.
///
/// # Errors
/// Fails if the store cannot be reached.
pub(crate) fn tell(cx: &Eval<'_>, targets: &[DerivedPath]) -> Result<()> {
    let missing = cx.build_plan(targets)?;
    let builds = in_order(cx, &missing.builds)?;
    for line in lines(&missing, &builds) {
        stdio::eprint_line(&line);
    }
    Ok(())
}

fn lines(missing: &Missing, builds: &[StorePath]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut add = |heading: String, paths: &[StorePath]| {
        if !paths.is_empty() {
            lines.push(heading);
            lines.extend(paths.iter().map(|path| format!("  {}", lossy(path))));
        }
    };
    add(counted(builds.len(), "derivation", "built", ""), builds);
    let mut substitutes = missing.substitutes.clone();
    substitutes.sort_by(|a, b| name_first(a).cmp(&name_first(b)));
    let sizes = format!(" ({} download, {} unpacked)", size(missing.download_size), size(missing.archive_size));
    add(counted(substitutes.len(), "path", "fetched", &sizes), &substitutes);
    add("don't know how to build these paths:".to_owned(), &missing.unknown);
    lines
}

/// The heading of a list: how many things will be built or fetched.
fn counted(count: usize, thing: &str, done: &str, sizes: &str) -> String {
    match count {
        1 => format!("this {thing} will be {done}{sizes}:"),
        count => format!("these {count} {thing}s will be {done}{sizes}:"),
    }
}

/// Derivations, each after those that it needs.
fn in_order(cx: &Eval<'_>, derivations: &[StorePath]) -> Result<Vec<StorePath>> {
    let all: BTreeSet<&StorePath> = derivations.iter().collect();
    let mut seen = BTreeSet::new();
    let mut ordered = Vec::new();
    // A derivation, and whether those that it needs are done.
    let mut pending: Vec<(StorePath, bool)> = all.iter().rev().map(|path| ((*path).clone(), false)).collect();
    while let Some((path, is_next)) = pending.pop() {
        if is_next {
            ordered.push(path);
            continue;
        }
        if !seen.insert(path.clone()) {
            continue;
        }
        let mut references = cx.entry_info(&path)?.map(|info| info.references).unwrap_or_default();
        references.retain(|reference| all.contains(reference) && !seen.contains(reference));
        references.sort_unstable();
        pending.push((path, true));
        pending.extend(references.into_iter().rev().map(|path| (path, false)));
    }
    Ok(ordered)
}

/// The name of an entry, then its digits.
fn name_first(path: &StorePath) -> (&[u8], &[u8]) {
    let base = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let (digits, name) = base.split_at(DIGITS_AND_DASH.min(base.len()));
    (name, digits)
}

/// A size in the largest unit, with room before it.
pub(crate) fn size_in_units(bytes: u64) -> String {
    let size = size(bytes);
    format!("{size:>10}")
}

/// A size in the largest unit, at least KiB.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 8] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];
    const STEP: f64 = 1024.0;
    let (mut rest, mut unit) = (bytes, 0);
    // The first unit is for bytes too.
    while rest > 1024 {
        rest /= 1024;
        unit += 1;
    }
    let power = unit.max(1);
    format!("{:.1} {}", bytes as f64 / STEP.powi(power), UNITS[(power - 1) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        let table =
            [(0, "0.0 KiB"), (100, "0.1 KiB"), (1024, "1.0 KiB"), (1 << 20, "1024.0 KiB"), (3 << 20, "3.0 MiB")];
        for (bytes, expected) in table {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn what_is_told() {
        let path = |name: &str| StorePath::from(format!("/nix/store/{}-{name}", "0".repeat(32)).as_bytes());
        let missing = Missing {
            substitutes: vec![path("z"), path("a")],
            unknown: vec![path("u")],
            download_size: 2048,
            archive_size: 4096,
            ..Missing::default()
        };
        let told = lines(&missing, &[path("b.drv")]).join("\n").replace(&"0".repeat(32), "0");
        let expected = "this derivation will be built:\n  /nix/store/0-b.drv\n\
                        these 2 paths will be fetched (2.0 KiB download, 4.0 KiB unpacked):\n  /nix/store/0-a\n  \
                        /nix/store/0-z\ndon't know how to build these paths:\n  /nix/store/0-u";
        assert_eq!(told, expected);
    }
}
