//! The events of a session, so that they can be repeated: for `:r`, and as a file that `:l` reads.

use super::scope::{Origin, words};
use nivis::codec::nix_string::{name_needs_quotes, write_string_literal};
use std::fmt::Write as _;

/// Something that changed the names in scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Bindings were typed, or the attributes of an expression added: the text of a set, the names of the session that
    /// occur in it, and those that it binds.
    Set { text: String, uses: Vec<String>, bound: Vec<String>, origin: Origin },
    /// A file was loaded.
    Load(String),
    /// All of a flake was added: its reference.
    Flake(String),
    /// The attributes of a flake were added: the word of the command line that names it.
    Installable(String),
    /// A part of the command line's program was added: the word that names it.
    Part(String),
    /// A name was forgotten.
    Forget(String),
}

/// The first line of a saved session.
pub(crate) const HEADING: &str = "# The bindings of a session with Nivis.";

/// The events as a Nix file: a set of the bindings at the end.
///
/// Each event is a step that makes a larger set. It has the names before it as the formals of a function, so that they
/// mean what they meant when it was typed, whatever is bound later. `loaded` is the expression for what was not typed.
pub(crate) fn as_file(events: &[Event], loaded: impl Fn(&Event) -> String) -> String {
    if let Some(text) = as_let(events) {
        return text;
    }
    let mut text = format!("{HEADING} ':l FILE' loads them again.\nlet\n  step0 = {{ }};\n");
    for (index, event) in events.iter().enumerate() {
        let step = match event {
            Event::Set { text, uses, .. } => {
                let formals: String = uses.iter().map(|name| format!("{name}, ")).collect();
                format!("step{index} // ({{ {formals}... }}: {text}) step{index}")
            }
            Event::Load(_) | Event::Flake(_) | Event::Installable(_) | Event::Part(_) => {
                format!("step{index} // ({})", loaded(event))
            }
            Event::Forget(name) => format!("removeAttrs step{index} [ {name:?} ]"),
        };
        let _ = writeln!(text, "  step{} = {step};", index + 1);
    }
    let _ = writeln!(text, "in\nstep{}", events.len());
    text
}

/// An expression with the bindings that it needs around it; `None` if it needs none, or if they can't be one `let`.
pub(crate) fn with_bindings(events: &[Event], expression: &str) -> Option<String> {
    let mut wanted: Vec<&str> = words(expression).collect();
    let mut needed: Vec<Event> = Vec::new();
    for event in events.iter().rev() {
        let Event::Set { text, bound, .. } = event else { continue };
        if bound.iter().any(|name| wanted.contains(&name.as_str())) {
            wanted.extend(words(text));
            needed.insert(0, event.clone());
        }
    }
    let (_, bindings) = as_bindings(&needed)?;
    Some(format!("let\n{bindings}in\n{expression}")).filter(|_| !needed.is_empty())
}

/// The events as one `let`, if they are bindings of different names, each of which only uses those before it.
fn as_let(events: &[Event]) -> Option<String> {
    let (names, bindings) = as_bindings(events)?;
    let text =
        format!("{HEADING} ':l FILE' loads them again.\nlet\n{bindings}in\n{{ inherit {}; }}\n", names.join(" "));
    (!names.is_empty()).then_some(text)
}

/// The names and the lines of such a `let`.
fn as_bindings(events: &[Event]) -> Option<(Vec<String>, String)> {
    let mut names: Vec<String> = Vec::new();
    let mut text = String::new();
    for event in events {
        let Event::Set { text: set, bound, origin: Origin::Own, .. } = event else { return None };
        let is_recursive = set.starts_with("rec ");
        let bindings = set.strip_prefix("rec ").unwrap_or(set).strip_prefix("{ ")?.strip_suffix('}')?.trim();
        let is_new = |name: &String| !names.contains(name) && !name_needs_quotes(name.as_bytes()) && name != "or";
        // In a `let` a name means itself on its own right side: it must not have meant something else.
        let is_own = |name: &String| words(bindings).filter(|word| word == name).count() > 1;
        if !bound.iter().all(is_new) || (!is_recursive && bound.iter().any(is_own)) || bindings.starts_with("inherit") {
            return None;
        }
        // Nor may an earlier value use it.
        let before = events.iter().take_while(|other| !std::ptr::eq(*other, event));
        let is_used = before.into_iter().any(|other| match other {
            Event::Set { text, .. } => words(text).any(|word| bound.iter().any(|name| name == word)),
            _ => false,
        });
        if is_used {
            return None;
        }
        names.extend(bound.iter().cloned());
        let _ = writeln!(text, "  {bindings}");
    }
    Some((names, text))
}

/// An expression that calls the value of another if that is a function.
pub(crate) fn called(text: &str) -> String {
    format!("let it = {text}; in if builtins.isFunction it then it {{ }} else it")
}

/// A text as a string of a program.
pub(crate) fn quoted(text: &str) -> String {
    let mut string = Vec::new();
    write_string_literal(&mut string, text.as_bytes());
    String::from_utf8_lossy(&string).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file() {
        let origin = Origin::Own;
        let bound = vec!["x".to_owned()];
        let events = [
            Event::Set { text: "{ x = 1; }".to_owned(), uses: Vec::new(), bound: bound.clone(), origin },
            Event::Set { text: "{ x = x + 1; }".to_owned(), uses: bound.clone(), bound, origin },
            Event::Forget("x".to_owned()),
        ];
        let lines = [
            "  step0 = { };",
            "  step1 = step0 // ({ ... }: { x = 1; }) step0;",
            "  step2 = step1 // ({ x, ... }: { x = x + 1; }) step1;",
            "  step3 = removeAttrs step2 [ \"x\" ];",
            "in",
            "step3",
        ];
        let file = as_file(&events, |_| String::new());
        assert_eq!(file.lines().skip(2).collect::<Vec<_>>(), lines);
    }
}
