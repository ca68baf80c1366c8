//! Running code: its frame, and a node of it.

use super::unit::LoadedUnit;
use crate::heap::{Captures, List, PosId};
use crate::ir::{Expr, ExprId, Unit};
use crate::source::{Part, Place};

/// The frame of running code: its slots, captures and constants.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'h> {
    pub(super) unit: &'h LoadedUnit,
    /// The first of its slots on the stack.
    pub(super) base: usize,
    pub(super) captures: Captures<'h>,
    pub(super) constants: List<'h>,
}

impl<'h> Frame<'h> {
    /// A node of the code.
    #[inline(always)]
    pub(super) fn at(&self, id: ExprId) -> At<'_, 'h> {
        At { frame: self, id }
    }
}

/// A node of running code. Two words, passed in registers.
#[derive(Clone, Copy)]
pub(super) struct At<'f, 'h> {
    pub(super) frame: &'f Frame<'h>,
    pub(super) id: ExprId,
}

impl<'h> At<'_, 'h> {
    /// The IR of the file.
    #[inline(always)]
    pub(super) fn ir(self) -> &'h Unit {
        &self.frame.unit.ir
    }

    /// The node.
    #[inline(always)]
    pub(super) fn expr(self) -> Expr {
        self.ir().expr(self.id)
    }

    /// The start of its text.
    #[inline]
    pub(super) fn start(self) -> u32 {
        self.ir().start(self.id)
    }

    /// The position of the node in the text.
    #[inline]
    pub(super) fn position(self) -> PosId {
        self.frame.unit.position(self.start())
    }

    /// A part of the node as a place.
    pub(super) fn place(self, part: Part) -> Place {
        Place::part(self.position(), part)
    }
}
