//! `fetchTree`, `fetchGit` and `fetchMercurial`: trees with facts about their origin.

use super::arguments::Reader;
use super::input::Input;
use crate::error::{Error, ErrorKind, Ordinal, Purpose, Result};
use crate::eval::builtin::Arguments;
use crate::eval::host::tree_value::TreeValue;
use crate::eval::{Coercion, Eval, Need};
use crate::flake::warn_of_parameters;
use crate::flake_ref::{InputAttr, InputAttrs, Reading, parse_input};
use crate::heap::Value;
use crate::symbol::TYPE;

pub(super) fn fetch_tree<'h>(cx: &mut Eval<'h>, [input, ..]: Arguments<'h>) -> Result<Value<'h>> {
    const FETCHER: &str = "fetchTree";
    let input = cx.force(input)?;
    let Some(set) = input.as_attrs() else {
        let input = from_url(cx, input, FETCHER)?;
        return result(cx, &input, false);
    };
    let Some(kind) = set.get(TYPE) else {
        return Err(Error::eval("argument 'type' is missing in call to 'fetchTree'"));
    };
    let need = Need::at("while evaluating the `type` argument passed to 'fetchTree'", set.position(TYPE));
    let kind = cx.force_plain_string(kind, need)?;
    let is_git = kind.as_bytes() == b"git";
    let mut attrs = Reader { fetcher: FETCHER }.read(cx, set, kind.as_bytes())?;
    if is_git {
        // Whole histories are rarely needed. URLs and fetchGit keep the older default.
        attrs.entry(b"shallow".to_vec()).or_insert(InputAttr::Bool(true));
    }
    if attrs.contains_key(&b"name"[..]) {
        return Err(Error::eval("argument 'name' isn’t supported in call to 'fetchTree'"));
    }
    let input = Input::new(cx, attrs, FETCHER)?;
    result(cx, &input, false)
}

/// The input that a URL describes.
fn from_url<'h>(cx: &mut Eval<'h>, url: Value<'h>, fetcher: &'static str) -> Result<Input> {
    let name = format!("'{fetcher}'");
    let url = cx.coerce_to_string(url, Coercion::plain(), Purpose::Argument(Ordinal::First, &*name))?;
    if !cx.settings().has_feature("flakes") {
        let text = format!("passing a string argument to '{fetcher}' requires the 'flakes' experimental feature");
        return Err(Error::eval(text));
    }
    warn_of_parameters(cx, url.as_bytes(), &Reading::default());
    let attrs = parse_input(url.as_bytes()).map_err(|error| Error::eval(error.0))?;
    Input::checked(attrs, fetcher)
}

pub(super) fn fetch_git<'h>(cx: &mut Eval<'h>, [input, ..]: Arguments<'h>) -> Result<Value<'h>> {
    const FETCHER: &str = "fetchGit";
    let input = cx.force(input)?;
    let mut attrs = match input.as_attrs() {
        Some(set) if set.contains(TYPE) => return Err(Error::eval("unexpected argument 'type'")),
        Some(set) => Reader { fetcher: FETCHER }.read(cx, set, b"git")?,
        None => {
            let phrase = Purpose::Argument(Ordinal::First, "'fetchGit'");
            let url = cx.coerce_to_string(input, Coercion::plain(), phrase)?;
            let text = |text: &[u8]| InputAttr::String(text.to_vec());
            InputAttrs::from([(b"type".to_vec(), text(b"git")), (b"url".to_vec(), text(url.as_bytes()))])
        }
    };
    if attrs.get(&b"submodules"[..]) != Some(&InputAttr::Bool(true)) {
        attrs.entry(b"exportIgnore".to_vec()).or_insert(InputAttr::Bool(true));
    }
    let input = Input::new(cx, attrs, FETCHER)?;
    result(cx, &input, true)
}

pub(super) fn fetch_mercurial<'h>(_: &mut Eval<'h>, _: Arguments<'h>) -> Result<Value<'h>> {
    let text = "cannot run 'fetchMercurial': Mercurial repositories are not supported";
    Err(ErrorKind::Unsupported(text.to_owned()).into())
}

/// Fetches an input. A fact that only its source has becomes, if the source was not read, an attribute that fails
/// when it is used.
fn result<'h>(cx: &Eval<'h>, input: &Input, is_fetch_git: bool) -> Result<Value<'h>> {
    let tree = input.fetch(cx, input.text("name").unwrap_or(b"source"))?;
    Ok(cx.tree_value(&TreeValue::of_input(&tree, is_fetch_git)))
}

pub(super) fn unknown_attribute<'h>(cx: &mut Eval<'h>, [name, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let name = cx.force_string(name, "")?;
    let name = String::from_utf8_lossy(name.as_bytes());
    let text = format!("cannot tell '{name}' of this tree: it is not given, and nothing was fetched that could tell");
    Err(ErrorKind::Unsupported(text).into())
}
