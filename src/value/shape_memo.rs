//! Shapes and sets that were made already, for sets that are made again.

use super::{Attrs, AttrsForm, PosId, Scope, Shape, Symbol};
use hashbrown::HashTable;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// The shapes created so far, so that sets with the same names from the same places share their keys.
#[derive(Debug, Default)]
pub struct ShapeMemo<'h> {
    /// With the hashes of their contents.
    by_content: HashTable<(u64, Shape<'h>)>,
    mergers: FxHashMap<(Shape<'h>, Shape<'h>), Shape<'h>>,
    plain: FxHashMap<Shape<'h>, Shape<'h>>,
    /// Sets of many layers, and the same sets with few.
    compacted: FxHashMap<Attrs<'h>, Attrs<'h>>,
    /// The empty shape of sets that lost all of their attributes.
    emptied: Option<Shape<'h>>,
}

impl<'h> ShapeMemo<'h> {
    /// The shape of these names and positions, sorted by symbol and without duplicates.
    pub fn shape(
        &mut self,
        scope: Scope<'h>,
        keys: impl ExactSizeIterator<Item = (Symbol, PosId)> + Clone,
    ) -> Shape<'h> {
        let hash = hash_of(keys.clone());
        let is_same = |known: &(u64, Shape<'h>)| known.0 == hash && known.1.iter().eq(keys.clone());
        let entry = self.by_content.entry(hash, is_same, |known| known.0);
        entry.or_insert_with(|| (hash, Shape::from_sorted(scope, keys.clone()))).get().1
    }

    /// True for the shared empty set. In C++ Nix, an empty set with room for attributes is a separate one, which is
    /// visible where repeated sets are shown.
    pub fn is_common_empty(&self, attrs: Attrs<'h>) -> bool {
        matches!(attrs.form(), AttrsForm::Flat(shape) if shape.is_empty() && self.emptied != Some(shape))
    }

    /// An empty set with its own identity.
    pub fn emptied(&mut self, scope: Scope<'h>) -> Attrs<'h> {
        let shape = *self.emptied.get_or_insert_with(|| Shape::from_sorted(scope, std::iter::empty()));
        Attrs::flat(scope, shape, std::iter::empty())
    }

    /// The shape of `left // right`.
    pub fn merge(&mut self, scope: Scope<'h>, left: Shape<'h>, right: Shape<'h>) -> Shape<'h> {
        if let Some(known) = self.mergers.get(&(left, right)) {
            return *known;
        }
        let keys = left.merged_keys(right);
        let merged = self.shape(scope, keys.into_iter());
        self.mergers.insert((left, right), merged);
        merged
    }

    /// Forgets the shapes that a collection has freed. It was the last use of the heap.
    pub(crate) fn forget_dead(&mut self, scope: Scope<'h>) {
        self.by_content.retain(|known| scope.is_live(known.1));
        self.mergers.retain(|(left, right), merged| [*left, *right, *merged].iter().all(|shape| scope.is_live(*shape)));
        self.plain.retain(|shape, plain| scope.is_live(*shape) && scope.is_live(*plain));
        self.compacted.retain(|attrs, compact| scope.is_live_set(*attrs) && scope.is_live_set(*compact));
    }

    /// The same set with few layers, if that was made.
    pub(super) fn compacted(&self, attrs: Attrs<'h>) -> Option<Attrs<'h>> {
        self.compacted.get(&attrs).copied()
    }

    /// Remembers the same set with few layers.
    pub(super) fn remember_compacted(&mut self, attrs: Attrs<'h>, compact: Attrs<'h>) {
        self.compacted.insert(attrs, compact);
    }

    /// The same names without positions.
    pub fn without_positions(&mut self, scope: Scope<'h>, shape: Shape<'h>) -> Shape<'h> {
        if let Some(known) = self.plain.get(&shape) {
            return *known;
        }
        let plain = self.shape(scope, shape.iter().map(|(name, _)| (name, PosId::NONE)));
        self.plain.insert(shape, plain);
        plain
    }
}

fn hash_of(keys: impl Iterator<Item = (Symbol, PosId)>) -> u64 {
    let mut hasher = FxHasher::default();
    keys.for_each(|(name, position)| hasher.write_u64(u64::from(name.0) << 32 | u64::from(position.0)));
    hasher.finish()
}
