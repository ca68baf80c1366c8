//! `:doc`, `:pos` and `:e`: the documentation of a value, and its place.

use super::{described, documented_words};
use crate::output::markdown::render;
use crate::prompt::highlight::highlighted;
use crate::prompt::session::{Document, Reply, Session};
use nivis::error::ResultExt;
use nivis::eval::ClosureInfo;
use nivis::heap::{PosId, Unpacked};
use nivis::source::{self, Origin};
use nivis::syntax::documentation::documentation;
use nivis::syntax::locate::definition_around;
use nivis::syntax::selection::last_step;
use nivis::{Error, Eval, Result, Value};

type Scope<'s, 'h> = &'s [(&'s str, Value<'h>)];

/// An attribute that an expression selects.
struct Selected {
    name: String,
    position: PosId,
}

pub(super) fn doc(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    let page = match documented_words::page(text) {
        Some(page) => page,
        None => session.inside(|cx, scope| page(cx, scope, text))?,
    };
    Ok(Reply::Output(render(page.trim(), session.look()).trim_end().to_owned()))
}

/// The page about a value, or about the attribute that it is.
fn page<'h>(cx: &mut Eval<'h>, scope: Scope<'_, 'h>, text: &str) -> Result<String> {
    let selected = selected(cx, scope, text)?;
    let value = cx.eval_text(text.into(), scope)?;
    if let Some(page) = described::page(cx, value) {
        return Ok(page);
    }
    match (value_page(cx, value)?, selected) {
        (Some(page), _) => Ok(page),
        (None, Some(selected)) => Ok(attribute_page(cx, &selected)),
        (None, None) => Err(Error::eval("value does not have documentation")),
    }
}

/// The attribute that the text selects at last, if it does, has a place, and there is one.
fn selected<'h>(cx: &mut Eval<'h>, scope: Scope<'_, 'h>, text: &str) -> Result<Option<Selected>> {
    let Some(step) = last_step(text.as_bytes()) else { return Ok(None) };
    let before = text.get(step.of.start as usize..step.of.end as usize).unwrap_or_default();
    let Ok(set) = cx.eval_text(before.into(), scope) else { return Ok(None) };
    let Ok(set) = cx.force_attrs(set, "while evaluating an attribute set to look for documentation") else {
        return Ok(None);
    };
    let position = set.position(cx.intern(step.name.as_bytes()));
    Ok((position != PosId::NONE).then_some(Selected { name: step.name, position }))
}

/// The documentation of a function.
pub(super) fn value_page<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<Option<String>> {
    let info = match value.unpack() {
        Unpacked::Builtin(id) => return Ok(Some(builtin_page(cx, id))),
        Unpacked::Closure(closure) => cx.closure_info(closure),
        Unpacked::Partial(partial) => match cx.partial_info(partial) {
            Some(info) => info,
            None => return Ok(None),
        },
        Unpacked::Attrs(set) => {
            let Some(functor) = set.get(cx.intern(b"__functor")) else { return Ok(None) };
            // The set itself is an argument that nobody types: its attributes are documented.
            let page = cx.call(functor, &[value]).and_then(|applied| cx.deeper(|cx| value_page(cx, applied)));
            return page.traced(PosId::NONE, || "while partially calling '__functor' to retrieve documentation");
        }
        _ => return Ok(None),
    };
    Ok(Some(function_page(cx, &info)))
}

fn function_page(cx: &Eval<'_>, info: &ClosureInfo) -> String {
    let name = info.name.map(|name| format!("`{}`", String::from_utf8_lossy(cx.symbol_text(name))));
    let mut page = match name {
        Some(name) => format!("Function {name}\\\n  … defined at {}", cx.show_position(info.position)),
        None => format!("Function defined at {}", cx.show_position(info.position)),
    };
    if let Some(comment) = comment_at(cx, info.position) {
        page.push_str(&format!("\n\n\n{comment}"));
    }
    page
}

fn builtin_page(cx: &Eval<'_>, id: nivis::heap::BuiltinId) -> String {
    let builtin = cx.builtin(id);
    let arguments: Vec<_> = builtin.arguments.iter().map(|name| format!("*{name}*")).collect();
    let mut page =
        format!("**Synopsis:** `builtins.{}` {}\n\n{}", builtin.name, arguments.join(" "), builtin.doc.trim());
    if let Some((program, result)) = builtin.example {
        page.push_str(&format!("\n\n    {program}\n    => {result}"));
    }
    page
}

fn attribute_page(cx: &Eval<'_>, selected: &Selected) -> String {
    let place = cx.show_position(selected.position);
    let comment = comment_at(cx, selected.position);
    let (gap, text) = match &comment {
        Some(comment) => ("\n\n\n", comment.as_str()),
        None => ("\n\n", "No documentation found."),
    };
    format!("Attribute `{}`\n\n  … defined at {place}{gap}{text}", selected.name)
}

/// The comment of a definition.
pub(super) fn comment_at(cx: &Eval<'_>, position: PosId) -> Option<String> {
    let location = cx.sources().locate(position)?;
    documentation(&location.source.text, location.offset)
}

pub(super) fn position(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    let bound = session.position_of(text);
    session.inside(|cx, scope| {
        let known = definition(cx, scope, text, bound);
        if known.is_err()
            && let Some(place) = cx.eval_text(text.into(), scope).ok().and_then(|value| described::position(cx, value))
        {
            return Ok(Reply::Output(place));
        }
        Ok(Reply::Output(cx.show_position(known?)))
    })
}

/// The definition of something: a name or attribute where it is bound, else a function where it is written.
fn definition<'h>(cx: &mut Eval<'h>, scope: Scope<'_, 'h>, text: &str, bound: Option<PosId>) -> Result<PosId> {
    if let Some(selected) = selected(cx, scope, text)? {
        return Ok(selected.position);
    }
    if let Some(bound) = bound {
        return Ok(bound);
    }
    let value = cx.eval_text(text.into(), scope)?;
    if let Unpacked::Builtin(id) = value.unpack() {
        let name = cx.builtin(id).name;
        return Err(Error::eval(format!("'builtins.{name}' is part of the language; see ':doc builtins.{name}'")));
    }
    function_position(cx, value).ok_or_else(|| Error::eval("where this is defined is not known"))
}

/// `:src`: the text of a definition, with its place.
pub(super) fn source(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    let bound = session.position_of(text);
    let look = session.look();
    session.inside(|cx, scope| {
        let position = source_position(cx, scope, text, bound)?;
        let unknown = || Error::eval("where this is defined is not known");
        let location = cx.sources().locate(position).ok_or_else(unknown)?;
        let program = &location.source.text;
        let span = definition_around(program, location.offset).ok_or_else(unknown)?;
        let shown = program.get(span.start as usize..span.end as usize).unwrap_or_default();
        let before = program.get(..span.start as usize).unwrap_or_default();
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
        let shown = unindented(&String::from_utf8_lossy(shown), column);
        let shown = match look.palette {
            Some(palette) => highlighted(&shown, None, false, palette),
            None => shown,
        };
        let place = look.styled(|palette| palette.faint, &format!("# {}", cx.show_position(position)));
        Ok(Reply::Output(format!("{place}\n{shown}")))
    })
}

/// The text whose source is shown: a package's own file rather than the line that calls it.
fn source_position<'h>(cx: &mut Eval<'h>, scope: Scope<'_, 'h>, text: &str, bound: Option<PosId>) -> Result<PosId> {
    let value = cx.eval_text(text.into(), scope)?;
    match function_position(cx, value) {
        Some(position) => Ok(position),
        None => definition(cx, scope, text, bound),
    }
}

/// A text without the indentation of its first line, before which there are so many bytes.
fn unindented(text: &str, most: usize) -> String {
    let line = |(index, line): (usize, &str)| match index {
        0 => line.to_owned(),
        _ => line[(line.len() - line.trim_start_matches(' ').len()).min(most)..].to_owned(),
    };
    text.lines().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

fn function_position<'h>(cx: &Eval<'h>, value: Value<'h>) -> Option<PosId> {
    let position = match value.unpack() {
        Unpacked::Closure(closure) => cx.closure_info(closure).position,
        Unpacked::Partial(partial) => cx.partial_info(partial)?.position,
        _ => return None,
    };
    (position != PosId::NONE).then_some(position)
}

pub(super) fn edit(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    let bound = session.position_of(text);
    session.inside(|cx, scope| {
        let value = cx.eval_text(text.into(), scope)?;
        if let Unpacked::Path(path) | Unpacked::String(path) = value.unpack() {
            let path = cx.resolve_expression_path(&cx.absolute(path.as_bytes()))?;
            return Ok(Reply::Edit(Document { place: Ok(path), line: 0 }));
        }
        if let Some(document) = told_position(cx, value)? {
            return Ok(Reply::Edit(document));
        }
        let position = match function_position(cx, value) {
            Some(position) => position,
            None => definition(cx, scope, text, bound)?,
        };
        document(cx, position).map(Reply::Edit)
    })
}

/// The position that `meta.position` of a package gives.
fn told_position<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<Option<Document>> {
    let meta = value.as_attrs().and_then(|set| set.get(cx.intern(b"meta")));
    let Some(meta) = meta else { return Ok(None) };
    let meta = cx.force(meta)?;
    let position = meta.as_attrs().and_then(|meta| meta.get(cx.intern(b"position")));
    let Some(position) = position else { return Ok(None) };
    let position = cx.force_plain_string(position, "while evaluating the attribute 'meta.position'")?;
    let text = String::from_utf8_lossy(position.as_bytes()).into_owned();
    let (file, line) = text.rsplit_once(':').unwrap_or((&text, ""));
    Ok(Some(Document { place: Ok(file.into()), line: line.parse().unwrap_or(0) }))
}

fn document(cx: &Eval<'_>, position: PosId) -> Result<Document> {
    let unknown = || Error::eval("where this is defined is not known");
    let location = cx.sources().locate(position).ok_or_else(unknown)?;
    let place = match &location.source.origin {
        Origin::File(path) if source::shown_path(path) == path.as_slice() => Ok(path.clone()),
        _ => Err(location.source.text.to_vec()),
    };
    Ok(Document { place, line: location.line })
}
