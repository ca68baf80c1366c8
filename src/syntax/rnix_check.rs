//! Decides from rnix's tree whether Nix reads the text in the same way.
//!
//! rnix accepts some texts that Nix does not, such as `[ x: x ]`, `(1 ]` and `</a>`. They all leave a trace in the
//! tree that is rare in valid texts, so every text with such a trace goes to the exact parser.

use rnix::SyntaxKind::{self, *};
use rowan::{GreenNode, GreenNodeData, GreenTokenData, NodeOrToken};

/// The number of levels of the tree; `None` if Nix may read the text differently.
pub(super) fn height_if_agreed(root: &GreenNode) -> Option<u32> {
    let mut open = vec![(root.kind().0, root.children())];
    let mut height = 1;
    while let Some((kind, children)) = open.last_mut() {
        let Some(child) = children.next() else {
            open.pop();
            continue;
        };
        match child {
            NodeOrToken::Token(token) if is_doubtful_token(*kind, token) => return None,
            NodeOrToken::Token(_) => {}
            NodeOrToken::Node(node) if is_doubtful_node(*kind, node) => return None,
            NodeOrToken::Node(node) => {
                open.push((node.kind().0, node.children()));
                height = height.max(open.len());
            }
        }
    }
    u32::try_from(height).ok()
}

/// True if two kinds are the same.
fn same(raw: u16, kind: SyntaxKind) -> bool {
    raw == kind as u16
}

fn among(raw: u16, kinds: &[SyntaxKind]) -> bool {
    kinds.iter().any(|kind| same(raw, *kind))
}

/// True for a function where Nix requires an operand, `(1 ]`, an indented string as a name, and `let { … }`, which
/// rnix does not accept everywhere.
fn is_doubtful_node(parent: u16, node: &GreenNodeData) -> bool {
    const OPERAND: [SyntaxKind; 6] = [NODE_APPLY, NODE_LIST, NODE_BIN_OP, NODE_UNARY_OP, NODE_HAS_ATTR, NODE_SELECT];
    let kind = node.kind().0;
    if same(kind, NODE_LAMBDA) {
        return among(parent, &OPERAND);
    }
    if same(kind, NODE_PAREN) {
        return node.children().last().is_none_or(|last| !same(last.kind().0, TOKEN_R_PAREN));
    }
    if same(kind, NODE_STRING) && among(parent, &[NODE_ATTRPATH, NODE_INHERIT]) {
        return node.children().next().and_then(NodeOrToken::into_token).is_some_and(|open| open.text() == "''");
    }
    among(kind, &[NODE_LEGACY_LET, NODE_ERROR])
}

/// True for pipes that may be mixed, numbers that may not fit, `0.`, and anything unusual about paths.
fn is_doubtful_token(parent: u16, token: &GreenTokenData) -> bool {
    const LONG_INTEGER: usize = 19;
    const LONG_FLOAT: usize = 300;
    let kind = token.kind().0;
    if among(parent, &[NODE_PATH_ABS, NODE_PATH_HOME, NODE_PATH_REL, NODE_PATH_SEARCH]) {
        return is_doubtful_in_path(parent, token);
    }
    if same(kind, TOKEN_INTEGER) {
        return token.text().len() >= LONG_INTEGER;
    }
    if same(kind, TOKEN_FLOAT) {
        let text = token.text();
        return text.starts_with("0.") || text.contains(['e', 'E']) || text.len() > LONG_FLOAT;
    }
    among(kind, &[TOKEN_PIPE_LEFT, TOKEN_PIPE_RIGHT, TOKEN_ERROR])
}

/// True for a token of a different kind from the path's (`./a ${b}` and `./a${b}~/c` are two values each), `</a>`,
/// `<a/>`, `./a${b}//c`.
fn is_doubtful_in_path(path: u16, token: &GreenTokenData) -> bool {
    const OWN: [(SyntaxKind, SyntaxKind); 4] = [
        (NODE_PATH_ABS, TOKEN_PATH_ABS),
        (NODE_PATH_HOME, TOKEN_PATH_HOME),
        (NODE_PATH_REL, TOKEN_PATH_REL),
        (NODE_PATH_SEARCH, TOKEN_PATH_SEARCH),
    ];
    let kind = token.kind().0;
    let own = OWN.iter().any(|(node, token)| same(path, *node) && same(kind, *token));
    let text = token.text();
    !own || text.contains("//") || text.starts_with("</") || text.ends_with("/>")
}
