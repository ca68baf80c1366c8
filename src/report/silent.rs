//! Programs that are valid, but most likely not meant: what a beginner types, and gets no error for.
//!
//! In: a short text, such as an input of a REPL. Out: warnings for people. Files are not examined: what is rare there can
//! be meant.

use super::hints::builtin_named;
use crate::error::{Details, Error};
use crate::source::{SourceText, Span};
use crate::syntax::locate::Outline;
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;

/// The page about these programs.
const TOPIC: &str = "silent-mistakes";

/// The mistakes in a text, each with its place and what to write instead. `is_variable` is true for names that are not
/// defined in the text, but can be used there.
pub fn silent_mistakes(source: &SourceText, is_variable: &dyn Fn(&str) -> bool) -> Vec<Error> {
    let text = &source.text;
    let outline = Outline::of(text);
    let is_known = |name: &str, offset: u32| outline.definition_of(name, offset).is_some() || is_variable(name);
    let mut mistakes = Vec::new();
    let mut pending = outline.path_to(0).first().copied().into_iter().collect::<Vec<_>>();
    while let Some(node) = pending.pop() {
        let found = match node.kind() {
            NODE_LIST => call_in_list(text, node),
            NODE_PATH_REL => quotient(&is_known, text, node),
            NODE_STRING => dollar(&is_known, node),
            NODE_BIN_OP => path_and_text(text, node),
            _ => None,
        };
        mistakes.extend(found.map(|(span, message, hint)| {
            let details = Details { notes: vec![hint], topic: TOPIC, ..Details::default() };
            Error::eval(message).at(source.position(span.start)).with_details(details)
        }));
        pending.extend(node.nodes());
    }
    mistakes
}

type Found = (Span, String, String);
/// True for a name that is a variable at an offset.
type Known<'k> = &'k dyn Fn(&str, u32) -> bool;

fn text_of(text: &[u8], span: Span) -> String {
    String::from_utf8_lossy(text.get(span.start as usize..span.end as usize).unwrap_or_default()).into_owned()
}

/// `[ builtins.head xs ]`: a builtin, and exactly its arguments.
fn call_in_list(text: &[u8], list: Node<'_>) -> Option<Found> {
    let mut elements = list.nodes();
    let first = elements.next()?;
    let rest: Vec<Node<'_>> = elements.collect();
    let is_name = matches!(first.kind(), NODE_IDENT | NODE_SELECT);
    let builtin = builtin_named(&text_of(text, first.span())).filter(|_| is_name)?;
    // A list of several functions is a list of functions.
    let is_function = |node: &Node<'_>| builtin_named(&text_of(text, node.span())).is_some();
    if builtin.arity() == 0 || rest.len() != builtin.arity() || rest.iter().any(is_function) {
        return None;
    }
    let call = text_of(text, Span::new(first.start, rest.last()?.span().end));
    let message = format!("this list has {} elements: a function, and what follows it", rest.len() + 1);
    Some((first.span(), message, format!("a call in a list needs parentheses: `[ ({call}) ]`")))
}

/// `a/b` where both are numbers or variables.
fn quotient(is_known: Known<'_>, text: &[u8], path: Node<'_>) -> Option<Found> {
    let written = text_of(text, path.span());
    let (left, right) = written.split_once('/').filter(|(_, right)| !right.contains('/'))?;
    let is_number = |side: &str| !side.is_empty() && side.bytes().all(|byte| byte.is_ascii_digit());
    let is_operand = |side: &str| is_number(side) || is_known(side, path.start);
    (is_operand(left) && is_operand(right)).then(|| {
        let hint = format!("a division needs spaces: `{left} / {right}`; if the path is meant, write `./{written}`");
        (path.span(), format!("`{written}` is a path, not a division"), hint)
    })
}

/// `"$x"` where `x` is a variable.
fn dollar(is_known: Known<'_>, string: Node<'_>) -> Option<Found> {
    string.tokens().filter(|token| token.kind == TOKEN_STRING_CONTENT).find_map(|token| {
        let (before, rest) = token.text.split_once('$')?;
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '\'');
        let name = &rest[..rest.find(|letter: char| !is_part(letter)).unwrap_or(rest.len())];
        let is_escaped = before.ends_with('\\') || before.ends_with("''") || before.ends_with('$');
        (!is_escaped && !name.is_empty() && is_known(name, string.start)).then_some(())?;
        let start = token.start + before.len() as u32;
        let span = Span::new(start, start + 1 + name.len() as u32);
        let hint =
            format!("the value of a variable in a string is `${{{name}}}`; `\\${name}` says that the text is meant");
        Some((span, format!("`${name}` in a string is these characters, not the variable `{name}`"), hint))
    })
}

/// `/home/u + "foo"`, `"file://" + ./x`.
fn path_and_text(text: &[u8], sum: Node<'_>) -> Option<Found> {
    let mut sides = sum.nodes();
    let (left, right) = (sides.next()?, sides.next()?);
    let is_path = |node: Node<'_>| matches!(node.kind(), NODE_PATH_ABS | NODE_PATH_REL | NODE_PATH_HOME);
    let is_text = |node: Node<'_>| node.kind() == NODE_STRING;
    if !sum.has_token(TOKEN_ADD) {
        return None;
    }
    let [first, second] = [left, right].map(|node| text_of(text, node.span()));
    if is_path(left) && is_text(right) {
        let inner = second.trim_matches('"');
        let continues = inner.starts_with(['/', '.', '-', '$']) || inner.is_empty() || first.ends_with(['-', '_']);
        return (!continues).then(|| {
            let hint = format!("for a file in that folder, write `{first} + \"/{inner}\"`");
            (sum.span(), format!("there is no slash between `{first}` and `{inner}`"), hint)
        });
    }
    (is_text(left) && is_path(right) && first.contains("://")).then(|| {
        let message = format!("`+` copies {second} to the store, and the text names the copy");
        (sum.span(), message, format!("the file's own path as text is `{first} + toString {second}`"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Origin, Sources};

    fn said(program: &str) -> String {
        let source = Sources::default().add(Origin::String, program.as_bytes().to_vec().into());
        let hints = silent_mistakes(&source, &|_| false)
            .into_iter()
            .filter_map(|error| error.details()?.notes.first().cloned());
        hints.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn what_is_told() {
        let table = [
            ("let xs = [ 1 ]; in [ builtins.head xs ]", "`[ (builtins.head xs) ]`"),
            ("[ toString 1 ]", "`[ (toString 1) ]`"),
            ("[ builtins.elemAt [ 1 ] 0 ]", "`[ (builtins.elemAt [ 1 ] 0) ]`"),
            ("let a = 4; b = 2; in a/b", "`a / b`"),
            ("6/2", "`6 / 2`"),
            ("let x = 1; in \"a $x b\"", "`${x}`"),
            ("/home/u + \"foo\"", "`/home/u + \"/foo\"`"),
            ("./a + \"b.nix\"", "`./a + \"/b.nix\"`"),
            ("\"file://\" + ./x", "`\"file://\" + toString ./x`"),
        ];
        for (program, hint) in table {
            assert!(said(program).contains(hint), "{program}: {}", said(program));
        }
    }

    #[test]
    fn what_is_meant() {
        let programs = [
            "[ builtins.head builtins.tail ]",
            "[ builtins.head ]",
            "[ (builtins.head [ 1 ]) ]",
            "map (f: f 1) [ toString toString ]",
            "a/b",
            "./a/b",
            "let x = 1; in \"\\$x\"",
            "\"$x\"",
            "let x = 1; in \"${toString x}\"",
            "/home/u + \"/foo\"",
            "./a + \".nix\"",
            "\"a\" + \"b\"",
            "\"a\" + ./x",
        ];
        for program in programs {
            assert_eq!(said(program), "", "{program}");
        }
    }
}
