//! Attribute sets: a shape and one value per name, a set laid over a larger one, or one without some names of a
//! larger one.
//!
//! `large // small` does not copy `large`: it creates an [`AttrsForm::Layered`] set. That can be the base of another,
//! up to [`MAX_LAYERS`]; `value::attrs` decides when layers are merged into one.

use super::brand::{Brand, Scope};
use super::layout::{self, Kind, Object, header};
use super::shape::{Origin, PosId, Shape, Symbol, runs};
use super::value::Value;
use std::marker::PhantomData;

pub(super) const BASE: usize = 1;
pub(super) const OVERLAY: usize = 2;

/// The largest number of flat sets that form one, including the lowest.
pub(super) const MAX_LAYERS: usize = 5;
/// The shift of the number of layers in the header of a layered set. Below it is the number of names, or 0 before its
/// first use.
pub(super) const LAYERS_SHIFT: u32 = 32;

/// An attribute set in the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Attrs<'h> {
    object: Object,
    brand: Brand<'h>,
}

/// The storage form of a set.
#[derive(Clone, Copy, Debug)]
pub enum AttrsForm<'h> {
    /// One value per name of the shape, in its order.
    Flat(Shape<'h>),
    /// `base // overlay`.
    Layered {
        /// The larger set below, which may have layers itself.
        base: Attrs<'h>,
        /// The flat set whose names win.
        overlay: Attrs<'h>,
    },
    /// `base` without these symbols, which are in order.
    Masked {
        /// A flat set.
        base: Attrs<'h>,
        /// The removed symbols, all of them in the base.
        removed: &'h [u32],
    },
}

impl<'h> Attrs<'h> {
    #[inline]
    pub(super) fn new(object: Object) -> Self {
        Self { object, brand: PhantomData }
    }

    #[inline]
    pub(super) fn object(self) -> Object {
        self.object
    }

    /// A set of this shape whose values are all `null` until [`Attrs::write_back`].
    #[inline]
    pub fn reserve(scope: Scope<'h>, shape: Shape<'h>) -> Self {
        let len = shape.len();
        let object = layout::allocate_to_fill(scope, header(Kind::Attrs, layout::address(shape.object())), len);
        for index in 0..len {
            layout::set(object, 1 + index, Value::NULL.word());
        }
        Self::new(object)
    }

    /// A set of this shape with these values, in the shape's order. Missing ones are `null`, surplus ones dropped.
    pub fn flat(scope: Scope<'h>, shape: Shape<'h>, values: impl Iterator<Item = Value<'h>>) -> Self {
        let len = shape.len();
        // The set is not shared before all is written.
        let object = layout::allocate(scope, header(Kind::Attrs, layout::address(shape.object())), len);
        let mut filled = 0;
        for value in values.take(len) {
            layout::set(object, 1 + filled, value.word());
            filled += 1;
        }
        (filled..len).for_each(|index| layout::set(object, 1 + index, Value::NULL.word()));
        Self::new(object)
    }

    /// `left // right`, where `shape` has the [`Shape::merged_keys`] of their shapes. `None` unless both are flat and
    /// the shape fits.
    pub fn merge(scope: Scope<'h>, shape: Shape<'h>, left: Self, right: Self) -> Option<Self> {
        if !left.is_flat() || !right.is_flat() {
            return None;
        }
        let attrs = Self::reserve(scope, shape);
        let (len, mut place) = (shape.len(), 0);
        left.flat_shape().walk_with(right.flat_shape(), |origin| {
            let value = match origin {
                Origin::Left(index) => left.raw_value(index),
                Origin::Right(index) => right.raw_value(index),
            };
            if place < len {
                layout::set(attrs.object, 1 + place, value.word());
            }
            place += 1;
        });
        (place == len).then_some(attrs)
    }

    /// A flat set without the attributes at these indices, which are in order. `None` if it has layers.
    pub fn without(self, scope: Scope<'h>, removed: &[usize]) -> Option<Self> {
        if !self.is_flat() {
            return None;
        }
        let shape = self.flat_shape();
        let kept = runs(shape.len(), removed).flatten().map(|index| self.raw_value(index));
        Some(Self::flat(scope, shape.without(scope, removed), kept))
    }

    /// `base // overlay` without copying: `None` if the overlay is not flat, or the layers would be too many.
    pub fn layered(scope: Scope<'h>, base: Self, overlay: Self) -> Option<Self> {
        let layers = base.layers() + 1;
        if !overlay.is_flat() || layers > MAX_LAYERS {
            return None;
        }
        let object = layout::allocate_to_fill(scope, header(Kind::Layered, (layers as u64) << LAYERS_SHIFT), 2);
        layout::set(object, BASE, layout::address(base.object));
        layout::set(object, OVERLAY, layout::address(overlay.object));
        Some(Self::new(object))
    }

    #[inline]
    pub(super) fn is_flat(self) -> bool {
        layout::is_kind(self.object, Kind::Attrs)
    }

    /// Its storage form.
    #[inline]
    pub fn form(self) -> AttrsForm<'h> {
        if self.is_flat() {
            AttrsForm::Flat(self.flat_shape())
        } else if self.is_masked() {
            AttrsForm::Masked { base: self.layer(BASE), removed: self.removed() }
        } else {
            AttrsForm::Layered { base: self.layer(BASE), overlay: self.layer(OVERLAY) }
        }
    }

    #[inline]
    pub(super) fn flat_shape(self) -> Shape<'h> {
        Shape::new(layout::object(layout::get(self.object, 0) >> 8))
    }

    #[inline]
    pub(super) fn layer(self, which: usize) -> Self {
        Self::new(layout::object(layout::get(self.object, which)))
    }

    /// The number of flat sets that form it.
    #[inline]
    pub fn layers(self) -> usize {
        if self.is_flat() { 1 } else { (self.rest() >> LAYERS_SHIFT) as usize }
    }

    /// The header without the kind.
    #[inline]
    fn rest(self) -> u64 {
        layout::get(self.object, 0) >> 8
    }

    /// The number of names. The first call on a layered set counts them through its layers.
    #[inline]
    pub fn len(self) -> usize {
        if self.is_flat() {
            return self.flat_shape().len();
        }
        match self.rest() as u32 {
            0 => self.count(),
            len => len as usize,
        }
    }

    #[cold]
    fn count(self) -> usize {
        let (base, overlay) = (self.layer(BASE), self.layer(OVERLAY).flat_shape());
        let len = if base.is_flat() && overlay.len() > base.len() / 16 {
            let mut both = 0;
            base.flat_shape().walk_with(overlay, |_| both += 1);
            both
        } else {
            base.len() + overlay.iter().filter(|(name, _)| !base.contains(*name)).count()
        };
        layout::set(self.object, 0, header(Kind::Layered, (self.layers() as u64) << LAYERS_SHIFT | len as u64));
        len
    }

    /// An upper bound of the number of names: a name in several layers counts several times.
    pub fn len_upper_bound(self) -> usize {
        let (mut set, mut sum) = (self, 0);
        while !set.is_flat() {
            sum += set.layer(OVERLAY).flat_shape().len();
            set = set.layer(BASE);
        }
        sum + set.flat_shape().len()
    }

    /// True for `{ }`.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.is_flat() && self.flat_shape().is_empty()
    }

    /// The flat set that holds a name, and its index there.
    #[inline]
    pub fn find(self, symbol: Symbol) -> Option<(Self, usize)> {
        self.find_by(|shape| shape.find(symbol))
    }

    /// The same for names that are looked for again and again.
    #[inline]
    pub fn find_again(self, scope: Scope<'h>, symbol: Symbol) -> Option<(Self, usize)> {
        self.find_by(|shape| shape.find_again(scope, symbol))
    }

    #[inline]
    fn find_by(self, find: impl Fn(Shape<'h>) -> Option<usize>) -> Option<(Self, usize)> {
        let mut set = self;
        while !set.is_flat() {
            let overlay = set.layer(OVERLAY);
            if let Some(index) = find(overlay.flat_shape()) {
                return (!set.is_masked()).then_some((overlay, index));
            }
            set = set.layer(BASE);
        }
        find(set.flat_shape()).map(|index| (set, index))
    }

    /// The value of a name.
    #[inline]
    pub fn get(self, symbol: Symbol) -> Option<Value<'h>> {
        self.find(symbol).map(|(attrs, index)| attrs.raw_value(index))
    }

    /// The same for names that are looked for again and again.
    pub fn get_again(self, scope: Scope<'h>, symbol: Symbol) -> Option<Value<'h>> {
        self.find_again(scope, symbol).map(|(attrs, index)| attrs.raw_value(index))
    }

    /// The position of a name's definition; nowhere if the set lacks it.
    pub fn position(self, symbol: Symbol) -> PosId {
        self.find(symbol).map_or(PosId::NONE, |(attrs, index)| attrs.flat_shape().position(index))
    }

    /// True if the set has the name.
    #[inline]
    pub fn contains(self, symbol: Symbol) -> bool {
        self.find(symbol).is_some()
    }

    #[inline]
    fn raw_value(self, index: usize) -> Value<'h> {
        Value::from_word(layout::get(self.object, 1 + index))
    }

    /// The value at an index of a flat set's shape; `None` for a layered set or past the end.
    #[inline]
    pub fn value_at(self, index: usize) -> Option<Value<'h>> {
        (self.is_flat() && index < self.flat_shape().len()).then(|| self.raw_value(index))
    }

    /// Replaces the value at an index of a flat set. Does nothing otherwise.
    #[inline]
    pub fn write_back(self, index: usize, value: Value<'h>) {
        if self.is_flat() && index < self.flat_shape().len() {
            layout::set(self.object, 1 + index, value.word());
        }
    }

    /// Names, values and positions in symbol order, the order in which C++ Nix visits a set.
    pub fn iter(self) -> AttrsIter<'h> {
        let (mut set, mut above, mut removed) = (self, Vec::new(), &[][..]);
        while !set.is_flat() {
            if set.is_masked() {
                removed = set.removed();
            } else {
                above.push(Cursor::start(set.layer(OVERLAY)));
            }
            set = set.layer(BASE);
        }
        let flat = above.is_empty() && removed.is_empty();
        AttrsIter { whole: self, base: Cursor::start(set), above, removed, flat, left: self.len() }
    }
}

/// A place in a flat set.
#[derive(Clone, Copy, Debug)]
struct Cursor<'h> {
    attrs: Attrs<'h>,
    shape: Shape<'h>,
    index: usize,
}

/// The end marker after the last name: no symbol has this number.
const END: u32 = u32::MAX;

impl<'h> Cursor<'h> {
    fn start(attrs: Attrs<'h>) -> Self {
        Self { attrs, shape: attrs.flat_shape(), index: 0 }
    }

    #[inline]
    fn name(&self) -> u32 {
        self.shape.key(self.index).map_or(END, |name| name.0)
    }

    #[inline]
    fn take(&mut self) -> Option<(Symbol, Value<'h>, PosId)> {
        let symbol = self.shape.key(self.index)?;
        let item = (symbol, self.attrs.raw_value(self.index), self.shape.position(self.index));
        self.index += 1;
        Some(item)
    }
}

/// Iterator over a set in symbol order. See [`Attrs::iter`].
#[derive(Clone, Debug)]
pub struct AttrsIter<'h> {
    /// The set, which keeps its layers: `above` is where a collection doesn't look.
    whole: Attrs<'h>,
    base: Cursor<'h>,
    /// The layers above, the highest first.
    above: Vec<Cursor<'h>>,
    /// Symbols of the base to skip.
    removed: &'h [u32],
    /// True if there are neither.
    flat: bool,
    left: usize,
}

impl<'h> AttrsIter<'h> {
    /// The attribute of the smallest name, from the highest layer that has it. The other layers skip it.
    fn next_of_layers(&mut self) -> Option<(Symbol, Value<'h>, PosId)> {
        while let Some((_, rest)) = self.removed.split_first().filter(|(first, _)| **first == self.base.name()) {
            self.base.index += 1;
            self.removed = rest;
        }
        let name = self.above.iter().fold(self.base.name(), |least, layer| least.min(layer.name()));
        let mut layers =
            self.above.iter_mut().chain(std::iter::once(&mut self.base)).filter(|layer| layer.name() == name);
        let found = layers.next()?.take();
        layers.for_each(|hidden| hidden.index += 1);
        std::hint::black_box(self.whole);
        found
    }
}

impl<'h> Iterator for AttrsIter<'h> {
    type Item = (Symbol, Value<'h>, PosId);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.saturating_sub(1);
        if self.flat { self.base.take() } else { self.next_of_layers() }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for AttrsIter<'_> {}
