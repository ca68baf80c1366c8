//! Sets without some names of a large one: the names are recorded, and nothing is copied.

use super::brand::Scope;
use super::layout::{self, Kind, header};
use super::set::{Attrs, BASE, LAYERS_SHIFT, MAX_LAYERS, OVERLAY};
use super::shape::{PosId, Shape, Symbol};

impl<'h> Attrs<'h> {
    /// A flat set without the attributes of these names, which are in order and all in it. `None` if the set has
    /// layers, or if nothing would be left.
    ///
    /// The removed names are those of a set that lies over the other like a layer, so that lookup works in the same
    /// way.
    pub fn masked(scope: Scope<'h>, base: Self, removed: &[Symbol]) -> Option<Self> {
        let len = base.len().checked_sub(removed.len()).filter(|len| *len > 0)?;
        if !base.is_flat() {
            return None;
        }
        let shape = Shape::from_sorted(scope, removed.iter().map(|name| (*name, PosId::NONE)));
        let removed = Self::reserve(scope, shape);
        // No layer is put over it.
        let rest = (MAX_LAYERS as u64) << LAYERS_SHIFT | len as u64;
        let object = layout::allocate_to_fill(scope, header(Kind::Masked, rest), 2);
        layout::set(object, BASE, layout::address(base.object()));
        layout::set(object, OVERLAY, layout::address(removed.object()));
        Some(Self::new(object))
    }

    #[inline]
    pub(super) fn is_masked(self) -> bool {
        layout::is_kind(self.object(), Kind::Masked)
    }

    /// The symbols removed from the base of a masked set.
    pub(super) fn removed(self) -> &'h [u32] {
        self.layer(OVERLAY).flat_shape().keys()
    }
}
