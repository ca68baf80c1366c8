//! The bash that interactive shells are.

use crate::output::stdio;
use crate::tasks::build::{MAIN_OUTPUT, Reporting};
use crate::tasks::flake::installable::{DefaultOutputs, Installable};
use crate::tasks::instantiate::derivation_path;
use nivis::flake::LockOptions;
use nivis::store::daemon::types::{DerivedPath, Outputs};
use nivis::store::path::StorePath;
use nivis::{Error, ErrorKind, Eval, Result, Value};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

/// The shell of people who have said nothing else.
const BASH: &[u8] = b"(import <nixpkgs> { }).bashInteractive";

/// The bash that starts.
pub(super) enum Shell {
    /// A program.
    Program(OsString),
    /// One that is built.
    Derivation(StorePath),
}

impl Shell {
    /// The one of `nix-shell`: what the user says, or that of `<nixpkgs>`.
    ///
    /// # Errors
    /// Fails if the evaluation is interrupted or needs too much memory.
    pub(super) fn of_user(cx: &mut Eval<'_>, reporting: Reporting) -> Result<Self> {
        if let Some(program) = std::env::var_os("NIX_BUILD_SHELL").filter(|program| !program.is_empty()) {
            return Ok(Self::Program(program));
        }
        Self::found(cx, reporting, |cx| {
            let value = cx.eval_text(BASH.into(), &[])?;
            derivation(cx, value, "<nixpkgs>")
        })
    }

    /// The one of `develop`: that of a flake with packages.
    ///
    /// # Errors
    /// Fails if the evaluation is interrupted or needs too much memory.
    pub(super) fn of_flake(cx: &mut Eval<'_>, nixpkgs: &str, reporting: Reporting) -> Result<Self> {
        Self::found(cx, reporting, |cx| {
            let word = format!("{nixpkgs}#bashInteractive");
            let installable = Installable::find(cx, word.as_bytes(), DefaultOutputs::Packages)?;
            let locked = installable.lock_as(cx, &LockOptions { may_write: false, ..LockOptions::default() })?;
            let value = installable.value_in(cx, &locked)?;
            derivation(cx, value, nixpkgs)
        })
    }

    /// The bash that `find` finds, or the one in `PATH`.
    fn found(
        cx: &mut Eval<'_>,
        reporting: Reporting,
        find: impl FnOnce(&mut Eval<'_>) -> Result<Vec<u8>>,
    ) -> Result<Self> {
        match find(cx) {
            Ok(derivation) => Ok(Self::Derivation(derivation.into())),
            Err(error) if !matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::OutOfMemory) => {
                reporting.tell(cx, &error);
                stdio::eprint_line("uses bash from your environment");
                Ok(Self::Program("bash".into()))
            }
            Err(error) => Err(error),
        }
    }

    /// The derivations that must be built for it.
    pub(super) fn target(&self) -> Option<DerivedPath> {
        match self {
            Self::Program(_) => None,
            Self::Derivation(derivation) => Some(DerivedPath::Built {
                derivation: derivation.clone(),
                outputs: Outputs::Named(vec![MAIN_OUTPUT.into()]),
            }),
        }
    }

    /// The program, once that is built.
    ///
    /// # Errors
    /// Fails if the store does not know its output.
    pub(super) fn path(self, cx: &Eval<'_>) -> Result<OsString> {
        match self {
            Self::Program(program) => Ok(program),
            Self::Derivation(derivation) => {
                let known = cx.outputs_of(&derivation)?.into_iter().find(|(name, _)| **name == *MAIN_OUTPUT);
                let path = known.and_then(|(_, path)| path).unwrap_or_default();
                Ok(OsString::from_vec([&path[..], b"/bin/bash"].concat()))
            }
        }
    }
}

/// The derivation that a package is.
fn derivation<'h>(cx: &mut Eval<'h>, value: Value<'h>, place: &str) -> Result<Vec<u8>> {
    let value = cx.force(value)?;
    match value.as_attrs() {
        Some(set) if cx.is_derivation(set)? => derivation_path(cx, set),
        _ => {
            let text = format!("the 'bashInteractive' attribute in {place} did not evaluate to a derivation");
            Err(Error::eval(text))
        }
    }
}
