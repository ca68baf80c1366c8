//! Lints: literals that are valid but discouraged.

use super::strings::is_indented;
use super::{Lowering, Options};
use crate::ir::{Name, Warning};
use crate::settings::{Lint, Lints};
use crate::source::Span;
use crate::syntax::tree::{Node, Token};
use rnix::SyntaxKind::{NODE_APPLY, NODE_LITERAL, TOKEN_STRING_CONTENT};

impl Lowering<'_> {
    pub(super) fn lint_url(&mut self, span: Span, literal: &str) {
        let verb = |lint| if lint == Lint::Fatal { "disallowed" } else { "discouraged" };
        let text =
            |lint| format!("URL literals are {}. Consider using a string literal \"{literal}\" instead", verb(lint));
        self.lint(self.lints().url_literals, span, "lint-url-literals", text);
    }

    pub(super) fn lint_path(&mut self, span: Span, literal: &str) {
        let not_portable = |kind: &str| {
            format!(
                "{kind} path literals are not portable. Consider replacing path literal '{literal}' by a string, relative \
                 path, or parameter"
            )
        };
        let absolute = self.lints().absolute_path_literals;
        match literal.as_bytes().first() {
            Some(b'/') => self.lint(absolute, span, "lint-absolute-path-literals", |_| not_portable("absolute")),
            Some(b'~') => self.lint(absolute, span, "lint-absolute-path-literals", |_| not_portable("home")),
            Some(b'.') => {}
            _ => self.lint(self.lints().short_path_literals, span, "lint-short-path-literals", |_| {
                format!("relative path literal '{literal}' should be prefixed with '.' for clarity: './{literal}'")
            }),
        }
    }

    /// Checks an indented string for carriage returns and tabs.
    pub(super) fn lint_indented_string(&mut self, node: Node<'_>) {
        let Lints { carriage_returns, tab_indentation, .. } = self.lints();
        let is_wanted = carriage_returns != Lint::Ignore || tab_indentation != Lint::Ignore;
        if is_wanted && is_indented(node) {
            self.look_into_indented_string(node, carriage_returns, tab_indentation);
        }
    }

    #[cold]
    fn look_into_indented_string(&mut self, node: Node<'_>, carriage_returns: Lint, tab_indentation: Lint) {
        let contents = || node.tokens().filter(|token| token.kind == TOKEN_STRING_CONTENT);
        let at = |token: Token<'_>, offset: usize| {
            let start = token.start + offset as u32;
            Span::new(start, start + 1)
        };
        let carriage_return = contents().find_map(|token| Some(at(token, token.text.find("\r\n")?)));
        if let Some(span) = carriage_return {
            self.lint(carriage_returns, span, "lint-carriage-returns", |_| {
                "a line of this '' string ends with CR and LF, and the CR is part of the value".to_owned()
            });
        }
        let tab = contents().find_map(|token| Some(at(token, indenting_tab(token.text)?)));
        if let Some(span) = tab {
            self.lint(tab_indentation, span, "lint-tab-indentation", |_| {
                "a tab indents a line of this '' string; only spaces are removed as indentation".to_owned()
            });
        }
    }

    /// Warns about a `rec` without effect, because the first of two merged definitions has none.
    pub(super) fn warn_of_dropped_rec(&mut self, start: u32, path: &[Name]) {
        let (start, name) = (self.original(start), self.shown_path(path));
        self.unit.warnings.push(Warning::DroppedRec(start, name));
    }

    /// Warns about `x or`, the only application without parentheses where one expression is expected: `or` was once
    /// an ordinary name.
    pub(super) fn warn_of_cursed_or(&mut self, node: Node<'_>) {
        if node.kind() == NODE_APPLY {
            let span = self.original_span(node.span());
            let text = self.source.get(span.start as usize..span.end as usize).unwrap_or_default();
            self.unit.warnings.push(Warning::CursedOr(span.start, String::from_utf8_lossy(text).into_owned()));
        }
    }

    /// Warns about a number directly after an expression, as in `f xs.0` and `[ xs.0 ]`, which looks like the element
    /// of a list but is not. If the expression is a function, there is no error to show the mistake.
    pub(super) fn warn_of_dotted_number(&mut self, before: Node<'_>, node: Node<'_>) {
        let is_number = node.kind() == NODE_LITERAL && before.span().end == node.start;
        let Some(number) = node.first_token().filter(|token| is_number && token.text.starts_with('.')) else { return };
        let last = if before.kind() == NODE_APPLY { before.nodes().last().unwrap_or(before) } else { before };
        // `xs.0.1`: the warning about `xs.0` is enough.
        if last.kind() == NODE_LITERAL {
            return;
        }
        let span = self.original_span(last.span());
        let text = self.source.get(span.start as usize..span.end as usize).unwrap_or_default();
        let text = String::from_utf8_lossy(text).into_owned();
        self.unit.warnings.push(Warning::DottedNumber(span.start, text, number.text.to_owned()));
    }

    fn lints(&self) -> Lints {
        let Options { lints, .. } = self.options;
        lints
    }

    fn lint(&mut self, lint: Lint, span: Span, name: &str, text: impl FnOnce(Lint) -> String) {
        match lint {
            Lint::Ignore => {}
            Lint::Warn => {
                let start = self.original(span.start);
                self.unit.warnings.push(Warning::Lint(start, format!("{} ({name})", text(lint))));
            }
            Lint::Fatal => self.syntax_error(span, format!("{} ({name})", text(lint))),
        }
    }
}

/// The first tab in the indentation of a line.
fn indenting_tab(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        let is_after_line_end = at > 0;
        if let Some(tab) = line[..blanks].find('\t').filter(|_| is_after_line_end && blanks < line.len()) {
            return Some(at + tab);
        }
        at += line.len();
    }
    None
}
