//! Links that keep derivations from collection: `--add-root`, and `--gc-roots-dir` of `jobs`.

use crate::command_line::args::Arguments;
use crate::command_line::options::ClassicOptions;
use crate::output::stdio;
use nivis::{Eval, Result};
use std::cell::Cell;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The links of a run of `instantiate`. The second link has `-2` after its name, and so on.
#[derive(Debug)]
pub(crate) struct Roots<'a> {
    name: Option<&'a [u8]>,
    count: Cell<usize>,
    /// True if the warning that there are none was given, or isn't needed.
    is_told: Cell<bool>,
}

impl<'a> Roots<'a> {
    /// The links that the command line asks for. `nix-instantiate` warns if there are none.
    pub(crate) fn of(arguments: &Arguments, options: &'a ClassicOptions) -> Self {
        let warns = arguments.program.is_old() && !options.warns_not;
        Self { name: options.root.as_deref(), count: Cell::new(0), is_told: Cell::new(!warns) }
    }

    /// The next link, to this derivation; the derivation itself if no links are wanted, or if the store collects nothing.
    ///
    /// # Errors
    /// Fails if the derivation can't be written, or if the link can't be made.
    pub(crate) fn protected(&self, cx: &Eval<'_>, derivation: Vec<u8>) -> Result<Vec<u8>> {
        if !cx.can_build() {
            return Ok(derivation);
        }
        let Some(name) = self.name else {
            if !self.is_told.replace(true) {
                stdio::eprint_warning(
                    "you did not specify '--add-root'; the result might be removed by the garbage collector",
                );
            }
            return Ok(derivation);
        };
        let number = self.count.get() + 1;
        self.count.set(number);
        let mut link = cx.absolute(name);
        if number > 1 {
            link.extend(format!("-{number}").into_bytes());
        }
        protect(cx, derivation, &link)?;
        Ok(link)
    }
}

/// Links a derivation in a folder, under its own name, if there is no such link and the store collects.
///
/// # Errors
/// Fails if the derivation can't be written, or if the link can't be made.
pub(crate) fn protect_in(cx: &Eval<'_>, derivation: Vec<u8>, folder: &[u8]) -> Result<()> {
    let name = derivation.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let link = cx.absolute(&[folder, b"/", name].concat());
    if !cx.can_build() || Path::new(OsStr::from_bytes(&link)).symlink_metadata().is_ok() {
        return Ok(());
    }
    protect(cx, derivation, &link)
}

fn protect(cx: &Eval<'_>, derivation: Vec<u8>, link: &[u8]) -> Result<()> {
    let derivation = derivation.into();
    cx.save_before_build(std::slice::from_ref(&derivation))?;
    cx.link_entry(&derivation, Path::new(OsStr::from_bytes(link)))
}
