//! The parts that an aggregate, a job that consists of others, names: `constituents` of a derivation.

use super::line::{Line, strings};
use nivis::eval::Coercion;
use nivis::heap::Attrs;
use nivis::value::context::Reference;
use nivis::{Error, Eval, Result};

const EVALUATING: &str = "while evaluating the `constituents` attribute";

/// The parts of one derivation.
#[derive(Default)]
struct Constituents {
    /// Derivations that are given themselves.
    derivations: Vec<Box<[u8]>>,
    /// Names of jobs.
    names: Vec<Vec<u8>>,
    /// The names are patterns.
    patterns: bool,
}

/// Adds the parts that a derivation names to its line. A derivation that is not an aggregate has none.
///
/// # Errors
/// Fails if the parts can't be evaluated, or an aggregate names none.
pub(super) fn tell<'h>(cx: &mut Eval<'h>, set: Attrs<'h>, line: &mut Line) -> Result<()> {
    let found = if flag(cx, set, "_hydraAggregate")? { read(cx, set)? } else { Constituents::default() };
    line.set("constituents", strings(found.derivations));
    line.set("namedConstituents", strings(found.names));
    line.set("globConstituents", found.patterns.to_string().into_bytes());
    Ok(())
}

fn read<'h>(cx: &mut Eval<'h>, set: Attrs<'h>) -> Result<Constituents> {
    let missing = || Error::eval("derivation must have a 'constituents' attribute");
    let value = set.get(cx.intern(b"constituents")).ok_or_else(missing)?;
    let text = cx.coerce_to_string(value, Coercion::to_string(), EVALUATING)?;
    let derivation = |reference| match reference {
        Reference::Output { derivation, .. } => Some(derivation),
        _ => None,
    };
    let derivations = cx.contexts().references(text.context()).into_iter().filter_map(derivation).collect();
    let mut found = Constituents { derivations, ..Constituents::default() };
    for item in cx.force_list(value, EVALUATING)?.iter() {
        if let Some(name) = cx.force(item)?.as_str() {
            found.names.push(name.as_bytes().to_vec());
        }
    }
    found.patterns = flag(cx, set, "_hydraGlobConstituents")?;
    Ok(found)
}

/// A Boolean attribute; false if it is missing.
fn flag<'h>(cx: &mut Eval<'h>, set: Attrs<'h>, name: &str) -> Result<bool> {
    match set.get(cx.intern(name.as_bytes())) {
        Some(value) => cx.force_bool(value, format!("while evaluating the `{name}` attribute").as_str()),
        None => Ok(false),
    }
}
