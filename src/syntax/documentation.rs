//! Documentation comments, `/** … */`, of functions and attributes. The rules are those of RFC 145 and of C++ Nix:
//! the comment directly before a function, or before the attribute whose value the function is. A function of several
//! parameters has one comment.

use super::{parse, parse_unclosed_bindings};
use rnix::SyntaxKind::*;
use rnix::{SyntaxNode, SyntaxToken};

/// The text of the documentation comment of the function or attribute that begins at this byte, without its
/// indentation.
pub fn documentation(text: &[u8], offset: u32) -> Option<String> {
    // Bindings at a prompt have no braces around them.
    let parsers = [parse, parse_unclosed_bindings];
    let parsed = parsers.into_iter().map(|parse| parse(text)).find(|parsed| parsed.errors.is_empty())?;
    let root = SyntaxNode::new_root(parsed.root.clone());
    let token = root.token_at_offset(offset.into()).right_biased()?;
    let node = token.parent()?.ancestors().take_while(|node| node.text_range().start() == offset.into()).last();
    let of_function = node.filter(|node| node.kind() == NODE_LAMBDA).and_then(|node| of_function(&node));
    let comment = of_function.or_else(|| before(&token))?;
    Some(inner_text(comment.text()))
}

/// The comment of a function: directly before it, or of the function or attribute that it is the body or value of.
fn of_function(function: &SyntaxNode) -> Option<SyntaxToken> {
    if let Some(comment) = function.first_token().and_then(|token| before(&token)) {
        return Some(comment);
    }
    let parent = function.parent()?;
    match parent.kind() {
        NODE_LAMBDA => of_function(&parent),
        NODE_PAREN => of_function(&parent),
        NODE_ATTRPATH_VALUE => parent.first_token().and_then(|token| before(&token)),
        _ => None,
    }
}

/// The documentation comment directly before a token. Other comments may come in between.
fn before(token: &SyntaxToken) -> Option<SyntaxToken> {
    let mut previous = token.prev_token()?;
    while matches!(previous.kind(), TOKEN_WHITESPACE | TOKEN_COMMENT) {
        if is_documentation(previous.text()) {
            return Some(previous);
        }
        previous = previous.prev_token()?;
    }
    None
}

fn is_documentation(comment: &str) -> bool {
    comment.starts_with("/**") && !comment.starts_with("/***") && comment.len() > "/**/".len()
}

/// The text of a comment without its delimiters and its common indentation.
fn inner_text(comment: &str) -> String {
    let inner = comment.trim_start_matches("/**").trim_end_matches("*/");
    let lines: Vec<&str> = inner.lines().collect();
    let indentation = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let filled = lines.iter().skip(1).filter(|line| !line.trim().is_empty());
    let shared = filled.map(indentation).min().unwrap_or(0);
    let mut text = lines.first().map_or("", |first| first.trim()).to_owned();
    for line in lines.iter().skip(1) {
        text.push('\n');
        text.push_str(line.get(shared..).unwrap_or("").trim_end());
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_comment() {
        let table = [
            ("/** a */ x: x", "x:", Some("a")),
            ("f = /** a */ x: x", "x:", Some("a")),
            ("/** a */ f = x: x # b", "x:", Some("a")),
            ("g = 1; /** a */ f.g = 1;", "f.g", Some("a")),
            ("{ /** a */ f = x: y: x; }", "x:", Some("a")),
            ("{ /** a */ f = x: y: x; }", "y:", Some("a")),
            ("{ /** a */ f = /** b */ x: x; }", "x:", Some("b")),
            ("{ /** a */ f = x: /** b */ y: x; }", "y:", Some("b")),
            ("{ /** a */ f.g = 1; }", "f.g", Some("a")),
            ("{ /** a */ f = 1; g = 2; }", "g", None),
            ("/* a */ x: x", "x:", None),
            ("/**\n  one\n    two\n*/ x: x", "x:", Some("one\n  two")),
        ];
        for (text, at, expected) in table {
            let offset = text.find(at).unwrap_or(0) as u32;
            assert_eq!(documentation(text.as_bytes(), offset).as_deref(), expected, "{text}");
        }
    }
}
