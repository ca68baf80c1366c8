//! The kind of a line of the REPL: a command, bindings, an expression, or the beginning of something longer.
//!
//! Nothing is evaluated here, so the terminal can ask at every Enter whether the input is complete.

use crate::prompt::commands::{self, Command, Takes, is_documented};
use crate::prompt::session::closed;
use nivis::syntax::{self, SyntaxError};

/// An input, understood.
pub(crate) enum Reading<'t> {
    /// Nothing to do.
    Empty,
    /// `:p 1 + 1`
    Command(&'static Command, &'t str),
    /// `:nonsense`
    UnknownCommand(&'t str),
    /// `x = 1` and `a.b = 1; inherit (s) x`. The last semicolon may be missing.
    Bindings(String),
    /// `1 + 1`
    Expression(&'t str),
    /// More text could complete it.
    Incomplete,
    /// Neither bindings nor an expression.
    Wrong(SyntaxError),
}

/// Understands an input.
pub(crate) fn read(input: &str) -> Reading<'_> {
    let input = syntax::before_nul(input).trim();
    if input.lines().map(str::trim_start).all(|line| line.is_empty() || line.starts_with('#')) {
        return Reading::Empty;
    }
    // No program begins with a question mark.
    let input = if input == "?" { ":?" } else { input };
    if !input.starts_with(':') {
        return program(input);
    }
    let (name, argument) = input.split_once(char::is_whitespace).unwrap_or((input, ""));
    match commands::find(name) {
        None => Reading::UnknownCommand(name),
        Some(command) => with_argument(command, argument.trim()),
    }
}

fn with_argument<'t>(command: &'static Command, argument: &'t str) -> Reading<'t> {
    // `:doc let` asks about the word.
    let is_word = command.names.contains(&":doc") && is_documented(argument);
    let needs_more = matches!(command.takes, Takes::Expression) && !argument.is_empty() && !is_word;
    if needs_more && syntax::is_incomplete(argument.as_bytes()) {
        return Reading::Incomplete;
    }
    Reading::Command(command, argument)
}

/// Bindings or an expression. Bindings may lack the last semicolon.
fn program(text: &str) -> Reading<'_> {
    let Some(unfinished) = error_of(&syntax::parse_bindings(text.as_bytes())) else {
        return Reading::Bindings(text.to_owned());
    };
    let Some(wrong) = error_of(&syntax::parse_bindings(closed(text).as_bytes())) else {
        return Reading::Bindings(text.to_owned());
    };
    let Some(error) = error_of(&syntax::parse(text.as_bytes())) else {
        return Reading::Expression(text);
    };
    if error.incomplete || unfinished.incomplete || wrong.incomplete {
        return Reading::Incomplete;
    }
    Reading::Wrong(further(error, unfinished))
}

/// The inputs of a text of several lines that is not an input as a whole: each goes as far as it needs to be complete.
/// `None` if it doesn't consist of inputs.
pub(crate) fn separate(text: &str) -> Option<Vec<String>> {
    let mut inputs = Vec::new();
    let mut input = String::new();
    for line in text.trim().lines() {
        input.push_str(if input.is_empty() { "" } else { "\n" });
        input.push_str(line);
        match read(&input) {
            Reading::Incomplete => {}
            Reading::Wrong(_) => return None,
            Reading::Empty => input.clear(),
            _ => inputs.push(std::mem::take(&mut input)),
        }
    }
    (input.is_empty() && inputs.len() > 1).then_some(inputs)
}

/// Why a text is neither bindings nor an expression, if it is neither.
pub(crate) fn mistake(text: &str) -> Option<SyntaxError> {
    let as_expression = error_of(&syntax::parse(text.as_bytes()))?;
    let as_bindings = error_of(&syntax::parse_bindings(text.as_bytes()))?;
    Some(further(as_expression, as_bindings))
}

/// Where both readings fail, what was meant is most likely the one that gets further.
fn further(as_expression: SyntaxError, as_bindings: SyntaxError) -> SyntaxError {
    if as_bindings.span.start > as_expression.span.start { as_bindings } else { as_expression }
}

fn error_of(parsed: &syntax::Parsed) -> Option<SyntaxError> {
    parsed.errors.first().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(input: &str) -> &'static str {
        match read(input) {
            Reading::Empty => "empty",
            Reading::Command(..) => "command",
            Reading::UnknownCommand(_) => "unknown",
            Reading::Bindings(_) => "bindings",
            Reading::Expression(_) => "expression",
            Reading::Incomplete => "incomplete",
            Reading::Wrong(_) => "wrong",
        }
    }

    #[test]
    fn kinds() {
        let table = [
            ("", "empty"),
            ("  \n", "empty"),
            ("# nothing\n\n  # at all", "empty"),
            ("# one\n1", "expression"),
            ("1 + 1", "expression"),
            ("x", "expression"),
            ("x: x", "expression"),
            ("{ a = 1; }", "expression"),
            ("x = 1", "bindings"),
            ("x = 1;", "bindings"),
            ("x = 1 # why", "bindings"),
            ("a.b.\"c d\" = 1; e = 2", "bindings"),
            ("inherit (s) x", "bindings"),
            ("x = ''", "incomplete"),
            ("x = {", "incomplete"),
            ("x =", "incomplete"),
            ("{ a = 1;", "incomplete"),
            ("let x = 1;", "incomplete"),
            ("1 +", "incomplete"),
            ("1 + )", "wrong"),
            ("x = 1 +* 2", "wrong"),
            (":p 1", "command"),
            (":p {", "incomplete"),
            (":l {", "command"),
            (":nonsense {", "unknown"),
        ];
        for (input, expected) in table {
            assert_eq!(kind(input), expected, "{input:?}");
        }
    }

    #[test]
    fn nothing_is_read_after_a_nul_byte() {
        assert!(matches!(read("x = 1;\0 )"), Reading::Bindings(text) if text == "x = 1;"));
        assert!(matches!(read("1 # a\0b\n+ 1 \0 + 1"), Reading::Expression("1 # a\0b\n+ 1")));
        assert_eq!(kind("\"a\0b\""), "wrong");
        assert_eq!(kind("\0 1"), "empty");
    }

    #[test]
    fn pasted_inputs() {
        let inputs = |text: &str| separate(text).map(|inputs| inputs.join("|"));
        assert_eq!(inputs("y = 1\nz = y + 1\nz * 2").as_deref(), Some("y = 1|z = y + 1|z * 2"));
        assert_eq!(inputs("a = {\n  b = 1;\n}\n\n# all\na").as_deref(), Some("a = {\n  b = 1;\n}|a"));
        assert_eq!(inputs("a = 1\n)"), None);
        assert_eq!(inputs("a = 1\nb ="), None);
    }

    #[test]
    fn the_reading_that_gets_further_is_blamed() {
        let Reading::Wrong(error) = read("x = 1 +* 2") else { panic!("it is wrong") };
        assert_eq!(error.span.start, 7);
    }
}
