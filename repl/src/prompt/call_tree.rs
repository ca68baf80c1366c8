//! Recorded calls as a tree: in each line a call with its arguments, and what became of it.

use crate::output::wrap::cut;
use crate::prompt::highlight::highlighted;
use crate::prompt::thunks::glimpse;
use nivis::codec::palette::Look;
use nivis::codec::terminal::visible;
use nivis::eval::{Calls, RecordedCall};
use nivis::heap::{Partial, Unpacked};
use nivis::print::{Options, code_text};
use nivis::{Eval, Value};

/// Lines of a tree.
const MOST_LINES: usize = 60;
/// Calls shown that are made directly by the same call.
const MOST_SIBLINGS: usize = 12;
/// The width where there is no terminal.
const USUAL: usize = 100;
/// The least room for a call.
const LEAST: usize = 16;

/// The tree of these calls; after them there were `more`.
pub(crate) fn listed<'h>(cx: &Eval<'h>, calls: &Calls<'h>, more: usize, look: Look) -> String {
    if calls.all().is_empty() {
        return "No function was called.".to_owned();
    }
    let tree = Tree::of(calls.all());
    let mut lines = Vec::new();
    let mut pending: Vec<Item> = Vec::new();
    tree.push_items(None, 0, &mut pending);
    let depth = tree.depth();
    while let Some(item) = pending.pop() {
        let width = look.width.unwrap_or(USUAL);
        let indent = "  ".repeat(item.level.min(width / 8));
        let room = width.saturating_sub(indent.len() + 1).max(LEAST);
        lines.push(match item.what {
            What::Call(index) => {
                let is_last = item.level + 1 >= depth;
                if !is_last {
                    tree.push_items(Some(index), item.level + 1, &mut pending);
                }
                let hidden = if is_last { tree.inside[index] } else { 0 };
                indent + &line(cx, calls, &calls.all()[index], hidden, Look { width: Some(room), ..look })
            }
            What::More(count) => indent + &look.styled(|palette| palette.faint, &format!("… {}", counted(count))),
        });
    }
    if more > 0 {
        lines.push(format!("… {} later", counted(more)));
    }
    lines.join("\n")
}

fn counted(count: usize) -> String {
    if count == 1 { "1 more call".to_owned() } else { format!("{count} more calls") }
}

/// A line to be shown.
struct Item {
    level: usize,
    what: What,
}

enum What {
    Call(usize),
    /// So many calls are left out.
    More(usize),
}

/// The calls by the call around them.
struct Tree {
    outermost: Vec<usize>,
    children: Vec<Vec<usize>>,
    /// The number of calls inside each.
    inside: Vec<usize>,
}

impl Tree {
    fn of(calls: &[RecordedCall<'_>]) -> Self {
        let mut tree =
            Self { outermost: Vec::new(), children: vec![Vec::new(); calls.len()], inside: vec![0; calls.len()] };
        for (index, call) in calls.iter().enumerate() {
            call.by.map_or(&mut tree.outermost, |by| &mut tree.children[by]).push(index);
        }
        // The calls inside a call come after it.
        for (index, call) in calls.iter().enumerate().rev() {
            if let Some(by) = call.by {
                tree.inside[by] += tree.inside[index] + 1;
            }
        }
        tree
    }

    fn inside(&self, call: Option<usize>) -> &[usize] {
        call.map_or(&self.outermost, |call| &self.children[call])
    }

    /// The number of levels that have room.
    fn depth(&self) -> usize {
        let mut level: Vec<usize> = self.outermost.iter().copied().take(MOST_SIBLINGS).collect();
        let (mut depth, mut lines) = (1, level.len());
        loop {
            let next = |call: &usize| self.children[*call].iter().copied().take(MOST_SIBLINGS);
            level = level.iter().flat_map(next).collect();
            lines += level.len();
            if level.is_empty() || lines > MOST_LINES {
                return depth;
            }
            depth += 1;
        }
    }

    /// Pushes the lines for the calls inside a call, the first one last.
    fn push_items(&self, call: Option<usize>, level: usize, pending: &mut Vec<Item>) {
        let inside = self.inside(call);
        let more = inside.len().saturating_sub(MOST_SIBLINGS);
        pending.extend((more > 0).then_some(Item { level, what: What::More(more) }));
        let shown = inside.iter().take(MOST_SIBLINGS).rev();
        pending.extend(shown.map(|call| Item { level, what: What::Call(*call) }));
    }
}

/// A call and what became of it, with the number of calls inside that are not shown.
fn line<'h>(cx: &Eval<'h>, calls: &Calls<'h>, call: &RecordedCall<'h>, hidden: usize, look: Look) -> String {
    let note = if hidden > 0 { format!("   ({hidden} inside)") } else { String::new() };
    let room = look.width.unwrap_or(USUAL).saturating_sub(note.len() + 4).max(LEAST);
    let result = match call.result {
        Some(value) => cut(&visible(&text(cx, value), false), (room / 2).max(room.saturating_sub(LEAST * 2))),
        None if call.has_failed => "error".to_owned(),
        None => "not finished".to_owned(),
    };
    let called =
        cut(&visible(&called(cx, calls, call), false), room.saturating_sub(result.chars().count()).max(LEAST / 2));
    let coloured = |text: &str| match look.palette {
        Some(palette) => highlighted(text, None, false, palette),
        None => text.to_owned(),
    };
    let result = match call.has_failed {
        true => look.styled(|palette| palette.failed, &result),
        false => coloured(&result),
    };
    format!("{}  ⇒ {result}{}", coloured(&called), look.styled(|palette| palette.faint, &note))
}

/// The call as an expression.
fn called<'h>(cx: &Eval<'h>, calls: &Calls<'h>, call: &RecordedCall<'h>) -> String {
    let mut words = vec![function(cx, call.function)];
    words.extend(calls.arguments(call).iter().map(|argument| atom(text(cx, *argument))));
    words.join(" ")
}

fn function<'h>(cx: &Eval<'h>, function: Value<'h>) -> String {
    match function.unpack() {
        Unpacked::Closure(closure) => match cx.closure_info(closure).name {
            Some(name) => String::from_utf8_lossy(cx.symbol_text(name)).into_owned(),
            None => format!("({})", code_text(cx, closure.code())),
        },
        Unpacked::Builtin(id) => {
            let builtin = cx.builtin(id);
            if builtin.is_global { builtin.name.to_owned() } else { format!("builtins.{}", builtin.name) }
        }
        Unpacked::Partial(partial) => partly_called(cx, partial),
        _ => atom(text(cx, function)),
    }
}

fn partly_called<'h>(cx: &Eval<'h>, partial: Partial<'h>) -> String {
    let mut words = vec![function(cx, partial.function())];
    words.extend((0..partial.len()).map(|index| atom(text(cx, partial.argument(index)))));
    words.join(" ")
}

/// A value as far as it is evaluated, in one line.
fn text<'h>(cx: &Eval<'h>, value: Value<'h>) -> String {
    if matches!(value.unpack(), Unpacked::Closure(_) | Unpacked::Builtin(_) | Unpacked::Partial(_)) {
        return function(cx, value);
    }
    glimpse(
        cx,
        value,
        Options { max_depth: 2, max_attributes: 6, max_items: 6, max_string_length: 40, ..Options::default() },
    )
}

/// The text as an argument.
fn atom(text: String) -> String {
    let is_whole = text.starts_with(['[', '{', '"', '«', '(']) || !text.contains(char::is_whitespace);
    if is_whole && !text.starts_with('-') { text } else { format!("({text})") }
}
