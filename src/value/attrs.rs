//! Building and combining attribute sets.

use super::{Attrs, AttrsForm, PosId, Scope, Shape, Symbol, Value};
use hashbrown::HashTable;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// An attribute on its way into a set.
pub type Attr<'h> = (Symbol, Value<'h>, PosId);

/// An overlay may have up to this many names however small the base is; see [`layers_pay`].
const SMALL_OVERLAY: usize = 16;

/// A set of attributes in any order. Of several with one name the *last* wins.
pub fn from_unsorted<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, mut attrs: Vec<Attr<'h>>) -> Attrs<'h> {
    attrs.sort_by_key(|attr| attr.0);
    let mut unique: Vec<Attr<'h>> = Vec::with_capacity(attrs.len());
    for attr in attrs {
        match unique.last_mut() {
            Some(last) if last.0 == attr.0 => *last = attr,
            _ => unique.push(attr),
        }
    }
    from_sorted(scope, memo, &unique)
}

/// A set of attributes sorted by symbol, without duplicates.
pub fn from_sorted<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, attrs: &[Attr<'h>]) -> Attrs<'h> {
    let shape = memo.shape(scope, attrs.iter().map(|attr| (attr.0, attr.2)));
    Attrs::flat(scope, shape, attrs.iter().map(|attr| attr.1))
}

/// Shapes met before, so that sets with the same names from the same places share their keys.
#[derive(Debug, Default)]
pub struct ShapeMemo<'h> {
    /// With the hashes of their contents.
    by_content: HashTable<(u64, Shape<'h>)>,
    mergers: FxHashMap<(Shape<'h>, Shape<'h>), Shape<'h>>,
    plain: FxHashMap<Shape<'h>, Shape<'h>>,
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

    /// The same names without positions.
    pub fn without_positions(&mut self, scope: Scope<'h>, shape: Shape<'h>) -> Shape<'h> {
        if let Some(known) = self.plain.get(&shape) {
            return *known;
        }
        let plain = self.shape(scope, shape.iter().map(|(name, _)| (name, PosId(0))));
        self.plain.insert(shape, plain);
        plain
    }
}

fn hash_of(keys: impl Iterator<Item = (Symbol, PosId)>) -> u64 {
    let mut hasher = FxHasher::default();
    keys.for_each(|(name, position)| hasher.write_u64(u64::from(name.0) << 32 | u64::from(position.0)));
    hasher.finish()
}

/// `left // right`: all of `right`, and what only `left` has.
pub fn update<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, left: Attrs<'h>, right: Attrs<'h>) -> Attrs<'h> {
    if right.is_empty() {
        return left;
    }
    if left.is_empty() {
        return right;
    }
    if layers_pay(right.len(), left.len()) {
        return lay_under(scope, memo, left, right);
    }
    let AttrsForm::Flat(right_shape) = right.form() else {
        let right = flatten(scope, memo, right);
        return update(scope, memo, left, right);
    };
    match left.form() {
        AttrsForm::Flat(left_shape) if left_shape == right_shape => right,
        AttrsForm::Flat(_) if layers_pay(left.len(), right_shape.len()) => lay_over(scope, memo, left, right, None),
        AttrsForm::Flat(left_shape) => {
            let shape = memo.merge(scope, left_shape, right_shape);
            Attrs::merge(scope, shape, left, right).unwrap_or(right)
        }
        AttrsForm::Layered { base, overlay } if layers_pay(base.len(), overlay.len() + right_shape.len()) => {
            let both = update(scope, memo, overlay, right);
            lay_over(scope, memo, base, both, Some((left, overlay)))
        }
        AttrsForm::Layered { .. } => {
            let left = flatten(scope, memo, left);
            update(scope, memo, left, right)
        }
    }
}

/// `small // large`: what only `small` has is laid over `large`, which gives the same set and copies nothing large.
fn lay_under<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, small: Attrs<'h>, large: Attrs<'h>) -> Attrs<'h> {
    let new = filter(scope, memo, small, |name| !large.contains(name));
    match large.form() {
        // A set of its own all the same: printing tells repeated ones.
        AttrsForm::Flat(_) => lay_over(scope, memo, large, new, None),
        AttrsForm::Layered { base, overlay } if new.is_empty() => lay_over(scope, memo, base, overlay, None),
        AttrsForm::Layered { .. } => update(scope, memo, large, new),
    }
}

/// The set without layers.
fn flatten<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, attrs: Attrs<'h>) -> Attrs<'h> {
    let AttrsForm::Layered { base, overlay } = attrs.form() else { return attrs };
    let (AttrsForm::Flat(below), AttrsForm::Flat(above)) = (base.form(), overlay.form()) else { return attrs };
    let shape = memo.merge(scope, below, above);
    Attrs::merge(scope, shape, base, overlay).unwrap_or(attrs)
}

/// True if copying the overlay at each further update, and the base once in a while, is cheaper than copying all each
/// time: the overlay stays below the square root of the base.
fn layers_pay(base: usize, overlay: usize) -> bool {
    base > 4 * SMALL_OVERLAY && overlay.saturating_mul(overlay) <= base.saturating_mul(2)
}

/// `base // overlay` as two layers. `before` is the set that already had `base` below, with its overlay: only names that
/// this overlay lacks can be new.
fn lay_over<'h>(
    scope: Scope<'h>,
    memo: &mut ShapeMemo<'h>,
    base: Attrs<'h>,
    overlay: Attrs<'h>,
    before: Option<(Attrs<'h>, Attrs<'h>)>,
) -> Attrs<'h> {
    let is_new = |symbol: Symbol| !base.contains(symbol) && before.is_none_or(|(_, old)| !old.contains(symbol));
    let new = overlay.iter().filter(|attr| is_new(attr.0)).count();
    let len = before.map_or(base.len(), |(set, _)| set.len()) + new;
    Attrs::layered(scope, base, overlay, len).unwrap_or_else(|| update(scope, memo, base, overlay))
}

/// The attributes in order of their names' bytes.
pub fn by_name<'h>(scope: Scope<'h>, attrs: Attrs<'h>) -> Vec<Attr<'h>> {
    match attrs.form() {
        AttrsForm::Flat(shape) => shape.name_order(scope).filter_map(|index| flat_attr(attrs, shape, index)).collect(),
        AttrsForm::Layered { base, overlay } => merged_by_name(scope, base, overlay),
    }
}

/// The attributes of two layers in order of their names' bytes. The base keeps its order, so each attribute of the small
/// overlay only looks for its place in it.
fn merged_by_name<'h>(scope: Scope<'h>, base: Attrs<'h>, overlay: Attrs<'h>) -> Vec<Attr<'h>> {
    let below = by_name(scope, base);
    let mut all = Vec::with_capacity(below.len() + overlay.len());
    let mut rest = below.as_slice();
    for attr in by_name(scope, overlay) {
        let name = scope.symbol_name(attr.0).as_bytes();
        let place = rest.partition_point(|other| scope.symbol_name(other.0).as_bytes() < name);
        let (smaller, larger) = rest.split_at(place);
        all.extend_from_slice(smaller);
        all.push(attr);
        let hidden = larger.first().is_some_and(|other| other.0 == attr.0);
        rest = larger.get(usize::from(hidden)..).unwrap_or_default();
    }
    all.extend_from_slice(rest);
    all
}

fn flat_attr<'h>(attrs: Attrs<'h>, shape: Shape<'h>, index: usize) -> Option<Attr<'h>> {
    Some((shape.key(index)?, attrs.value_at(index)?, shape.position(index)))
}

/// Sets with more names than this are copied run by run when some are removed; to look for a shape met before costs more.
const COPIED_IN_RUNS: usize = 128;

/// The set without these names, which are sorted and all in it.
pub fn remove<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, attrs: Attrs<'h>, names: &[Symbol]) -> Attrs<'h> {
    if let AttrsForm::Flat(shape) = attrs.form()
        && shape.len() > COPIED_IN_RUNS
    {
        let indices: Vec<_> = names.iter().filter_map(|name| shape.find(*name)).collect();
        return attrs.without(scope, &indices).unwrap_or(attrs);
    }
    // Both are in order, so one look at the next name to be removed is enough.
    let mut next = names.iter().peekable();
    filter(scope, memo, attrs, |name| next.next_if(|removed| **removed == name).is_none())
}

/// The attributes for which `keep` holds.
pub fn filter<'h>(
    scope: Scope<'h>,
    memo: &mut ShapeMemo<'h>,
    attrs: Attrs<'h>,
    mut keep: impl FnMut(Symbol) -> bool,
) -> Attrs<'h> {
    let mut kept = Vec::with_capacity(attrs.len());
    kept.extend(attrs.iter().filter(|attr| keep(attr.0)));
    if kept.len() == attrs.len() { attrs } else { from_sorted(scope, memo, &kept) }
}
