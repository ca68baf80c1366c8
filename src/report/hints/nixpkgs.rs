//! Hints for the usual mistakes with nixpkgs: calling it, overlays, packages.

use super::Label;
use super::scene::{Scene, Spot};
use super::variables::with_article;
use crate::error::{Code, ErrorKind};
use crate::report::library::is_library;
use crate::report::places::Places;
use crate::source::{Origin, Span};
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;
use std::rc::Rc;

/// `(import <nixpkgs>).hello`. Applies if an attribute is selected from the result of an `import` that is a function.
pub(super) fn import_not_called(scene: &Scene<'_>) -> Option<String> {
    let base = scene.blame.as_ref().filter(|_| scene.is_selection() && scene.found() == "lambda")?;
    let node = base.spot.node()?.unwrapped();
    let node = base.spot.defined_as(node).unwrap_or(node).unwrapped();
    let callee = node.nodes().next().filter(|_| node.kind() == NODE_APPLY)?;
    if !matches!(base.spot.text(callee).as_str(), "import" | "builtins.import") {
        return None;
    }
    let text = base.spot.text(node);
    Some(format!("this file holds a function; call it: `({text} {{ }}).…`"))
}

/// `overlays = [ (self: { … }) ]`. Applies if the result of the first call of an overlay is called, and is a set.
pub(super) fn overlay_of_one_argument(scene: &Scene<'_>) -> Option<String> {
    if !scene.is(Code::NOT_A_FUNCTION) || scene.found() != "set" {
        return None;
    }
    let spot = scene.spot(scene.place())?;
    let call = spot.call()?;
    let arguments: Vec<String> = call.arguments.iter().map(|argument| spot.text(*argument)).collect();
    let is_overlay = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [first, second, ..] => is_final(first) && matches!(second, "prev" | "super" | "old" | "previous"),
        _ => false,
    };
    is_overlay.then(|| "an overlay takes two arguments, one after the other: `final: prev: { … }`".to_owned())
}

fn is_final(name: &str) -> bool {
    matches!(name, "final" | "self" | "this")
}

/// `final: prev: { hello = final.hello.override { }; }`. Applies to a cycle in which an attribute of an overlay's result
/// selects its own name from the overlay's first argument.
pub(super) fn overlay_of_itself(scene: &Scene<'_>) -> Option<String> {
    if !scene.is(Code::INFINITE_RECURSION) {
        return None;
    }
    let places = Some(scene.place()).into_iter().chain(scene.frames.iter().take(60).map(|frame| frame.place));
    places.filter_map(|place| scene.spot(place)).find_map(|spot| {
        let select = spot.around().find(|node| node.kind() == NODE_SELECT)?;
        own_attribute(&spot, select)
    })
}

fn own_attribute(spot: &Spot, select: Node<'_>) -> Option<String> {
    let mut nodes = select.nodes();
    let (base, path) = (nodes.next()?, nodes.next()?);
    let (argument, name) = (spot.text(base), spot.text(path.nodes().next()?));
    let around: Vec<Node<'_>> = spot.outline().path_to(select.start).into_iter().rev().collect();
    let binding = around.iter().position(|node| {
        let names = node.nodes().next().filter(|_| node.kind() == NODE_ATTRPATH_VALUE);
        names.is_some_and(|names| spot.text(names).split('.').next() == Some(&*name))
    })?;
    let mut lambdas = around[binding..].iter().filter(|node| node.kind() == NODE_LAMBDA);
    let parameter = |lambda: &Node<'_>| lambda.nodes().next().map(|parameter| spot.text(parameter));
    let second = parameter(lambdas.next()?)?;
    let first = parameter(lambdas.next()?)?;
    (first == argument && first != second).then(|| {
        format!("`{argument}.{name}` is the `{name}` that is being defined; the one before is `{second}.{name}`")
    })
}

/// `mkDerivation { version = "1"; }`. Applies if nixpkgs' own code misses the attribute `name` or `pname`.
pub(super) fn package_without_name(scene: &Scene<'_>) -> Option<String> {
    let ErrorKind::MissingAttribute(missing) = scene.error.kind() else { return None };
    if !matches!(missing.as_str(), "name" | "pname" | "version") {
        return None;
    }
    const STDENV: [&str; 3] = ["/pkgs/stdenv/", "/lib/customisation.nix", "/pkgs/build-support/"];
    scene.nearest(|spot| {
        let Origin::File(path) = &spot.location.source.origin else { return None };
        let path = String::from_utf8_lossy(path);
        let is_stdenv = STDENV.iter().any(|part| path.contains(part));
        is_stdenv.then(|| "a package needs a `name`, or `pname` and `version`".to_owned())
    })
}

/// `types.string`. Applies to names of types that have another name in nixpkgs, or had one before.
pub(super) fn type_of_option(scene: &Scene<'_>) -> Option<String> {
    const NAMES: [(&str, &str); 13] = [
        ("string", "str"),
        ("String", "str"),
        ("text", "lines"),
        ("integer", "int"),
        ("number", "number"),
        ("boolean", "bool"),
        ("list", "listOf t"),
        ("array", "listOf t"),
        ("map", "attrsOf t"),
        ("set", "attrsOf t"),
        ("dict", "attrsOf t"),
        ("optional", "nullOr t"),
        ("maybe", "nullOr t"),
    ];
    let ErrorKind::MissingAttribute(missing) = scene.error.kind() else { return None };
    let spot = scene.first()?;
    let select = spot.around().find(|node| node.kind() == NODE_SELECT)?;
    let text = spot.text(select);
    let is_types = text.contains("types.");
    let (_, ours) = NAMES.iter().find(|(theirs, _)| *theirs == missing.as_str()).filter(|_| is_types)?;
    Some(format!("nixpkgs calls this type `types.{ours}`"))
}

/// Attributes of packages that are lists of packages.
const LISTS: [&str; 16] = [
    "buildInputs",
    "nativeBuildInputs",
    "propagatedBuildInputs",
    "propagatedNativeBuildInputs",
    "depsBuildBuild",
    "checkInputs",
    "nativeCheckInputs",
    "installCheckInputs",
    "nativeInstallCheckInputs",
    "inputsFrom",
    "packages",
    "patches",
    "dependencies",
    "build-system",
    "extraPkgs",
    "systemPackages",
];

/// The user's attribute that should be a list, for an error in nixpkgs that a list is expected.
fn list_attribute(scene: &Scene<'_>, places: &Places<'_>) -> Option<(Label, String, String)> {
    let in_library = scene.spot(scene.place()).is_none_or(|spot| is_library(&spot.location.source.origin));
    let is_list = scene.is(Code::WRONG_TYPE) && scene.expected() == "a list" && in_library;
    // The text evaluated last is the one that the error is about.
    let sources = places.sources().all();
    let is_package = |origin: &Origin| {
        let Origin::File(path) = origin else { return false };
        let path = String::from_utf8_lossy(path);
        path.contains("/pkgs/") || path.contains("/nixos/")
    };
    let is_own = |origin: &Origin| !is_library(origin) && !is_package(origin);
    let mut own = sources.iter().rev().filter(|source| is_list && is_own(&source.origin));
    own.find_map(|source| {
        let found = LISTS.iter().find_map(|name| {
            let mut uses = memchr::memmem::find_iter(&source.text, name.as_bytes());
            uses.find_map(|at| {
                let outline = places.outline(source);
                let path = outline.path_to(at as u32);
                let binding = path.iter().rev().find(|node| node.kind() == NODE_ATTRPATH_VALUE)?;
                let value = binding.nodes().nth(1)?;
                let is_name = binding.nodes().next()?.nodes().last()?.start == at as u32;
                (is_name && is_no_list(value)).then(|| ((*name).to_owned(), value.span()))
            })
        });
        let (name, span) = found?;
        let text = text_of(&source.text, span);
        let location = places.sources().locate(source.position(span.start))?;
        let label = format!("`{name}` is {} here", with_article(scene.found()));
        Some(((location, span, label), name, text))
    })
}

/// True if the text shows that a value is not a list: a variable may be one, but is not if a list was expected.
fn is_no_list(value: Node<'_>) -> bool {
    let value = value.unwrapped();
    matches!(
        value.kind(),
        NODE_IDENT | NODE_SELECT | NODE_STRING | NODE_ATTR_SET | NODE_PATH_REL | NODE_PATH_ABS | NODE_LAMBDA
    )
}

fn text_of(source: &crate::source::Text, span: Span) -> String {
    let text = source.get(span.start as usize..span.end as usize).unwrap_or_default();
    let text = String::from_utf8_lossy(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > 40 { "…".to_owned() } else { text }
}

/// The label at a user's attribute that should be a list.
pub(super) fn list_label(scene: &Scene<'_>, places: &Places<'_>) -> Option<Label> {
    list_attribute(scene, places).map(|(label, ..)| label)
}

/// `buildInputs = hello;`. Applies if nixpkgs expected a list, and the program defines such an attribute as something else.
pub(super) fn single_package(scene: &Scene<'_>, places: &Places<'_>) -> Option<String> {
    list_attribute(scene, places).map(|(_, name, text)| format!("`{name}` is a list: `{name} = [ {text} ];`"))
}

/// The cycle through definitions of one text: `a` → `b` → `a`.
pub(super) fn definitions_in_cycle(spot: &Spot, start: Node<'_>) -> Option<Vec<String>> {
    const MOST: usize = 200;
    let outline = Rc::new(spot.outline());
    // The definitions found, each with the one that needs it.
    let mut found: Vec<(Span, Option<usize>)> = vec![(start.nodes().next()?.span(), None)];
    let mut at = 0;
    while at < found.len() && found.len() < MOST {
        let binding =
            outline.path_to(found[at].0.start).into_iter().rev().find(|node| node.kind() == NODE_ATTRPATH_VALUE)?;
        for variable in variables(binding.nodes().nth(1)?) {
            let Some(definition) = outline.definition(variable.start) else { continue };
            if definition.name.start == found[0].0.start {
                let mut chain = vec![at];
                while let Some(before) = chain.last().and_then(|last| found[*last].1) {
                    chain.push(before);
                }
                let names = chain.into_iter().rev().map(|index| spot.text_of(found[index].0));
                return Some(names.collect());
            }
            let is_known = found.iter().any(|(name, _)| name.start == definition.name.start);
            if definition.value.is_some() && !is_known {
                found.push((definition.name, Some(at)));
            }
        }
        at += 1;
    }
    None
}

/// The variables that a value needs, functions left out.
fn variables(value: Node<'_>) -> Vec<Node<'_>> {
    let (mut pending, mut found) = (vec![value], Vec::new());
    while let Some(node) = pending.pop() {
        match node.kind() {
            NODE_LAMBDA => {}
            NODE_IDENT => found.push(node),
            _ => pending.extend(node.nodes()),
        }
    }
    found
}
