//! Failed attribute paths: C++ Nix's messages, with additional help.
//!
//! A path looks like the language but is read differently: here a number selects from a list, there a name. A message
//! about a mix-up explains both.

use super::super::Eval;
use super::index;
use crate::codec::lossy;
use crate::error::{Code, Details, Error, LIST_ACCESS};
use crate::heap::{Attrs, List, Value};

/// The place where a path failed: all of its steps, and the failing one.
#[derive(Clone, Copy)]
pub(super) struct Failure<'a> {
    pub(super) path: &'a [u8],
    pub(super) tokens: &'a [Vec<u8>],
    pub(super) at: usize,
}

impl Failure<'_> {
    fn token(&self) -> &[u8] {
        &self.tokens[self.at]
    }

    /// The part of the path that was found; empty at its start.
    fn before(&self) -> String {
        joined(&self.tokens[..self.at])
    }

    /// The same part of the path as the subject of a sentence.
    fn place(&self) -> String {
        if self.at == 0 { "the value".to_owned() } else { format!("`{}`", self.before()) }
    }

    /// The same part of the path with one more step.
    fn onward(&self, step: &str) -> String {
        if self.at == 0 { step.to_owned() } else { format!("{}.{step}", self.before()) }
    }

    /// The same part of the path in the syntax of the language, if possible.
    fn in_language(&self) -> String {
        if self.at == 0 || self.tokens[..self.at].iter().any(|token| index(token).is_some()) {
            "xs".to_owned()
        } else {
            self.before()
        }
    }
}

fn joined(tokens: &[Vec<u8>]) -> String {
    let is_plain = |token: &&[u8]| !token.is_empty() && !token.contains(&b'.');
    let step = |token: &Vec<u8>| match Some(&token[..]).filter(is_plain) {
        Some(token) => lossy(token),
        None => format!("\"{}\"", lossy(token)),
    };
    tokens.iter().map(step).collect::<Vec<_>>().join(".")
}

impl<'h> Eval<'h> {
    #[cold]
    pub(super) fn unsuitable(&self, value: Value<'h>, wanted: &str, step: Failure<'_>) -> Error {
        let (path, found) = (lossy(step.path), self.show_type(value));
        let notes = match (value.as_list(), value.as_attrs()) {
            (Some(list), _) => vec![name_on_list(list, step)],
            (None, Some(attrs)) => self.number_on_set(attrs, step),
            (None, None) => vec![format!("{} is {found}, which has no attributes or elements", step.place())],
        };
        Error::type_error(format!(
            "the expression selected by the selection path '{path}' should be a {wanted} but is {found}"
        ))
        .with_details(Details { notes, topic: LIST_ACCESS, ..Details::default() })
    }

    fn number_on_set(&self, attrs: Attrs<'h>, step: Failure<'_>) -> Vec<String> {
        let name = lossy(step.token());
        let place = step.place();
        let rule = format!("{place} is a set, and in a path a number always picks from a list, in quotes too");
        if attrs.get(self.intern(step.token())).is_none() {
            return vec![rule];
        }
        let whole = if step.at == 0 { "x".to_owned() } else { format!("x.{}", step.before()) };
        let remedy = format!(
            "its attribute \"{name}\" can be reached in the language: `nivis eval --apply 'x: {whole}.\"{name}\"'`"
        );
        vec![rule, remedy]
    }

    #[cold]
    pub(super) fn out_of_range(&self, list: List<'h>, index: u32, step: Failure<'_>) -> Error {
        let size = match list.len() {
            0 => format!("{} is an empty list", step.place()),
            1 => format!("{} is a list of one element, `{}`", step.place(), step.onward("0")),
            count => {
                let (first, last) = (step.onward("0"), step.onward(&(count - 1).to_string()));
                format!("{} is a list of {count} elements, `{first}` to `{last}`", step.place())
            }
        };
        Error::eval(format!("list index {index} in selection path '{}' is out of range", lossy(step.path)))
            .with_code(Code::OUT_OF_LIST)
            .with_details(Details { notes: vec![size], topic: LIST_ACCESS, ..Details::default() })
    }

    #[cold]
    pub(super) fn not_found(&self, attrs: Attrs<'h>, step: Failure<'_>) -> Error {
        let missing = self.missing_attribute(attrs, self.intern(step.token()));
        let mut details = missing.details().cloned().unwrap_or_default();
        if let Some(note) = expression_in_path(step) {
            details.notes.push(note);
            details.topic = LIST_ACCESS;
        }
        Error::eval(format!("attribute '{}' in selection path '{}' not found", lossy(step.token()), lossy(step.path)))
            .with_code(Code::MISSING_ATTRIBUTE)
            .with_suggestions(missing.suggestions().to_vec())
            .with_details(details)
    }
}

/// `xs.a`, `xs.-1`, `xs.[0]`, `xs.${0}`
fn name_on_list(list: List<'_>, step: Failure<'_>) -> String {
    let name = lossy(step.token());
    let place = step.place();
    if name.strip_prefix('-').is_some_and(|digits| digits.parse::<u32>().is_ok()) {
        let last = list.len().checked_sub(1).map(|last| format!(": the last is `{}`", step.onward(&last.to_string())));
        let last = last.unwrap_or_else(|| ", and it is empty".to_owned());
        return format!("{place} is a list, whose elements are counted from 0{last}");
    }
    let inner = name.trim_matches(['[', ']', '$', '{', '}']);
    let (index, rest) = if index(inner.as_bytes()).is_some() { (inner, "") } else { ("0", &*name) };
    let remedy = format!(
        "in a path a number picks an element, `{}`; in the language that is `builtins.elemAt {} {index}`",
        step.onward(index),
        step.in_language()
    );
    let of_element = match rest {
        "" => String::new(),
        _ => format!(", and `{}` is an attribute of it", step.onward(&format!("{index}.{rest}"))),
    };
    format!("{place} is a list; {remedy}{of_element}")
}

/// A message for the language's syntax in a path: `xs[0]`, `builtins.elemAt xs 0`.
fn expression_in_path(step: Failure<'_>) -> Option<String> {
    let name = lossy(step.token());
    if let Some((base, rest)) = name.split_once('[') {
        let index = rest.trim_end_matches(']').trim();
        return Some(format!("a list index comes after a dot: `{}`", step.onward(&format!("{base}.{index}"))));
    }
    step.path.contains(&b' ').then(|| {
        "a path consists of names and numbers with dots between; an expression goes after -E or --apply".to_owned()
    })
}
