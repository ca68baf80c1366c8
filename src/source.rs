//! Source texts and places in them.
//!
//! A [`Span`] is a byte range of one text. A [`PosId`] is a byte of any text, counted as if all texts were
//! concatenated. Lines and columns are computed only on demand: when an error is shown or a position builtin runs.

mod lines;
mod snapshot;
mod text;

pub(crate) use snapshot::Snapshot;
pub use text::Text;

use crate::heap::PosId;
use lines::{Lines, line_ends};
use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

/// The folder of the files that come with the language, `<nix/fetchurl.nix>`. It exists on no machine, and programs
/// cannot write its name.
pub(crate) const CORE_FOLDER: &[u8] = b"/\0nix";

/// The text of a path. The files that come with the language look as if their folder was `/`.
pub(crate) fn path_text(path: &[u8]) -> &[u8] {
    match path.strip_prefix(CORE_FOLDER) {
        None => path,
        Some(b"") => b"/",
        Some(text) => text,
    }
}

/// The shown form of a path. The files that come with the language are shown by the names that programs use for them.
pub fn shown_path(path: &[u8]) -> Cow<'_, [u8]> {
    match path.strip_prefix(CORE_FOLDER) {
        None => path.into(),
        Some(name) => [b"<nix/", name.strip_prefix(b"/").unwrap_or_default(), b">"].concat().into(),
    }
}

/// A byte range `[start, end)` of one source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset one past the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` up to, not including, `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }
}

/// A place in an error: a position, or a part of the expression there.
///
/// Correct programs should not pay for positions: one position is kept per node, and the parts of its expression are
/// found in the text when an error is shown (`syntax::locate`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// A position.
    pub position: PosId,
    /// The part of the expression there.
    pub part: Part,
}

impl Place {
    /// No place.
    pub const NOWHERE: Self = Self { position: PosId::NONE, part: Part::Here };
    /// A place that the caller knows: the code that evaluates the expression fills it in.
    pub const OPEN: Self = Self { position: PosId::NONE, part: Part::Open };

    /// A part of the expression at a position.
    pub fn part(position: PosId, part: Part) -> Self {
        Self { position, part }
    }
}

impl From<PosId> for Place {
    fn from(position: PosId) -> Self {
        Self { position, part: Part::Here }
    }
}

/// A part of an expression. The place of an operand is C++ Nix's position of an expression: inside its parentheses,
/// and at an operator's sign rather than at its beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Part {
    /// The position itself.
    #[default]
    Here,
    /// Not known yet; see [`Place::OPEN`].
    Open,
    /// `a` of `a + b`, at the sign.
    Left,
    /// `b` of `a + b`.
    Right,
    /// The whole text of `a` in `a + b`, parentheses included.
    LeftSide,
    /// The whole text of `b` in `a + b`.
    RightSide,
    /// `a` of `!a` and `-a`.
    Operand,
    /// `c` of `if c then …` and `assert c; …`.
    Condition,
    /// The expression after `then`.
    Then,
    /// The expression after `else`.
    Otherwise,
    /// The body of a function, `let`, `with` or `assert`.
    Body,
    /// `a` of `a.b`, `a ? b` and `a b`.
    Base,
    /// `d` of `a.b or d`.
    Default,
    /// The variable `or` of `f or`, which C++ Nix positions at `f`.
    Or,
    /// The `with` around a variable, counted from the nearest one.
    With(u16),
    /// The expression in the `${…}` that is this part of the attribute path, counted from 0.
    Name(u16),
    /// The `${` of this interpolation of a string or path, counted from 0.
    Piece(u16),
    /// The expression in this interpolation.
    Inside(u16),
}

/// The origin of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file, by absolute path.
    File(Vec<u8>),
    /// The command line, or a program that embeds the evaluator.
    String,
    /// Standard input.
    Stdin,
    /// A part of the evaluator itself, with its shown name.
    Internal(&'static str),
}

impl Origin {
    /// C++ Nix's name for it.
    pub fn display(&self) -> String {
        match self {
            Self::File(path) => String::from_utf8_lossy(&shown_path(path)).into_owned(),
            Self::String => "«string»".to_owned(),
            Self::Stdin => "«stdin»".to_owned(),
            Self::Internal(name) => (*name).to_owned(),
        }
    }

    /// The path that programs see of a file, or of a text that is part of the evaluator.
    pub(crate) fn path(&self) -> Option<&[u8]> {
        match self {
            Self::File(path) => Some(path_text(path)),
            Self::Internal(name) => name.find('/').map(|start| &name.as_bytes()[start..]),
            _ => None,
        }
    }
}

/// One text.
#[derive(Debug)]
pub struct SourceText {
    /// Its origin.
    pub origin: Origin,
    /// Its bytes.
    pub text: Text,
    /// Its name in messages, if that differs from its origin.
    shown: Option<Box<str>>,
    /// Its name for people, if they know it by another: the file that was copied to the store, or the input of a prompt.
    original: Option<Box<str>>,
    base: u32,
    lines: OnceCell<Lines>,
}

impl SourceText {
    /// Its name in messages.
    pub fn name(&self) -> String {
        self.shown.as_ref().map_or_else(|| self.origin.display(), ToString::to_string)
    }

    /// Its name in messages for people: of a copy in the store, the file that it was copied from; of an input at a prompt,
    /// its number.
    pub fn name_for_people(&self) -> String {
        self.original.as_ref().map_or_else(|| self.name(), ToString::to_string)
    }

    /// The position of an offset in this text.
    #[inline]
    pub fn position(&self, offset: u32) -> PosId {
        PosId(self.base.saturating_add(offset))
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(&self.text.peek()))
    }

    /// The number of its bytes in memory.
    pub(crate) fn bytes(&self) -> usize {
        self.text.loaded() + self.lines.get().map_or(0, Lines::bytes)
    }

    /// For the text of a long selection, the names after its last parenthesis.
    pub(crate) fn last_names(&self, span: Span) -> Span {
        const LONG: usize = 60;
        let text = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        match memchr::memmem::rfind(text, b").") {
            Some(at) if text.len() > LONG => Span::new(span.start + at as u32 + 2, span.end),
            _ => span,
        }
    }

    /// The text of the 1-based line, without its end; `None` past the last.
    pub fn line(&self, number: usize) -> Option<&[u8]> {
        let start = match number.checked_sub(2) {
            Some(before) => line_ends(&self.text).nth(before)?.1,
            None => 0,
        };
        let rest = self.text.get(start..)?;
        let end = line_ends(rest).next().map_or(rest.len(), |(end, _)| end);
        (number > 0).then(|| &rest[..end])
    }
}

/// A place found in its text.
#[derive(Clone, Debug)]
pub struct Location {
    /// The text.
    pub source: Rc<SourceText>,
    /// Byte offset in it.
    pub offset: u32,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in bytes, counted from 1.
    pub column: usize,
}

/// All texts so far.
#[derive(Debug, Default)]
pub struct Sources {
    texts: RefCell<Vec<Rc<SourceText>>>,
    trees: RefCell<Vec<NamedTree>>,
    /// Trees that were copied from a folder of the user's.
    copies: RefCell<Vec<NamedTree>>,
    /// The name for people of texts that are typed.
    typed: RefCell<Option<Box<str>>>,
}

/// A tree in the store: its path, and its name for people.
type NamedTree = (Box<[u8]>, Box<[u8]>);

/// The name of a path in one of these trees.
fn named_in(trees: &[NamedTree], path: &[u8]) -> Option<Vec<u8>> {
    let below = |(tree, shown): &NamedTree| {
        let rest = path.strip_prefix(&**tree).filter(|rest| rest.is_empty() || rest[0] == b'/')?;
        Some([shown, rest].concat())
    };
    trees.iter().find_map(below)
}

impl Sources {
    /// Adds a text. Position 0 means "nowhere". Beyond 4 GiB of text positions are lost, but never wrong.
    pub fn add(&self, origin: Origin, text: Text) -> Rc<SourceText> {
        let mut texts = self.texts.borrow_mut();
        let next = texts.last().map_or(1, |last| u64::from(last.base) + last.text.size() as u64 + 1);
        let fits = next + text.size() as u64 <= u64::from(u32::MAX);
        let base = if fits { next as u32 } else { u32::MAX };
        let named_in = |trees: &RefCell<Vec<NamedTree>>| match &origin {
            Origin::File(path) => named_in(&trees.borrow(), path).map(|path| String::from_utf8_lossy(&path).into()),
            _ => None,
        };
        let (shown, copied) = (named_in(&self.trees), named_in(&self.copies));
        let original = copied.or_else(|| self.typed.borrow().clone().filter(|_| origin == Origin::String));
        let source = Rc::new(SourceText { origin, text, shown, original, base, lines: OnceCell::new() });
        if fits {
            texts.push(Rc::clone(&source));
        }
        source
    }

    /// Sets the name for people of the texts that are added from now on, unless they are files.
    pub fn name_typed(&self, name: Option<String>) {
        *self.typed.borrow_mut() = name.map(Into::into);
    }

    /// Sets the name in messages of a tree whose store path a program knows: `«URL»`, or its real location.
    pub(crate) fn show_tree_as(&self, tree: &[u8], shown: &[u8]) {
        let mut trees = self.trees.borrow_mut();
        trees.retain(|(known, _)| **known != *tree);
        trees.push((tree.into(), shown.into()));
    }

    /// Notes that a tree in the store is a copy of a folder, which people know.
    pub(crate) fn note_copy(&self, tree: &[u8], folder: &[u8]) {
        let mut copies = self.copies.borrow_mut();
        copies.retain(|(known, _)| **known != *tree);
        copies.push((tree.into(), folder.into()));
    }

    fn shown_in_tree(&self, path: &[u8]) -> Option<Vec<u8>> {
        named_in(&self.trees.borrow(), path)
    }

    /// A path as shown in messages.
    pub fn shown(&self, path: &[u8]) -> String {
        let shown = self.shown_in_tree(path).unwrap_or_else(|| shown_path(path).into_owned());
        String::from_utf8_lossy(&shown).into_owned()
    }

    /// All texts, in the order of their addition.
    pub fn all(&self) -> Vec<Rc<SourceText>> {
        self.texts.borrow().clone()
    }

    /// The location named `name:line:column` in messages.
    pub fn find(&self, name: &str, line: usize, column: usize) -> Option<Location> {
        let texts = self.texts.borrow();
        let source = texts.iter().find(|source| source.name() == name)?;
        let start = match line.checked_sub(2) {
            Some(before) => line_ends(&source.text).nth(before)?.1,
            None => 0,
        };
        let position = source.position((start + column).saturating_sub(1) as u32);
        drop(texts);
        self.locate(position)
    }

    /// The text that contains a position; `None` for nowhere.
    pub fn text_at(&self, position: PosId) -> Option<Rc<SourceText>> {
        let texts = self.texts.borrow();
        let index = texts.partition_point(|source| source.base <= position.0).checked_sub(1)?;
        Some(Rc::clone(&texts[index]))
    }

    /// The location of a position; `None` for nowhere.
    pub fn locate(&self, position: PosId) -> Option<Location> {
        let source = self.text_at(position)?;
        let offset = position.0 - source.base;
        let (line, column) = source.lines().locate(offset)?;
        Some(Location { source, offset, line, column })
    }
}
