//! Graphs of values as JSON. The page draws them.

use crate::prompt::reach::{Graph, Kind};
use serde_json::{Value as Json, json};

/// The nodes, each with the numbers of those that its rows lead to.
pub(crate) fn as_json(graph: &Graph) -> Json {
    let nodes = graph.nodes.iter().map(|node| {
        let rows = node.rows.iter().map(|row| json!({ "text": row.text, "to": row.to }));
        json!({
            "kind": node.kind.name(),
            "can_force": node.kind == Kind::Thunk,
            "text": node.text,
            "rows": rows.collect::<Vec<_>>(),
        })
    });
    json!({ "kind": "graph", "title": graph.title, "is_cut": graph.is_cut, "nodes": nodes.collect::<Vec<_>>() })
}
