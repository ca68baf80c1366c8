//! Variables that nothing defines: what looks like a definition, and what else may be meant.

use super::Label;
use super::arguments::builtin_named;
use super::scene::{Scene, Spot};
use crate::error::Code;
use crate::source::{Location, Span};
use crate::syntax::locate::bound_in;
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;

/// The place of an undefined variable, and its name.
fn undefined<'s>(scene: &'s Scene<'_>) -> Option<(&'s Spot, String)> {
    let spot = scene.first().filter(|_| scene.is(Code::UNDEFINED_VARIABLE))?;
    let name = spot.node().map(|node| spot.text(node))?;
    Some((spot, name))
}

/// `a-b` is one name.
pub(super) fn minus_in_name(scene: &Scene<'_>) -> Option<String> {
    let (_, name) = undefined(scene)?;
    let (left, right) = name.split_once('-').filter(|(left, right)| !left.is_empty() && !right.is_empty())?;
    Some(format!("`{name}` is one name, as names may contain `-`; a difference needs blanks: `{left} - {right}`"))
}

/// `''echo ${HOME}''`: the shell's variables look like Nix's.
pub(super) fn quoted_interpolation(scene: &Scene<'_>) -> Option<String> {
    let (spot, name) = undefined(scene)?;
    let string = spot.around().take(3).find(|node| node.kind() == NODE_STRING)?;
    let is_indented = string.first_token().is_some_and(|token| token.text == "''");
    Some(if is_indented {
        format!("if the shell's variable is meant: `''${{{name}}}` in a '' string is the text ${{{name}}}")
    } else {
        format!("if the shell's variable is meant: `\\${{{name}}}` in a string is the text ${{{name}}}")
    })
}

/// An attribute of the set around it: only `rec` makes variables of those.
pub(super) fn own_attribute(scene: &Scene<'_>) -> Option<String> {
    let (_, name) = undefined(scene)?;
    attribute_around(scene)?;
    Some(format!(
        "the attributes of a set are no variables in it, unless it is written `rec {{ … }}`; or define `{name}` in a `let`"
    ))
}

fn attribute_around(scene: &Scene<'_>) -> Option<(Location, Span)> {
    let (spot, name) = undefined(scene)?;
    let sets = spot.around().filter(|node| node.kind() == NODE_ATTR_SET && !node.has_token(TOKEN_REC));
    let definition = sets.into_iter().find_map(|set| bound_in(set, &name).filter(|found| found.value.is_some()))?;
    Some((spot.location.clone(), definition.name))
}

/// What other languages, or Nix's own library, call so.
pub(super) fn known_elsewhere(scene: &Scene<'_>) -> Option<String> {
    const ELSEWHERE: &[(&str, &str)] = &[
        ("True", "true"),
        ("False", "false"),
        ("None", "null"),
        ("nil", "null"),
        ("undefined", "null"),
        ("NULL", "null"),
    ];
    const LIBRARY: &[&str] = &[
        "mkIf",
        "mkOption",
        "mkMerge",
        "mkForce",
        "mkDefault",
        "mkOverride",
        "mkEnableOption",
        "mkPackageOption",
        "mkBefore",
        "mkAfter",
        "types",
        "optional",
        "optionals",
        "optionalString",
        "optionalAttrs",
        "concatMapStrings",
        "concatStrings",
        "makeBinPath",
        "makeLibraryPath",
        "fakeHash",
        "fakeSha256",
        "getExe",
        "filterAttrs",
        "genAttrs",
        "recursiveUpdate",
        "flatten",
        "unique",
        "escapeShellArg",
        "licenses",
        "maintainers",
        "platforms",
    ];
    let (spot, name) = undefined(scene)?;
    if let Some((_, ours)) = ELSEWHERE.iter().find(|(theirs, _)| *theirs == name) {
        return Some(format!("in Nix this is written `{ours}`"));
    }
    if builtin_named(&format!("builtins.{name}")).is_some() {
        return Some(format!("there is a builtin of this name: `builtins.{name}`"));
    }
    let has_library = spot.outline().definition_of("lib", spot.location.offset).is_some();
    (LIBRARY.contains(&name.as_str()) && has_library).then(|| format!("nixpkgs' library has it: `lib.{name}`"))
}

/// `<nixpkgs>`
pub(super) fn search_path(scene: &Scene<'_>) -> Option<String> {
    let message = scene.message();
    let name = message.split('\'').nth(1).filter(|_| scene.is(Code::SEARCH_PATH) && message.starts_with("file"))?;
    let name = name.split('/').next()?;
    Some(format!("`-I {name}=PATH` says where it is, or NIX_PATH={name}=PATH in the environment"))
}

/// The first of two parameters of one name.
pub(super) fn first_formal(scene: &Scene<'_>) -> Option<Label> {
    let spot = scene.first().filter(|_| scene.message().starts_with("duplicate formal"))?;
    let name = spot.node().map(|node| spot.text(node))?;
    let pattern = spot.around().find(|node| node.kind() == NODE_PATTERN)?;
    let names = pattern.nodes().filter_map(|entry| entry.nodes().next());
    let first = names.map(Node::span).find(|span| spot.text_of(*span) == name)?;
    (first.start < spot.location.offset).then(|| (spot.location.clone(), first, "first defined here".to_owned()))
}

/// Where people may think that the variable is defined.
pub(super) fn label(scene: &Scene<'_>) -> Option<Label> {
    let (spot, name) = undefined(scene)?;
    if let Some((location, span)) = attribute_around(scene) {
        return Some((location, span, format!("`{name}` is only an attribute here")));
    }
    let with = spot.around().find(|node| node.kind() == NODE_WITH)?;
    let set: Node<'_> = with.nodes().next()?;
    let is_around = spot.location.offset >= set.span().end;
    is_around.then(|| (spot.location.clone(), set.span(), format!("nor is there a `{name}` in this set")))
}
