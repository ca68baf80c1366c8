//! The set for a fetched tree: its path in the store, and its attributes.

use super::inputs::InputTree;
use crate::codec::date::Moment;
use crate::eval::Eval;
use crate::flake_ref::{InputAttr, InputAttrs};
use crate::heap::Value;
use crate::store::path::StorePath;

/// A tree, and the way to present it.
pub(crate) struct TreeValue<'t> {
    /// Its path in the store.
    pub(crate) path: &'t StorePath,
    /// Its attributes, including `narHash`.
    pub(crate) attrs: &'t InputAttrs,
    /// Present a missing commit as all zeros, like `fetchGit`.
    pub(crate) invents_commit: bool,
    /// True if its contents differ from the fetched tree, so that no commit is shown.
    pub(crate) is_changed: bool,
    /// True if its source was not read: facts that only the source has become attributes that fail when they are
    /// used.
    pub(crate) is_unasked: bool,
}

impl<'t> TreeValue<'t> {
    /// The result of `fetchTree` or `fetchGit`.
    pub(crate) fn of_input(tree: &'t InputTree, is_fetch_git: bool) -> Self {
        let InputTree { path, attrs, is_unasked, .. } = tree;
        Self { path, attrs, invents_commit: is_fetch_git, is_changed: false, is_unasked: *is_unasked }
    }
}

impl<'h> Eval<'h> {
    /// The set for a tree.
    pub(crate) fn tree_value(&self, tree: &TreeValue<'_>) -> Value<'h> {
        Emission { cx: self, tree, items: Vec::new() }.emit()
    }
}

/// The attributes of a tree in the making.
struct Emission<'a, 'h> {
    cx: &'a Eval<'h>,
    tree: &'a TreeValue<'a>,
    items: Vec<(&'static str, Value<'h>)>,
}

impl<'h> Emission<'_, 'h> {
    fn emit(mut self) -> Value<'h> {
        let (cx, tree) = (self.cx, self.tree);
        self.items.push(("outPath", cx.store_path_value(tree.path.clone())));
        self.texts(&["narHash"]);
        let kind = text_of(tree, "type").unwrap_or_default();
        if kind == b"git" {
            self.items.push(("submodules", Value::bool(is_set(tree, "submodules"))));
        }
        let is_repository = matches!(kind, b"git" | b"hg" | b"github" | b"gitlab" | b"sourcehut");
        if !tree.is_changed {
            self.commit(is_repository);
            let counts = kind == b"hg" || (kind == b"git" && !is_set(tree, "shallow"));
            self.number("revCount", tree.invents_commit || counts, tree.invents_commit.then_some(0));
        }
        self.texts(&["dirtyRev", "dirtyShortRev"]);
        let is_dated = matches!(kind, b"git" | b"github" | b"gitlab" | b"sourcehut" | b"tarball" | b"path");
        self.number("lastModified", is_dated, None);
        self.date();
        cx.attrs_of_call(&self.items)
    }

    /// Adds the text attributes that are known.
    fn texts(&mut self, names: &[&'static str]) {
        for name in names {
            if let Some(text) = text_of(self.tree, name) {
                self.items.push((name, self.cx.string(text)));
            }
        }
    }

    fn commit(&mut self, is_repository: bool) {
        const NO_COMMIT: &str = "0000000000000000000000000000000000000000";
        let cx = self.cx;
        let digits = text_of(self.tree, "rev").map(|digits| String::from_utf8_lossy(digits).into_owned());
        let zeros = || (self.tree.invents_commit && !self.tree.is_unasked).then(|| NO_COMMIT.to_owned());
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

    /// Adds a number attribute: the known one; else `otherwise`; else, if the source would have it and was not read,
    /// one that fails when it is used.
    fn number(&mut self, name: &'static str, is_told: bool, otherwise: Option<i64>) {
        let known = match self.tree.attrs.get(name.as_bytes()) {
            Some(InputAttr::Int(int)) => Some(int.cast_signed()),
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
            Some(InputAttr::Int(seconds)) => {
                self.items.push((name, self.cx.string(Moment::of(seconds.cast_signed()).digits())));
            }
            _ if self.items.iter().any(|item| item.0 == "lastModified") => {
                self.items.push((name, unknown(self.cx, name)));
            }
            _ => {}
        }
    }
}

fn text_of<'t>(tree: &'t TreeValue<'_>, name: &str) -> Option<&'t [u8]> {
    match tree.attrs.get(name.as_bytes()) {
        Some(InputAttr::String(text)) => Some(text),
        _ => None,
    }
}

fn is_set(tree: &TreeValue<'_>, name: &str) -> bool {
    tree.attrs.get(name.as_bytes()) == Some(&InputAttr::Bool(true))
}

/// A value that fails when it is used.
fn unknown<'h>(cx: &Eval<'h>, name: &str) -> Value<'h> {
    cx.delayed_call(cx.internal_builtin("forceLazyFetcherAttr"), &[cx.string(name)])
}
