//! `flake check`: are the outputs of a flake what their names promise?
//!
//! Everything that the answer needs is evaluated. Then the checks are built, where there is something that builds.

mod builds;
mod form;
mod jobs;
mod outputs;

use super::command;
use super::incremental::Parts;
use super::installable::outputs;
use super::verbosity::Verbosity;
use crate::command_line::args::Arguments;
use crate::command_line::options::FlakeOptions;
use crate::config::settings::Configuration;
use crate::output::progress;
use crate::output::stdio;
use crate::tasks::outcome::Outcome;
use form::{Form, Thing, replacement};
use nivis::heap::{PosId, Symbol};
use nivis::store::path::StorePath;
use nivis::{Error, ErrorKind, Eval, Result, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Checks the flake that the command line names.
///
/// # Errors
/// Fails if the flake can't be locked or evaluated, or an output is wrong.
pub(super) fn perform(
    cx: &mut Eval<'_>,
    arguments: &Arguments,
    options: &FlakeOptions,
    configuration: &Configuration,
) -> Outcome {
    let mut parts = Parts::of(cx, "check", arguments, configuration);
    let locked = parts.enter(cx, |cx| command::locked(cx, arguments, |_| {}))?;
    let mut check = Check {
        keeps_going: options.keeps_going,
        all_systems: options.all_systems,
        telling: Verbosity::of(arguments, configuration.errors),
        parts,
        omitted: BTreeSet::new(),
        tests: BTreeMap::new(),
        things: 0,
        has_failed: false,
    };
    progress::begin();
    let checked = check.flake(cx, |cx| outputs(cx, &locked));
    progress::end();
    check.parts.keep();
    checked?;
    if !options.builds_nothing {
        check.build(cx)?;
    }
    Ok(check.end(cx)?)
}

/// Warns of an output with an old name, or one that nobody knows.
fn warn_of_name(cx: &Eval<'_>, name: &[u8]) {
    let shown = lossy(name);
    if let Some(other) = replacement(name) {
        cx.warn(&Error::eval(format!("flake output attribute '{shown}' is deprecated; use '{other}' instead")));
    }
    if Form::of(name) == Form::Unknown {
        cx.warn(&Error::eval(format!("unknown flake output '{shown}'")));
    }
}

/// The state of a check.
struct Check {
    keeps_going: bool,
    all_systems: bool,
    telling: Verbosity,
    parts: Parts,
    /// Systems that were not looked at.
    omitted: BTreeSet<String>,
    /// The derivations that test something here, with their names.
    tests: BTreeMap<StorePath, Vec<String>>,
    /// The number of things that were looked at.
    things: usize,
    has_failed: bool,
}

impl Check {
    /// Checks all outputs; Hydra's jobs first.
    fn flake<'h>(&mut self, cx: &mut Eval<'h>, outputs: impl FnOnce(&mut Eval<'h>) -> Result<Value<'h>>) -> Result<()> {
        self.begin("evaluating flake...");
        let set = self.parts.enter(cx, |cx| {
            let outputs = outputs(cx)?;
            cx.force_attrs(outputs, "while evaluating the outputs of a flake")
        })?;
        let depth = self.parts.depth();
        let jobs = cx.intern(b"hydraJobs");
        let (first, rest): (Vec<_>, Vec<_>) = set.iter().partition(|(name, ..)| *name == jobs);
        for (name, value, position) in first.into_iter().chain(rest) {
            let shown = lossy(cx.symbol_text(name));
            self.begin(&format!("checking flake output '{shown}'..."));
            let checked = self.output(cx, name, value, position);
            self.parts.leave(depth);
            self.guard(cx, checked, position, || format!("while checking flake output '{shown}'"))?;
        }
        Ok(())
    }

    /// Says what comes next.
    fn begin(&self, text: &str) {
        progress::tell(|| text.to_owned());
        self.telling.step(text);
    }

    /// The result of a check, or nothing if its error has been reported.
    fn guard<'h, T>(
        &mut self,
        cx: &Eval<'h>,
        checked: Result<T>,
        position: PosId,
        phrase: impl FnOnce() -> String,
    ) -> Result<Option<T>> {
        match checked {
            Ok(checked) => Ok(Some(checked)),
            Err(error) => self.report(cx, error.traced(position, phrase())).map(|()| None),
        }
    }

    /// Reports an error and goes on, or ends with it.
    fn report(&mut self, cx: &Eval<'_>, error: Error) -> Result<()> {
        if !self.keeps_going || matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::OutOfMemory) {
            return Err(error);
        }
        stdio::eprint_line(&self.telling.errors.render(&error, cx.sources()));
        self.has_failed = true;
        Ok(())
    }

    fn output<'h>(&mut self, cx: &mut Eval<'h>, symbol: Symbol, value: Value<'h>, position: PosId) -> Result<()> {
        let name = cx.symbol_text(symbol);
        let value = self.parts.enter(cx, |cx| cx.force(value))?;
        let shown = lossy(name);
        warn_of_name(cx, name);
        match Form::of(name) {
            Form::One(thing) => self.thing(cx, thing, &shown, value, position),
            Form::Named(thing) => self.named(cx, thing, &shown, value),
            Form::OfSystems(thing) => self.systems(cx, value, |it, cx, system, value, position| {
                it.thing(cx, thing, &format!("{shown}.{}", quoted(cx, system)), value, position)
            }),
            Form::NamedOfSystems(thing) => self.systems(cx, value, |it, cx, system, value, _| {
                let system = if thing == Thing::Check { lossy(cx.symbol_text(system)) } else { quoted(cx, system) };
                it.named(cx, thing, &format!("{shown}.{system}"), value)
            }),
            Form::Systems => self.systems(cx, value, |_, _, _, _, _| Ok(())),
            Form::Free | Form::Unknown => Ok(()),
        }
    }

    /// Checks the output for each system that is included.
    fn systems<'h>(
        &mut self,
        cx: &mut Eval<'h>,
        value: Value<'h>,
        each: impl Fn(&mut Self, &mut Eval<'h>, Symbol, Value<'h>, PosId) -> Result<()>,
    ) -> Result<()> {
        for (symbol, value, position) in self.parts.enter(cx, |cx| cx.force_attrs(value, ""))?.iter() {
            let system = lossy(cx.symbol_text(symbol));
            if !system.contains('-') {
                let place = cx.show_position(position);
                self.report(cx, Error::eval(format!("'{system}' is not a valid system type, at {place}")))?;
            }
            if self.all_systems || system == cx.settings().system {
                each(self, cx, symbol, value, position)?;
            } else {
                self.omitted.insert(system);
            }
        }
        Ok(())
    }

    /// Checks the things in a set.
    fn named<'h>(&mut self, cx: &mut Eval<'h>, thing: Thing, path: &str, value: Value<'h>) -> Result<()> {
        let depth = self.parts.depth();
        for (symbol, value, position) in self.parts.enter(cx, |cx| cx.force_attrs(value, ""))?.iter() {
            self.thing(cx, thing, &format!("{path}.{}", quoted(cx, symbol)), value, position)?;
        }
        self.parts.leave(depth);
        Ok(())
    }

    fn thing<'h>(
        &mut self,
        cx: &mut Eval<'h>,
        thing: Thing,
        path: &str,
        value: Value<'h>,
        position: PosId,
    ) -> Result<()> {
        self.things += 1;
        match thing {
            Thing::Derivation => return self.derivation(cx, path, value, position).map(|_| ()),
            Thing::Check => return self.test(cx, path, value, position),
            Thing::Jobs => return self.jobs(cx, path, value, position),
            _ => self.begin(&format!("checking {} '{path}'...", thing.name())),
        }
        let part = format!("{} {path}", thing.name());
        let checked = self.parts.part(cx, &part, |cx| outputs::check(cx, thing, value, path));
        let phrase = || format!("while checking the {} '{path}'", thing.name_in_traces());
        self.guard(cx, checked, position, phrase).map(|_| ())
    }

    /// Checks a derivation, and gives the path of its `.drv` file, if it has one. None if an error in it has been told.
    fn derivation<'h>(
        &mut self,
        cx: &mut Eval<'h>,
        path: &str,
        value: Value<'h>,
        position: PosId,
    ) -> Result<Option<Option<Vec<u8>>>> {
        self.begin(&format!("checking derivation {path}..."));
        let part = format!("derivation {path}");
        let checked = self.parts.part(cx, &part, |cx| outputs::derivation(cx, value, path));
        let checked = self.guard(cx, checked, position, || format!("while checking the derivation '{path}'"))?;
        if let Some(Some(file)) = &checked {
            self.telling.step(&format!("derivation evaluated to {}", lossy(file)));
        }
        Ok(checked)
    }

    /// Checks a derivation that tests something.
    fn test<'h>(&mut self, cx: &mut Eval<'h>, path: &str, value: Value<'h>, position: PosId) -> Result<()> {
        let checked = self.derivation(cx, path, value, position)?;
        let mut names = path.splitn(3, '.');
        let (output, system) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
        match checked {
            Some(Some(file)) => {
                if system == cx.settings().system {
                    self.tests.entry(file.into()).or_default().push(path.to_owned());
                }
                Ok(())
            }
            // One error is enough for people.
            None if !self.telling.is_nix() => Ok(()),
            _ => {
                let words = format!("'{output}.{system}.drvPath' does not exist");
                self.report(cx, Error::eval(format!("the check '{path}' has no 'drvPath'")).in_nix_words(words))
            }
        }
    }

    /// Says how it went.
    fn end(&self, cx: &Eval<'_>) -> Result<()> {
        if self.has_failed {
            return Err(Error::eval("some errors were encountered during the evaluation"));
        }
        if self.telling.is_nix() {
            self.telling.step("all checks passed!");
        } else if self.telling.sums_up() {
            stdio::eprint_line(&match self.things {
                0 => "nothing to check".to_owned(),
                1 => "checked 1 output, no problems".to_owned(),
                many => format!("checked {many} outputs, no problems"),
            });
        }
        self.warn_of_omitted(cx);
        Ok(())
    }

    /// Warns that systems were left out.
    fn warn_of_omitted(&self, cx: &Eval<'_>) {
        if self.omitted.is_empty() {
            return;
        }
        let systems: Vec<&str> = self.omitted.iter().map(String::as_str).collect();
        let text = format!("The check omitted these incompatible systems: {}", systems.join(", "));
        cx.warn(&Error::eval(format!("{text}\nUse '--all-systems' to check all.")));
    }
}

fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// A name as it stands in a path: in quotes if it has to be.
fn quoted(cx: &Eval<'_>, symbol: Symbol) -> String {
    cx.shown_name(symbol)
}
