//! Hints for undefined variables: similar definitions, and other meanings.

use super::Label;
use super::arguments::builtin_named;
use super::operators::is_operand;
use super::scene::{Scene, Spot};
use crate::error::{Cause, Code};
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

/// `a-b` is one name. Applies if both halves are numbers or variables, or no `with` could provide the name.
pub(super) fn minus_in_name(scene: &Scene<'_>) -> Option<String> {
    let (spot, name) = undefined(scene)?;
    let (left, right) = name.split_once('-').filter(|(left, right)| !left.is_empty() && !right.is_empty())?;
    let is_under_with = spot.around().any(|node| node.kind() == NODE_WITH);
    if is_under_with && !(is_operand(spot, left) && is_operand(spot, right)) {
        return None;
    }
    Some(format!("`{name}` is one name, since names may contain `-`; subtraction needs spaces: `{left} - {right}`"))
}

/// `f x or y`: without a selection before it, `or` is a name like any other. Applies where no `or` is defined.
pub(super) fn or_without_selection(scene: &Scene<'_>) -> Option<String> {
    undefined(scene).filter(|(_, name)| name == "or")?;
    Some("`or` gives a default only after a selection: `s.a or d`; for Booleans it is `a || b`".to_owned())
}

/// `''echo ${HOME}''`: the shell's variables look like Nix's. Applies to names in capitals, and in `''` strings to
/// any name that is not similar to another one.
pub(super) fn quoted_interpolation(scene: &Scene<'_>) -> Option<String> {
    let (spot, name) = undefined(scene)?;
    let interpolation = spot.around().take(3).find(|node| node.kind() == NODE_INTERPOL)?;
    let string = spot.around().take(4).find(|node| node.kind() == NODE_STRING)?;
    let is_indented = string.first_token().is_some_and(|token| token.text == "''");
    let is_in_capitals = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    let is_alone = spot.text(interpolation) == format!("${{{name}}}");
    let is_close_to_another = scene.error.details().is_some_and(|details| !details.similar.is_empty());
    let is_known = ["pkgs", "lib", "config", "self", "inputs"].contains(&name.as_str());
    let looks_like_no_other = is_alone && !is_close_to_another && !is_known;
    let is_of_shell = is_in_capitals || is_indented && looks_like_no_other;
    if !is_of_shell {
        return None;
    }
    let text = spot.text(interpolation);
    Some(if is_indented {
        format!("for the shell's variable, write `''{text}` in a '' string")
    } else {
        format!("for the shell's variable, write `\\{text}` in a string")
    })
}

/// An attribute of the enclosing set: only `rec` turns attributes into variables. Applies if a set around the
/// variable, without `rec`, defines an attribute of its name.
pub(super) fn own_attribute(scene: &Scene<'_>) -> Option<String> {
    let (_, name) = undefined(scene)?;
    attribute_around(scene).filter(|found| !found.is_recursive)?;
    Some(format!(
        "attributes of a set are not variables inside it, unless you write `rec {{ … }}`; or define `{name}` in a \
         `let`"
    ))
}

/// An attribute with the name of an undefined variable, in a set around it.
struct Attribute {
    location: Location,
    name: Span,
    /// True if the set is written with `rec`, which then has no effect.
    is_recursive: bool,
}

fn attribute_around(scene: &Scene<'_>) -> Option<Attribute> {
    let (spot, name) = undefined(scene)?;
    let sets = spot.around().filter(|node| node.kind() == NODE_ATTR_SET);
    sets.into_iter().find_map(|set| {
        let definition = bound_in(set, &name).filter(|found| found.value.is_some())?;
        let (location, is_recursive) = (spot.location.clone(), set.has_token(TOKEN_REC));
        Some(Attribute { location, name: definition.name, is_recursive })
    })
}

/// A name from another language, or from nixpkgs' library. Applies to the names in these lists and to builtins; the
/// library must be available as `lib`.
pub(super) fn known_elsewhere(scene: &Scene<'_>) -> Option<String> {
    const ELSEWHERE: &[(&str, &str)] = &[
        ("True", "true"),
        ("False", "false"),
        ("None", "null"),
        ("nil", "null"),
        ("undefined", "null"),
        ("NULL", "null"),
        ("none", "null"),
        ("TRUE", "true"),
        ("FALSE", "false"),
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
        return Some(format!("there is a builtin with this name: `builtins.{name}`"));
    }
    let has_library = spot.outline().definition_of("lib", spot.location.offset).is_some();
    (LIBRARY.contains(&name.as_str()) && has_library).then(|| format!("nixpkgs' library has it: `lib.{name}`"))
}

/// `x -> x`. Applies if an undefined variable is on both sides of `->`.
pub(super) fn implication(scene: &Scene<'_>) -> Option<String> {
    let (spot, name) = undefined(scene)?;
    let operator =
        spot.around().nth(1).filter(|node| node.kind() == NODE_BIN_OP && node.has_token(TOKEN_IMPLICATION))?;
    let right = operator.nodes().nth(1)?;
    let is_left = spot.span.is_some_and(|span| span.end <= right.start);
    let mut pending = vec![right];
    while let Some(node) = pending.pop().filter(|_| is_left) {
        if node.kind() == NODE_IDENT && spot.text(node) == name {
            return Some(format!("`->` is logical implication; a function is written with a colon: `{name}: …`"));
        }
        pending.extend(node.nodes());
    }
    None
}

/// `1e5`, `0x10`. Applies if a number touches an undefined variable after it.
pub(super) fn number_before_name(scene: &Scene<'_>) -> Option<String> {
    let (spot, name) = undefined(scene)?;
    let start = spot.span?.start;
    let before = spot.between(0, start);
    let digits = before.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let number = String::from_utf8_lossy(&before[before.len() - digits..]).into_owned();
    let is_number = spot.outline().path_to(start.checked_sub(1)?).last()?.kind() == NODE_LITERAL;
    (digits > 0 && is_number).then(|| {
        format!("`{number}{name}` is the number {number} and then a name; numbers are written as `100000` or `1.0e5`")
    })
}

/// `lib` and `pkgs`, which are not defined by default. Applies to these two names only.
pub(super) fn argument_of_files(scene: &Scene<'_>) -> Option<String> {
    let (_, name) = undefined(scene)?;
    let import = match name.as_str() {
        "pkgs" => "import <nixpkgs> { }",
        "lib" => "import <nixpkgs/lib>",
        _ => return None,
    };
    Some(format!(
        "`{name}` is not part of the language: take it as an argument, `{{ {name}, ... }}: …`, or import it: \
         `let {name} = {import}; in …`"
    ))
}

/// `args@{ x ? 1 }: args.x`. Applies if the missing name has a default in the pattern whose argument the set is.
pub(super) fn default_not_in_set(scene: &Scene<'_>) -> Option<String> {
    let missing = scene.blame.as_ref().filter(|_| scene.is(Code::MISSING_ATTRIBUTE))?;
    let spot = &missing.spot;
    let around = spot.around().find(|node| matches!(node.kind(), NODE_SELECT | NODE_INHERIT))?;
    let base = match around.kind() {
        NODE_INHERIT => around.child(NODE_INHERIT_FROM)?.nodes().next()?,
        _ => around.nodes().next().filter(|_| is_first_name(around, spot.span))?,
    };
    let base = base.unwrapped();
    let whole = spot.outline().definition(base.start).filter(|_| base.kind() == NODE_IDENT)?;
    let bound = spot.outline().path_to(whole.name.start).into_iter().rev().find(|node| node.kind() == NODE_PAT_BIND)?;
    let patterns = spot.outline().path_to(bound.start);
    let pattern = patterns.iter().rev().find(|node| node.kind() == NODE_PATTERN)?;
    let (name, set) = (spot.text_of(spot.span?), spot.text(base));
    let has_default = |entry: &Node<'_>| entry.kind() == NODE_PAT_ENTRY && entry.has_token(TOKEN_QUESTION);
    let mut defaults = pattern.nodes().filter(has_default).filter_map(|entry| entry.nodes().next());
    defaults.any(|formal| spot.text(formal) == name).then(|| {
        format!(
            "`{set}` is the set as the caller gave it, without defaults; use the variable `{name}`, or `({{ inherit \
             {name}; }} // {set})`"
        )
    })
}

/// True if a name is the first one of a selection's path.
fn is_first_name(select: Node<'_>, name: Option<Span>) -> bool {
    let path = select.child(NODE_ATTRPATH);
    path.and_then(|path| path.nodes().next()).is_some_and(|first| Some(first.span()) == name)
}

/// `import <nixpkgs>` in a flake. Applies to pure evaluation.
pub(super) fn pure_search_path(scene: &Scene<'_>) -> Option<String> {
    let Cause::PureSearchPath(name) = scene.cause() else { return None };
    let name = name.split('/').next()?;
    Some(format!(
        "a flake has no search path: make it an input, `inputs.{name}.url = …;`, and take `{name}` as an argument of \
         `outputs`"
    ))
}

/// `builtins.currentSystem` in a flake. Applies if `builtins` lacks what depends on the machine.
pub(super) fn impure_builtin(scene: &Scene<'_>) -> Option<String> {
    let crate::error::ErrorKind::MissingAttribute(missing) = scene.error.kind() else { return None };
    let is_of_builtins = scene.first()?.around().take(4).any(|node| {
        node.kind() == NODE_SELECT && scene.first().is_some_and(|spot| spot.text(node).starts_with("builtins."))
    });
    match missing.as_str() {
        "currentSystem" if is_of_builtins => Some(
            "pure evaluation, as of flakes, does not know this machine: name the system, such as `\"x86_64-linux\"`, or \
             add `--impure`"
                .to_owned(),
        ),
        "currentTime" if is_of_builtins => {
            Some("pure evaluation, as of flakes, has no clock: `self.lastModified` is the time of the last change".to_owned())
        }
        _ => None,
    }
}

/// `readFile /etc/hostname` in a flake. Applies if pure evaluation forbids a path.
pub(super) fn forbidden_path(scene: &Scene<'_>) -> Option<String> {
    if *scene.cause() != Cause::PureFile {
        return None;
    }
    // A program that was typed has no folder of a flake around it.
    let is_typed = scene.first().is_some_and(|spot| spot.location.source.origin.path().is_none());
    let hint = match is_typed {
        true => "pure evaluation reads no files of this machine; `--impure` allows it",
        false => {
            "pure evaluation, as of flakes, reads only files of the flake and its inputs: use a relative path such as \
             `./file`, or make it an input"
        }
    };
    Some(hint.to_owned())
}

/// `<nixpkgs>`. Applies if the search path has no entry of that name.
pub(super) fn search_path(scene: &Scene<'_>) -> Option<String> {
    let Cause::SearchPath(name) = scene.cause() else { return None };
    let name =
        name.split('/').next().filter(|_| scene.error.details().is_none_or(|details| details.notes.is_empty()))?;
    Some(format!("`-I {name}=PATH` says where it is, or NIX_PATH={name}=PATH in the environment"))
}

/// The first of two parameters with the same name.
pub(super) fn first_formal(scene: &Scene<'_>) -> Option<Label> {
    let spot = scene.first().filter(|_| *scene.cause() == Cause::DuplicateFormal)?;
    let name = spot.node().map(|node| spot.text(node))?;
    let pattern = spot.around().find(|node| node.kind() == NODE_PATTERN)?;
    let names = pattern.nodes().filter_map(|entry| entry.nodes().next());
    let first = names.map(Node::span).find(|span| spot.text_of(*span) == name)?;
    (first.start < spot.location.offset).then(|| (spot.location.clone(), first, "first defined here".to_owned()))
}

/// A place that looks like a definition of the variable.
pub(super) fn label(scene: &Scene<'_>) -> Option<Label> {
    let (spot, name) = undefined(scene)?;
    if let Some(found) = attribute_around(scene) {
        return Some((found.location, found.name, format!("`{name}` is only an attribute here")));
    }
    let with = spot.around().find(|node| node.kind() == NODE_WITH)?;
    let set: Node<'_> = with.nodes().next()?;
    let is_around = spot.location.offset >= set.span().end;
    is_around.then(|| (spot.location.clone(), set.span(), format!("nor is there a `{name}` in this set")))
}
