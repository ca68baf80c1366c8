//! Building and combining attribute sets.

use super::shape_memo::ShapeMemo;
use super::{Attrs, AttrsForm, PosId, Scope, Shape, Symbol, Value};
use crate::heap::ScratchVec;

/// An attribute before it is in a set.
pub type Attr<'h> = (Symbol, Value<'h>, PosId);

/// An overlay may have up to this many names however small the base is; see [`layers_pay`].
const SMALL_OVERLAY: usize = 16;
/// A set with this many names is a giant.
const GIANT: usize = 2048;

/// A set of attributes in any order. Of several with the same name the *last* wins.
pub fn from_unsorted<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, attrs: &mut [Attr<'h>]) -> Attrs<'h> {
    attrs.sort_by_key(|attr| attr.0);
    let mut unique: Vec<Attr<'h>> = Vec::with_capacity(attrs.len());
    for attr in attrs {
        match unique.last_mut() {
            Some(last) if last.0 == attr.0 => *last = *attr,
            _ => unique.push(*attr),
        }
    }
    from_sorted(scope, memo, &unique)
}

/// A set of attributes sorted by symbol, without duplicates.
pub fn from_sorted<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, attrs: &[Attr<'h>]) -> Attrs<'h> {
    let shape = memo.shape(scope, attrs.iter().map(|attr| (attr.0, attr.2)));
    Attrs::flat(scope, shape, attrs.iter().map(|attr| attr.1))
}

/// `left // right`: all of `right`, and the attributes that only `left` has.
///
/// A small set is laid over a large one, so that the large set is not copied each time.
pub fn update<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, left: Attrs<'h>, right: Attrs<'h>) -> Attrs<'h> {
    if left.is_empty() {
        return right;
    }
    if right.is_empty() {
        return left;
    }
    if worth_searching(left.len_upper_bound(), right.len_upper_bound()) {
        return lay_under(scope, memo, left, right);
    }
    match right.form() {
        AttrsForm::Layered { base, overlay } => {
            let with_base = update(scope, memo, left, base);
            update(scope, memo, with_base, overlay)
        }
        AttrsForm::Masked { base, removed } => update(scope, memo, left, unmasked(scope, base, removed)),
        AttrsForm::Flat(_) => update_with_flat(scope, memo, left, right),
    }
}

/// A flat set without these symbols, as a flat set.
fn unmasked<'h>(scope: Scope<'h>, base: Attrs<'h>, removed: &[u32]) -> Attrs<'h> {
    let AttrsForm::Flat(shape) = base.form() else { return base };
    let indices: Vec<_> = removed.iter().filter_map(|name| shape.find(Symbol(*name))).collect();
    base.without(scope, &indices).unwrap_or(base)
}

fn update_with_flat<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, left: Attrs<'h>, right: Attrs<'h>) -> Attrs<'h> {
    let lays = |base: Attrs<'h>| {
        layers_pay(base.len_upper_bound(), right.len()) || spares_giant(base.len_upper_bound(), right.len())
    };
    let AttrsForm::Layered { base, overlay } = left.form() else {
        let laid = lays(left).then(|| Attrs::layered(scope, left, right)).flatten();
        return laid.unwrap_or_else(|| merge(scope, memo, left, right));
    };
    let stays_apart = layers_pay(overlay.len(), right.len()) || right.len() > 4 * overlay.len();
    let laid = (stays_apart && lays(left)).then(|| lay_over(scope, memo, left, right)).flatten();
    laid.unwrap_or_else(|| {
        let both = merge(scope, memo, overlay, right);
        let laid = layers_pay(top_layer(base).len(), both.len()).then(|| Attrs::layered(scope, base, both)).flatten();
        laid.unwrap_or_else(|| update(scope, memo, base, both))
    })
}

/// `right` over `left` without copying a giant, even if `left` has as many layers as a set may have: these are made
/// fewer.
fn lay_over<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, left: Attrs<'h>, right: Attrs<'h>) -> Option<Attrs<'h>> {
    Attrs::layered(scope, left, right).or_else(|| Attrs::layered(scope, compacted(scope, memo, left)?, right))
}

/// The same set as the lowest layer, if that is a giant, under one layer with all others. Sets such as that of all
/// packages have others laid over them again and again, so the result is remembered.
fn compacted<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, attrs: Attrs<'h>) -> Option<Attrs<'h>> {
    if let Some(known) = memo.compacted(attrs) {
        return Some(known);
    }
    let (mut base, mut layers) = (attrs, Vec::new());
    while let AttrsForm::Layered { base: below, overlay } = base.form() {
        layers.push(overlay);
        base = below;
    }
    if !matches!(base.form(), AttrsForm::Flat(shape) if shape.len() >= GIANT) {
        return None;
    }
    let above = layers.into_iter().rev().reduce(|below, above| merge(scope, memo, below, above))?;
    let compact = Attrs::layered(scope, base, above)?;
    memo.remember_compacted(attrs, compact);
    Some(compact)
}

fn top_layer(attrs: Attrs<'_>) -> Attrs<'_> {
    match attrs.form() {
        AttrsForm::Layered { overlay, .. } => overlay,
        _ => attrs,
    }
}

/// `left // right` of flat sets as a flat set.
fn merge<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, left: Attrs<'h>, right: Attrs<'h>) -> Attrs<'h> {
    let (below, above) = match (left.form(), right.form()) {
        (AttrsForm::Flat(below), AttrsForm::Flat(above)) => (below, above),
        (AttrsForm::Masked { base, removed }, _) => return update(scope, memo, unmasked(scope, base, removed), right),
        _ => return right,
    };
    if below == above {
        return Attrs::flat(scope, above, right.iter().map(|attr| attr.1));
    }
    let shape = memo.merge(scope, below, above);
    Attrs::merge(scope, shape, left, right).unwrap_or(right)
}

/// `small // large`: the attributes that only `small` has are laid over `large`, which gives the same set without
/// copying the large one.
fn lay_under<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, small: Attrs<'h>, large: Attrs<'h>) -> Attrs<'h> {
    let new = filter(scope, memo, small, |name| !large.contains(name));
    if !new.is_empty() {
        return update(scope, memo, large, new);
    }
    same(scope, memo, large)
}

/// Larger sets are not copied but layered when a separate identity is needed.
const COPIED_WHOLE: usize = 64;

/// The same attributes as a set with its own identity, since printing shows repeated sets.
pub fn same<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, attrs: Attrs<'h>) -> Attrs<'h> {
    let same = match attrs.form() {
        _ if attrs.is_empty() => Some(memo.emptied(scope)),
        AttrsForm::Flat(shape) if shape.len() <= COPIED_WHOLE => {
            Some(Attrs::flat(scope, shape, attrs.iter().map(|attr| attr.1)))
        }
        AttrsForm::Flat(_) => Attrs::layered(scope, attrs, memo.emptied(scope)),
        AttrsForm::Layered { base, overlay } => Attrs::layered(scope, base, overlay),
        AttrsForm::Masked { base, removed } => Attrs::masked(scope, base, &symbols(removed)),
    };
    same.unwrap_or(attrs)
}

/// True if copying the overlay at each further update, and the base once in a while, is cheaper than copying
/// everything each time: the overlay stays below the square root of the base.
fn layers_pay(base: usize, overlay: usize) -> bool {
    base > 4 * SMALL_OVERLAY && overlay.saturating_mul(overlay) <= base.saturating_mul(2)
}

/// True if the base is so large that copying it costs more than its layers cost later. Further additions are gathered
/// in a separate layer.
fn spares_giant(base: usize, overlay: usize) -> bool {
    base >= GIANT && overlay <= base / 2
}

/// True if searching the larger set for each name of the smaller is cheaper than copying both.
fn worth_searching(small: usize, large: usize) -> bool {
    layers_pay(large, small) || (large >= GIANT && small <= large / 16)
}

/// The attributes in order of their names' bytes.
pub fn by_name<'h>(scope: Scope<'h>, attrs: Attrs<'h>) -> ScratchVec<'h, Attr<'h>> {
    match attrs.form() {
        AttrsForm::Flat(shape) => {
            let mut all = ScratchVec::with_capacity_in(shape.len(), scope.scratch());
            all.extend(shape.name_order(scope).filter_map(|index| flat_attr(attrs, shape, index)));
            all
        }
        AttrsForm::Layered { base, overlay } => merged_by_name(scope, base, overlay),
        AttrsForm::Masked { base, removed } => {
            let mut all = by_name(scope, base);
            all.retain(|attr| removed.binary_search(&attr.0.0).is_err());
            all
        }
    }
}

fn symbols(numbers: &[u32]) -> Vec<Symbol> {
    numbers.iter().map(|number| Symbol(*number)).collect()
}

/// The attributes of two layers in order of their names' bytes. The base is already in order, so each attribute of
/// the small overlay is only inserted at its place.
fn merged_by_name<'h>(scope: Scope<'h>, base: Attrs<'h>, overlay: Attrs<'h>) -> ScratchVec<'h, Attr<'h>> {
    let below = by_name(scope, base);
    let mut all = ScratchVec::with_capacity_in(below.len() + overlay.len(), scope.scratch());
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

/// Sets with more names than this record their removed names. If many are removed, the rest is copied run by run;
/// looking up an existing shape would cost more.
const LARGE: usize = 128;

/// The set without these names, which are sorted and all in it.
pub fn remove<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, attrs: Attrs<'h>, names: &[Symbol]) -> Attrs<'h> {
    if names.len() == attrs.len() {
        return memo.emptied(scope);
    }
    let (base, before) = match attrs.form() {
        AttrsForm::Masked { base, removed } => (base, removed),
        _ => (attrs, &[][..]),
    };
    if matches!(base.form(), AttrsForm::Flat(_)) && base.len() > LARGE {
        let mut all = symbols(before);
        all.extend_from_slice(names);
        all.sort_unstable();
        let masked = layers_pay(base.len(), all.len()).then(|| Attrs::masked(scope, base, &all)).flatten();
        let removed: Vec<u32> = all.iter().map(|name| name.0).collect();
        return masked.unwrap_or_else(|| unmasked(scope, base, &removed));
    }
    // Both are in order, so comparing with the next removed name is enough.
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
    match kept.len() {
        len if len == attrs.len() => attrs,
        0 => memo.emptied(scope),
        _ => from_sorted(scope, memo, &kept),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heap::{Heap, StopFlags};
    use std::collections::BTreeMap;

    type Model = BTreeMap<Symbol, i64>;

    /// A fixed sequence of pseudorandom numbers.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % limit
        }

        /// A set of up to `limit` names; large ones are rarer.
        fn model(&mut self, limit: u64, value: i64) -> Model {
            let size = limit >> self.below(13);
            let from = self.below(limit);
            (0..size).map(|_| (Symbol((from + self.below(limit)) as u32), value)).collect()
        }
    }

    fn set_of<'h>(scope: Scope<'h>, memo: &mut ShapeMemo<'h>, model: &Model) -> Attrs<'h> {
        let attr = |(name, value): (&Symbol, &i64)| (*name, Value::int(scope, *value), PosId(name.0 + 1));
        from_unsorted(scope, memo, &mut model.iter().map(attr).collect::<Vec<_>>())
    }

    fn assert_same(attrs: Attrs<'_>, model: &Model) {
        let read = attrs.iter().map(|(name, value, position)| {
            assert_eq!(position, PosId(name.0 + 1));
            (name, value.as_small_int().expect("small numbers only"))
        });
        assert!(read.eq(model.iter().map(|(name, value)| (*name, *value))));
        assert_eq!((attrs.len(), attrs.is_empty()), (model.len(), model.is_empty()));
        assert!(attrs.len_upper_bound() >= model.len());
        let all = model.iter().all(|(name, value)| attrs.get(*name).and_then(Value::as_small_int) == Some(*value));
        assert!(all && !attrs.contains(Symbol(u32::MAX - 1)));
    }

    #[test]
    fn updates_of_all_sizes_are_as_those_of_a_map() {
        let limit = if cfg!(miri) { 60 } else { 6000 };
        Heap::new(usize::MAX, StopFlags::default()).enter(|scope| {
            let (mut numbers, mut memo) = (Numbers(1), ShapeMemo::default());
            let mut known = vec![(Attrs::reserve(scope, Shape::from_sorted(scope, std::iter::empty())), Model::new())];
            for round in 0..400 {
                let fresh = numbers.model(limit, round);
                let pair = (set_of(scope, &mut memo, &fresh), fresh);
                let other = known[numbers.below(known.len() as u64) as usize].clone();
                let (left, right) = if round % 3 == 0 { (pair, other) } else { (other, pair) };
                let mut model = left.1;
                model.extend(&right.1);
                let attrs = update(scope, &mut memo, left.0, right.0);
                assert_same(attrs, &model);
                let names: Vec<_> = model.keys().copied().filter(|_| numbers.below(50) == 0).take(30).collect();
                known.push((attrs, model.clone()));
                if !names.is_empty() {
                    let attrs = remove(scope, &mut memo, attrs, &names);
                    model.retain(|name, _| !names.contains(name));
                    assert_same(attrs, &model);
                    known.push((attrs, model));
                }
            }
            known.iter().for_each(|(attrs, model)| assert_same(*attrs, model));
        });
    }

    #[test]
    fn a_giant_is_not_copied_for_a_sixth_layer() {
        let limits = [(0, 8000), (8000, 1), (8001, 69), (7000, 2000), (9100, 10)];
        let model =
            |(from, len): (u32, u32), value| (from..from + len).map(|name| (Symbol(name), value)).collect::<Model>();
        Heap::new(usize::MAX, StopFlags::default()).enter(|scope| {
            let (mut memo, mut all) = (ShapeMemo::default(), Model::new());
            let mut attrs = Attrs::reserve(scope, Shape::from_sorted(scope, std::iter::empty()));
            for (limits, value) in limits.into_iter().zip(0..) {
                let overlay = model(limits, value);
                let right = set_of(scope, &mut memo, &overlay);
                attrs = update(scope, &mut memo, attrs, right);
                all.extend(overlay);
            }
            assert_eq!(attrs.layers(), 5);
            let bases = [3000, 2900].map(|len| {
                let overlay = model((6000, len), 9);
                let right = set_of(scope, &mut memo, &overlay);
                let sum = update(scope, &mut memo, attrs, right);
                assert_eq!(sum.layers(), 3);
                let mut both = all.clone();
                both.extend(overlay);
                assert_same(sum, &both);
                let AttrsForm::Layered { base, .. } = sum.form() else { panic!("it was copied") };
                base
            });
            assert_eq!(bases[0], bases[1]);
            assert_same(attrs, &all);
        });
    }
}
