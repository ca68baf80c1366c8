//! `fetchTree` and `fetchGit`: trees with what is known of where they come from.

use super::local::{Wanted, fetched};
use crate::builtins::Arguments;
use crate::codec::hash::{Hash, HashAlgorithm};
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::{hash_to_text, parse_hash, parse_sri};
use crate::error::{Error, ErrorKind, Result};
use crate::eval::{Coercion, Eval};
use crate::heap::{Attrs, BuiltinId, Unpacked, Value};
use crate::store::content::Method;
use crate::symbol::TYPE;
use std::collections::BTreeMap;

/// What an attribute of the input says.
enum Field {
    Text(Vec<u8>),
    Bool(bool),
    Int(i64),
}

/// What is to be fetched: the attributes by name.
struct Input {
    kind: String,
    fields: BTreeMap<String, Field>,
}

pub(super) fn fetch_tree<'h>(cx: &mut Eval<'h>, [input, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let input = cx.force(input)?;
    let Some(set) = input.as_attrs() else {
        return Err(reference_refused(cx, input));
    };
    let Some(kind) = set.get(TYPE) else {
        return Err(Error::eval("argument 'type' is missing in call to 'fetchTree'"));
    };
    let kind = cx.force_plain_string(kind, "while evaluating the `type` argument passed to 'fetchTree'")?;
    let kind = String::from_utf8_lossy(kind.as_bytes()).into_owned();
    let input = Input::read(cx, set, kind, "fetchTree")?;
    if input.fields.contains_key("name") {
        return Err(Error::eval("argument 'name' isn’t supported in call to 'fetchTree'"));
    }
    input.fetch(cx, "fetchTree")
}

/// The error for a flake reference in place of a set.
#[cold]
fn reference_refused<'h>(cx: &mut Eval<'h>, input: Value<'h>) -> Error {
    match cx.coerce_to_string(input, Coercion::plain(), "while evaluating the first argument passed to 'fetchTree'") {
        Err(error) => error,
        Ok(text) => {
            let text = String::from_utf8_lossy(text.as_bytes());
            let text = format!("cannot fetch '{text}': this evaluator reads no flake references yet");
            ErrorKind::Unsupported(text).into()
        }
    }
}

pub(super) fn fetch_git<'h>(cx: &mut Eval<'h>, [input, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let input = cx.force(input)?;
    let input = match input.as_attrs() {
        Some(set) if set.contains(TYPE) => return Err(Error::eval("unexpected argument 'type'")),
        Some(set) => Input::read(cx, set, "git".to_owned(), "fetchGit")?,
        None => {
            let phrase = "while evaluating the first argument passed to 'fetchGit'";
            let url = cx.coerce_to_string(input, Coercion::plain(), phrase)?;
            let fields = [("url".to_owned(), Field::Text(url.as_bytes().to_vec()))].into();
            Input { kind: "git".to_owned(), fields }
        }
    };
    input.fetch(cx, "fetchGit")
}

pub(super) fn fetch_mercurial<'h>(_: &mut Eval<'h>, _: Arguments<'h>) -> Result<Value<'h>> {
    Err(ErrorKind::Unsupported("cannot run 'fetchMercurial': this evaluator uses no network".to_owned()).into())
}

impl Input {
    fn read<'h>(cx: &mut Eval<'h>, set: Attrs<'h>, kind: String, fetcher: &str) -> Result<Self> {
        let mut fields = BTreeMap::new();
        for (name, value, _) in set.iter().filter(|attribute| attribute.0 != TYPE) {
            let name = String::from_utf8_lossy(cx.symbol_text(name)).into_owned();
            let value = cx.force(value)?;
            fields.insert(name.clone(), field(cx, &name, value, fetcher)?);
        }
        let input = Self { kind, fields };
        input.check_names()?;
        Ok(input)
    }

    fn check_names(&self) -> Result<()> {
        let Some(allowed) = allowed(&self.kind) else {
            let kind = &self.kind;
            return Err(ErrorKind::Unsupported(format!("cannot fetch an input of type '{kind}'")).into());
        };
        match self.fields.keys().find(|name| !allowed.split(' ').any(|allowed| allowed == name.as_str())) {
            None => Ok(()),
            Some(name) => Err(Error::eval(format!("input attribute '{name}' not supported by scheme '{}'", self.kind))),
        }
    }

    fn text(&self, name: &str) -> Option<&[u8]> {
        match self.fields.get(name) {
            Some(Field::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// What messages and the settings call it.
    fn url(&self) -> String {
        let part = |name| String::from_utf8_lossy(self.text(name).unwrap_or_default()).into_owned();
        match self.kind.as_str() {
            "github" | "gitlab" | "sourcehut" => {
                let version = self.text("rev").or(self.text("ref")).unwrap_or_default();
                let version = String::from_utf8_lossy(version);
                let slash = if version.is_empty() { "" } else { "/" };
                format!("{}:{}/{}{slash}{version}", self.kind, part("owner"), part("repo"))
            }
            "path" => format!("path:{}", part("path")),
            "indirect" => format!("flake:{}", part("id")),
            _ => part("url"),
        }
    }

    fn fetch<'h>(&self, cx: &mut Eval<'h>, fetcher: &str) -> Result<Value<'h>> {
        let expected = self.text("narHash").map(nar_hash).transpose()?;
        let url = self.url();
        if cx.settings().pure && expected.is_none() && !(self.is_revision_locked()) {
            let text = format!("in pure evaluation mode, '{fetcher}' doesn't fetch unlocked input '{url}'");
            return Err(Error::eval(text));
        }
        let name = self.text("name").unwrap_or(b"source");
        let here = self.text("path").filter(|path| path.starts_with(b"/"));
        let (path, hash) = fetched(cx, &Wanted { url, name, method: Method::Archive, expected, here })?;
        let path = cx.store_path_value(path);
        self.result(cx, path, &hash, fetcher == "fetchGit")
    }

    fn is_revision_locked(&self) -> bool {
        matches!(self.kind.as_str(), "git" | "github" | "gitlab" | "sourcehut") && self.text("rev").is_some()
    }

    fn result<'h>(&self, cx: &Eval<'h>, path: Value<'h>, hash: &Hash, is_git: bool) -> Result<Value<'h>> {
        let hash = cx.string(hash_to_text(hash, HashFormat::Sri, true));
        let mut items = vec![("outPath", path), ("narHash", hash)];
        let is_repository = matches!(self.kind.as_str(), "git" | "github" | "gitlab" | "sourcehut");
        if self.kind == "git" {
            items.push(("submodules", Value::bool(matches!(self.fields.get("submodules"), Some(Field::Bool(true))))));
        }
        match self.text("rev") {
            Some(rev) => {
                let rev = parse_hash(rev, Some(HashAlgorithm::Sha1)).map_err(|error| Error::eval(error.to_string()))?;
                let digits = hash_to_text(&rev, HashFormat::Base16, false);
                items.push(("rev", cx.string(&digits)));
                items.push(("shortRev", cx.string(digits.get(..7).unwrap_or_default())));
            }
            None if is_repository => items.extend([("rev", unknown(cx, "rev")), ("shortRev", unknown(cx, "shortRev"))]),
            None => {}
        }
        let is_deep = self.kind == "git" && matches!(self.fields.get("shallow"), Some(Field::Bool(false)));
        self.add_number(cx, &mut items, "revCount", is_git || is_deep);
        self.add_number(cx, &mut items, "lastModified", is_repository || self.kind == "tarball" || self.kind == "path");
        self.add_date(cx, &mut items);
        Ok(cx.attrs_of(&items))
    }

    /// An attribute that is a number: as it was given, else, if fetching would tell it, one that fails when it is used.
    fn add_number<'h>(&self, cx: &Eval<'h>, items: &mut Vec<(&str, Value<'h>)>, name: &'static str, is_told: bool) {
        match self.fields.get(name) {
            Some(Field::Int(int)) => items.push((name, cx.int(*int))),
            _ if is_told => items.push((name, unknown(cx, name))),
            _ => {}
        }
    }

    fn add_date<'h>(&self, cx: &Eval<'h>, items: &mut Vec<(&str, Value<'h>)>) {
        let name = "lastModifiedDate";
        match self.fields.get("lastModified") {
            Some(Field::Int(seconds)) => items.push((name, cx.string(date_text(*seconds)))),
            _ if items.iter().any(|item| item.0 == "lastModified") => items.push((name, unknown(cx, name))),
            _ => {}
        }
    }
}

fn field<'h>(cx: &mut Eval<'h>, name: &str, value: Value<'h>, fetcher: &str) -> Result<Field> {
    match value.unpack() {
        Unpacked::String(text) | Unpacked::Path(text) => Ok(Field::Text(text.as_bytes().to_vec())),
        Unpacked::Bool(truth) => Ok(Field::Bool(truth)),
        Unpacked::Int(int) if int < 0 => {
            Err(Error::eval(format!("negative value given for '{fetcher}' argument '{name}': {int}")))
        }
        Unpacked::Int(int) => Ok(Field::Int(int)),
        _ if name == "publicKeys" => Ok(Field::Text(crate::print::json(cx, value, true)?.0)),
        _ => {
            let kind = cx.show_type(value);
            let wanted = "a string, Boolean or integer is expected";
            Err(Error::type_error(format!("argument '{name}' to '{fetcher}' is {kind} while {wanted}")))
        }
    }
}

/// The attributes that an input of a type may have.
fn allowed(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "git" => {
            "url ref rev shallow submodules lfs exportIgnore allRefs lastModified revCount narHash name dirtyRev \
             dirtyShortRev verifyCommit keytype publicKey publicKeys"
        }
        "github" | "gitlab" | "sourcehut" => "owner repo ref rev narHash lastModified host treeHash",
        "tarball" | "file" => "url narHash name unpack rev revCount lastModified",
        "path" => "path rev revCount lastModified narHash",
        "hg" => "url ref rev revCount narHash name",
        "indirect" => "id ref rev narHash",
        _ => return None,
    })
}

fn nar_hash(text: &[u8]) -> Result<Hash> {
    if text.is_empty() {
        return Ok(Hash { algorithm: HashAlgorithm::Sha256, bytes: vec![0; HashAlgorithm::Sha256.digest_length()] });
    }
    let hash = parse_sri(text).map_err(|error| Error::eval(error.to_string()))?;
    if hash.algorithm == HashAlgorithm::Sha256 { Ok(hash) } else { Err(Error::eval("narHash must use SHA-256")) }
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
    let text = format!("cannot tell '{name}' of this tree: this evaluator uses no network, and it is not given");
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
