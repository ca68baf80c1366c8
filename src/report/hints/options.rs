//! Errors of NixOS's modules that name an option and a file: the place of the option in that file.

use super::Label;
use super::scene::Scene;
use crate::error::ErrorKind;
use crate::report::library::is_library;
use crate::report::places::Places;
use crate::source::{Origin, SourceText, Span};
use crate::syntax::tree::Node;
use rnix::SyntaxKind::{NODE_ATTRPATH, NODE_ATTRPATH_VALUE, NODE_LIST};
use std::rc::Rc;

/// The option in a message, in the file in that message.
pub(super) fn named(scene: &Scene<'_>, places: &Places<'_>) -> Option<Label> {
    if !matches!(scene.error.kind(), ErrorKind::Throw(_)) {
        return None;
    }
    let message = scene.message();
    let mut quoted = message.split('`').skip(1).filter_map(|rest| rest.split_once('\'')).map(|(inside, _)| inside);
    let option = quoted.next().filter(|_| message.contains("option"))?;
    // An element of a list: `a.b."[definition 1-entry 2]"`.
    let (option, element) = match option.split_once(".\"[definition ") {
        Some((option, rest)) => (option, entry(rest)),
        None => (option, None),
    };
    let files: Vec<&str> = quoted.collect();
    let sources = places.sources().all();
    let is_meant = |source: &&Rc<SourceText>| match &source.origin {
        Origin::File(path) => files.iter().any(|file| file.as_bytes() == path.as_slice()),
        Origin::String | Origin::Stdin => files.contains(&"<unknown-file>"),
        Origin::Internal(_) => false,
    };
    sources.iter().filter(is_meant).filter(|source| !is_library(&source.origin)).find_map(|source| {
        let span = find(source, option, places)?;
        let element = element.and_then(|element| element_of(source, span, element, places));
        let (span, label) = match element {
            Some(element) => (element, "this is the element"),
            None => (span, "this is the option"),
        };
        let location = places.sources().locate(source.position(span.start))?;
        Some((location, span, label.to_owned()))
    })
}

/// The number, from 0 on, in `1-entry 2]"`.
fn entry(text: &str) -> Option<usize> {
    let number = text.split_once("entry ")?.1;
    number.split(']').next()?.trim().parse::<usize>().ok()?.checked_sub(1)
}

/// An element of the list that an option is defined as, if the text shows the list.
fn element_of(source: &Rc<SourceText>, option: Span, index: usize, places: &Places<'_>) -> Option<Span> {
    let outline = places.outline(source);
    let path = outline.path_to(option.start);
    let value = path.iter().rev().find(|node| node.kind() == NODE_ATTRPATH_VALUE)?.nodes().nth(1)?;
    let mut pending = vec![value];
    while let Some(node) = pending.pop() {
        match node.kind() {
            NODE_LIST => return node.nodes().nth(index).map(Node::span),
            // `mkForce [ … ]`, `with pkgs; [ … ]`
            _ => pending.extend(node.nodes().collect::<Vec<_>>().into_iter().rev()),
        }
    }
    None
}

/// The definition of the longest possible end of an option's path.
fn find(source: &Rc<SourceText>, option: &str, places: &Places<'_>) -> Option<Span> {
    let starts = std::iter::once(0).chain(option.match_indices('.').map(|(at, _)| at + 1));
    starts.filter_map(|start| option.get(start..)).find_map(|path| {
        let mut found = memchr::memmem::find_iter(&source.text, path.as_bytes());
        let span = |at: usize| Span::new(at as u32, (at + path.len()) as u32);
        found.find(|at| is_defined(source, span(*at), places)).map(span)
    })
}

/// True if the path of a definition ends here at the end of a name, and this range begins at the start of one.
fn is_defined(source: &Rc<SourceText>, span: Span, places: &Places<'_>) -> bool {
    let is_name = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_-'".contains(byte));
    let before = span.start.checked_sub(1).and_then(|at| source.text.get(at as usize));
    if is_name(before) || is_name(source.text.get(span.end as usize)) {
        return false;
    }
    let outline = places.outline(source);
    let path = outline.path_to(span.start);
    let mut inward = path.iter().rev();
    inward.any(|node| node.kind() == NODE_ATTRPATH)
        && inward.next().is_some_and(|node| node.kind() == NODE_ATTRPATH_VALUE)
}
