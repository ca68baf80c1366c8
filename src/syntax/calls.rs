//! Calls, from the view of C++ Nix's parser.
//!
//! Example: `a - b` is the call `__sub a b`, and `(a - b) c` is one call of three arguments, positioned at the `-`.

use super::tree::Node;
use rnix::SyntaxKind::*;

/// The function and the argument of `f x`, `x |> f` and `f <| x`.
pub(crate) fn application(node: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    let mut nodes = node.nodes();
    match node.kind() {
        NODE_APPLY => Some((nodes.next()?, nodes.next()?)),
        NODE_BIN_OP => {
            let (left, right) = (nodes.next()?, nodes.next()?);
            match node.first_token()?.kind {
                TOKEN_PIPE_LEFT => Some((left, right)),
                TOKEN_PIPE_RIGHT => Some((right, left)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// True for `f x`, `x |> f`, `a - b`, `-a`, `<a>`.
pub(crate) fn is_call(node: Node<'_>) -> bool {
    let has = |kind| node.first_token().is_some_and(|token| token.kind == kind);
    match node.kind() {
        NODE_APPLY | NODE_PATH_SEARCH => true,
        NODE_UNARY_OP => !has(TOKEN_INVERT),
        NODE_BIN_OP => [TOKEN_PIPE_LEFT, TOKEN_PIPE_RIGHT, TOKEN_MORE, TOKEN_LESS, TOKEN_SUB, TOKEN_MUL, TOKEN_DIV]
            .into_iter()
            .any(has),
        _ => false,
    }
}

/// The node at the position of a call: the innermost call among the called functions.
pub(crate) fn innermost_call(node: Node<'_>) -> Node<'_> {
    let mut call = node;
    while let Some((function, _)) = application(call) {
        let function = function.unwrapped();
        if !is_call(function) {
            break;
        }
        call = function;
    }
    call
}
