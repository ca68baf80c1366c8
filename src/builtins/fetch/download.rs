//! `fetchurl` and `fetchTarball`.

use super::local::{archive_input, check_archive, file_mismatch, shown_url};
use crate::builtins::derivation::hash_or_zeros;
use crate::codec::hash::{Hash, HashAlgorithm};
use crate::error::{Action, Error, ErrorKind, Result, ResultExt, Work};
use crate::eval::builtin::Arguments;
use crate::eval::host::inputs::Wanted;
use crate::eval::host::lookup::without_channel;
use crate::eval::{Eval, Need};
use crate::flake_ref::{InputAttr, file_path};
use crate::heap::{Attrs, Str, Value};
use crate::store::content::Method;
use crate::store::fixed::FixedSource;
use crate::store::path::check_name;
use std::borrow::Cow;

/// The called builtin.
#[derive(Clone, Copy)]
struct Fetcher {
    name: &'static str,
    method: Method,
    /// The default name in the store; if empty, the last part of the address.
    default_name: &'static [u8],
}

pub(super) fn fetch_url<'h>(cx: &mut Eval<'h>, [arguments, ..]: Arguments<'h>) -> Result<Value<'h>> {
    fetch(cx, arguments, Fetcher { name: "fetchurl", method: Method::Flat, default_name: b"" })
}

pub(super) fn fetch_tarball<'h>(cx: &mut Eval<'h>, [arguments, ..]: Arguments<'h>) -> Result<Value<'h>> {
    fetch(cx, arguments, Fetcher { name: "fetchTarball", method: Method::Archive, default_name: b"source" })
}

fn fetch<'h>(cx: &mut Eval<'h>, arguments: Value<'h>, fetcher: Fetcher) -> Result<Value<'h>> {
    let request = Request::read(cx, arguments, fetcher)?;
    let url = request.url.as_bytes();
    let address = if matches!(fetcher.method, Method::Flat) { Cow::Borrowed(url) } else { without_channel(url) };
    cx.check_uri(&String::from_utf8_lossy(&address))?;
    let name = request.checked_name(fetcher)?;
    if cx.settings().pure && request.expected.is_none() {
        let fetcher = fetcher.name;
        return Err(Error::eval(format!("in pure evaluation mode, '{fetcher}' requires a 'sha256' argument")));
    }
    cx.fetching(|| match fetcher.method {
        Method::Flat => request.file(cx, name),
        _ => request.tree(cx, name),
    })
}

/// Puts what a fixed-output derivation fetches into the store. Returns false if that is not all that it does: none of
/// its addresses has what the hash says, and `failures` has the reasons.
///
/// # Errors
///
/// Fails if the evaluation should stop.
pub(in crate::builtins) fn fetch_fixed(
    cx: &Eval<'_>,
    source: &FixedSource,
    failures: &mut Vec<String>,
) -> Result<bool> {
    for url in &source.urls {
        let Some(url) = cx.string(url).as_str() else { continue };
        let expected = Some(source.content.hash.clone());
        let request = Request { url, name: None, expected, is_set: true };
        let fetched = cx.fetching(|| match source.content.method {
            Method::Flat => request.file(cx, &source.name),
            _ => request.tree(cx, &source.name),
        });
        match fetched {
            Ok(_) => return Ok(true),
            Err(error) if matches!(error.kind(), ErrorKind::Interrupted) => return Err(error),
            Err(error) => failures.push(format!("fetching it failed, too: {error}")),
        }
    }
    Ok(false)
}

/// The arguments of a call.
struct Request<'h> {
    url: Str<'h>,
    name: Option<Str<'h>>,
    expected: Option<Hash>,
    is_set: bool,
}

impl<'h> Request<'h> {
    fn read(cx: &mut Eval<'h>, arguments: Value<'h>, fetcher: Fetcher) -> Result<Self> {
        let arguments = cx.force(arguments)?;
        if let Some(set) = arguments.as_attrs() {
            return Self::read_set(cx, set, fetcher);
        }
        let url = cx.force_plain_string(arguments, "while evaluating the url we should fetch")?;
        Ok(Self { url, name: None, expected: None, is_set: false })
    }

    fn read_set(cx: &mut Eval<'h>, set: Attrs<'h>, fetcher: Fetcher) -> Result<Self> {
        let (mut url, mut name, mut expected) = (None, None, None);
        for (attribute, value, position) in set.iter() {
            match cx.symbol_text(attribute) {
                b"url" => {
                    let need = Need::at("while evaluating the url we should fetch", position);
                    url = Some(cx.force_plain_string(value, need)?);
                }
                b"name" => {
                    let phrase = "while evaluating the name of the content we should fetch";
                    name = Some(cx.force_plain_string(value, Need::at(phrase, position))?);
                }
                b"sha256" => {
                    let phrase = "while evaluating the sha256 of the content we should fetch";
                    let text = cx.force_plain_string(value, Need::at(phrase, position))?;
                    expected = Some(hash_or_zeros(cx, text.as_bytes(), Some(HashAlgorithm::Sha256))?);
                }
                other => {
                    let (other, fetcher) = (String::from_utf8_lossy(other), fetcher.name);
                    let error = Error::eval(format!("unsupported argument '{other}' to '{fetcher}'"));
                    return Err(match &*other {
                        "hash" | "sha1" | "sha512" | "md5" | "outputHash" | "narHash" => error.with_note(
                            "`sha256 = …` takes the hash, also as `sha256-…`; nixpkgs' own fetchers take `hash`",
                        ),
                        _ => error.with_note("it takes `url`, `name` and `sha256`"),
                    });
                }
            }
        }
        let url = url.ok_or_else(|| Error::eval("'url' argument required"))?;
        Ok(Self { url, name, expected, is_set: true })
    }

    fn file(&self, cx: &Eval<'h>, name: &[u8]) -> Result<Value<'h>> {
        let (url, expected) = (String::from_utf8_lossy(self.url.as_bytes()), self.expected.as_ref());
        let wanted = Wanted { url: &url, other_names: &[], method: Method::Flat, expected, name };
        let found = match (cx.substitute(&wanted, true)?, self.local_file()) {
            (Some(found), _) => found,
            (None, Some(path)) => {
                let place = cx.resolve_links(&path)?;
                if cx.file_type(&place)?.is_none() {
                    let path = String::from_utf8_lossy(&path);
                    let reason = format!("Could not read a file:// file (37) Could not open file {path}");
                    return Err(Error::fetch(format!("unable to download '{url}': {reason}")));
                }
                cx.found_at(place, Method::Flat)?
            }
            (None, None) => match cx.with_fetcher(|fetcher, context| fetcher.file(context, &url, name)) {
                Ok(file) => file.into(),
                Err(error) => cx.trust_hash(&wanted, error)?,
            },
        };
        match expected.filter(|expected| **expected != found.hash) {
            Some(expected) => Err(file_mismatch(&url, expected, &found.hash)),
            None => Ok(cx.store_path_value(found.add(cx, Method::Flat, name)?)),
        }
    }

    fn tree(&self, cx: &Eval<'h>, name: &[u8]) -> Result<Value<'h>> {
        let (own, expected) = (vec![self.url.as_bytes().to_vec()], self.expected.as_ref());
        let address = without_channel(self.url.as_bytes());
        let mut input = archive_input(&address, expected);
        let url = shown_url(&input)?;
        let wanted = Wanted { url: &url, other_names: &own, method: Method::Archive, expected, name };
        if cx.local_copy(&wanted)?.is_none() && expected.is_none() {
            check_archive(cx, &url, &address)
                .traced_subject(|| Action::Work(Work::FetchingInput, url.as_str().into()))?;
        }
        input.insert(b"__final".to_vec(), InputAttr::Bool(expected.is_some()));
        Ok(cx.store_path_value(cx.fetch_input_called(&input, &own, name)?.path))
    }

    /// The path of a `file:` address.
    fn local_file(&self) -> Option<Vec<u8>> {
        file_path(self.url.as_bytes()).filter(|path| path.starts_with(b"/"))
    }

    /// Its name in the store.
    fn checked_name(&self, fetcher: Fetcher) -> Result<&'h [u8]> {
        let name = self.name.map_or(fetcher.default_name, Str::as_bytes);
        let name = if name.is_empty() { last_part(self.url.as_bytes()) } else { name };
        check_name(name).map_err(|reason| self.invalid_name(&reason, fetcher))?;
        Ok(name)
    }

    #[cold]
    fn invalid_name(&self, reason: &str, fetcher: Fetcher) -> Error {
        let (url, fetcher) = (String::from_utf8_lossy(self.url.as_bytes()), fetcher.name);
        let goal = "so that it can create a valid store path.";
        let advice = match (self.name, self.is_set) {
            (Some(_), _) => format!("Please change the value for the 'name' attribute passed to '{fetcher}', {goal}"),
            (None, true) => format!("Please add a valid 'name' attribute to the argument for '{fetcher}', {goal}"),
            (None, false) => {
                format!("Please pass an attribute set with 'url' and 'name' attributes to '{fetcher}',  {goal}")
            }
        };
        Error::eval(format!("invalid store path name when fetching URL '{url}': {reason}. {advice}"))
    }
}

/// The text after the last slash, ignoring one at the end.
fn last_part(url: &[u8]) -> &[u8] {
    let url = url.strip_suffix(b"/").unwrap_or(url);
    url.rsplit(|&byte| byte == b'/').next().unwrap_or(url)
}
