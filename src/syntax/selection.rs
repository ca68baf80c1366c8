//! The last step of `a.b.c`: the expression before it, and its name.

use super::parse;
use super::strings::unescape;
use crate::source::Span;
use rnix::SyntaxKind::*;
use rnix::SyntaxNode;

/// The last step of an expression that ends in `.name` without an `or`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastStep {
    /// The span of the expression before the dot.
    pub of: Span,
    /// The name, without quotes.
    pub name: String,
}

/// The last step of an expression, if it selects a literal name.
pub fn last_step(text: &[u8]) -> Option<LastStep> {
    let parsed = parse(text);
    if !parsed.errors.is_empty() {
        return None;
    }
    let root = SyntaxNode::new_root(parsed.root.clone());
    let select = root.first_child().filter(|node| node.kind() == NODE_SELECT)?;
    if select.children_with_tokens().any(|element| element.kind() == TOKEN_OR) {
        return None;
    }
    let path = select.children().find(|node| node.kind() == NODE_ATTRPATH)?;
    let last = path.children().last()?;
    let before = last.prev_sibling().or_else(|| path.prev_sibling())?;
    let dot = before.text_range().end();
    let name = match last.kind() {
        NODE_IDENT => last.text().to_string(),
        NODE_STRING if last.children().next().is_none() => {
            let quoted = last.text().to_string();
            let inner = quoted.get(1..quoted.len().saturating_sub(1))?;
            let mut name = Vec::new();
            unescape(inner.as_bytes(), &mut name);
            String::from_utf8_lossy(&name).into_owned()
        }
        _ => return None,
    };
    Some(LastStep { of: Span::new(select.text_range().start().into(), dot.into()), name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_steps() {
        let table = [
            ("a.b", Some(("a", "b"))),
            ("a.b.\"c d\"", Some(("a.b", "c d"))),
            ("(f x).y", Some(("(f x)", "y"))),
            ("a.b or c", None),
            ("a.${b}", None),
            ("a", None),
        ];
        for (text, expected) in table {
            let found = last_step(text.as_bytes());
            let found =
                found.as_ref().map(|step| (&text[step.of.start as usize..step.of.end as usize], &step.name[..]));
            assert_eq!(found, expected, "{text}");
        }
    }
}
