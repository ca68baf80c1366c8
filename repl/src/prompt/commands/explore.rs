//! `:explore`: a value and its parts, each evaluated when it is looked at.

use super::documentation::value_page;
use crate::output::markdown::render;
use crate::output::wrap::cut;
use crate::prompt::session::{Explored, Reply, Session};
use crate::prompt::thunks::glimpse;
use nivis::codec::nix_string::attribute_name;
use nivis::codec::palette::Look;
use nivis::heap::{Thunk, ThunkKind, ThunkState, Unpacked};
use nivis::print::{self, Options};
use nivis::value::attrs::by_name;
use nivis::{Eval, Result, Value};

/// Members that are listed where there are no keys to move with.
const MOST_LISTED: usize = 40;
/// The width where there is no terminal.
const USUAL: usize = 100;

pub(super) fn explore(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    let look = session.look();
    let explored = session.inside(|cx, scope| {
        let value = cx.eval_text(text.into(), scope)?;
        explored(cx, value, text.trim().to_owned(), look)
    })?;
    Ok(Reply::Explored(Box::new(explored)))
}

impl Explored {
    /// A member, which is evaluated for it.
    pub(crate) fn open(&self, session: &mut Session<'_>, index: usize) -> Result<Self> {
        let path = self.path_of(index);
        session.begin_input(&path);
        let look = session.look();
        session.inside(|cx, _| {
            let value = cx.get(&self.root)?;
            let member = member(cx, value, index, &self.names).unwrap_or(value);
            let member = cx.force(member)?;
            explored(cx, member, path, look)
        })
    }

    /// The expression for a member.
    fn path_of(&self, index: usize) -> String {
        let base = match self.path.contains(char::is_whitespace) {
            true => format!("({})", self.path),
            false => self.path.clone(),
        };
        match self.names.get(index) {
            Some(name) if self.kind.starts_with("list") => format!("builtins.elemAt {base} {name}"),
            Some(name) => format!("{base}.{}", attribute_name(name.as_bytes())),
            None => base,
        }
    }

    /// Members as far as they are evaluated, each in one line.
    pub(crate) fn shown(&self, session: &mut Session<'_>, indices: &[usize]) -> Vec<String> {
        let shown = session.inside(|cx, _| {
            let value = cx.get(&self.root)?;
            let text = |index: &usize| member(cx, value, *index, &self.names).map(|member| in_short(cx, member));
            Ok(indices.iter().map(|index| text(index).unwrap_or_default()).collect())
        });
        shown.unwrap_or_default()
    }

    /// Makes the value the last result.
    pub(crate) fn keep(self, session: &mut Session<'_>) {
        session.keep_result(self.root);
    }

    /// The value in full, or its first members: what there is to see without keys.
    pub(crate) fn listed(&self, session: &mut Session<'_>) -> String {
        if self.names.is_empty() {
            return self.page.clone();
        }
        let indices: Vec<usize> = (0..self.names.len().min(MOST_LISTED)).collect();
        let width = session.look().width.unwrap_or(USUAL);
        let rows = self.shown(session, &indices);
        let mut lines = vec![format!("{}: {}", self.path, self.kind)];
        lines.extend(indices.iter().zip(rows).map(|(index, row)| self.row(*index, &row, width)));
        let more = self.names.len() - indices.len();
        lines.extend((more > 0).then(|| format!("  … and {more} more")));
        lines.join("\n")
    }

    /// The line of a member.
    pub(crate) fn row(&self, index: usize, value: &str, width: usize) -> String {
        let name = self.names.get(index).map_or("", String::as_str);
        let column = (width / 3).clamp(8, 28);
        cut(&format!("  {name:column$} {value}"), width)
    }
}

/// A value with the names of its members.
fn explored<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: String, look: Look) -> Result<Explored> {
    let names: Vec<String> = match value.unpack() {
        Unpacked::Attrs(set) => {
            let names = by_name(cx.scope(), set).into_iter();
            names.map(|(name, ..)| String::from_utf8_lossy(cx.symbol_text(name)).into_owned()).collect()
        }
        Unpacked::List(list) => (0..list.len()).map(|index| index.to_string()).collect(),
        _ => Vec::new(),
    };
    let kind = match value.unpack() {
        Unpacked::Attrs(_) => counted("set", "attribute", names.len()),
        Unpacked::List(_) => counted("list", "element", names.len()),
        _ => String::new(),
    };
    let page = if names.is_empty() { page(cx, value, look)? } else { String::new() };
    Ok(Explored { root: cx.keep(value), path, kind, names, page })
}

fn counted(kind: &str, part: &str, count: usize) -> String {
    format!("{kind} of {count} {part}{}", if count == 1 { "" } else { "s" })
}

/// The documentation of a function, or the value itself.
fn page<'h>(cx: &mut Eval<'h>, value: Value<'h>, look: Look) -> Result<String> {
    if let Some(page) = value_page(cx, value)? {
        return Ok(render(page.trim(), look).trim_end().to_owned());
    }
    match value.as_str() {
        Some(text) => Ok(String::from_utf8_lossy(text.as_bytes()).into_owned()),
        None => Ok(print::unforced(cx, value, &Options { palette: look.palette, ..Options::default() })),
    }
}

/// The member with a number.
fn member<'h>(cx: &Eval<'h>, value: Value<'h>, index: usize, names: &[String]) -> Option<Value<'h>> {
    match value.unpack() {
        Unpacked::Attrs(set) => set.get(cx.intern(names.get(index)?.as_bytes())),
        Unpacked::List(list) => list.get(index),
        _ => None,
    }
}

/// A value as far as it is evaluated, in one line.
fn in_short<'h>(cx: &Eval<'h>, value: Value<'h>) -> String {
    let is_pending = |thunk: &Thunk<'h>| matches!(thunk.state(), ThunkState::Suspended);
    if value.as_thunk().is_some_and(|thunk| is_pending(&thunk) && !matches!(thunk.kind(), ThunkKind::Code(_))) {
        // A call for each member of a set has the same text for all of them.
        return "…".to_owned();
    }
    glimpse(
        cx,
        value,
        Options { max_depth: 1, max_attributes: 8, max_items: 8, max_string_length: 80, ..Options::default() },
    )
}
