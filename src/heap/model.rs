//! Random work on a heap that is collected again and again, beside a model of it that is made of vectors.

use super::*;

/// A fixed sequence of pseudorandom numbers.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// The expected state of an object; others are meant by their numbers.
#[derive(Clone, Debug)]
enum Model {
    Integer(i64),
    Float(f64),
    Text(Vec<u8>),
    List(Vec<usize>),
    Set(Vec<(u32, usize)>),
    Layered(Vec<(u32, usize)>),
    Thunk(Vec<usize>),
    Done(usize),
    Failed(u32),
    Function(Vec<usize>),
    Partial(Vec<usize>),
}

/// Objects with their models. Those that are kept have a root.
#[derive(Default)]
struct World {
    models: Vec<Model>,
    roots: Vec<Option<RootId>>,
}

impl World {
    fn add<'h>(&mut self, scope: Scope<'h>, value: Value<'h>, model: Model) {
        self.models.push(model);
        self.roots.push(Some(scope.add_root(value)));
    }

    /// The number of an object that is kept.
    fn any(&self, numbers: &mut Numbers) -> usize {
        loop {
            let number = numbers.below(self.models.len());
            if self.roots[number].is_some() {
                return number;
            }
        }
    }

    fn value<'h>(&self, scope: Scope<'h>, number: usize) -> Value<'h> {
        scope.root(self.roots[number].expect("kept"))
    }

    fn some(&self, numbers: &mut Numbers, most: usize) -> Vec<usize> {
        (0..numbers.below(most)).map(|_| self.any(numbers)).collect()
    }

    /// Makes a new object that refers to objects that are kept.
    fn grow<'h>(&mut self, scope: Scope<'h>, numbers: &mut Numbers) {
        let (value, model): (Value<'h>, Model) = match numbers.below(14) {
            0 => {
                let int = i64::MAX - numbers.below(1000) as i64;
                (Value::int(scope, int), Model::Integer(int))
            }
            1 => (Value::float(scope, 0.5), Model::Float(0.5)),
            2 => {
                let text = vec![numbers.below(256) as u8; numbers.below(600)];
                (Str::plain(scope, &text).into(), Model::Text(text))
            }
            3 | 4 => {
                let most = if numbers.below(50) == 0 { 9000 } else { 60 };
                let items = self.some(numbers, most);
                let values: Vec<_> = items.iter().map(|item| self.value(scope, *item)).collect();
                (List::from_values(scope, values.into_iter()).into(), Model::List(items))
            }
            5 | 6 => self.set(scope, numbers),
            7 => {
                let items = self.some(numbers, 9);
                let values: Vec<_> = items.iter().map(|item| self.value(scope, *item)).collect();
                let thunk = Thunk::with_captures(scope, CodeRef(3), values.into_iter());
                (thunk.into(), Model::Thunk(items))
            }
            8 => {
                let item = self.any(numbers);
                if matches!(self.models[item], Model::Thunk(_) | Model::Done(_) | Model::Failed(_)) {
                    return;
                }
                (Thunk::done(scope, self.value(scope, item)).into(), Model::Done(item))
            }
            9 => {
                let thunk = Thunk::apply(scope, Value::NULL, &[]);
                thunk.fail(numbers.below(100) as u32);
                let ThunkState::Failed(number) = thunk.state() else { unreachable!() };
                (thunk.into(), Model::Failed(number))
            }
            11 | 12 => return self.finish(scope, numbers),
            10 => {
                let items = self.some(numbers, 9);
                let values: Vec<_> = items.iter().map(|item| self.value(scope, *item)).collect();
                (Closure::with_captures(scope, CodeRef(4), values.into_iter()).into(), Model::Function(items))
            }
            _ => {
                let mut items = self.some(numbers, 5);
                items.push(self.any(numbers));
                let values: Vec<_> = items.iter().map(|item| self.value(scope, *item)).collect();
                (Partial::apply(scope, Value::NULL, None, &values).into(), Model::Partial(items))
            }
        };
        self.add(scope, value, model);
    }

    /// Gives a thunk a value that is not a thunk.
    fn finish<'h>(&mut self, scope: Scope<'h>, numbers: &mut Numbers) {
        let (number, item) = (self.any(numbers), self.any(numbers));
        let value = self.value(scope, item);
        let thunk = self.value(scope, number).as_thunk().filter(|_| matches!(self.models[number], Model::Thunk(_)));
        let Some(thunk) = thunk.filter(|thunk| value.as_thunk().is_none() && thunk.begin()) else { return };
        if numbers.below(4) == 0 {
            thunk.finish_as_alias(scope, value);
        } else {
            thunk.finish(scope, value);
        }
        self.models[number] = Model::Done(item);
    }

    fn set<'h>(&self, scope: Scope<'h>, numbers: &mut Numbers) -> (Value<'h>, Model) {
        let mut names: Vec<u32> = (0..numbers.below(40)).map(|_| numbers.below(200) as u32).collect();
        names.sort_unstable();
        names.dedup();
        let items: Vec<(u32, usize)> = names.into_iter().map(|name| (name, self.any(numbers))).collect();
        let shape = Shape::from_sorted(scope, items.iter().map(|item| (Symbol(item.0), PosId(item.0))));
        let set = Attrs::flat(scope, shape, items.iter().map(|item| self.value(scope, item.1)));
        let base = self.any(numbers);
        let (Model::Set(below), Some(flat)) = (&self.models[base], self.value(scope, base).as_attrs()) else {
            return (set.into(), Model::Set(items));
        };
        let mut all = items.clone();
        all.extend(below.iter().filter(|item| !items.iter().any(|other| other.0 == item.0)));
        all.sort_unstable();
        (Attrs::layered(scope, flat, set).expect("both are flat").into(), Model::Layered(all))
    }

    /// Drops the root of an object, which others may still refer to.
    fn shrink(&mut self, heap: &Heap, numbers: &mut Numbers) {
        if self.roots.iter().flatten().count() > 8 {
            let number = self.any(numbers);
            heap.remove_root(self.roots[number].take().expect("kept"));
        }
    }

    /// Compares a value with its model, and what it refers to.
    fn compare<'h>(&self, value: Value<'h>, number: usize, seen: &mut std::collections::HashSet<(Value<'h>, usize)>) {
        if !seen.insert((value, number)) {
            return;
        }
        let each = |values: &mut dyn Iterator<Item = Value<'h>>, items: &[usize]| {
            values.zip(items).map(|(value, item)| (value, *item)).collect::<Vec<_>>()
        };
        let parts = match (value.unpack(), &self.models[number]) {
            (Unpacked::Int(found), Model::Integer(int)) => return assert_eq!(found, *int),
            (Unpacked::Float(found), Model::Float(float)) => return assert_eq!(found.to_bits(), float.to_bits()),
            (Unpacked::String(found), Model::Text(text)) => return assert_eq!(found.as_bytes(), text),
            (Unpacked::List(list), Model::List(items)) => {
                assert_eq!(list.len(), items.len());
                each(&mut list.iter(), items)
            }
            (Unpacked::Attrs(set), Model::Set(items) | Model::Layered(items)) => {
                assert!(set.iter().map(|attr| attr.0.0).eq(items.iter().map(|item| item.0)));
                let items: Vec<usize> = items.iter().map(|item| item.1).collect();
                each(&mut set.iter().map(|attr| attr.1), &items)
            }
            (Unpacked::Thunk(thunk), Model::Done(item)) => vec![(thunk.value().expect("done"), *item)],
            // A collection puts the value in the place of its thunk.
            (_, Model::Done(item)) => vec![(value, *item)],
            (Unpacked::Thunk(thunk), Model::Failed(error)) => {
                return assert!(matches!(thunk.state(), ThunkState::Failed(found) if found == *error));
            }
            (Unpacked::Thunk(thunk), Model::Thunk(items)) => {
                assert_eq!(thunk.captures(), items.len());
                each(&mut (0..items.len()).map(|index| thunk.capture(index)), items)
            }
            (Unpacked::Closure(function), Model::Function(items)) => {
                each(&mut (0..items.len()).map(|index| function.capture(index)), items)
            }
            (Unpacked::Partial(partial), Model::Partial(items)) => {
                each(&mut (0..items.len()).map(|index| partial.argument(index)), items)
            }
            (found, model) => panic!("{found:?} in the place of {model:?}"),
        };
        parts.into_iter().for_each(|(value, number)| self.compare(value, number, seen));
    }

    fn compare_all(&self, heap: &Heap) {
        heap.enter(|scope| {
            let mut seen = std::collections::HashSet::new();
            for number in (0..self.models.len()).filter(|number| self.roots[*number].is_some()) {
                self.compare(self.value(scope, number), number, &mut seen);
            }
        });
    }
}

/// `NIVIS_ROUNDS=1000` makes more worlds.
#[test]
fn what_is_referred_to_lives_through_collections() {
    let worlds = std::env::var("NIVIS_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    (0..worlds).for_each(|world| live_through_collections(7 + world));
}

fn live_through_collections(seed: u64) {
    let (rounds, steps) = if cfg!(miri) { (6, 30) } else { (40, 200) };
    let mut heap = Heap::new(usize::MAX, StopFlags::default());
    heap.set_collection(Collection::Stress(1));
    let (mut world, mut numbers) = (World::default(), Numbers(seed));
    heap.enter(|scope| world.add(scope, Value::int(scope, i64::MIN), Model::Integer(i64::MIN)));
    for round in 0..rounds {
        heap.enter(|scope| {
            for _ in 0..steps {
                world.grow(scope, &mut numbers);
            }
        });
        for _ in 0..steps {
            world.shrink(&heap, &mut numbers);
        }
        heap.collect_between_visits(0, round % 2 == 0);
        world.compare_all(&heap);
    }
    let bytes = heap.used_bytes();
    assert!(bytes < 64 << 20, "{bytes} bytes are used");
}

#[test]
fn what_nothing_refers_to_is_used_again() {
    let mut heap = Heap::new(usize::MAX, StopFlags::default());
    let mut sizes = Vec::new();
    for _ in 0..if cfg!(miri) { 3 } else { 20 } {
        heap.enter(|scope| {
            for index in 0..if cfg!(miri) { 100 } else { 50_000 } {
                let pair = [Value::int(scope, i64::MAX - index), Value::TRUE];
                List::from_values(scope, pair.into_iter());
            }
            ListBuilder::new(scope, 1 << 18).finish();
        });
        heap.collect_between_visits(0, false);
        sizes.push(heap.used_bytes());
    }
    assert!(sizes.iter().all(|size| *size <= sizes[0]), "{sizes:?}");
    assert_eq!(heap.collection_figures().live_bytes, 0);
}

#[test]
fn long_chains_take_no_stack() {
    let mut heap = Heap::new(usize::MAX, StopFlags::default());
    let length = if cfg!(miri) { 1000 } else { 1_000_000 };
    let root = heap.enter(|scope| {
        let chain = (0..length).fold(Value::NULL, |rest, _| List::from_values(scope, std::iter::once(rest)).into());
        scope.add_root(chain)
    });
    heap.collect_between_visits(0, false);
    let found = heap.enter(|scope| {
        fn next<'h>(value: &Value<'h>) -> Option<Value<'h>> {
            value.as_list().and_then(|list| list.get(0))
        }
        std::iter::successors(Some(scope.root(root)), next).count()
    });
    assert_eq!(found, length + 1);
}

#[test]
#[cfg(not(miri))]
fn local_variables_and_scratch_keep_values() {
    let heap = Heap::new(usize::MAX, StopFlags::default());
    heap.set_collection(Collection::Stress(1));
    heap.enter(|scope| {
        let string = Str::plain(scope, &[b'x'; 1000]);
        let middle = &string.as_bytes()[500..];
        let items: Vec<_> = (0..100).map(|index| Value::int(scope, i64::MAX - index)).collect();
        let kept = scope.gather(items.iter().copied());
        drop(items);
        let list = List::from_values(scope, std::iter::once(Value::float(scope, 2.5)));
        scope.collect(&[], 0);
        let filler = Str::plain(scope, &[b'y'; 5000]);
        assert!(middle.iter().all(|byte| *byte == b'x') && middle.len() == 500);
        let ints = kept.iter().map(|value| value.unpack());
        assert!(ints.zip(0..100).all(|(found, index)| matches!(found, Unpacked::Int(int) if int == i64::MAX - index)));
        assert!(matches!(list.get(0).map(Value::unpack), Some(Unpacked::Float(float)) if float == 2.5));
        assert_eq!(filler.len(), 5000);
    });
}

#[test]
fn errors_of_live_thunks_are_told() {
    let mut heap = Heap::new(usize::MAX, StopFlags::default());
    heap.enter(|scope| {
        for number in 0..10 {
            let thunk = Thunk::apply(scope, Value::NULL, &[]);
            thunk.fail(number);
            if number % 3 == 0 {
                scope.add_root(thunk.into());
            }
        }
    });
    let live = heap.collect_between_visits(10, true);
    assert!((0..10).all(|number| live.contains(number) == (number % 3 == 0)));
}
