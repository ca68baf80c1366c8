//! The places of a graph's nodes: in columns, from left to right, so that most edges go to the right and few cross.
//!
//! An edge over several columns goes through a narrow place in each between, which takes part in everything that nodes do.

mod order;

use super::reach::{Graph, Node};
use order::{Link, SWEEPS, average, untangle};

/// Height of a line of text.
pub(super) const LINE: f64 = 18.0;
/// Space above and below the lines of a node.
pub(super) const PADDING: f64 = 6.0;
/// Width of a character.
pub(super) const CHARACTER: f64 = 7.83;

/// The space between columns, besides that for the edges there.
const COLUMN_GAP: f64 = 48.0;
const ROW_GAP: f64 = 16.0;

/// A rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Box {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// An edge: from a row of a node, through places between, to a node. One that leads back has no places between.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) from: usize,
    pub(super) row: usize,
    pub(super) to: usize,
    pub(super) through: Vec<usize>,
    pub(super) is_back: bool,
}

/// Everything in its place. Boxes beyond those of the nodes are places that edges go through.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) boxes: Vec<Box>,
    /// The right end of each box's column.
    pub(super) ends: Vec<f64>,
    pub(super) edges: Vec<Edge>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The distance from the top of a node to the middle of a row.
pub(super) fn row_middle(graph: &Graph, node: usize, row: usize) -> f64 {
    let above = 1 + usize::from(!graph.nodes[node].text.is_empty()) + row;
    PADDING + LINE * (above as f64 + 0.5)
}

/// Finds places.
pub(super) fn layout(graph: &Graph) -> Layout {
    let mut edges = edges(graph);
    mark_back_edges(graph.nodes.len(), &mut edges);
    let mut columns = columns(graph.nodes.len(), &edges);
    let mut boxes: Vec<Box> = graph.nodes.iter().map(size).collect();
    for edge in edges.iter_mut().filter(|edge| !edge.is_back) {
        for column in columns[edge.from] + 1..columns[edge.to] {
            edge.through.push(boxes.len());
            boxes.push(Box { height: 6.0, ..Box::default() });
            columns.push(column);
        }
    }
    let links = links(graph, &edges, &boxes);
    let mut order = in_columns(&columns);
    untangle(&mut order, &links, boxes.len());
    let ends = place(&order, &links, &mut boxes);
    let (mut width, mut height) = (0.0_f64, 0.0_f64);
    for place in &boxes {
        (width, height) = (width.max(place.x + place.width), height.max(place.y + place.height));
    }
    Layout { boxes, ends, edges, width, height }
}

fn edges(graph: &Graph) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (from, node) in graph.nodes.iter().enumerate() {
        for (row, to) in node.rows.iter().enumerate().filter_map(|(row, it)| Some((row, it.to?))) {
            edges.push(Edge { from, row, to, through: Vec::new(), is_back: false });
        }
    }
    edges
}

fn size(node: &Node) -> Box {
    let texts = node.rows.iter().map(|row| &row.text).chain([&node.text]);
    let chars = texts.map(|text| text.chars().count()).max().unwrap_or(0).max(node.kind.name().len());
    let lines = 1 + usize::from(!node.text.is_empty()) + node.rows.len();
    let width = chars as f64 * CHARACTER + 24.0;
    Box { x: 0.0, y: 0.0, width, height: lines as f64 * LINE + 2.0 * PADDING }
}

/// Marks the edges that close a circle, as a walk from the first node meets them.
fn mark_back_edges(count: usize, edges: &mut [Edge]) {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Closed,
    }
    let mut of_node: Vec<Vec<usize>> = vec![Vec::new(); count];
    edges.iter().enumerate().for_each(|(index, edge)| of_node[edge.from].push(index));
    let mut states = vec![State::New; count];
    for start in 0..count {
        let mut path = if states[start] == State::New { vec![(start, 0)] } else { Vec::new() };
        while let Some((node, next)) = path.pop() {
            states[node] = State::Open;
            let Some(&edge) = of_node[node].get(next) else {
                states[node] = State::Closed;
                continue;
            };
            path.push((node, next + 1));
            let to = edges[edge].to;
            match states[to] {
                State::Open => edges[edge].is_back = true,
                State::New => path.push((to, 0)),
                State::Closed => {}
            }
        }
    }
}

/// The column of each node: after those of all nodes that lead to it.
fn columns(count: usize, edges: &[Edge]) -> Vec<usize> {
    let mut columns = vec![0; count];
    for _ in 0..count {
        let before = columns.clone();
        for edge in edges.iter().filter(|edge| !edge.is_back) {
            columns[edge.to] = columns[edge.to].max(columns[edge.from] + 1);
        }
        if columns == before {
            break;
        }
    }
    columns
}

fn links(graph: &Graph, edges: &[Edge], boxes: &[Box]) -> Vec<Link> {
    let mut links = Vec::new();
    for edge in edges.iter().filter(|edge| !edge.is_back) {
        let mut from = (edge.from, row_middle(graph, edge.from, edge.row));
        for &to in &edge.through {
            let to = (to, boxes[to].height / 2.0);
            links.push(Link { from: from.0, from_height: from.1, to: to.0, to_height: to.1 });
            from = to;
        }
        links.push(Link { from: from.0, from_height: from.1, to: edge.to, to_height: arrival() });
    }
    links
}

/// The distance from the top of a node to the end of an edge.
pub(super) fn arrival() -> f64 {
    PADDING + LINE / 2.0
}

fn in_columns(columns: &[usize]) -> Vec<Vec<usize>> {
    let mut order = vec![Vec::new(); columns.iter().max().map_or(0, |last| last + 1)];
    columns.iter().enumerate().for_each(|(index, &column)| order[column].push(index));
    order
}

/// Gives every box its place: columns side by side, and in each the boxes as near to their neighbours' heights as their order
/// lets them. Gives where the column of each ends.
fn place(order: &[Vec<usize>], links: &[Link], boxes: &mut [Box]) -> Vec<f64> {
    let mut x = 0.0;
    let mut ends = vec![0.0; boxes.len()];
    for column in order {
        let width = stack(column, x, boxes);
        column.iter().for_each(|&index| ends[index] = x + width);
        let leaving = links.iter().filter(|link| column.contains(&link.from)).count();
        x += width + COLUMN_GAP + 2.0 * leaving.min(24) as f64;
    }
    for sweep in 0..SWEEPS {
        let to_the_right = sweep % 2 == 0;
        let last = order.len().saturating_sub(1);
        for step in 0..order.len() {
            settle(&order[if to_the_right { step } else { last - step }], links, boxes, to_the_right);
        }
    }
    let top = boxes.iter().map(|place| place.y).fold(f64::INFINITY, f64::min);
    boxes.iter_mut().for_each(|place| place.y -= top);
    ends
}

/// Stacks the boxes of a column that begins at `x`, and gives its width.
fn stack(column: &[usize], x: f64, boxes: &mut [Box]) -> f64 {
    let width = column.iter().map(|&index| boxes[index].width).fold(0.0, f64::max);
    let mut y = 0.0;
    for &index in column {
        (boxes[index].x, boxes[index].y) = (x, y);
        // An edge goes straight through a column, so that it crosses nothing there.
        boxes[index].width = if boxes[index].width == 0.0 { width } else { boxes[index].width };
        y += boxes[index].height + ROW_GAP;
    }
    width
}

/// Moves the boxes of a column to the heights of their neighbours on one side, as far as their order lets them.
fn settle(column: &[usize], links: &[Link], boxes: &mut [Box], by_left: bool) {
    let mut groups: Vec<Group> = Vec::new();
    for &index in column {
        let start = wish(index, links, boxes, by_left);
        let mut group = Group { start, height: boxes[index].height + ROW_GAP, count: 1 };
        while let Some(above) = groups.pop_if(|above| above.start + above.height > group.start) {
            group = above.joined(group);
        }
        groups.push(group);
    }
    let mut rest = column.iter();
    for group in groups {
        let mut y = group.start;
        for &index in rest.by_ref().take(group.count) {
            boxes[index].y = y;
            y += boxes[index].height + ROW_GAP;
        }
    }
}

/// The height that a box would have if it were alone: that of its neighbours on one side.
fn wish(index: usize, links: &[Link], boxes: &[Box], by_left: bool) -> f64 {
    let near = links.iter().filter_map(|link| match by_left {
        true if link.to == index => Some(boxes[link.from].y + link.from_height - link.to_height),
        false if link.from == index => Some(boxes[link.to].y + link.to_height - link.from_height),
        _ => None,
    });
    average(near).unwrap_or(boxes[index].y)
}

/// Boxes that touch: they move together, to the middle of what they wish.
struct Group {
    start: f64,
    height: f64,
    count: usize,
}

impl Group {
    /// This group and one that touches it from below.
    fn joined(self, below: Self) -> Self {
        let (weight, more) = (self.count as f64, below.count as f64);
        let start = (self.start * weight + (below.start - self.height) * more) / (weight + more);
        Self { start, height: self.height + below.height, count: self.count + below.count }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::graph::reach::{Kind, Row};

    fn graph(edges: &[&[usize]]) -> Graph {
        let node = |to: &&[usize]| Node {
            kind: Kind::Set,
            text: String::new(),
            rows: to.iter().map(|&to| Row { text: "a".to_owned(), to: Some(to) }).collect(),
        };
        Graph { title: String::new(), nodes: edges.iter().map(node).collect(), is_cut: false }
    }

    #[test]
    fn nothing_overlaps() {
        let layout = layout(&graph(&[&[1, 2, 3, 4], &[5, 2], &[5], &[6, 1], &[0, 4], &[], &[5, 3]]));
        let boxes = &layout.boxes;
        for (index, one) in boxes.iter().enumerate() {
            for other in &boxes[index + 1..] {
                let beside = one.x + one.width <= other.x || other.x + other.width <= one.x;
                let above = one.y + one.height <= other.y + 0.01 || other.y + other.height <= one.y + 0.01;
                assert!(beside || above, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn circles_are_cut() {
        let layout = layout(&graph(&[&[1], &[0, 1]]));
        let back: Vec<_> = layout.edges.iter().map(|edge| edge.is_back).collect();
        assert_eq!(back, [false, true, true]);
        assert!(layout.boxes[1].x > layout.boxes[0].x);
    }

    #[test]
    fn long_edges_go_between() {
        let layout = layout(&graph(&[&[1, 2], &[2], &[]]));
        assert_eq!(layout.edges[1].through.len(), 1);
        assert_eq!(layout.boxes.len(), 4);
    }
}
