//! The set that stands for a fetched tree.

use super::input::{Fetched, Input};
use crate::builtins::Arguments;
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::hash_to_text;
use crate::error::{ErrorKind, Result};
use crate::eval::Eval;
use crate::heap::{BuiltinId, Value};
use crate::store::content::Method;

/// Fetches an input. What only its source can tell becomes an attribute that fails when it is used.
pub(super) fn result<'h>(cx: &Eval<'h>, input: Input, is_fetch_git: bool) -> Result<Value<'h>> {
    let Fetched { found, rev } = input.fetch(cx)?;
    let hash = cx.string(hash_to_text(&found.hash, HashFormat::Sri, true));
    let path = found.add(cx, Method::Archive, input.text("name").unwrap_or(b"source"))?;
    let mut items = vec![("outPath", cx.store_path_value(path)), ("narHash", hash)];
    let kind = input.kind();
    let is_repository = matches!(kind, b"git" | b"hg" | b"github" | b"gitlab" | b"sourcehut");
    if kind == b"git" {
        items.push(("submodules", Value::bool(input.flag("submodules"))));
    }
    match rev {
        Some(digits) => {
            items.push(("rev", cx.string(&digits)));
            items.push(("shortRev", cx.string(digits.get(..7).unwrap_or_default())));
        }
        None if is_repository => items.extend([("rev", unknown(cx, "rev")), ("shortRev", unknown(cx, "shortRev"))]),
        None => {}
    }
    let counts = kind == b"hg" || (kind == b"git" && !input.flag("shallow"));
    add_number(cx, &mut items, &input, "revCount", is_fetch_git || counts);
    let is_dated = matches!(kind, b"git" | b"github" | b"gitlab" | b"sourcehut" | b"tarball" | b"path");
    add_number(cx, &mut items, &input, "lastModified", is_dated);
    add_date(cx, &mut items, &input);
    Ok(cx.attrs_of_call(&items))
}

/// An attribute that is a number: as it was given, else, if fetching would tell it, one that fails when it is used.
fn add_number<'h>(cx: &Eval<'h>, items: &mut Vec<(&str, Value<'h>)>, input: &Input, name: &'static str, is_told: bool) {
    match input.number(name) {
        Some(int) => items.push((name, cx.int(int))),
        None if is_told => items.push((name, unknown(cx, name))),
        None => {}
    }
}

fn add_date<'h>(cx: &Eval<'h>, items: &mut Vec<(&str, Value<'h>)>, input: &Input) {
    let name = "lastModifiedDate";
    match input.number("lastModified") {
        Some(seconds) => items.push((name, cx.string(date_text(seconds)))),
        None if items.iter().any(|item| item.0 == "lastModified") => items.push((name, unknown(cx, name))),
        None => {}
    }
}

/// A value that fails when it is used.
fn unknown<'h>(cx: &Eval<'h>, name: &str) -> Value<'h> {
    let builtins = &cx.shared().builtins;
    let index = builtins.iter().position(|builtin| builtin.name == "forceLazyFetcherAttr").unwrap_or_default();
    cx.delayed_call(Value::builtin(BuiltinId(index as u16)), &[cx.string(name)])
}

pub(super) fn unknown_attribute<'h>(cx: &mut Eval<'h>, [name, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let name = cx.force_string(name, "")?;
    let name = String::from_utf8_lossy(name.as_bytes());
    let text = format!("cannot tell '{name}' of this tree: it is not given, and nothing was fetched that could tell");
    Err(ErrorKind::Unsupported(text).into())
}

/// Seconds since 1970 as year, month, day, hour, minute and second, without anything between.
fn date_text(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days since 0000-03-01, in eras of 400 years: leap days come last in their year.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}")
}

#[cfg(test)]
mod tests {
    use super::date_text;

    #[test]
    fn dates() {
        assert_eq!(date_text(0), "19700101000000");
        assert_eq!(date_text(951_827_696), "20000229123456");
        assert_eq!(date_text(-1), "19691231235959");
    }
}
