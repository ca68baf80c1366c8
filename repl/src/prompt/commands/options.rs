//! `:option`: options of a module system by their path, with types, values and definitions.

use super::fields::text;
use super::option_page::{self, is_option};
use super::peek::{Scope, as_it_is};
use super::short_docs::first_sentence;
use crate::command_line::words::usage;
use crate::output::markdown::render;
use crate::output::wrap::add_wrapped;
use crate::prompt::session::{Reply, Session};
use nivis::codec::levenshtein;
use nivis::codec::nix_string::attribute_name;
use nivis::eval::path_steps;
use nivis::heap::{Attrs, ScratchVec, Symbol};
use nivis::value::attrs::by_name;
use nivis::{Eval, Result, Value};

/// Options that are listed with what they are; of more there are only the names.
const MOST_DESCRIBED: usize = 30;
/// Names that are listed.
const MOST_NAMES: usize = 200;
/// Types of sets and lists, whose members have options.
const COLLECTIONS: [&str; 4] = ["attrsOf", "lazyAttrsOf", "listOf", "loaOf"];

pub(super) fn option(session: &mut Session<'_>, path: &str) -> Result<Reply> {
    let look = session.look();
    session.inside(|cx, scope| {
        let steps = path_steps(path.as_bytes()).map_err(|_| usage(format!("'{path}' is not a path of names")))?;
        let node = find(cx, scope, &steps)?;
        if is_option(cx, node.option) {
            let page = option_page::full_page(cx, node.option, node.member);
            return Ok(Reply::Output(render(page.trim(), look).trim_end().to_owned()));
        }
        Ok(Reply::Output(listed(cx, node.option, look.width.unwrap_or(usize::MAX))))
    })
}

/// The names that may follow a path, with the first sentence about each option.
pub(crate) fn option_names<'h>(cx: &mut Eval<'h>, scope: Scope<'_, 'h>, path: &str) -> Result<Vec<(String, String)>> {
    let steps = path_steps(path.as_bytes()).unwrap_or_default();
    let mut names = Vec::new();
    if steps.is_empty() {
        names.extend(
            scope.iter().filter(|(_, value)| is_system(cx, as_it_is(*value))).map(|(name, _)| name.to_string()),
        );
    }
    let mut described: Vec<(String, String)> = names.into_iter().map(|name| (name, String::new())).collect();
    if let Ok(node) = find(cx, scope, &steps) {
        let inside = if is_option(cx, node.option) { inside(cx, node.option)? } else { node.option };
        let members = members(cx, inside);
        let describes = members.len() <= MOST_NAMES;
        for (name, member) in members {
            let about = if describes { about(cx, member) } else { String::new() };
            described.push((typed(cx, name), about));
        }
    }
    Ok(described)
}

/// A place among options.
struct Node<'h> {
    /// An option, or a set of them.
    option: Value<'h>,
    /// In a submodule: the value there, if it has one.
    member: Option<Result<Option<Value<'h>>>>,
}

/// The options and the values of a system.
#[derive(Clone, Copy)]
struct System<'h> {
    options: Value<'h>,
    config: Option<Value<'h>>,
}

/// The place that a path leads to.
fn find<'h>(cx: &mut Eval<'h>, scope: Scope<'_, 'h>, steps: &[Vec<u8>]) -> Result<Node<'h>> {
    let (System { options, config }, rest) = system(cx, scope, steps)?;
    let rest = match rest.split_first() {
        Some((first, after)) if first == b"options" || first == b"config" => after,
        _ => rest,
    };
    let mut node = Node { option: cx.force(options)?, member: None };
    let mut value = Ok(config);
    for (index, step) in rest.iter().enumerate() {
        value = value.and_then(|set| attribute(cx, set, step));
        let was_inside = node.member.is_some();
        let is_submodule = is_option(cx, node.option);
        let is_name = is_submodule && is_collection(cx, node.option);
        if is_submodule {
            node.option = inside(cx, node.option)?;
        }
        if !is_name {
            node.option = member(cx, node.option, &rest[..index], step)?;
        }
        if is_submodule || was_inside {
            node.member = Some(value.clone());
        }
    }
    Ok(node)
}

/// The attribute of a value, if it has one.
fn attribute<'h>(cx: &mut Eval<'h>, value: Option<Value<'h>>, name: &[u8]) -> Result<Option<Value<'h>>> {
    let Some(value) = value else { return Ok(None) };
    Ok(cx.force(value)?.as_attrs().and_then(|set| set.get(cx.intern(name))))
}

/// The options and values that a path is about, and the rest of the path.
fn system<'h, 's>(
    cx: &mut Eval<'h>,
    scope: Scope<'_, 'h>,
    steps: &'s [Vec<u8>],
) -> Result<(System<'h>, &'s [Vec<u8>])> {
    let named = |name: &[u8]| scope.iter().rev().find(|(known, _)| known.as_bytes() == name).map(|(_, value)| *value);
    let first = steps.first().map_or(&b""[..], Vec::as_slice);
    if let Some(options) = named(b"options") {
        let begins_here = first.is_empty() || matches!(first, b"options" | b"config");
        let set = cx.force(options)?.as_attrs();
        if begins_here || set.is_some_and(|set| set.get(cx.intern(first)).is_some()) || named(first).is_none() {
            return Ok((System { options, config: named(b"config") }, steps));
        }
    }
    if let Some(mut value) = named(first) {
        for index in 1..=steps.len() {
            let set = cx.force(value)?;
            if let Some(found) = halves(cx, set) {
                return Ok((found, &steps[index..]));
            }
            let next = steps.get(index).and_then(|step| set.as_attrs()?.get(cx.intern(step)));
            let Some(next) = next else { break };
            value = next;
        }
    }
    let systems = scope.iter().filter_map(|(_, value)| halves(cx, as_it_is(*value)));
    match systems.last() {
        Some(system) => Ok((system, steps)),
        None => Err(usage(
            "no options are in scope: bind a configuration, such as `nixos = import <nixpkgs/nixos> { configuration = \
             ./configuration.nix; }`, and give ':option' a path such as nixos.services.openssh.enable",
        )),
    }
}

fn is_system<'h>(cx: &Eval<'h>, value: Value<'h>) -> bool {
    halves(cx, value).is_some()
}

/// The `options` and `config` of a set.
fn halves<'h>(cx: &Eval<'h>, value: Value<'h>) -> Option<System<'h>> {
    let set = value.as_attrs()?;
    Some(System { options: set.get(cx.intern(b"options"))?, config: Some(set.get(cx.intern(b"config"))?) })
}

/// The options of the submodules in an option's value.
fn inside<'h>(cx: &mut Eval<'h>, option: Value<'h>) -> Result<Value<'h>> {
    let function = cx.eval_text(b"option: option.type.getSubOptions option.loc".to_vec(), &[])?;
    cx.call(function, &[option])
}

fn is_collection<'h>(cx: &mut Eval<'h>, option: Value<'h>) -> bool {
    let mut path = vec!["type", "name"];
    while text(cx, option, &path).is_some_and(|name| name == "nullOr" || name == "unique") {
        path.splice(path.len() - 1..path.len() - 1, ["nestedTypes", "elemType"]);
    }
    text(cx, option, &path).is_some_and(|name| COLLECTIONS.contains(&&*name))
}

/// The option of this name in a set.
fn member<'h>(cx: &mut Eval<'h>, set: Value<'h>, before: &[Vec<u8>], step: &[u8]) -> Result<Value<'h>> {
    let members = cx.force(set)?.as_attrs();
    if let Some(found) = members.and_then(|set| set.get(cx.intern(step))) {
        return cx.force(found);
    }
    let path = before.iter().map(Vec::as_slice).chain([step]).map(attribute_name).collect::<Vec<_>>().join(".");
    let names = members.map(|set| names(cx, set)).unwrap_or_default();
    let near = levenshtein::likely(step, names.iter().map(Vec::as_slice));
    let hint = levenshtein::hint(&near, attribute_name).map_or_else(String::new, |hint| format!(". {hint}"));
    Err(usage(format!("there is no option '{path}'{hint}")))
}

fn names<'h>(cx: &Eval<'h>, set: Attrs<'h>) -> Vec<Vec<u8>> {
    by_name(cx.scope(), set).into_iter().map(|(name, ..)| cx.symbol_text(name).to_vec()).collect()
}

/// The members of a set of options that people set.
fn members<'h>(cx: &Eval<'h>, set: Value<'h>) -> ScratchVec<'h, (Symbol, Value<'h>)> {
    let members = set.as_attrs().map(|set| by_name(cx.scope(), set)).into_iter().flatten();
    let is_meant = |name: &Symbol| !cx.symbol_text(*name).starts_with(b"_");
    cx.scope().gather(members.map(|(name, value, _)| (name, value)).filter(|(name, _)| is_meant(name)))
}

/// The name of a member, as it is typed.
fn typed(cx: &Eval<'_>, name: Symbol) -> String {
    attribute_name(cx.symbol_text(name))
}

/// The options in a set: with the first sentence about each if they are few.
fn listed<'h>(cx: &mut Eval<'h>, set: Value<'h>, width: usize) -> String {
    let members = members(cx, set);
    let mut text = String::new();
    if members.len() <= MOST_DESCRIBED {
        for (name, member) in members {
            let (name, about) = (typed(cx, name), about(cx, member));
            add_wrapped(&mut text, &format!("{name:24} "), &about, width);
        }
        return text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    }
    let names: Vec<String> = members.iter().take(MOST_NAMES).map(|(name, _)| typed(cx, *name)).collect();
    add_wrapped(&mut text, "", &names.join(" "), width.min(100));
    if members.len() > MOST_NAMES {
        text.push_str(&format!("… and {} more", members.len() - MOST_NAMES));
    }
    text.trim_end().to_owned()
}

/// The first sentence about an option; dots for a set of them.
fn about<'h>(cx: &mut Eval<'h>, member: Value<'h>) -> String {
    let Ok(member) = cx.force(member) else { return String::new() };
    if !is_option(cx, member) {
        return "…".to_owned();
    }
    first_sentence(&option_page::prose(cx, member, "description").unwrap_or_default())
}
