//! Errors that appear in a library: their cause in the program itself.

use super::Label;
use super::arguments;
use super::options;
use super::scene::Scene;
use crate::error::{Action, Cause, Code, ErrorKind, TraceFrame};
use crate::report::library::is_library;
use crate::report::phrasing;
use crate::report::places::Places;
use crate::source::{Location, Origin, Place, SourceText, Span};
use crate::syntax::locate::{Outline, bound_in};
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;
use std::rc::Rc;

/// The number of steps that are searched.
const STEPS: usize = 24;

/// The place to look at instead of one in a library.
pub(super) fn outside(scene: &Scene<'_>, places: &Places<'_>) -> Option<Label> {
    named_in_message(scene, places)
        .or_else(|| related(scene, places))
        .or_else(|| missing_file(scene, places))
        .or_else(|| arguments::through_parameter(scene).filter(|label| !is_library(&label.0.source.origin)))
        .or_else(|| options::named(scene, places))
        .or_else(|| nearest(scene, places))
}

/// `… at /a.nix:12, did you mean …?`
fn named_in_message(scene: &Scene<'_>, places: &Places<'_>) -> Option<Label> {
    if !matches!(scene.error.kind(), ErrorKind::Throw(_) | ErrorKind::Abort(_)) {
        return None;
    }
    let message = scene.message();
    let words = message.split(|letter: char| letter.is_whitespace() || "`'\"(),".contains(letter));
    words.filter(|word| word.starts_with('/')).find_map(|word| {
        let mut parts = word.split(':');
        let (path, line) = (parts.next()?, parts.next()?.parse().ok()?);
        let location = places.sources().find(path, line, 1)?;
        let text = location.source.line(location.line)?;
        let blanks = text.iter().take_while(|byte| byte.is_ascii_whitespace()).count() as u32;
        let end = text.trim_ascii_end().len() as u32;
        let span = Span::new(location.offset + blanks, location.offset + end.max(blanks));
        Some((location, span, "this is what the message is about".to_owned()))
    })
}

/// The definition of the value, if the evaluator knows it.
fn related(scene: &Scene<'_>, places: &Places<'_>) -> Option<Label> {
    let related = scene.error.details().into_iter().flat_map(|details| &details.related);
    related
        .filter_map(|(place, label)| {
            let (location, span) = places.range_or_start(*place)?;
            (!is_library(&location.source.origin)).then(|| (location, span, label.to_string()))
        })
        .next()
}

/// The place where the path of a missing file is written.
fn missing_file(scene: &Scene<'_>, places: &Places<'_>) -> Option<Label> {
    let Cause::MissingFile(path) = scene.cause() else { return None };
    let path = std::str::from_utf8(path).ok().filter(|_| scene.is(Code::FILE))?;
    let (_, last) = path.rsplit_once('/').filter(|(_, last)| !last.is_empty())?;
    places.sources().all().into_iter().find_map(|source| {
        let Origin::File(file) = &source.origin else { return None };
        let file = String::from_utf8_lossy(file);
        let (folder, _) = file.rsplit_once('/')?;
        let leads_there = |span: &Span| {
            let written = source.text.get(span.start as usize..span.end as usize).unwrap_or_default();
            let absolute = [folder.as_bytes(), b"/", written].concat();
            written.starts_with(b".") && crate::path::canonical(&absolute) == path.as_bytes()
        };
        let found = memchr::memmem::find_iter(&source.text, last.as_bytes());
        let span = found.map(|at| path_around(&source.text, at, last.len())).find(leads_there)?;
        label_at(places, &source, span, "there is no such file".to_owned())
    })
}

/// The whole path around a part of it in a text.
fn path_around(text: &[u8], at: usize, length: usize) -> Span {
    let in_path = |byte: &&u8| byte.is_ascii_alphanumeric() || b"._-+/".contains(byte);
    let before = text[..at].iter().rev().take_while(in_path).count();
    Span::new((at - before) as u32, (at + length) as u32)
}

/// The nearest step outside of the library, or the package being evaluated if that is nearer.
fn nearest(scene: &Scene<'_>, places: &Places<'_>) -> Option<Label> {
    scene.frames.iter().take(STEPS * 4).find_map(|frame| package(frame, places).or_else(|| step(frame, places)))
}

fn step(frame: &TraceFrame, places: &Places<'_>) -> Option<Label> {
    let place = Some(frame.place).filter(|place| *place != Place::NOWHERE)?;
    let here = places.here(place)?;
    if is_library(&here.source.origin) {
        return None;
    }
    let (location, span) = places.range_or_start(place)?;
    let span = location.source.last_names(span);
    Some((location, span, phrasing::label_of(frame, places)))
}

/// The attribute being evaluated, in the file of the package, or else the package's name.
fn package(frame: &TraceFrame, places: &Places<'_>) -> Option<Label> {
    let (attribute, name) = match &frame.action {
        Action::Derivation(derivation) => (None, &derivation.name),
        Action::DerivationAttribute { attribute, derivation } => (Some(attribute), derivation),
        _ => return None,
    };
    let name = without_version(name);
    let written = [format!("pname = \"{name}\""), format!("name = \"{name}")];
    let mut found =
        places.sources().all().into_iter().filter(|source| !is_library(&source.origin)).filter_map(|source| {
            let at = written.iter().find_map(|text| memchr::memmem::find(&source.text, text.as_bytes()))?;
            Some((source, at as u32))
        });
    let (source, at) = found.next()?;
    if found.next().is_some() {
        return None;
    }
    let outline = places.outline(&source);
    let defined = attribute.and_then(|attribute| beside(&outline, at, attribute));
    let (span, label) = match defined {
        Some(span) => (span, "this is what is wrong".to_owned()),
        None => (Span::new(at, at + written[0].len() as u32), "in this package".to_owned()),
    };
    label_at(places, &source, span, label)
}

fn label_at(places: &Places<'_>, source: &Rc<SourceText>, span: Span, label: String) -> Option<Label> {
    let location: Location = places.sources().locate(source.position(span.start))?;
    Some((location, span, label))
}

/// The attribute of a name in the set with the attribute at an offset.
fn beside(outline: &Outline, offset: u32, name: &str) -> Option<Span> {
    let path = outline.path_to(offset);
    let set: &Node<'_> = path.iter().rev().find(|node| node.kind() == NODE_ATTR_SET)?;
    bound_in(*set, name).map(|definition| definition.name)
}

/// `hello-2.12` without its part from the first dash before a digit on.
fn without_version(name: &str) -> &str {
    let is_version = |(at, _): &(usize, &str)| name[at + 1..].starts_with(|digit: char| digit.is_ascii_digit());
    name.match_indices('-').find(is_version).map_or(name, |(at, _)| &name[..at])
}
