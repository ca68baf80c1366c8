//! Operands, and the other words that nodes refer to.

use super::{ExprId, Name};

/// The source of a value, in one tagged word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operand(u32);

/// An unpacked [`Operand`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperandKind {
    /// A slot of the running frame.
    Local(u32),
    /// A captured value of the running code.
    Capture(u32),
    /// A constant of the unit.
    Constant(u32),
    /// The result of a node.
    Expr(ExprId),
}

impl Operand {
    /// Indices are below this, so that two tag bits and one bit of [`PathPart`] fit beside them.
    pub const LIMIT: u32 = 1 << 29;

    /// Packs a source.
    pub fn new(kind: OperandKind) -> Self {
        match kind {
            OperandKind::Local(slot) => Self(slot << 2),
            OperandKind::Capture(index) => Self(index << 2 | 1),
            OperandKind::Constant(index) => Self(index << 2 | 2),
            OperandKind::Expr(id) => Self(id.0 << 2 | 3),
        }
    }

    /// Unpacks it.
    #[inline]
    pub fn kind(self) -> OperandKind {
        let index = self.0 >> 2;
        match self.0 & 3 {
            0 => OperandKind::Local(index),
            1 => OperandKind::Capture(index),
            2 => OperandKind::Constant(index),
            _ => OperandKind::Expr(ExprId(index)),
        }
    }

    /// The word, for storage in [`Unit::words`](super::Unit::words).
    pub fn to_word(self) -> u32 {
        self.0
    }

    /// The operand stored by [`Operand::to_word`].
    #[inline]
    pub fn from_word(word: u32) -> Self {
        Self(word)
    }

    /// True unless it is a node: the value is available without running anything.
    pub fn is_trivial(self) -> bool {
        self.0 & 3 != 3
    }
}

/// One name of an attribute path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathPart {
    /// Known: `a`, `"a"`.
    Name(Name),
    /// Computed: `${e}`.
    Dynamic(Operand),
}

impl PathPart {
    /// Packs it into a word.
    pub fn to_word(self) -> u32 {
        match self {
            Self::Name(name) => name.0 << 1,
            Self::Dynamic(operand) => operand.0 << 1 | 1,
        }
    }

    /// Unpacks it.
    #[inline]
    pub fn from_word(word: u32) -> Self {
        if word & 1 == 0 { Self::Name(Name(word >> 1)) } else { Self::Dynamic(Operand(word >> 1)) }
    }
}

/// A run of words in [`Unit::words`](super::Unit::words).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// First word.
    pub start: u32,
    /// Number of words.
    pub len: u32,
}

/// Index of an attribute path in [`Unit::words`](super::Unit::words): its length, then its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathId(pub u32);
