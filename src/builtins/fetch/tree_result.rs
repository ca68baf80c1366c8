//! The set that stands for a fetched tree.

use super::input::Input;
use crate::builtins::Arguments;
use crate::codec::date::Moment;
use crate::codec::flake_ref::Attr;
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::hash_to_text;
use crate::error::{ErrorKind, Result};
use crate::eval::{Eval, InputTree};
use crate::heap::{BuiltinId, Value};

/// Fetches an input. What only its source can tell becomes, if that was not asked, an attribute that fails when it is used.
pub(super) fn result<'h>(cx: &Eval<'h>, input: &Input, is_fetch_git: bool) -> Result<Value<'h>> {
    let tree = input.fetch(cx, input.text("name").unwrap_or(b"source"))?;
    Ok(Emission { cx, tree: &tree, items: Vec::new() }.emit(is_fetch_git))
}

/// The attributes of a tree in the making.
struct Emission<'a, 'h> {
    cx: &'a Eval<'h>,
    tree: &'a InputTree,
    items: Vec<(&'static str, Value<'h>)>,
}

impl<'h> Emission<'_, 'h> {
    fn emit(mut self, is_fetch_git: bool) -> Value<'h> {
        let (cx, tree) = (self.cx, self.tree);
        let hash = cx.string(hash_to_text(&tree.hash, HashFormat::Sri, true));
        self.items.extend([("outPath", cx.store_path_value(tree.path.clone())), ("narHash", hash)]);
        let kind = text_of(tree, "type").unwrap_or_default();
        if kind == b"git" {
            self.items.push(("submodules", Value::bool(is_set(tree, "submodules"))));
        }
        let is_repository = matches!(kind, b"git" | b"hg" | b"github" | b"gitlab" | b"sourcehut");
        self.commit(is_fetch_git, is_repository);
        let counts = kind == b"hg" || (kind == b"git" && !is_set(tree, "shallow"));
        self.number("revCount", is_fetch_git || counts, is_fetch_git.then_some(0));
        for name in ["dirtyRev", "dirtyShortRev"] {
            if let Some(digits) = text_of(tree, name) {
                self.items.push((name, cx.string(digits)));
            }
        }
        let is_dated = matches!(kind, b"git" | b"github" | b"gitlab" | b"sourcehut" | b"tarball" | b"path");
        self.number("lastModified", is_dated, None);
        self.date();
        cx.attrs_of_call(&self.items)
    }

    /// The commit. `fetchGit` tells of work trees with changes that theirs is all zeros.
    fn commit(&mut self, is_fetch_git: bool, is_repository: bool) {
        const NO_COMMIT: &str = "0000000000000000000000000000000000000000";
        let cx = self.cx;
        let digits = text_of(self.tree, "rev").map(|digits| String::from_utf8_lossy(digits).into_owned());
        let zeros = || (is_fetch_git && !self.tree.is_unasked).then(|| NO_COMMIT.to_owned());
        match digits.or_else(zeros) {
            Some(digits) => {
                self.items.push(("rev", cx.string(&digits)));
                self.items.push(("shortRev", cx.string(digits.get(..7).unwrap_or_default())));
            }
            None if is_repository && self.tree.is_unasked => {
                self.items.extend([("rev", unknown(cx, "rev")), ("shortRev", unknown(cx, "shortRev"))]);
            }
            None => {}
        }
    }

    /// An attribute that is a number: as it is known; else `otherwise`; else, if its source would tell it and was not asked,
    /// one that fails when it is used.
    fn number(&mut self, name: &'static str, is_told: bool, otherwise: Option<i64>) {
        let known = match self.tree.attrs.get(name.as_bytes()) {
            Some(Attr::Int(int)) => Some(int.cast_signed()),
            _ => otherwise.filter(|_| !self.tree.is_unasked),
        };
        match known {
            Some(int) => self.items.push((name, self.cx.int(int))),
            None if is_told && self.tree.is_unasked => self.items.push((name, unknown(self.cx, name))),
            None => {}
        }
    }

    fn date(&mut self) {
        let name = "lastModifiedDate";
        match self.tree.attrs.get(&b"lastModified"[..]) {
            Some(Attr::Int(seconds)) => {
                self.items.push((name, self.cx.string(Moment::of(seconds.cast_signed()).digits())))
            }
            _ if self.items.iter().any(|item| item.0 == "lastModified") => {
                self.items.push((name, unknown(self.cx, name)));
            }
            _ => {}
        }
    }
}

fn text_of<'t>(tree: &'t InputTree, name: &str) -> Option<&'t [u8]> {
    match tree.attrs.get(name.as_bytes()) {
        Some(Attr::String(text)) => Some(text),
        _ => None,
    }
}

fn is_set(tree: &InputTree, name: &str) -> bool {
    tree.attrs.get(name.as_bytes()) == Some(&Attr::Bool(true))
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
