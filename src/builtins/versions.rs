//! Builtins on version numbers and package names.

use crate::codec::version;
use crate::error::{Ordinal, Purpose, Result};
use crate::eval::Eval;
use crate::eval::builtin::{Arguments, Builtin, row};
use crate::heap::{List, Value};

pub(super) const TABLE: &[Builtin] = &[
    row(
        "compareVersions",
        &["s1", "s2"],
        "`-1` if version *s1* is older than *s2*, `1` if it is newer, `0` if they are equally old.\n\
         Versions are compared part by part (see `splitVersion`): numbers by value, words by their bytes, a number above a\n\
         word, and `pre` below everything, even below a version that ends there.",
        compare_versions,
    )
    .forces_first()
    .example("map (builtins.compareVersions \"1.10\") [ \"1.9\" \"1.10\" \"1.10.1\" ]", "[ 1 0 -1 ]"),
    row(
        "parseDrvName",
        &["s"],
        "The package name and the version in *s*, which meet at the first dash that no letter follows.\n\
         Without such a dash, all of *s* is the name.",
        parse_drv_name,
    )
    .forces_first()
    .example("builtins.parseDrvName \"nix-index-0.1.7\"", "{ name = \"nix-index\"; version = \"0.1.7\"; }"),
    row(
        "splitVersion",
        &["s"],
        "The parts of a version: runs of digits, and runs of other characters. Dots and dashes separate parts.",
        split_version,
    )
    .forces_first()
    .example("builtins.splitVersion \"24.05pre-beta\"", "[ \"24\" \"05\" \"pre\" \"beta\" ]"),
];

fn compare_versions<'h>(cx: &mut Eval<'h>, [left, right, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let left = cx.force_plain_string(left, Purpose::Argument(Ordinal::First, "builtins.compareVersions"))?;
    let right = cx.force_plain_string(right, Purpose::Argument(Ordinal::Second, "builtins.compareVersions"))?;
    Ok(cx.int(version::compare_versions(left.as_bytes(), right.as_bytes()) as i64))
}

fn parse_drv_name<'h>(cx: &mut Eval<'h>, [name, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let name = cx.force_plain_string(name, Purpose::Argument(Ordinal::First, "builtins.parseDrvName"))?;
    let parsed = version::parse_drv_name(name.as_bytes());
    Ok(cx.attrs_of(&[("name", cx.string(parsed.name)), ("version", cx.string(parsed.version))]))
}

fn split_version<'h>(cx: &mut Eval<'h>, [version, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let phrase = Purpose::Argument(Ordinal::First, "builtins.splitVersion");
    let version = cx.force_plain_string(version, phrase)?;
    let parts: Vec<_> = version::split_version(version.as_bytes()).map(|part| cx.string(part)).collect();
    Ok(List::from_values(cx.scope(), parts.into_iter()).into())
}
