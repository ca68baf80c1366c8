//! Commands that build derivations, or say what to use instead.

use crate::command_line::words::usage;
use crate::prompt::session::{Reply, Session};
use crate::tasks::{self, instantiate::derivation_path};
use nivis::store::path::StorePath;
use nivis::{Error, Eval, Result, Value};
use std::fmt::Write as _;
use std::path::Path;

/// The outputs of a derivation, by name.
type Outputs = Vec<(Box<[u8]>, StorePath)>;

/// `:b`: builds, and lists the outputs.
pub(super) fn build(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    session.inside(|cx, scope| {
        let value = cx.eval_text(text.into(), scope)?;
        let outputs = built(cx, value)?;
        let mut told = "This derivation produced the following outputs:".to_owned();
        for (name, path) in &outputs {
            let _ = write!(told, "\n  {} -> {}", shown(name), shown(path));
        }
        Ok(Reply::Output(told))
    })
}

/// `:bl`: the same, with a link to each output in the current folder.
pub(super) fn build_and_link(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    session.inside(|cx, scope| {
        let value = cx.eval_text(text.into(), scope)?;
        let outputs = built(cx, value)?;
        let mut told = "This derivation produced the following outputs:".to_owned();
        for (name, path) in &outputs {
            let link = format!("repl-result-{}", shown(name));
            cx.link_entry(path, Path::new(&link))?;
            let _ = write!(told, "\n  ./{link} -> {}", shown(path));
        }
        Ok(Reply::Output(told))
    })
}

/// `:log`: the log of a build that this machine has kept.
pub(super) fn log(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    session.inside(|cx, scope| {
        let value = cx.eval_text(text.into(), scope)?;
        let derivation = path_of_derivation(cx, value)?;
        Ok(Reply::Output(shown(&tasks::log::read(&derivation)?).trim_end().to_owned()))
    })
}

/// `:i`: needs a profile, which this program does not keep.
pub(super) fn install(_: &mut Session<'_>, _: &str) -> Result<Reply> {
    Err(usage(
        "installing is the work of `nix profile add` or `nix-env -i`; ':b e' builds, ':bl e' also links the result",
    ))
}

/// `:sh` and `:u`: need a shell, which takes the program's place.
pub(super) fn shell(_: &mut Session<'_>, _: &str) -> Result<Reply> {
    Err(usage(
        "shells are the work of `nivis shell` and `nivis nix-shell`; ':b e' builds, and ':p e.drvPath' shows what",
    ))
}

fn built<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<Outputs> {
    let derivation = path_of_derivation(cx, value)?;
    cx.build_derivation(&derivation)
}

fn path_of_derivation<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<Vec<u8>> {
    let value = cx.force(value)?;
    let set = match value.as_attrs() {
        Some(set) if cx.is_derivation(set)? => set,
        _ => return Err(Error::eval("expression does not evaluate to a derivation, so I can't build it")),
    };
    derivation_path(cx, set)
}

fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}
