//! `fetchClosure`: checks its arguments. The closure itself would come from another store.

use crate::codec::nix_string::attribute_name;
use crate::codec::store_url::StoreUrl;
use crate::error::{Error, ErrorKind, Ordinal, Purpose, Result, ResultExt};
use crate::eval::builtin::Arguments;
use crate::eval::{Coercion, Eval};
use crate::heap::{PosId, Unpacked, Value};
use crate::path::canonical;
use crate::store::path::entry;
use crate::value::attrs::Attr;

/// The arguments.
#[derive(Default)]
struct Request {
    from_store: Option<Vec<u8>>,
    from_path: Option<Vec<u8>>,
    /// The root of the rewritten paths; empty if the fetch should compute it.
    to_path: Option<Vec<u8>>,
    input_addressed: bool,
}

pub(super) fn fetch_closure<'h>(cx: &mut Eval<'h>, [arguments, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let set = cx.force_attrs(arguments, Purpose::Argument(Ordinal::Only, "builtins.fetchClosure"))?;
    let mut request = Request::default();
    for attribute in set.iter() {
        request.read(cx, attribute)?;
    }
    let missing = |name| Error::eval(format!("attribute '{name}' is missing in call to 'fetchClosure'"));
    let from_path = request.from_path.ok_or_else(|| missing("fromPath"))?;
    if request.input_addressed && request.to_path.is_some() {
        let problem = "attribute 'inputAddressed' is set to true, but 'toPath' is also set";
        return Err(Error::eval(format!("{problem}. Please remove one of them")));
    }
    let from_store = request.from_store.ok_or_else(|| missing("fromStore"))?;
    check_store(&from_store)?;
    Err(not_fetched(&from_path, &from_store, request.to_path.as_deref()))
}

impl Request {
    fn read<'h>(&mut self, cx: &mut Eval<'h>, (name, value, position): Attr<'h>) -> Result<()> {
        let name = cx.symbol_text(name);
        let shown = attribute_name(name);
        let phrase = || format!("while evaluating the attribute '{shown}' passed to builtins.fetchClosure");
        match name {
            b"fromPath" => {
                let value = cx.force(value)?;
                self.from_path = Some(store_path(cx, value).traced(position, phrase)?);
            }
            b"toPath" => {
                let value = cx.force(value)?;
                let is_empty = value.as_str().is_some_and(|text| text.as_bytes().is_empty());
                let path = if is_empty { Ok(Vec::new()) } else { store_path(cx, value).traced(position, phrase) };
                self.to_path = Some(path?);
            }
            b"fromStore" => self.from_store = Some(address(cx, value, position).traced(position, phrase)?),
            b"inputAddressed" => self.input_addressed = truth(cx, value, position).traced(position, phrase)?,
            _ => return Err(Error::eval(format!("attribute '{shown}' isn't supported in call to 'fetchClosure'"))),
        }
        Ok(())
    }
}

fn address<'h>(cx: &mut Eval<'h>, value: Value<'h>, position: PosId) -> Result<Vec<u8>> {
    let value = cx.force(value)?;
    if value.as_str().is_none() {
        return Err(cx.mismatch("a string", value).at(position));
    }
    Ok(cx.force_plain_string(value, "")?.as_bytes().to_vec())
}

fn truth<'h>(cx: &mut Eval<'h>, value: Value<'h>, position: PosId) -> Result<bool> {
    let value = cx.force(value)?;
    match value.unpack() {
        Unpacked::Bool(truth) => Ok(truth),
        _ => Err(cx.mismatch("a Boolean", value).at(position)),
    }
}

/// The store path of a value. Its context does not matter.
fn store_path<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<Vec<u8>> {
    let text = cx.coerce_to_string(value, Coercion::plain(), "")?;
    let path = canonical(text.as_bytes());
    let is_absolute = text.as_bytes().starts_with(b"/");
    if is_absolute && entry(&cx.settings().store_dir, &path).is_ok_and(|entry| *entry == *path) {
        return Ok(path);
    }
    let shown = String::from_utf8_lossy(text.as_bytes());
    Err(Error::eval(format!("path '{shown}' is not in the Nix store")))
}

fn check_store(url: &[u8]) -> Result<()> {
    let shown = String::from_utf8_lossy(url);
    let store = StoreUrl::parse(url).map_err(|error| ErrorKind::Usage(error.to_string()))?;
    if !matches!(store.scheme.as_deref(), Some("http" | "https")) {
        return Err(Error::eval("'fetchClosure' only supports http:// and https:// stores"));
    }
    if store.has_parameters {
        return Err(Error::eval(format!("'fetchClosure' does not support URL query parameters (in '{shown}')")));
    }
    Ok(())
}

#[cold]
fn not_fetched(path: &[u8], store: &[u8], target: Option<&[u8]>) -> Error {
    let [path, store, target] = [Some(path), Some(store), target].map(|it| it.map(String::from_utf8_lossy));
    let (path, store) = (path.unwrap_or_default(), store.unwrap_or_default());
    let rewritten = match target.as_deref() {
        None => String::new(),
        Some("") => ", to be rewritten".to_owned(),
        Some(target) => format!(", to be rewritten to '{target}'"),
    };
    let reason = "binary caches are not read yet";
    ErrorKind::Unsupported(format!("cannot fetch '{path}' from '{store}'{rewritten}: {reason}")).into()
}
