//! Builtins on strings as bytes: conversion, length, parts, joining and replacing.

mod replace;
pub(super) mod text;

use crate::error::{Error, Ordinal, Purpose, Result};
use crate::eval::builtin::{Arguments, Builtin, row};
use crate::eval::{Coercion, Eval};
use crate::heap::{Str, Value};
use replace::replace_strings;
use text::{TextBuilder, coerced, coerced_as};

pub(super) const TABLE: &[Builtin] = &[
    row(
        "concatStringsSep",
        &["separator", "list"],
        "The strings of *list* one after the other, with *separator* between them.\n\
         Elements are converted as in `\"${element}\"`: paths are copied to the store, numbers are refused.",
        concat_strings_sep,
    )
    .forces_first()
    .example("builtins.concatStringsSep \"/\" [ \"usr\" \"local\" \"bin\" ]", "\"usr/local/bin\""),
    row(
        "replaceStrings",
        &["from", "to", "s"],
        "*s* with every occurrence of a string of *from* replaced by the string of *to* at the same index.\n\
         At each place the first string of *from* that fits wins; replacements are not searched again.\n\
         An empty string in *from* fits before every byte and at the end.\n\
         Elements of *to* are evaluated only when they are needed.",
        replace_strings,
    )
    .forces_first()
    .example("builtins.replaceStrings [ \"oo\" \"a\" ] [ \"a\" \"i\" ] \"foobar\"", "\"fabir\""),
    row(
        "stringLength",
        &["e"],
        "The number of bytes of the string *e*. A character outside ASCII has several.",
        string_length,
    )
    .forces_first()
    .example("map builtins.stringLength [ \"abc\" \"é\" \"\" ]", "[ 3 2 0 ]"),
    row(
        "substring",
        &["start", "len", "s"],
        "Up to *len* bytes of the string *s* from byte *start* on, counted from 0.\n\
         A negative *len* means all the rest. Reading past the end of *s* is not an error.\n\
         The context of *s* is kept, even by an empty result.",
        substring,
    )
    .forces_first()
    .example("[ (builtins.substring 0 3 \"nixos\") (builtins.substring 3 (-1) \"nixos\") ]", "[ \"nix\" \"os\" ]"),
    row(
        "toString",
        &["e"],
        "*e* as a string: numbers in decimal, `true` as `\"1\"`, `false` and `null` as `\"\"`, lists joined by spaces.\n\
         A path becomes its text and is not copied to the store.\n\
         A set becomes what its `__toString` gives for it or, without one, what its `outPath` converts to.",
        to_string,
    )
    .global()
    .forces_first()
    .example("toString [ 1 1.5 \"a\" true null ]", "\"1 1.500000 a 1 \""),
];

const LIST: Purpose<&str> =
    Purpose::DescribedArgument(Ordinal::Second, " (the list of strings to concat) passed to builtins.concatStringsSep");
const SEPARATOR: Purpose<&str> =
    Purpose::DescribedArgument(Ordinal::First, " (the separator string) passed to builtins.concatStringsSep");
const ELEMENT: Purpose<&str> = Purpose::Element(" of strings to concat passed to builtins.concatStringsSep");

fn concat_strings_sep<'h>(cx: &mut Eval<'h>, [separator, list, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let separator = cx.force_string(separator, SEPARATOR)?;
    let list = cx.force_list(list, LIST)?;
    let mut elements = list.iter();
    let Some(first) = elements.next() else { return Ok(cx.string_with_context("", separator.context())) };
    let first = coerced(cx, first, ELEMENT)?;
    let mut between = TextBuilder::default();
    between.refer(separator.context());
    let mut last = None;
    for element in elements {
        if let Some(before) = last.take() {
            between.push_string(cx, before)?;
        }
        between.push(cx, separator.as_bytes())?;
        last = Some(coerced(cx, element, ELEMENT)?);
    }
    between.finish_between(cx, first, last)
}

fn string_length<'h>(cx: &mut Eval<'h>, [string, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let string = coerced(cx, string, Purpose::Argument(Ordinal::Only, "builtins.stringLength"))?;
    Ok(cx.int(string.len() as i64))
}

const START: Purpose<&str> =
    Purpose::DescribedArgument(Ordinal::First, " (the start offset) passed to builtins.substring");
const LENGTH: Purpose<&str> =
    Purpose::DescribedArgument(Ordinal::Second, " (the substring length) passed to builtins.substring");
const STRING: Purpose<&str> = Purpose::DescribedArgument(Ordinal::Third, " (the string) passed to builtins.substring");

fn substring<'h>(cx: &mut Eval<'h>, [start, length, string]: Arguments<'h>) -> Result<Value<'h>> {
    let start = cx.force_int(start, START)?;
    let start = usize::try_from(start).map_err(|_| Error::eval("negative start position in 'substring'"))?;
    let length = usize::try_from(cx.force_int(length, LENGTH)?).unwrap_or(usize::MAX);
    let string = coerced(cx, string, STRING)?;
    Ok(part(cx, string, start, length))
}

fn part<'h>(cx: &Eval<'h>, string: Str<'h>, start: usize, length: usize) -> Value<'h> {
    if start == 0 && length >= string.len() {
        return string.into();
    }
    let start = start.min(string.len());
    string.part(cx.scope(), start..start.saturating_add(length).min(string.len())).into()
}

fn to_string<'h>(cx: &mut Eval<'h>, [value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let phrase = Purpose::Argument(Ordinal::First, "builtins.toString");
    Ok(coerced_as(cx, value, Coercion::to_string(), phrase)?.into())
}
