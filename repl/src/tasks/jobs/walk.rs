//! From a path to its value: a derivation, or names to go on with.
//!
//! Names are names here, also those that look like numbers: unlike `-A`, paths are made of what sets hold.

use super::line::joined;
use super::path::Path;
use crate::command_line::args::Arguments;
use crate::command_line::options::JobsOptions;
use crate::tasks::classic::file_path;
use crate::tasks::flake::command::lock_advice;
use crate::tasks::flake::installable::{DefaultOutputs, Installable};
use crate::tasks::flake::options::Locking;
use nivis::eval::AutoArguments;
use nivis::flake::LockOptions;
use nivis::heap::{Attrs, ScratchVec};
use nivis::record::SetId;
use nivis::source::Origin;
use nivis::value::attrs::by_name;
use nivis::{Error, Eval, Result, Value};

/// The result of looking at a path.
pub(super) enum Found<'h> {
    /// A derivation.
    Derivation(Attrs<'h>),
    /// The names to look at in a set; none for a set to skip, or another value.
    Names(Vec<String>),
}

/// The program's value, and how far into it the last path went.
pub(super) struct Walk<'a, 'h> {
    root: Value<'h>,
    automatic: &'a AutoArguments,
    force_recurse: bool,
    /// The names of the last path with their values, called where they are functions: what siblings share is called once.
    trail: ScratchVec<'h, (String, Value<'h>)>,
    /// The questions on which the program's value depends, and those of each value of the trail.
    asked: (SetId, Vec<SetId>),
}

impl<'a, 'h> Walk<'a, 'h> {
    /// Evaluates the program, and applies `--select` to it.
    ///
    /// # Errors
    /// Fails if the program can't be evaluated.
    pub(super) fn new(
        cx: &mut Eval<'h>,
        arguments: &Arguments,
        options: &JobsOptions,
        automatic: &'a AutoArguments,
    ) -> Result<Self> {
        let (root, asked) = cx.part(|cx| root(cx, arguments, options, automatic));
        Ok(Self {
            root: root?,
            automatic,
            force_recurse: options.force_recurse,
            trail: cx.scope().gather([]),
            asked: (asked, Vec::new()),
        })
    }

    /// Looks at a path.
    ///
    /// # Errors
    /// Fails if the value, or one on the way to it, can't be evaluated.
    pub(super) fn look(&mut self, cx: &mut Eval<'h>, path: &Path) -> Result<Found<'h>> {
        let Some(set) = self.value(cx, path)?.as_attrs() else { return Ok(Found::Names(Vec::new())) };
        if cx.is_derivation(set)? {
            return Ok(Found::Derivation(set));
        }
        self.names(cx, set, path.is_empty()).map(Found::Names)
    }

    /// The value at a path, called if it is a function.
    ///
    /// # Errors
    /// Fails if the value, or one on the way to it, can't be evaluated.
    pub(super) fn value(&mut self, cx: &mut Eval<'h>, path: &Path) -> Result<Value<'h>> {
        let shared = self.trail.iter().zip(path).take_while(|(known, name)| known.0 == **name).count();
        self.trail.truncate(shared);
        self.asked.1.truncate(shared);
        cx.depend_on(self.asked.0);
        self.asked.1.iter().for_each(|asked| cx.depend_on(*asked));
        let mut value = match self.trail.last() {
            Some((_, value)) => *value,
            None => cx.auto_call(self.root, self.automatic)?,
        };
        for name in &path[shared..] {
            let found = value.as_attrs().and_then(|set| set.get(cx.intern(name.as_bytes())));
            let found = found.ok_or_else(|| missing(name, path))?;
            let (called, asked) = cx.part(|cx| cx.auto_call(found, self.automatic));
            value = called?;
            self.trail.push((name.clone(), value));
            self.asked.1.push(asked);
        }
        Ok(value)
    }

    /// The questions on which the way to the last path depends: the program's value and the sets that the path leads through.
    pub(super) fn asked_on_the_way(&self, cx: &mut Eval<'h>) -> SetId {
        let way = self.asked.1.split_last().map(|(_, way)| way);
        let way = way
            .map(|way| cx.part(|cx| [&[self.asked.0], way].concat().into_iter().for_each(|asked| cx.depend_on(asked))));
        way.map_or(SetId::EMPTY, |((), asked)| asked)
    }

    /// The names in a set, in their order, if it is the root or asks to be looked into.
    fn names(&self, cx: &mut Eval<'h>, set: Attrs<'h>, is_root: bool) -> Result<Vec<String>> {
        let recurse = self.force_recurse || says_so(cx, set)?.unwrap_or(is_root);
        let attributes = if recurse { by_name(cx.scope(), set) } else { cx.scope().gather([]) };
        let name = |symbol| String::from_utf8_lossy(cx.symbol_text(symbol)).into_owned();
        Ok(attributes.into_iter().map(|attribute| name(attribute.0)).collect())
    }
}

/// The value that a word names in a flake; the whole flake if it names nothing in it. As in nix-eval-jobs the lock file
/// must be complete, so that all workers find the same, and is never written.
fn in_flake<'h>(cx: &mut Eval<'h>, word: &[u8], arguments: &Arguments) -> Result<Value<'h>> {
    let installable = Installable::find(cx, word, DefaultOutputs::Outputs)?;
    let locking = Locking::of(cx, arguments)?;
    let advice = lock_advice(installable.written());
    let options = LockOptions {
        may_update: false,
        may_write: false,
        use_registries: Some(false),
        allow_unlocked: false,
        advice: Some(&advice),
        ..locking.options()
    };
    let locked = installable.lock_as(cx, &options)?;
    let value = if installable.is_whole() { locked.value(cx)? } else { installable.value_in(cx, &locked)? };
    cx.force(value)
}

/// The value of `recurseForDerivations`, if there is one.
fn says_so<'h>(cx: &mut Eval<'h>, set: Attrs<'h>) -> Result<Option<bool>> {
    let symbol = cx.intern(b"recurseForDerivations");
    let Some(value) = set.get(symbol) else { return Ok(None) };
    let position = set.position(symbol);
    let forced = cx.force(value);
    let truth = forced.and_then(|value| value.as_bool().ok_or_else(|| cx.mismatch("a Boolean", value).at(position)));
    truth.map(Some).map_err(|error| error.traced(position, "while evaluating recurseForDerivations"))
}

/// The error if the set was another one when its names were asked for, or the name is not UTF-8, which no line could
/// hold.
fn missing(name: &str, path: &Path) -> Error {
    Error::eval(format!("attribute '{name}' in selection path '{}' not found", joined(path)))
}

/// The value of the program, after `--select`.
fn root<'h>(
    cx: &mut Eval<'h>,
    arguments: &Arguments,
    options: &JobsOptions,
    automatic: &AutoArguments,
) -> Result<Value<'h>> {
    let root = program(cx, arguments, automatic)?;
    let Some(text) = &options.select else { return Ok(root) };
    let function = cx.eval_text(text.clone(), &[])?;
    let selected = cx.call(function, &[root])?;
    let phrase = "'--select' must evaluate to an attrset (the traversal root)";
    Ok(cx.force_attrs(selected, phrase)?.into())
}

/// The value of the program.
fn program<'h>(cx: &mut Eval<'h>, arguments: &Arguments, automatic: &AutoArguments) -> Result<Value<'h>> {
    match (&arguments.common.flakes.flake, arguments.common.inputs.first()) {
        (Some(word), _) => in_flake(cx, word, arguments),
        (None, Some(text)) if arguments.common.expressions => {
            let value = cx.delay_text(text.clone(), Origin::String, &[])?;
            cx.auto_call(value, automatic)
        }
        (None, word) => {
            let path = file_path(cx, word.map_or(b"./default.nix", |word| word))?;
            let value = cx.import_file(&path)?;
            cx.auto_call(value, automatic)
        }
    }
}
