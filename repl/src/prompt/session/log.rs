//! The events of a session, so that they can be repeated: for `:r`, and as a file that `:l` reads.

use super::scope::Origin;
use nivis::codec::nix_string::write_string_literal;
use std::fmt::Write as _;

/// Something that changed the names in scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Bindings were typed, or the attributes of an expression added: the text of a set, and the names of the session that
    /// occur in it.
    Set { text: String, uses: Vec<String>, origin: Origin },
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
        let events = [
            Event::Set { text: "{ x = 1; }".to_owned(), uses: Vec::new(), origin },
            Event::Set { text: "{ x = x + 1; }".to_owned(), uses: vec!["x".to_owned()], origin },
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
