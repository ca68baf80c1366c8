//! Hints for wrong arguments of a call.

use super::Label;
use super::blame::{Blame, first_of, type_of};
use super::scene::{Call, Scene, Spot};
use super::variables::{self, with_article};
use crate::builtins::{self, Builtin};
use crate::error::{Action, Arithmetic, Cause, Code, Operand, Purpose};
use crate::report::library::is_library;
use crate::source::{Place, Span};
use crate::syntax::locate::bound_in;
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;

/// The number of calls that are searched for an argument unknown to a function on the way.
const CALLS: usize = 8;

/// The builtin that an expression names, unless the program defines that name itself.
pub(super) fn builtin_at(spot: &Spot, node: Node<'_>) -> Option<&'static Builtin> {
    let text = spot.text(node);
    let first = text.split('.').next().unwrap_or_default();
    builtin_named(&text).filter(|_| !spot.defines(first))
}

/// The builtin with this text: `builtins.map` or `map`.
pub(in crate::report) fn builtin_named(text: &str) -> Option<&'static Builtin> {
    let name = text.strip_prefix("builtins.").unwrap_or(text);
    let is_meant = |builtin: &&Builtin| builtin.name == name && (builtin.is_global || name.len() < text.len());
    builtins::all().find(is_meant)
}

/// The call of a builtin that refused its arguments.
fn refused_call(scene: &Scene<'_>) -> Option<(Spot, &'static Builtin)> {
    let frame = scene.frames.iter().take(5).find(|frame| frame.place != Place::NOWHERE)?;
    let Action::Builtin(name) = frame.action else { return None };
    let is_here = scene.place() == Place::NOWHERE || scene.place() == frame.place;
    let spot = scene.spot(frame.place).filter(|_| is_here)?;
    let builtin = builtins::all().find(|builtin| builtin.name == name)?;
    let is_written = spot.call().is_some_and(|call| spot.text(call.callee).ends_with(name));
    is_written.then_some((spot, builtin))
}

/// The wrong argument of a builtin.
pub(super) fn of_builtin(scene: &Scene<'_>) -> Option<Blame> {
    let (spot, builtin) = refused_call(scene)?;
    let by_code = match scene.error.code() {
        Code::OUT_OF_LIST => Some(builtin.arity() - 1),
        Code::FILE => file_argument(&spot, builtin),
        Code::NOT_A_PATH => Some(0),
        Code::WRONG_TYPE | Code::NOT_A_STRING if builtin.arity() == 1 => Some(0),
        Code::MISSING_ATTRIBUTE if builtin.name == "getAttr" => Some(0),
        Code::OTHER if builtin.name.starts_with("from") => Some(0),
        _ => None,
    };
    let by_step = match scene.purpose() {
        Some(Purpose::Argument(ordinal, _) | Purpose::DescribedArgument(ordinal, _)) => Some(ordinal.index()),
        Some(Purpose::Member(_)) => Some(1),
        Some(Purpose::Operand(Operand::First(operation))) if *operation != Arithmetic::Division => Some(0),
        Some(Purpose::Operand(Operand::Second(operation))) if *operation != Arithmetic::Division => Some(1),
        _ => None,
    };
    let is_element = matches!(scene.purpose(), Some(Purpose::Element(_) | Purpose::Value(_)));
    let within = is_returned(scene).then_some(0).or(is_element.then(|| builtin.arity() - 1));
    let call = spot.call()?;
    let argument = *call.arguments.get(by_step.or(within).or(by_code)?)?;
    let element = is_element.then(|| element_of(scene, &spot, argument)).flatten();
    let label = label(scene, builtin, element.is_none() && by_step.is_none() && within.is_some());
    let is_typed = matches!(scene.error.code(), Code::WRONG_TYPE | Code::NOT_A_STRING | Code::FILE);
    let is_value = (within.is_none() || element.is_some()) && is_typed;
    Some(Blame::new(&spot, element.unwrap_or(argument).span(), label, is_value))
}

/// True if what a function gave is not what is needed.
fn is_returned(scene: &Scene<'_>) -> bool {
    matches!(scene.purpose(), Some(Purpose::Returned(_) | Purpose::ReturnedBy(_)))
}

/// The wrong element of a list, if it can be found in the program's text.
fn element_of<'s>(scene: &Scene<'_>, spot: &'s Spot, list: Node<'s>) -> Option<Node<'s>> {
    let list = Some(list.unwrapped()).filter(|list| list.kind() == NODE_LIST)?;
    first_of(spot, list.nodes().collect(), scene.found())
}

/// The index of the argument that is a path.
fn file_argument(spot: &Spot, builtin: &Builtin) -> Option<usize> {
    let call = spot.call()?;
    let is_path = |argument: &Node<'_>| type_of(spot, *argument) == "path";
    call.arguments.iter().position(is_path).or((builtin.arity() == 1).then_some(0))
}

fn label(scene: &Scene<'_>, builtin: &Builtin, is_within: bool) -> String {
    let name = builtin.name;
    match scene.error.code() {
        Code::WRONG_TYPE | Code::NOT_A_STRING => {
            let expected = match scene.expected() {
                "" if scene.is(Code::NOT_A_STRING) => "a string",
                "" => "something else",
                expected => expected,
            };
            match (is_within, is_returned(scene)) {
                (_, true) => format!("`{name}` needs {expected} from this function"),
                (true, _) => format!("`{name}` needs {expected} from each element of this"),
                _ => format!("`{name}` needs {expected} here"),
            }
        }
        Code::OUT_OF_LIST if name == "elemAt" => "there is no such element".to_owned(),
        Code::OUT_OF_LIST => "this list is empty".to_owned(),
        Code::FILE if scene.is_missing_file() => "there is no such file".to_owned(),
        Code::NOT_A_PATH => "an absolute path is needed here".to_owned(),
        Code::MISSING_ATTRIBUTE => "not there".to_owned(),
        _ => String::new(),
    }
}

/// The parameters of a builtin that was called with something else.
pub(super) fn signature(scene: &Scene<'_>) -> Option<String> {
    let is_argument = matches!(scene.purpose(), Some(Purpose::Argument(..) | Purpose::Member(_)));
    if !scene.is(Code::WRONG_TYPE) || scene.found() == "float" || !is_argument {
        return None;
    }
    let (spot, builtin) = refused_call(scene)?;
    let written = spot.text(spot.call()?.callee);
    (builtin.arity() > 1)
        .then(|| format!("the arguments are `{written} {}`, in this order", builtin.arguments.join(" ")))
}

/// `outputs = { }: …`. Applies if the function `outputs` does not take what a flake's is called with.
pub(super) fn outputs_of_flake(scene: &Scene<'_>) -> Option<String> {
    let Cause::Argument { name, function } = scene.cause() else { return None };
    let is_outputs = scene.is(Code::UNEXPECTED_ARGUMENT) && &**function == "outputs";
    is_outputs.then(|| {
        format!("`outputs` of a flake is called with `self` and all inputs, here also `{name}`: `{{ self, ... }}: …`")
    })
}

/// The argument that a call lacks, or that is unknown to the function, or the function's own name for it.
pub(super) fn of_pattern(scene: &Scene<'_>) -> Option<Blame> {
    let is_missing = scene.is(Code::MISSING_ARGUMENT);
    if !is_missing && !scene.is(Code::UNEXPECTED_ARGUMENT) {
        return None;
    }
    let Cause::Argument { name, .. } = scene.cause() else { return None };
    let in_call = |spot: Spot| {
        let call = spot.call()?;
        let mut sets = call.arguments.iter().filter(|argument| argument.unwrapped().kind() == NODE_ATTR_SET);
        let set = sets.next().filter(|_| sets.next().is_none())?;
        if is_missing && bound_in(set.unwrapped(), name).is_none() {
            return Some(Blame::new(&spot, set.span(), format!("`{name}` is missing here"), false));
        }
        let definition = bound_in(set.unwrapped(), name)?;
        Some(Blame::new(&spot, definition.name, "not an argument of this function", false))
    };
    let sites = scene.call_sites(CALLS);
    // The argument of an outer function is reported only if nothing but a library is in between.
    let inner = sites.iter().position(|site| !is_library(&site.location.source.origin)).unwrap_or(0);
    let sites = sites.into_iter().take(if is_missing { inner + 1 } else { CALLS });
    let mut sites = sites.filter(|site| !is_missing || inner == 0 || !is_library(&site.location.source.origin));
    sites.find_map(in_call).or_else(|| {
        let spot = scene.spot(scene.place())?;
        let formal = formal(&spot, name);
        let label = if is_missing { "no value was given for this" } else { "the function" };
        Some(Blame::new(&spot, formal.or_else(|| Some(spot.node()?.span()))?, label, false))
    })
}

/// The argument for the parameter of a library's function, if its value is wrong.
pub(super) fn through_parameter(scene: &Scene<'_>) -> Option<Label> {
    let spot =
        scene.blame.as_ref().filter(|blame| blame.is_value).map(|blame| &blame.spot).or_else(|| scene.first())?;
    let variable = variables::culprit(scene, spot)?;
    let definition = spot.outline().definition(variable.start).filter(|definition| definition.value.is_none())?;
    let path = spot.outline().path_to(definition.name.start);
    let lambdas: Vec<Node<'_>> = path.iter().copied().filter(|node| node.kind() == NODE_LAMBDA).collect();
    // A lambda that is exactly the body of the one before it belongs to the same function of several parameters.
    let is_body =
        |pair: &[Node<'_>]| pair[0].nodes().last().is_some_and(|body| body.unwrapped().start == pair[1].start);
    let index = lambdas.windows(2).rev().take_while(|pair| is_body(pair)).count();
    let site = scene.call_sites(1).into_iter().next()?;
    let call = site.call()?;
    let argument = *call.arguments.get(index)?;
    let argument = if lambdas.last()?.nodes().next()?.kind() == NODE_PATTERN {
        let set = site.defined_as(argument).unwrap_or(argument).unwrapped();
        let given = bound_in(set, &spot.text(variable)).filter(|_| set.kind() == NODE_ATTR_SET)?;
        given.value.unwrap_or(given.name)
    } else {
        argument.span()
    };
    let label = match scene.found() {
        "" if scene.is_missing_file() => "there is no such file".to_owned(),
        "" if scene.is(Code::FILE) || scene.is_copied() => "this is the file".to_owned(),
        "" => return None,
        found => format!("this is {}", with_article(found)),
    };
    Some((site.location.clone(), argument, label))
}

/// A name in the pattern at a spot.
fn formal(spot: &Spot, name: &str) -> Option<Span> {
    let lambda = spot.around().find(|node| node.kind() == NODE_LAMBDA)?;
    let pattern = lambda.nodes().next()?;
    let names = pattern.nodes().filter(|entry| entry.kind() == NODE_PAT_ENTRY).filter_map(|entry| entry.nodes().next());
    names.map(Node::span).find(|span| spot.text_of(*span) == name)
}

/// The argument for a pattern that is not a set.
pub(super) fn not_a_set(scene: &Scene<'_>) -> Option<Blame> {
    if scene.purpose() != Some(&Purpose::PatternArgument) {
        return None;
    }
    let spot = scene.call_sites(1).into_iter().next()?;
    let Call { callee, arguments } = spot.call()?;
    let index = match arguments.len() {
        1 => 0,
        _ => parameters_before_pattern(spot.defined_as(callee)?.unwrapped())?,
    };
    let argument = arguments.get(index)?;
    Some(Blame::new(&spot, argument.span(), "a set is needed here", true))
}

fn parameters_before_pattern(function: Node<'_>) -> Option<usize> {
    let mut function = function;
    for count in 0.. {
        let mut nodes = (function.kind() == NODE_LAMBDA).then(|| function.nodes())?;
        if nodes.next()?.kind() == NODE_PATTERN {
            return Some(count);
        }
        function = nodes.next()?.unwrapped();
    }
    None
}
