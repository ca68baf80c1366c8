//! `--incremental`: parts of a flake whose result is known from the last run are not evaluated again.

use crate::command_line::args::Arguments;
use crate::config::engine_parts::EngineParts;
use crate::config::settings::Configuration;
use crate::output::stdio;
use crate::tasks::kept_parts::{KeptParts, told};
use nivis::record::{Hearing, SetId, Telling};
use nivis::{Eval, Result};
use serde_json::Value as Json;

/// A result that can be kept.
pub(super) trait Kept: Sized {
    fn to_json(&self) -> Json;
    fn from_json(json: &Json) -> Option<Self>;

    /// The derivation that must be there, if things are built.
    fn derivation(&self) -> Option<&[u8]> {
        None
    }
}

/// The parts of a flake. Without `--incremental`, nothing is kept.
#[derive(Default)]
pub(super) struct Parts {
    kept: Option<Memory>,
    /// The questions on which each set on the way to a part depends.
    way: Vec<SetId>,
}

struct Memory {
    parts: KeptParts,
    telling: Telling,
    hearing: Hearing,
    is_verbose: bool,
}

impl Parts {
    /// The parts of the last run of the same command.
    pub(super) fn of(cx: &Eval<'_>, kind: &str, arguments: &Arguments, configuration: &Configuration) -> Self {
        let kept = cx.recorder().map(|_| {
            let store = EngineParts::of(configuration).open_store(&configuration.settings);
            Memory {
                parts: KeptParts::of(kind, arguments, configuration, &*store),
                telling: Telling::default(),
                hearing: Hearing::default(),
                is_verbose: arguments.common.verbosity > 0,
            }
        });
        Self { kept, way: Vec::new() }
    }

    /// Evaluates something that is on the way to all parts that follow, until [`Parts::leave`].
    pub(super) fn enter<'h, T>(&mut self, cx: &mut Eval<'h>, body: impl FnOnce(&mut Eval<'h>) -> T) -> T {
        let (result, asked) = cx.part(body);
        self.way.push(asked);
        result
    }

    /// The number of things on the way.
    pub(super) fn depth(&self) -> usize {
        self.way.len()
    }

    /// Goes back to where there were fewer things on the way.
    pub(super) fn leave(&mut self, depth: usize) {
        self.way.truncate(depth);
    }

    /// Evaluates a part, unless its result is known.
    ///
    /// # Errors
    /// Fails if the part can't be evaluated.
    pub(super) fn part<'h, T: Kept>(
        &mut self,
        cx: &mut Eval<'h>,
        name: &str,
        body: impl FnOnce(&mut Eval<'h>) -> Result<T>,
    ) -> Result<T> {
        let (Some(kept), Some(recorder)) = (&mut self.kept, cx.recorder().cloned()) else { return body(cx) };
        if let Some(known) = kept.known(cx, name) {
            return Ok(known);
        }
        let before = recorder.messages();
        let ((), on_the_way) = cx.part(|cx| self.way.iter().for_each(|asked| cx.depend_on(*asked)));
        let (result, part) = cx.part(|cx| {
            cx.depend_on(on_the_way);
            body(cx)
        });
        if let Ok(result) = &result {
            let told = told(&recorder, &mut kept.telling, part, on_the_way, before);
            let part = kept.parts.hear(&mut kept.hearing, &told);
            kept.parts.put(name.into(), result.to_json().to_string().into_bytes(), part);
        }
        result
    }

    /// Keeps the results for the next run.
    pub(super) fn keep(&self) {
        let Some(kept) = &self.kept else { return };
        let told = kept.parts.keep("outputs");
        if kept.is_verbose {
            stdio::eprint_line(&told);
        }
    }
}

impl Memory {
    /// The result of a part in the last run, if it would be the same now.
    fn known<T: Kept>(&mut self, cx: &Eval<'_>, name: &str) -> Option<T> {
        let json = serde_json::from_slice(self.parts.earlier(name.as_bytes())?).ok()?;
        let known = T::from_json(&json)?;
        if known.derivation().is_some_and(|path| cx.can_build() && !cx.is_stored(path)) {
            return None;
        }
        self.parts.repeat(name.as_bytes());
        Some(known)
    }
}

/// Something that was only looked at.
impl Kept for () {
    fn to_json(&self) -> Json {
        Json::Null
    }

    fn from_json(_: &Json) -> Option<Self> {
        Some(())
    }
}

impl Kept for bool {
    fn to_json(&self) -> Json {
        (*self).into()
    }

    fn from_json(json: &Json) -> Option<Self> {
        json.as_bool()
    }
}

/// The path of a derivation.
impl Kept for Option<Vec<u8>> {
    fn to_json(&self) -> Json {
        self.as_deref().and_then(|path| std::str::from_utf8(path).ok()).into()
    }

    fn from_json(json: &Json) -> Option<Self> {
        match json {
            Json::Null => Some(None),
            json => json.as_str().map(|path| Some(path.into())),
        }
    }

    fn derivation(&self) -> Option<&[u8]> {
        self.as_deref()
    }
}
