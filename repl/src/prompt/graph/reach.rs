//! The graph of what can be reached from a value. Nothing is forced.

use nivis::heap::{Attrs, Closure, List, Partial, ScratchVec, Thunk, ThunkKind, ThunkState, Unpacked};
use nivis::print::{self, Options, code_text, thunk_text};
use nivis::value::attrs::by_name;
use nivis::{Eval, Value};

/// Most nodes that are drawn.
const MOST_NODES: usize = 40;
/// Most attributes, elements or captured values shown of one node.
const MOST_ROWS: usize = 10;
/// Characters in a line of a picture.
const MOST_CHARS: usize = 32;

/// A picture to be drawn.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    /// The expression.
    pub(crate) title: String,
    /// The first is the value of the expression.
    pub(crate) nodes: Vec<Node>,
    /// True if there is more than is drawn.
    pub(crate) is_cut: bool,
}

/// The kind of a node, and whether it has its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A thunk that nothing has needed.
    Thunk,
    /// A thunk that has its value.
    Done,
    /// A thunk that ended in an error.
    Failed,
    /// A set.
    Set,
    /// A list.
    List,
    /// A function.
    Function,
    /// Any other value.
    Value,
}

impl Kind {
    /// The name in the picture.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Thunk => "thunk",
            Self::Done => "evaluated thunk",
            Self::Failed => "failed thunk",
            Self::Set => "set",
            Self::List => "list",
            Self::Function => "function",
            Self::Value => "value",
        }
    }
}

/// A thunk or value.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// The text of a thunk's work or of a value.
    pub(crate) text: String,
    /// The parts.
    pub(crate) rows: Vec<Row>,
}

/// An attribute, an element, or something that a function or thunk uses.
#[derive(Debug)]
pub(crate) struct Row {
    /// Its name, and its value if that is small.
    pub(crate) text: String,
    /// The node of its value.
    pub(crate) to: Option<usize>,
}

/// The graph of what can be reached from a slot.
pub(crate) fn reach<'h>(cx: &Eval<'h>, title: &str, slot: Value<'h>) -> Graph {
    walk(cx, title, slot).0
}

/// The same, with the thunk or value of each node.
pub(crate) fn walk<'h>(cx: &Eval<'h>, title: &str, slot: Value<'h>) -> (Graph, ScratchVec<'h, Value<'h>>) {
    let title = cut(title, 80);
    let mut walk = Walk { cx, keys: cx.scope().gather([]), is_cut: false };
    if walk.number(slot).is_none() {
        let node = Node { kind: Kind::Value, text: scalar(cx, slot), rows: Vec::new() };
        return (Graph { title, nodes: vec![node], is_cut: false }, walk.keys);
    }
    let mut nodes = Vec::new();
    while let Some(slot) = walk.keys.get(nodes.len()).copied() {
        let node = walk.node(slot);
        nodes.push(node);
    }
    (Graph { title, nodes, is_cut: walk.is_cut }, walk.keys)
}

struct Walk<'a, 'h> {
    cx: &'a Eval<'h>,
    /// The identities of the nodes, in the order of their numbers. There are few.
    keys: ScratchVec<'h, Value<'h>>,
    is_cut: bool,
}

impl<'h> Walk<'_, 'h> {
    /// The number of the node for a slot. `None` for small values, which are shown in place, and beyond the limit.
    fn number(&mut self, slot: Value<'h>) -> Option<usize> {
        let key = identity(slot);
        if is_small(key) {
            return None;
        }
        if let Some(number) = self.keys.iter().position(|known| *known == key) {
            return Some(number);
        }
        let number = self.keys.len();
        if number == MOST_NODES {
            self.is_cut = true;
            return None;
        }
        self.keys.push(key);
        Some(number)
    }

    fn row(&mut self, name: &str, slot: Value<'h>) -> Row {
        let to = self.number(slot);
        let key = identity(slot);
        let value = match to {
            Some(_) => String::new(),
            None if is_small(key) => scalar(self.cx, key),
            None => "…".to_owned(),
        };
        let joint = if value.is_empty() || name.is_empty() { "" } else { " = " };
        Row { text: cut(&format!("{name}{joint}{value}"), MOST_CHARS), to }
    }

    fn node(&mut self, key: Value<'h>) -> Node {
        match key.unpack() {
            Unpacked::Thunk(thunk) => self.thunk(thunk),
            Unpacked::Attrs(set) => self.set(set),
            Unpacked::List(list) => self.list(list),
            Unpacked::Closure(closure) => self.closure(closure),
            Unpacked::Partial(partial) => self.partial(partial),
            _ => Node { kind: Kind::Value, text: scalar(self.cx, key), rows: Vec::new() },
        }
    }

    fn thunk(&mut self, thunk: Thunk<'h>) -> Node {
        let text = cut(&thunk_text(self.cx, thunk, None), MOST_CHARS);
        match thunk.state() {
            ThunkState::Done(value) => {
                let row = Row { text: cut(&format!("⇒ {}", scalar(self.cx, value)), MOST_CHARS), to: None };
                Node { kind: Kind::Done, text, rows: vec![row] }
            }
            ThunkState::Failed(_) => Node { kind: Kind::Failed, text, rows: Vec::new() },
            ThunkState::Suspended | ThunkState::Running => {
                let rows = match thunk.kind() {
                    ThunkKind::Code(_) => {
                        let captures = (0..thunk.captures()).map(|index| thunk.capture(index));
                        self.used(&self.cx.scope().gather(captures))
                    }
                    ThunkKind::Apply | ThunkKind::Member(_) | ThunkKind::Over => self.used_by_call(thunk),
                };
                Node { kind: Kind::Thunk, text, rows }
            }
        }
    }

    /// The values that a call needs besides its text, which has the small ones.
    fn used_by_call(&mut self, thunk: Thunk<'h>) -> Vec<Row> {
        let call = self.cx.delayed_call_of(thunk, thunk.capture(0));
        let all = std::iter::once(call.function).chain(call.arguments.iter().copied());
        let mut rows = self.used(&self.cx.scope().gather(all));
        rows.retain(|row| row.to.is_some());
        rows
    }

    /// The values that a thunk or function needs besides its text. Small ones are rows; large ones have nodes.
    fn used(&mut self, captures: &[Value<'h>]) -> Vec<Row> {
        let mut rows: Vec<Row> = captures.iter().take(MOST_ROWS).map(|capture| self.row("uses", *capture)).collect();
        self.more(&mut rows, captures.len());
        rows
    }

    fn more(&mut self, rows: &mut Vec<Row>, len: usize) {
        if len > MOST_ROWS {
            self.is_cut = true;
            rows.push(Row { text: format!("… {} more", len - MOST_ROWS), to: None });
        }
    }

    fn set(&mut self, set: Attrs<'h>) -> Node {
        let members = by_name(self.cx.scope(), set);
        let mut rows = Vec::new();
        for (name, slot, _) in members.iter().take(MOST_ROWS) {
            let name = String::from_utf8_lossy(self.cx.symbol_text(*name)).into_owned();
            rows.push(self.row(&name, *slot));
        }
        self.more(&mut rows, members.len());
        Node { kind: Kind::Set, text: String::new(), rows }
    }

    fn list(&mut self, list: List<'h>) -> Node {
        let elements = list.iter().take(MOST_ROWS).enumerate();
        let mut rows: Vec<Row> = elements.map(|(index, slot)| self.row(&index.to_string(), slot)).collect();
        self.more(&mut rows, list.len());
        Node { kind: Kind::List, text: String::new(), rows }
    }

    fn closure(&mut self, closure: Closure<'h>) -> Node {
        let captures = self.cx.scope().gather((0..closure.captures()).map(|index| closure.capture(index)));
        let text = cut(&code_text(self.cx, closure.code()), MOST_CHARS);
        Node { kind: Kind::Function, text, rows: self.used(&captures) }
    }

    fn partial(&mut self, partial: Partial<'h>) -> Node {
        let mut rows = vec![self.row("function", partial.function())];
        let given = self.cx.scope().gather((0..partial.len()).map(|index| partial.argument(index)));
        rows.extend(given.iter().map(|argument| self.row("given", *argument)));
        Node { kind: Kind::Function, text: "waits for more arguments".to_owned(), rows }
    }
}

/// The identity of a node. A thunk whose value is a set, list or function is that value; one with a smaller value stays
/// a thunk, to show that there was one, and who shares it.
fn identity(slot: Value<'_>) -> Value<'_> {
    let value = slot.as_thunk().and_then(Thunk::value);
    let has_parts = |value: &Value<'_>| {
        matches!(
            value.unpack(),
            Unpacked::Attrs(_) | Unpacked::List(_) | Unpacked::Closure(_) | Unpacked::Partial(_) | Unpacked::Builtin(_)
        )
    };
    value.filter(has_parts).unwrap_or(slot)
}

/// True for small values, which are shown in place.
fn is_small(value: Value<'_>) -> bool {
    match value.unpack() {
        Unpacked::Attrs(set) => set.is_empty(),
        Unpacked::List(list) => list.is_empty(),
        Unpacked::Closure(closure) => closure.captures() == 0,
        Unpacked::Thunk(_) | Unpacked::Partial(_) => false,
        _ => true,
    }
}

/// The text of a value without its parts.
fn scalar<'h>(cx: &Eval<'h>, value: Value<'h>) -> String {
    match value.unpack() {
        Unpacked::Closure(closure) => code_text(cx, closure.code()),
        Unpacked::Builtin(id) => cx.builtin(id).name.to_owned(),
        _ => {
            let options = Options { max_depth: 0, max_string_length: 24, ..Options::default() };
            print::unforced(cx, value, &options)
        }
    }
}

fn cut(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}
