//! The evaluator's and the parser's words in plain English, and long lines divided into several.

use super::places::Places;
use crate::codec::palette::Look;
use crate::codec::terminal::columns;
use crate::error::{Action, Comparison, Purpose, TraceFrame};
use crate::source::Part;
use crate::syntax::tree::Node;
use rnix::SyntaxKind::{NODE_APPLY, NODE_BIN_OP, NODE_LAMBDA, NODE_UNARY_OP};

/// Hints and notes are divided into lines of about this many characters where the width is not known.
const WIDTH: usize = 92;
/// Longer lines are hard to read, however wide the terminal is.
const WIDEST: usize = 120;
/// The room that notes have at least.
const LEAST: usize = 30;
/// The columns that stand before notes.
const BESIDE: usize = 6;

/// A text as code.
pub(super) fn in_backticks(text: &str) -> String {
    if text.contains('`') { text.to_owned() } else { format!("`{text}`") }
}

/// The tokens that the parser expected, if there are only a few.
pub(super) fn expected(tokens: &[&str]) -> Option<String> {
    Some(match tokens {
        [] => return None,
        ["identifier", "'or'", "'${'", "'\"'"] => "a name".to_owned(),
        ["'inherit'"] => "an attribute or `}`".to_owned(),
        ["end of file"] => "the end of the file".to_owned(),
        ["'.'", "'='"] => "`=`".to_owned(),
        others => others.iter().map(|token| plain(token)).collect::<Vec<_>>().join(" or "),
    })
}

/// A token's name in the parser, in plain words.
fn plain(token: &str) -> String {
    match token {
        "identifier" => "a name".to_owned(),
        "integer" | "floating-point literal" => "a number".to_owned(),
        "string" | "indented string" => "text".to_owned(),
        "end of an indented string" | "start of an indented string" => "`''`".to_owned(),
        "end of file" => "the end of the file".to_owned(),
        quoted => quoted.replace('\'', "`"),
    }
}

/// The label of a step. No call is written where a builtin or the module system calls something.
pub(super) fn label_of(frame: &TraceFrame, places: &Places<'_>) -> String {
    let is_minus = frame.action == Action::Builtin("sub");
    if frame.action != Action::CallSite && !is_minus {
        return label(&frame.action);
    }
    let Some(here) = places.here(frame.place) else {
        return if is_minus { label(&frame.action) } else { "called here".to_owned() };
    };
    let outline = places.outline(&here.source);
    let path = outline.path_to(here.offset);
    let begins = |kind| path.iter().any(|node| node.kind() == kind && node.start == here.offset);
    if is_minus {
        return if begins(NODE_UNARY_OP) { "negated here".to_owned() } else { label(&frame.action) };
    }
    let is_sign = |node: &Node<'_>| node.kind() == NODE_BIN_OP && node.tokens().any(|token| token.start == here.offset);
    // The place of a sign is also that of an operand's need.
    if begins(NODE_APPLY) || (frame.place.part == Part::Here && path.iter().any(is_sign)) {
        "called here".to_owned()
    } else if begins(NODE_LAMBDA) {
        "in this function".to_owned()
    } else {
        "needed here".to_owned()
    }
}

/// A step, as a label at its place.
fn label(action: &Action) -> String {
    let in_code = |name: &str| !name.contains('`');
    match action {
        Action::Builtin(name) => {
            return other_words(name).map_or_else(|| format!("in this call of `{name}`"), str::to_owned);
        }
        Action::Definition(name) if in_code(name) => return format!("`{name}` is defined here"),
        Action::Attribute(name) if in_code(name) => return format!("while evaluating `{name}`"),
        _ => {}
    }
    let known = match action {
        Action::CallSite | Action::Functor => "called here",
        Action::Selection => "selected here",
        Action::Assertion(_) => "this is not true",
        Action::Comparison(Comparison::LeftSide) => "the left side",
        Action::Comparison(Comparison::RightSide) => "the right side",
        Action::Needed(Purpose::PathSegment) => "needed as a string here",
        Action::Needed(Purpose::BranchCondition) => "needed as a condition here",
        Action::Needed(Purpose::Namespace) => "in this `with`",
        Action::Needed(Purpose::AttributeName) => "needed as a name here",
        Action::Needed(Purpose::PatternArgument) => "this function takes a set",
        Action::Needed(Purpose::Concatenation) => "joined here",
        Action::Needed(Purpose::Returned(_)) => "this function's result is not what is needed",
        other => return other.to_string(),
    };
    known.to_owned()
}

/// Builtins with a better description, most of all operators.
fn other_words(builtin: &str) -> Option<&'static str> {
    Some(match builtin {
        "sub" => "in this difference",
        "mul" => "in this product",
        "div" => "in this quotient",
        "lessThan" => "compared here",
        "throw" => "thrown here",
        "abort" => "aborted here",
        "import" => "imported here",
        "findFile" => "looked up here",
        _ => return None,
    })
}

/// A note in lines that are not too long, further ones aligned with the words of the first.
pub(super) fn note(lead: &str, text: &str, look: Look) -> String {
    let limit = look.width.map_or(WIDTH, |width| width.saturating_sub(BESIDE).clamp(LEAST, WIDEST));
    let indent = " ".repeat(columns(lead));
    let mut out = lead.to_owned();
    let mut column = indent.len();
    for (index, word) in unbroken(text).into_iter().enumerate() {
        let length = columns(&word);
        if index > 0 && column + 1 + length > limit {
            out.push('\n');
            out.push_str(&indent);
            column = indent.len();
        } else if index > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(&word);
        column += length;
    }
    out
}

/// The words of a text. The text between backticks is one word.
fn unbroken(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut in_code = false;
    for word in text.split(' ') {
        match words.last_mut() {
            Some(last) if in_code => *last += &format!(" {word}"),
            _ => words.push(word.to_owned()),
        }
        in_code ^= word.matches('`').count() % 2 == 1;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words() {
        let table: [(&[&str], _); 4] = [
            (&["identifier", "'or'", "'${'", "'\"'"], Some("a name")),
            (&["'inherit'"], Some("an attribute or `}`")),
            (&["'then'"], Some("`then`")),
            (&[], None),
        ];
        for (tokens, wanted) in table {
            assert_eq!(expected(tokens).as_deref(), wanted, "{tokens:?}");
        }
        assert_eq!(label(&Action::Builtin("map")), "in this call of `map`");
    }

    #[test]
    fn long_notes_are_cut() {
        let text = note("hint: ", &"word ".repeat(30), Look::PLAIN);
        assert!(text.lines().all(|line| line.len() <= WIDTH), "{text}");
        assert!(text.lines().skip(1).all(|line| line.starts_with("      word")), "{text}");
    }
}
