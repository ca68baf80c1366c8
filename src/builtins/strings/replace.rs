//! `builtins.replaceStrings`.

use super::text::TextBuilder;
use crate::error::{Error, Ordinal, Purpose, Result};
use crate::eval::Eval;
use crate::eval::builtin::Arguments;
use crate::heap::{List, ScratchVec, Str, Value};

const FIRST: Purpose<&str> = Purpose::Argument(Ordinal::First, "builtins.replaceStrings");
const SECOND: Purpose<&str> = Purpose::Argument(Ordinal::Second, "builtins.replaceStrings");
const THIRD: Purpose<&str> = Purpose::Argument(Ordinal::Third, "builtins.replaceStrings");
const PATTERN: &str = "while evaluating one of the strings to replace passed to builtins.replaceStrings";
const REPLACEMENT: &str = "while evaluating one of the replacement strings passed to builtins.replaceStrings";

pub(super) fn replace_strings<'h>(cx: &mut Eval<'h>, [from, to, string]: Arguments<'h>) -> Result<Value<'h>> {
    let from = cx.force_list(from, FIRST)?;
    let to = cx.force_list(to, SECOND)?;
    if from.len() != to.len() {
        let text = "'from' and 'to' arguments passed to builtins.replaceStrings have different lengths";
        return Err(Error::eval(text));
    }
    let patterns = Patterns::of(cx, from)?;
    let string = cx.force_string(string, THIRD)?;
    if patterns.skip(string.as_bytes()) == string.len() && !patterns.any_empty {
        return Ok(string.into());
    }
    let mut replacements = Replacements { list: to, known: cx.scope().gather(std::iter::repeat_n(None, to.len())) };
    let mut out = TextBuilder::default();
    out.refer(string.context());
    replace(cx, &patterns, &mut replacements, string.as_bytes(), &mut out)?;
    out.finish(cx)
}

fn replace<'h>(
    cx: &mut Eval<'h>,
    patterns: &Patterns<'h>,
    replacements: &mut Replacements<'h>,
    text: &[u8],
    out: &mut TextBuilder,
) -> Result<()> {
    let mut rest = text;
    loop {
        let (skipped, candidate) = rest.split_at(patterns.skip(rest));
        out.push(cx, skipped)?;
        rest = candidate;
        let mut used = 0;
        if let Some((index, pattern)) = patterns.find(rest) {
            replacements.append(cx, index, out)?;
            used = pattern.len();
        }
        if used == 0 {
            // Nothing was consumed, so the next byte is copied; past the last one is the end.
            let Some(byte) = rest.get(..1) else { return Ok(()) };
            out.push(cx, byte)?;
            used = 1;
        }
        rest = rest.get(used..).unwrap_or_default();
    }
}

/// The strings to replace.
struct Patterns<'h> {
    all: ScratchVec<'h, &'h [u8]>,
    /// True for the bytes that begin a pattern.
    starts: [bool; 256],
    any_empty: bool,
}

impl<'h> Patterns<'h> {
    fn of(cx: &mut Eval<'h>, list: List<'h>) -> Result<Self> {
        let mut patterns = Self { all: cx.scope().gather([]), starts: [false; 256], any_empty: false };
        for pattern in list.iter() {
            let pattern = cx.force_string(pattern, PATTERN)?.as_bytes();
            match pattern.first() {
                Some(first) => patterns.starts[usize::from(*first)] = true,
                None => patterns.any_empty = true,
            }
            patterns.all.push(pattern);
        }
        Ok(patterns)
    }

    /// The number of bytes to skip because no pattern can begin at any of them.
    fn skip(&self, text: &[u8]) -> usize {
        if self.any_empty {
            return 0;
        }
        text.iter().position(|byte| self.starts[usize::from(*byte)]).unwrap_or(text.len())
    }

    /// The first pattern that the text begins with.
    fn find(&self, text: &[u8]) -> Option<(usize, &'h [u8])> {
        self.all.iter().copied().enumerate().find(|(_, pattern)| text.starts_with(pattern))
    }
}

/// Their replacements, evaluated when first needed.
struct Replacements<'h> {
    list: List<'h>,
    known: ScratchVec<'h, Option<Str<'h>>>,
}

impl<'h> Replacements<'h> {
    fn append(&mut self, cx: &mut Eval<'h>, index: usize, out: &mut TextBuilder) -> Result<()> {
        if let Some(Some(known)) = self.known.get(index) {
            return out.push(cx, known.as_bytes());
        }
        let replacement = cx.force_string(self.list.get(index).unwrap_or(Value::NULL), REPLACEMENT)?;
        if let Some(known) = self.known.get_mut(index) {
            *known = Some(replacement);
        }
        out.push_string(cx, replacement)
    }
}
