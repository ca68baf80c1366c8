//! A graph as a picture.

use super::layout::{Box, Edge, LINE, Layout, PADDING, arrival, layout, row_middle};
use super::reach::{Graph, Kind, Node};
use crate::output::svg::{Picture, escaped};
use std::fmt::Write as _;

const MARGIN: f64 = 20.0;
/// The top of the nodes, below the title.
const TOP: f64 = 52.0;
/// Space below the nodes, for what the colours mean.
const BOTTOM: f64 = 40.0;

/// The picture.
pub(crate) fn svg(graph: &Graph) -> Picture {
    let layout = layout(graph);
    let width = (layout.width + 2.0 * MARGIN + back_room(&layout)).max(460.0);
    let height = layout.height + TOP + BOTTOM;
    let mut out = sheet(width, height, &graph.title);
    let _ = writeln!(out, "<g transform=\"translate({MARGIN} {TOP})\">");
    for edge in &layout.edges {
        out.push_str(&edge_path(graph, &layout, edge));
    }
    for (node, place) in graph.nodes.iter().zip(&layout.boxes) {
        draw(&mut out, node, *place);
    }
    out.push_str("</g>\n");
    legend(&mut out, graph, height - 14.0);
    out.push_str("</svg>\n");
    Picture { width, height, text: out }
}

/// The start of the picture: a white sheet with a title.
fn sheet(width: f64, height: f64, title: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"monospace\" font-size=\"13\">\n\
         <rect width=\"{width:.0}\" height=\"{height:.0}\" rx=\"8\" fill=\"#ffffff\"/>\n\
         <text x=\"{MARGIN}\" y=\"28\" font-size=\"14\" font-weight=\"bold\" fill=\"#24292f\">{}</text>\n",
        escaped(title)
    )
}

/// The colours of a kind: border, header, and the rows below.
fn colours(kind: Kind) -> (&'static str, &'static str, &'static str) {
    match kind {
        Kind::Thunk => ("#bf8700", "#fff1c2", "#fffbec"),
        Kind::Done => ("#1a7f37", "#cdeed3", "#f1fbf3"),
        Kind::Failed => ("#cf222e", "#ffd6d4", "#fff3f2"),
        Kind::Set | Kind::List => ("#0969da", "#d3e8ff", "#f4f9ff"),
        Kind::Function => ("#8250df", "#e9dcff", "#f9f5ff"),
        Kind::Value => ("#1a7f37", "#cdeed3", "#f1fbf3"),
    }
}

fn draw(out: &mut String, node: &Node, place: Box) {
    draw_frame(out, node.kind, place);
    let (border, ..) = colours(node.kind);
    let row_colour = if node.kind == Kind::Done { border } else { "#57606a" };
    let heading = (node.kind.name(), border, 11);
    let text = (!node.text.is_empty()).then_some((node.text.as_str(), "#24292f", 13));
    let rows = node.rows.iter().map(|row| (row.text.as_str(), row_colour, 13));
    for (line, (text, fill, size)) in [heading].into_iter().chain(text).chain(rows).enumerate() {
        let (x, y) = (place.x + 10.0, place.y + PADDING + LINE * (line as f64 + 0.72));
        let _ = writeln!(
            out,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" fill=\"{fill}\" xml:space=\"preserve\">{}</text>",
            escaped(text)
        );
    }
    draw_starts(out, node, place);
}

/// The box of a node, with a coloured header.
fn draw_frame(out: &mut String, kind: Kind, Box { x, y, width, height }: Box) {
    let (border, header, body) = colours(kind);
    let dashes = if kind == Kind::Thunk { " stroke-dasharray=\"5 3\"" } else { "" };
    let header_height = LINE + PADDING;
    let _ = writeln!(
        out,
        "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"6\" fill=\"{body}\"/>\n\
         <path d=\"M {x:.1} {:.1} v -{:.1} a 6 6 0 0 1 6 -6 h {:.1} a 6 6 0 0 1 6 6 v {:.1} z\" fill=\"{header}\"/>\n\
         <rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"6\" fill=\"none\" \
         stroke=\"{border}\" stroke-width=\"1.4\"{dashes}/>",
        y + header_height,
        header_height - 6.0,
        width - 12.0,
        header_height - 6.0,
    );
}

/// A dot where each edge leaves its row.
fn draw_starts(out: &mut String, node: &Node, place: Box) {
    let (border, ..) = colours(node.kind);
    let rows = node.rows.iter().enumerate().filter(|(_, row)| row.to.is_some());
    for (index, _) in rows {
        let above = 1 + usize::from(!node.text.is_empty()) + index;
        let (x, y) = (place.x + place.width, place.y + PADDING + LINE * (above as f64 + 0.5));
        let _ = writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"{border}\"/>");
    }
}

fn edge_path(graph: &Graph, layout: &Layout, edge: &Edge) -> String {
    let (from, to) = (layout.boxes[edge.from], layout.boxes[edge.to]);
    let start = (from.x + from.width, from.y + row_middle(graph, edge.from, edge.row));
    if edge.is_back {
        return back_path(start, to);
    }
    // Straight to the end of the column first, so that it crosses no wider box.
    let mut here = (layout.ends[edge.from], start.1);
    let mut path = format!("M {:.1} {:.1} H {:.1}", start.0, start.1, here.0);
    for place in edge.through.iter().map(|&index| layout.boxes[index]) {
        let next = (place.x, place.y + place.height / 2.0);
        path.push_str(&curve(here, next));
        here = (next.0 + place.width, next.1);
        if place.width > 0.0 {
            let _ = write!(path, " H {:.1}", here.0);
        }
    }
    let end = (to.x - 7.0, to.y + arrival());
    path.push_str(&curve(here, end));
    shaft_and_head(&path, end, 1.0, "#6e7781")
}

/// A curve from a point to another that is level at both.
fn curve(from: (f64, f64), to: (f64, f64)) -> String {
    let bend = ((to.0 - from.0) / 2.0).max(20.0);
    format!(" C {:.1} {:.1} {:.1} {:.1} {:.1} {:.1}", from.0 + bend, from.1, to.0 - bend, to.1, to.0, to.1)
}

/// An edge that leads back: around the right sides of both boxes.
fn back_path(start: (f64, f64), to: Box) -> String {
    let end = (to.x + to.width + 7.0, to.y + arrival());
    let out = start.0.max(end.0) + 26.0;
    let path = format!(
        "M {:.1} {:.1} C {out:.1} {:.1} {out:.1} {:.1} {:.1} {:.1}",
        start.0, start.1, start.1, end.1, end.0, end.1
    );
    shaft_and_head(&path, end, -1.0, "#d1477a")
}

fn shaft_and_head(path: &str, end: (f64, f64), way: f64, colour: &str) -> String {
    let head = arrow(end, way, colour);
    format!("<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.3\"/>\n{head}")
}

/// The head of an arrow whose shaft ends here; it points right if `way` is 1, left if -1.
fn arrow((x, y): (f64, f64), way: f64, fill: &str) -> String {
    let (tip, back) = (x + 7.0 * way, x - 1.0 * way);
    format!("<path d=\"M {tip:.1} {y:.1} L {back:.1} {:.1} L {back:.1} {:.1} z\" fill=\"{fill}\"/>\n", y - 4.0, y + 4.0)
}

fn back_room(layout: &Layout) -> f64 {
    if layout.edges.iter().any(|edge| edge.is_back) { 30.0 } else { 0.0 }
}

/// Says what dashes and colours mean, of those that occur.
fn legend(out: &mut String, graph: &Graph, y: f64) {
    let kinds = [(Kind::Thunk, "not evaluated"), (Kind::Done, "evaluated"), (Kind::Failed, "failed")];
    let mut x = MARGIN;
    for (kind, meaning) in kinds {
        if graph.nodes.iter().any(|node| node.kind == kind) {
            out.push_str(&legend_entry(kind, meaning, x, y));
            x += 34.0 + 6.7 * meaning.len() as f64;
        }
    }
    if graph.is_cut {
        let _ = writeln!(
            out,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"11\" fill=\"#57606a\">this is not all of it</text>"
        );
    }
}

fn legend_entry(kind: Kind, meaning: &str, x: f64, y: f64) -> String {
    let (border, header, _) = colours(kind);
    let dashes = if kind == Kind::Thunk { " stroke-dasharray=\"3 2\"" } else { "" };
    format!(
        "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"14\" height=\"10\" rx=\"2\" fill=\"{header}\" stroke=\"{border}\"{dashes}/>\n\
         <text x=\"{:.1}\" y=\"{y:.1}\" font-size=\"11\" fill=\"#57606a\">{meaning}</text>\n",
        y - 9.0,
        x + 20.0
    )
}
