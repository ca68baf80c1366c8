//! Building and combining attribute sets.

use super::{Attrs, AttrsForm, PosId, Scope, Shape, Symbol, Value};

/// An attribute on its way into a set.
pub type Attr<'h> = (Symbol, Value<'h>, PosId);

/// An overlay may have up to this many names however small the base is; see [`layers_pay`].
const SMALL_OVERLAY: usize = 16;

/// A set of attributes in any order. Of several with one name the *last* wins.
pub fn from_unsorted<'h>(scope: Scope<'h>, mut attrs: Vec<Attr<'h>>) -> Attrs<'h> {
    attrs.sort_by_key(|attr| attr.0);
    let mut unique: Vec<Attr<'h>> = Vec::with_capacity(attrs.len());
    for attr in attrs {
        match unique.last_mut() {
            Some(last) if last.0 == attr.0 => *last = attr,
            _ => unique.push(attr),
        }
    }
    from_sorted(scope, &unique)
}

/// A set of attributes sorted by symbol, without duplicates.
pub fn from_sorted<'h>(scope: Scope<'h>, attrs: &[Attr<'h>]) -> Attrs<'h> {
    let shape = Shape::from_sorted(scope, attrs.iter().map(|attr| (attr.0, attr.2)));
    Attrs::flat(scope, shape, attrs.iter().map(|attr| attr.1))
}

/// `left // right`: all of `right`, and what only `left` has.
pub fn update<'h>(scope: Scope<'h>, left: Attrs<'h>, right: Attrs<'h>) -> Attrs<'h> {
    if right.is_empty() {
        return left;
    }
    if left.is_empty() {
        return right;
    }
    let AttrsForm::Flat(right_shape) = right.form() else { return merge(scope, left, right) };
    match left.form() {
        AttrsForm::Flat(_) if layers_pay(left.len(), right_shape.len()) => lay_over(scope, left, right, None),
        AttrsForm::Layered { base, overlay } if layers_pay(base.len(), overlay.len() + right_shape.len()) => {
            let both = merge(scope, overlay, right);
            lay_over(scope, base, both, Some((left, overlay)))
        }
        _ => merge(scope, left, right),
    }
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
    base: Attrs<'h>,
    overlay: Attrs<'h>,
    before: Option<(Attrs<'h>, Attrs<'h>)>,
) -> Attrs<'h> {
    let is_new = |symbol: Symbol| !base.contains(symbol) && before.is_none_or(|(_, old)| !old.contains(symbol));
    let new = overlay.iter().filter(|attr| is_new(attr.0)).count();
    let len = before.map_or(base.len(), |(set, _)| set.len()) + new;
    Attrs::layered(scope, base, overlay, len).unwrap_or_else(|| merge(scope, base, overlay))
}

/// `left // right` as a flat set.
fn merge<'h>(scope: Scope<'h>, left: Attrs<'h>, right: Attrs<'h>) -> Attrs<'h> {
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let mut below = left.iter().peekable();
    for attr in right.iter() {
        while let Some(lower) = below.next_if(|lower| lower.0 < attr.0) {
            merged.push(lower);
        }
        below.next_if(|lower| lower.0 == attr.0);
        merged.push(attr);
    }
    merged.extend(below);
    from_sorted(scope, &merged)
}

/// The attributes in order of their names' bytes.
pub fn by_name<'h>(scope: Scope<'h>, attrs: Attrs<'h>) -> Vec<Attr<'h>> {
    match attrs.form() {
        AttrsForm::Flat(shape) => shape.name_order(scope).filter_map(|index| flat_attr(attrs, shape, index)).collect(),
        AttrsForm::Layered { .. } => {
            let mut all: Vec<_> = attrs.iter().collect();
            all.sort_unstable_by_key(|attr| scope.symbol_name(attr.0).as_bytes());
            all
        }
    }
}

fn flat_attr<'h>(attrs: Attrs<'h>, shape: Shape<'h>, index: usize) -> Option<Attr<'h>> {
    Some((shape.key(index)?, attrs.value_at(index)?, shape.position(index)))
}

/// A set with the same names and positions whose values are `f(name, value)`. Shares the keys where it can.
pub fn map<'h>(scope: Scope<'h>, attrs: Attrs<'h>, mut f: impl FnMut(Symbol, Value<'h>) -> Value<'h>) -> Attrs<'h> {
    match attrs.form() {
        AttrsForm::Flat(shape) => Attrs::flat(scope, shape, attrs.iter().map(|(name, value, _)| f(name, value))),
        AttrsForm::Layered { .. } => {
            let mapped: Vec<_> = attrs.iter().map(|(name, value, position)| (name, f(name, value), position)).collect();
            from_sorted(scope, &mapped)
        }
    }
}

/// The attributes for which `keep` holds.
pub fn filter<'h>(scope: Scope<'h>, attrs: Attrs<'h>, mut keep: impl FnMut(Symbol) -> bool) -> Attrs<'h> {
    let kept: Vec<_> = attrs.iter().filter(|attr| keep(attr.0)).collect();
    if kept.len() == attrs.len() { attrs } else { from_sorted(scope, &kept) }
}
