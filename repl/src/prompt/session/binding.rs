//! Names that are bound to values.

use super::log::Event;
use super::scope::{self, Origin, words};
use super::{Reply, Session};
use crate::output::style::ErrorFormat;
use nivis::codec::nix_string::{attribute_name, name_needs_quotes};
use nivis::syntax::parse_bindings;
use nivis::{Error, ErrorKind, Eval, Result, Value, print};
use std::collections::BTreeSet;

/// Names that a line bound.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) names: Vec<String>,
    /// The names that the user had bound before.
    pub(crate) replaced: Vec<String>,
    /// The names among them whose former value the line uses.
    pub(crate) former: Vec<String>,
}

/// The names in scope.
#[derive(Debug, Default)]
pub(crate) struct Variables {
    /// The user's own, with their values as far as they are evaluated.
    pub(crate) own: Vec<(String, String)>,
    /// The names of files and sets.
    pub(crate) loaded: Vec<String>,
}

impl Session<'_> {
    /// The user's own names with their values as far as they are evaluated, and the names that were loaded.
    ///
    /// # Errors
    /// Never in practice, as each name has a value.
    pub(crate) fn variables(&mut self) -> Result<Variables> {
        let scope = &self.scope;
        self.engine.enter(|cx| {
            let mut variables = Variables::default();
            for (name, bound) in scope.iter() {
                match bound.origin {
                    Origin::Own => {
                        variables.own.push((attribute_name(name.as_bytes()), print::excerpt(cx, cx.get(&bound.root)?)));
                    }
                    Origin::Loaded => variables.loaded.push(name.to_owned()),
                }
            }
            Ok(variables)
        })
    }

    /// Binds names. A value sees the names as they were before the line, the old value of its own name too. A name that
    /// was not bound before means the new value: functions can be recursive.
    pub(crate) fn bind(&mut self, bindings: &str) -> Result<Reply> {
        self.warn_of_silent_mistakes(bindings);
        let once = self.inside(|cx, scope| {
            let set = cx.delay_bindings(bindings.as_bytes().to_vec(), scope)?;
            members(cx, set, Origin::Own)
        });
        let (bound, rec) = match once {
            Ok(bound) => (bound, ""),
            Err(error) => (self.bind_recursively(bindings, &error).ok_or(error)?, "rec "),
        };
        let names: Vec<String> = bound.iter().map(|(name, _)| name.clone()).collect();
        // A remark at the end must not swallow the brace.
        let gap = if bindings.contains('#') { '\n' } else { ' ' };
        let event = self.event(format!("{rec}{{ {}{gap}}}", closed(bindings)), names.clone(), Origin::Own);
        let replaced = self.scope.bind(bound, self.events.len());
        self.events.push(event);
        let is_used = |name: &&String| words(bindings).filter(|word| word == name).count() > 1;
        let former = replaced.iter().filter(is_used).cloned().collect();
        Ok(Reply::Bound(Bound { names, replaced, former }))
    }

    /// The values of bindings that see each other, if one of their names is what the error says is undefined, and none of
    /// them had a value before.
    fn bind_recursively(&mut self, bindings: &str, error: &Error) -> Option<Vec<(String, scope::Bound)>> {
        let ErrorKind::UndefinedVariable(undefined) = error.kind() else { return None };
        if self.configuration.errors.format == ErrorFormat::Nix {
            return None;
        }
        let bound = self.inside(|cx, scope| {
            let set = cx.delay_recursive_bindings(bindings.as_bytes().to_vec(), scope)?;
            members(cx, set, Origin::Own)
        });
        let bound = bound.ok()?;
        let is_meant = bound.iter().any(|(name, _)| name == undefined);
        (is_meant && bound.iter().all(|(name, _)| self.scope.get(name).is_none())).then_some(bound)
    }

    /// The event of this set being added, before it is.
    pub(super) fn event(&self, text: String, bound: Vec<String>, origin: Origin) -> Event {
        // A name such as "if" can be bound, but no program can refer to it; and "or" can't be a parameter.
        let is_name =
            |word: &&str| self.scope.get(word).is_some() && !name_needs_quotes(word.as_bytes()) && *word != "or";
        let used: BTreeSet<_> = words(&text).filter(is_name).collect();
        let uses = used.into_iter().map(str::to_owned).collect();
        Event::Set { text, uses, bound, origin }
    }
}

/// The attributes of a set, kept.
pub(super) fn members<'h>(cx: &mut Eval<'h>, set: Value<'h>, origin: Origin) -> Result<Vec<(String, scope::Bound)>> {
    let value = cx.force(set)?;
    let phrase = "while evaluating an attribute set to be merged in the global scope";
    let set = cx
        .force_attrs(value, phrase)
        .map_err(|error| error.with_note("only attributes can be added to scope; `x = …` names any value"))?;
    let kept = set.iter().map(|(name, value, position)| {
        let name = String::from_utf8_lossy(cx.symbol_text(name)).into_owned();
        (name, scope::Bound { root: cx.keep(value), origin, position })
    });
    Ok(kept.collect())
}

/// Bindings with their last semicolon; on a line of its own, in case they end in a comment.
pub(crate) fn closed(bindings: &str) -> String {
    let is_closed = parse_bindings(bindings.as_bytes()).errors.is_empty();
    let gap = if bindings.contains('#') { "\n" } else { "" };
    if is_closed { bindings.to_owned() } else { format!("{bindings}{gap};") }
}
