//! The printer of values as Nix text.
//!
//! It loops over a vector of open sets and lists and does not recurse. It keeps C++ Nix's quirks that programs can
//! see: limits count over the whole print; a set is `«repeated»` wherever it was met before, not only inside itself;
//! a list only if it comes from the same place. One quirk is not kept: if the only member of a nested set fails while
//! the printer decides whether to use several lines, C++ Nix loses the member's name and the closing bracket.

use super::functions;
use super::look::{Derivation, Look};
use super::options::{ErrorDisplay, Options};
use super::thunks::thunk_text;
use crate::codec::nix_string::{write_attribute_name, write_escaped};
use crate::codec::number::float_to_stream_text;
use crate::codec::palette::{NORMAL, Palette};
use crate::codec::terminal::{columns, shown_text};
use crate::error::{Error, ErrorKind, Result};
use crate::heap::{Attrs, List, PosId, Scratch, ScratchSet, ScratchVec, Symbol, Thunk, ThunkState, Unpacked, Value};
use crate::source::shown_path;
use crate::value::attrs;

const REPEATED: &str = "«repeated»";

/// The error for a value with too many levels, at the first attribute of the last.
#[cold]
fn too_deep(slot: Value<'_>) -> Error {
    let first = slot.peeked().as_attrs().and_then(|set| set.iter().next());
    let place = first.map_or(PosId::NONE, |(_, _, position)| position);
    Error::from(ErrorKind::CallDepth).of_deep_value().shown_at(place)
}

/// The look of functions and thunks, and whether an empty set can be repeated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `«thunk»`, `«lambda f @ file:1:2»`
    Plain,
    /// `<CODE>`, `<LAMBDA>`
    Ambiguous,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Set,
    List,
}

/// A member of a set, or an element of a list, which has no name.
type Item<'h> = (Option<Symbol>, Value<'h>);

/// The items that are left of a set or list.
type Rest<'h> = allocator_api2::vec::IntoIter<Item<'h>, Scratch<'h>>;

/// A set or list whose opening bracket is printed.
struct Open<'h> {
    kind: Kind,
    rest: Rest<'h>,
    /// One item per line.
    pretty: bool,
    /// True if an item was begun; it is printed by the next visit.
    in_item: bool,
    /// Elements that are not printed.
    left: usize,
}

/// Shorter lists have one element to a line.
const FEWEST_FILLED: usize = 10;

/// The text of an element, and its columns at a terminal.
type ShortText = (Vec<u8>, usize);
/// Longer elements have lines of their own.
const LONGEST_FILLED: usize = 24;

/// The state of one print.
pub(super) struct Printer<'o, 'h, L> {
    look: L,
    options: &'o Options,
    style: Style,
    out: Vec<u8>,
    open: Vec<Open<'h>>,
    /// The identities of the sets and lists so far.
    met: ScratchSet<'h, Value<'h>>,
    /// True if the whole value is held by a place that something in it may come from.
    held: bool,
    /// Elements of the list that opens next which are not printed.
    left: usize,
    attributes: usize,
    items: usize,
}

impl<'o, 'h, L: Look<'h>> Printer<'o, 'h, L> {
    pub(super) fn new(look: L, options: &'o Options, style: Style) -> Self {
        let met = look.eval().scope().scratch_set();
        Self {
            look,
            options,
            style,
            out: Vec::new(),
            open: Vec::new(),
            met,
            held: false,
            left: 0,
            attributes: 0,
            items: 0,
        }
    }

    /// The text of the value held by a variable, an argument or an element.
    pub(super) fn print_held(mut self, slot: Value<'h>) -> Result<Vec<u8>> {
        self.held = true;
        self.print(slot)
    }

    /// The text of a value.
    pub(super) fn print(mut self, value: Value<'h>) -> Result<Vec<u8>> {
        self.value(value)?;
        while let Some(mut open) = self.open.pop() {
            if std::mem::take(&mut open.in_item) {
                self.end_item(open.kind);
            }
            match self.next_item(&mut open) {
                None => self.close(&open),
                Some(item) => {
                    open.in_item = true;
                    self.open.push(open);
                    self.item(item)?;
                }
            }
        }
        Ok(self.out)
    }

    fn next_item(&mut self, open: &mut Open<'h>) -> Option<Item<'h>> {
        let left = open.rest.len();
        if left == 0 {
            return None;
        }
        self.space(open.pretty, self.open.len() + 1);
        match open.kind {
            Kind::Set if self.attributes >= self.options.max_attributes => self.elided(left, "attribute"),
            Kind::List if self.items >= self.options.max_items => self.elided(left, "item"),
            _ => return open.rest.next(),
        }
        None
    }

    fn item(&mut self, (name, value): Item<'h>) -> Result<()> {
        if let Some(name) = name {
            write_attribute_name(&mut self.out, self.look.eval().symbol_text(name));
            self.out.extend(b" = ");
        }
        self.value(value)
    }

    fn end_item(&mut self, kind: Kind) {
        match kind {
            Kind::Set => {
                self.out.push(b';');
                self.attributes += 1;
            }
            Kind::List => self.items += 1,
        }
    }

    fn close(&mut self, open: &Open<'h>) {
        self.more(open.left, self.open.len() + 1);
        self.space(open.pretty, self.open.len());
        self.out.push(if open.kind == Kind::Set { b'}' } else { b']' });
    }

    fn space(&mut self, pretty: bool, level: usize) {
        if pretty {
            self.out.push(b'\n');
            self.out.extend(std::iter::repeat_n(b' ', level * self.options.indent));
        } else {
            self.out.push(b' ');
        }
    }

    /// Prints a value, or the beginning of a set or list.
    fn value(&mut self, slot: Value<'h>) -> Result<()> {
        let eval = self.look.eval();
        eval.poll()?;
        if self.open.len() > eval.settings().max_call_depth as usize {
            return Err(too_deep(slot));
        }
        match self.begin(slot) {
            Err(error) if self.is_shown(&error) => {
                let words = error.nix_words().map_or_else(|| error.to_string(), str::to_owned);
                let text = format!("«error: {}»", shown_text(&words, false));
                if let Some(errors) = &self.options.shown_errors {
                    errors.borrow_mut().push(error);
                }
                self.coloured(|palette| palette.failed, text);
                Ok(())
            }
            result => result,
        }
    }

    /// At the top an error is thrown, including the error of the only member, which is evaluated before it is
    /// printed.
    fn is_shown(&self, error: &Error) -> bool {
        let shown = match self.options.errors {
            ErrorDisplay::Inline => true,
            ErrorDisplay::Throw => false,
            ErrorDisplay::ThrowAtTop => !self.open.is_empty(),
        };
        shown && !error.kind().is_recoverable()
    }

    fn begin(&mut self, slot: Value<'h>) -> Result<()> {
        let value = self.look.look(slot)?;
        match value.unpack() {
            Unpacked::Null => self.coloured(|palette| palette.number, "null"),
            Unpacked::Bool(truth) => self.coloured(|palette| palette.number, if truth { "true" } else { "false" }),
            Unpacked::Int(int) => self.coloured(|palette| palette.number, int.to_string()),
            Unpacked::Float(float) => self.coloured(|palette| palette.number, float_to_stream_text(float)),
            Unpacked::String(string) => self.string(string.as_bytes()),
            Unpacked::Path(path) => self.coloured(|palette| palette.path, shown_path(path.as_bytes())),
            Unpacked::Attrs(set) => return self.set(set),
            Unpacked::List(list) => return self.list(slot, list),
            Unpacked::Thunk(thunk) => self.thunk(thunk),
            Unpacked::Closure(_) | Unpacked::Builtin(_) | Unpacked::Partial(_) => {
                let text = functions::text(self.look.eval(), value, self.style);
                self.coloured(|palette| palette.function, text);
            }
        }
        Ok(())
    }

    fn coloured(&mut self, colour: fn(Palette) -> &'static str, text: impl AsRef<[u8]>) {
        self.colour(colour);
        self.out.extend(text.as_ref());
        self.colour(|_| NORMAL);
    }

    fn colour(&mut self, colour: fn(Palette) -> &'static str) {
        if let Some(palette) = self.options.palette {
            self.out.extend(colour(palette).as_bytes());
        }
    }

    fn elided(&mut self, count: usize, what: &str) {
        let plural = if count == 1 { "" } else { "s" };
        self.coloured(|palette| palette.faint, format!("«{count} {what}{plural} elided»"));
    }

    fn string(&mut self, text: &[u8]) {
        self.colour(|palette| palette.string);
        self.out.push(b'"');
        let left = write_escaped(&mut self.out, text, self.options.max_string_length);
        self.out.push(b'"');
        if left == 0 {
            self.colour(|_| NORMAL);
        } else {
            self.out.push(b' ');
            self.elided(left, "byte");
        }
    }

    fn set(&mut self, set: Attrs<'h>) -> Result<()> {
        // In C++ Nix nearly all empty sets are the same one.
        let identity = if self.look.eval().is_common_empty(set) { Value::NULL } else { set.into() };
        let exempt = self.style == Style::Ambiguous && set.is_empty();
        if self.options.track_repeated && !exempt && !self.met.insert(identity) {
            self.coloured(|palette| palette.thunk, REPEATED);
            return Ok(());
        }
        if self.options.derivation_paths
            && (self.options.force || !self.open.is_empty())
            && let Some(derivation) = self.look.derivation(set)?
        {
            self.derivation(derivation);
        } else if self.open.len() < self.options.max_depth {
            let items = self.members(set);
            self.open_with(Kind::Set, items)?;
        } else {
            self.out.extend(b"{ ... }");
        }
        Ok(())
    }

    fn derivation(&mut self, derivation: Derivation) {
        let mut text = "«derivation".as_bytes().to_vec();
        if let Some(path) = derivation {
            text.push(b' ');
            text.extend(path);
        }
        text.extend("»".as_bytes());
        self.coloured(|palette| palette.path, text);
    }

    /// The members by name. If a limit applies, those that say what the set is come first.
    fn members(&self, set: Attrs<'h>) -> ScratchVec<'h, Item<'h>> {
        let eval = self.look.eval();
        let mut members = attrs::by_name(eval.scope(), set);
        if self.options.max_attributes != usize::MAX {
            members.sort_by_key(|member| !matches!(eval.symbol_text(member.0), b"type" | b"_type"));
        }
        eval.scope().gather(members.into_iter().map(|(name, value, _)| (Some(name), value)))
    }

    fn list(&mut self, slot: Value<'h>, list: List<'h>) -> Result<()> {
        let held = self.held || !self.open.is_empty();
        let can_repeat = self.options.track_repeated && held && !list.is_empty();
        if can_repeat && !self.met.insert(list_identity(slot, list)) {
            self.coloured(|palette| palette.thunk, REPEATED);
            return Ok(());
        }
        if self.open.len() < self.options.max_depth {
            let most = if list.len() > self.options.longest_list { self.options.longest_list / 2 } else { list.len() };
            let items = self.look.eval().scope().gather(list.iter().take(most).map(|item| (None, item)));
            return self.open_list(items, list.len() - most);
        }
        self.out.extend(b"[ ... ]");
        Ok(())
    }

    fn thunk(&mut self, thunk: Thunk<'h>) {
        if matches!(thunk.state(), ThunkState::Running) {
            self.coloured(|palette| palette.failed, "«potential infinite recursion»");
        } else if self.style == Style::Ambiguous {
            self.out.extend(b"<CODE>");
        } else if self.options.thunk_texts {
            let text = thunk_text(self.look.eval(), thunk, None);
            self.coloured(|palette| palette.thunk, format!("«thunk {text}»"));
        } else {
            self.coloured(|palette| palette.thunk, "«thunk»");
        }
    }

    fn open_with(&mut self, kind: Kind, items: ScratchVec<'h, Item<'h>>) -> Result<()> {
        self.out.push(if kind == Kind::Set { b'{' } else { b'[' });
        let pretty = self.is_pretty(&items)?;
        if items.is_empty() {
            // It contains nothing that can be repeated, elided or fail.
            self.out.extend(if kind == Kind::Set { b" }" } else { b" ]" });
        } else {
            let left = std::mem::take(&mut self.left);
            self.open.push(Open { kind, rest: items.into_iter(), pretty, in_item: false, left });
        }
        Ok(())
    }

    /// Opens a list of which `left` elements are not printed.
    fn open_list(&mut self, items: ScratchVec<'h, Item<'h>>, left: usize) -> Result<()> {
        let fills = self.options.fill > 0 && self.options.indent > 0 && items.len() > FEWEST_FILLED;
        if fills && let Some(texts) = self.short_texts(&items)? {
            self.fill(&texts, left);
            return Ok(());
        }
        self.left = left;
        self.open_with(Kind::List, items)
    }

    /// The texts of a list's elements, if all are short and none is a list or set.
    fn short_texts(&mut self, items: &[Item<'h>]) -> Result<Option<Vec<ShortText>>> {
        let (start, mut texts) = (self.out.len(), Vec::new());
        for (_, slot) in items {
            let is_simple = self.look.look(*slot).is_ok_and(|value| !may_take_several_lines(value));
            if is_simple {
                self.value(*slot)?;
            }
            let text = self.out.split_off(start);
            let columns = columns(&shown_text(&String::from_utf8_lossy(&text), false));
            if !is_simple || columns > LONGEST_FILLED {
                return Ok(None);
            }
            texts.push((text, columns));
        }
        Ok(Some(texts))
    }

    /// Prints elements in lines.
    fn fill(&mut self, texts: &[ShortText], left: usize) {
        self.out.push(b'[');
        let level = self.open.len() + 1;
        let indent = level * self.options.indent;
        let mut taken = usize::MAX;
        for (text, columns) in texts {
            if taken == usize::MAX || taken + 1 + columns > self.options.fill {
                self.space(true, level);
                taken = indent + columns;
            } else {
                self.out.push(b' ');
                taken += 1 + columns;
            }
            self.out.extend(text);
        }
        self.more(left, level);
        self.space(true, level - 1);
        self.out.push(b']');
        self.items += texts.len();
    }

    /// Says how many elements of a list are not printed.
    fn more(&mut self, left: usize, level: usize) {
        if left > 0 {
            self.space(true, level);
            self.coloured(|palette| palette.faint, format!("… {left} more"));
        }
    }

    /// True if a set or list with these items takes several lines: it has several items, or one that may take several
    /// lines.
    fn is_pretty(&mut self, items: &[Item<'h>]) -> Result<bool> {
        match items {
            _ if self.options.indent == 0 => Ok(false),
            [] => Ok(false),
            [(_, item)] => match self.look.look(*item) {
                // An error that is shown, is shown in the place of its value.
                Err(error) if self.is_shown(&error) => Ok(false),
                item => Ok(may_take_several_lines(item?)),
            },
            _ => Ok(true),
        }
    }
}

/// The identity of a list: in C++ Nix it is the place that holds the list. The first holder is identified by the list
/// itself.
fn list_identity<'h>(slot: Value<'h>, list: List<'h>) -> Value<'h> {
    match slot.as_thunk() {
        Some(thunk) if thunk.replacement().is_none() => slot,
        _ => list.into(),
    }
}

fn may_take_several_lines(value: Value<'_>) -> bool {
    matches!(value.unpack(), Unpacked::Attrs(_) | Unpacked::List(_) | Unpacked::Thunk(_))
}
