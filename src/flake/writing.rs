//! Decides whether and where a new lock file is written, and reports the changes.

use super::changes::{changes, show_changes};
use super::lock_file::LockFile;
use super::manifest::Flake;
use super::options::{LockOptions, LockWrite};
use super::search::quoted;
use crate::error::{Error, Result};
use crate::eval::Eval;
use crate::flake_ref::{FlakeRef, input};

/// Writes a new lock file if it differs from the old one and the options allow it. Returns the lock file if there is
/// no writer.
pub(super) fn write(
    cx: &Eval<'_>,
    reference: &FlakeRef,
    options: &LockOptions<'_>,
    old: &LockFile,
    new: &LockFile,
    flake: &mut Flake,
) -> Result<Option<LockWrite>> {
    let place = input::source_path(&reference.attrs)?;
    if old == new && options.write_to.is_none() {
        return Ok(None);
    }
    let (url, settings) = (reference.url(), &cx.settings().flakes);
    let warn = |text: String| cx.warn(&Error::eval(text));
    let shown = show_changes(&changes(old, new));
    let brief = shown.trim_end_matches('\n');
    if !options.may_write {
        warn(format!("not writing modified lock file of flake '{url}':\n{brief}"));
        flake.is_changed = true;
        return Ok(None);
    }
    if place.is_none() && options.write_to.is_none() {
        let advice = "use '--no-write-lock-file' to ignore";
        return Err(Error::eval(format!("cannot write modified lock file of flake '{url}' ({advice})")));
    }
    if let Some(unlocked) = new.unlocked(settings)? {
        let problem = format!("of flake '{url}' because it has an unlocked input ('{}')", unlocked.url());
        if options.fail_on_unlocked {
            let advice = "Use '--allow-dirty-locks' to allow this anyway.";
            return Err(Error::eval(format!("Not writing lock file {problem}. {advice}")));
        }
        if settings.warn_dirty {
            warn(format!("not writing lock file {problem}"));
        }
        return Ok(None);
    }
    if !options.may_update {
        let problem = "requires lock file changes but they're not allowed due to '--no-update-lock-file'";
        return Err(options.refused(format!("flake '{url}' {problem}")));
    }
    let write = match (options.write_to, place) {
        (Some(_), _) if options.commit => {
            return Err(Error::eval("'--commit-lock-file' and '--output-lock-file' are incompatible"));
        }
        (Some(file), _) => elsewhere(file, new),
        (None, place) => {
            let (write, is_there) = beside(cx, reference, &place.unwrap_or_default(), new, options, &shown);
            warn(announcement(&write.file, is_there, brief));
            write
        }
    };
    let Some(writer) = options.writer else { return Ok(Some(write)) };
    if options.keeps_tree && options.write_to.is_none() {
        // The outputs are those of the tree that was read.
        cx.keep_tree(flake.tree(&cx.settings().store_dir))?;
    }
    cx.shared().world.outside().ask_elsewhere();
    writer.write(&write)?;
    Ok(None)
}

fn elsewhere(file: &[u8], new: &LockFile) -> LockWrite {
    LockWrite { flake: None, file: file.to_vec(), inside: Vec::new(), contents: new.text(), commit_message: None }
}

/// The lock file to write into the flake, and whether there is one already.
fn beside(
    cx: &Eval<'_>,
    reference: &FlakeRef,
    place: &[u8],
    new: &LockFile,
    options: &LockOptions<'_>,
    changes: &str,
) -> (LockWrite, bool) {
    let dir: &[u8] = if reference.subdir.is_empty() { b"" } else { &[&reference.subdir, &b"/"[..]].concat() };
    let inside = [dir, b"flake.lock"].concat();
    let file = [place, b"/", &inside].concat();
    let is_there = matches!(cx.shared().world.outside().status(&file), Ok(Some(_)));
    let summary = match cx.settings().flakes.commit_summary.as_str() {
        "" => format!("{}: {}", String::from_utf8_lossy(&inside), if is_there { "Update" } else { "Add" }),
        summary => summary.to_owned(),
    };
    let message = options.commit.then(|| format!("{summary}\n\nFlake lock file updates:\n\n{changes}"));
    let flake = Some(reference.clone());
    (LockWrite { flake, file, inside, contents: new.text(), commit_message: message }, is_there)
}

fn announcement(file: &[u8], is_there: bool, changes: &str) -> String {
    let file = quoted(file);
    match (is_there, changes) {
        (false, changes) => format!("creating lock file {file}: \n{changes}"),
        (true, "") => format!("updating lock file {file}"),
        (true, changes) => format!("updating lock file {file}:\n{changes}"),
    }
}
