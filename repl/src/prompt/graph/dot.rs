//! A graph in the language of Graphviz: `dot -Tpng FILE.dot` draws it.

use super::reach::{Graph, Kind};
use std::fmt::Write as _;

/// The text of a graph.
pub(crate) fn dot(graph: &Graph) -> String {
    let mut out =
        format!("digraph {} {{\n  rankdir=LR;\n  node [shape=record, fontname=monospace];\n", quoted(&graph.title));
    for (index, node) in graph.nodes.iter().enumerate() {
        let mut fields = vec![node.kind.name().to_owned()];
        if !node.text.is_empty() {
            fields.push(escaped(&node.text));
        }
        fields.extend(node.rows.iter().enumerate().map(|(row, it)| format!("<{row}> {}", escaped(&it.text))));
        let style = if node.kind == Kind::Thunk { ", style=dashed" } else { "" };
        let _ = writeln!(out, "  n{index} [label=\"{}\"{style}];", fields.join("|"));
        let edges = node.rows.iter().enumerate().filter_map(|(row, it)| Some((row, it.to?)));
        for (row, to) in edges {
            let _ = writeln!(out, "  n{index}:{row} -> n{to};");
        }
    }
    out.push_str("}\n");
    out
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A text in a field of a record.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        if "\\\"{}|<> ".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}
