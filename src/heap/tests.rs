//! Tests of the heap by itself: written data is read back, handles stay apart, limits are noticed. Runs under Miri.

use super::set::MAX_LAYERS;
use super::*;

fn with_heap<R>(body: impl for<'h> FnOnce(Scope<'h>) -> R) -> R {
    Heap::new(usize::MAX, StopFlags::default()).enter(body)
}

fn symbols(scope: Scope<'_>, names: &[&str]) -> Vec<Symbol> {
    names.iter().map(|name| scope.name_next_symbol(Str::plain(scope, name.as_bytes()))).collect()
}

#[test]
fn integers_of_any_size_keep_their_value() {
    with_heap(|scope| {
        for value in [0, 1, -1, (1 << 60) - 1, 1 << 60, -(1 << 60), -(1 << 60) - 1, i64::MAX, i64::MIN] {
            assert!(matches!(Value::int(scope, value).unpack(), Unpacked::Int(read) if read == value), "{value}");
        }
        assert_eq!(Value::small_int(1 << 60), None);
        assert_eq!(Value::int(scope, 7).as_small_int(), Some(7));
    });
}

#[test]
fn floats_and_constants_keep_their_value() {
    with_heap(|scope| {
        for value in [0.0, -0.0, 1.5, f64::MAX, f64::INFINITY] {
            assert!(
                matches!(Value::float(scope, value).unpack(), Unpacked::Float(read) if read.to_bits() == value.to_bits())
            );
        }
        assert_eq!(Value::bool(true).as_bool(), Some(true));
        assert!(Value::NULL.is_null() && Value::NULL.is_evaluated());
        assert!(matches!(Value::builtin(BuiltinId(300)).unpack(), Unpacked::Builtin(BuiltinId(300))));
    });
}

#[test]
fn strings_of_all_lengths_keep_their_bytes() {
    with_heap(|scope| {
        let text: Vec<u8> = (0..=255).collect();
        for len in [0, 1, 7, 8, 9, 255] {
            let string = Str::with_context(scope, &text[..len], ContextId(5));
            assert_eq!((string.as_bytes(), string.len(), string.context()), (&text[..len], len, ContextId(5)));
            assert_eq!(string.symbol(), None);
            string.remember_symbol(Symbol(3));
            assert_eq!((string.symbol(), string.as_bytes()), (Some(Symbol(3)), &text[..len]));
        }
    });
}

#[test]
fn strings_that_grow_keep_what_they_were() {
    with_heap(|scope| {
        let text = vec![b'x'; Str::GROWS_FROM];
        let mut all = vec![Str::plain(scope, &text)];
        for index in 0..200u8 {
            let last = all[all.len() - 1];
            let rest = vec![index; usize::from(index)];
            let longer = if index < 100 {
                last.followed_by(scope, &rest, ContextId(1))
            } else {
                last.preceded_by(scope, &rest, ContextId(2))
            };
            // Another one from the same start does not interfere.
            let other = last.followed_by(scope, b"other", ContextId::EMPTY).map(Str::as_bytes);
            assert_eq!(other, Some([last.as_bytes(), b"other"].concat().as_slice()));
            all.push(longer.expect("there is memory"));
        }
        let mut wanted = text;
        for (index, string) in (0..200u8).zip(&all[1..]) {
            let rest = vec![index; usize::from(index)];
            wanted = if index < 100 { [wanted, rest].concat() } else { [rest, wanted].concat() };
            assert_eq!(string.as_bytes(), wanted);
        }
    });
}

#[test]
fn a_string_is_not_made_longer_when_the_evaluation_is_to_end() {
    let (flags, text) = (StopFlags::default(), vec![b'x'; Str::GROWS_FROM]);
    Heap::new(1 << 20, flags.clone()).enter(|scope| {
        let string = Str::plain(scope, &text);
        assert!(string.followed_by(scope, &vec![b'y'; 1 << 20], ContextId::EMPTY).is_none(), "there is no room");
        assert!(string.followed_by(scope, b"y", ContextId::EMPTY).is_some());
        flags.interrupt();
        assert!(string.followed_by(scope, b"y", ContextId::EMPTY).is_none());
    });
}

#[test]
fn long_parts_of_strings_share_their_bytes() {
    with_heap(|scope| {
        let text: Vec<u8> = (0..=255).cycle().take(5000).collect();
        let string = Str::with_context(scope, &text, ContextId(3));
        for range in [0..10, 0..5000, 700..1700, 4999..5000] {
            let part = string.part(scope, range.clone());
            assert_eq!((part.as_bytes(), part.context()), (&text[range], ContextId(3)));
        }
        assert!(string.part(scope, 5000..6000).is_empty());
        assert_eq!(string.part(scope, 700..1700).as_bytes().as_ptr(), string.as_bytes()[700..].as_ptr());
        assert!(scope.heap().census().iter().any(|count| count.kind == "part of a string" && count.objects > 0));
    });
}

/// A list of `len` numbers from `first` on.
fn numbers(scope: Scope<'_>, first: i64, len: i64) -> List<'_> {
    let numbers: Vec<_> = (first..first + len).map(|number| Value::int(scope, number)).collect();
    List::from_values(scope, numbers.into_iter())
}

fn read(list: List<'_>) -> Vec<i64> {
    list.iter().filter_map(Value::as_small_int).collect()
}

#[test]
fn lists_that_grow_keep_what_they_were() {
    with_heap(|scope| {
        let mut all =
            vec![(numbers(scope, 0, List::GROWS_FROM as i64), (0..List::GROWS_FROM as i64).collect::<Vec<_>>())];
        for round in 0..300i64 {
            let (last, model) = all[all.len() - 1].clone();
            let more = numbers(scope, 1000 * round, 1 + round % 7);
            let (lists, model) = match round % 3 {
                0 if round > 100 => ([more, last], [read(more), model].concat()),
                _ if round > 200 => ([more, last], [read(more), model].concat()),
                _ => ([last, more], [model, read(more)].concat()),
            };
            let longer = List::joined(scope, &lists).expect("there is memory");
            // Another one from the same start does not interfere.
            let other = List::joined(scope, &[last, more, last]).map(read);
            assert_eq!(other, Some([read(last), read(more), read(last)].concat()));
            let branch = List::joined(scope, &[last, numbers(scope, -1, 1)]).map(read);
            assert_eq!(branch, Some([read(last), vec![-1]].concat()));
            all.push((longer, model));
        }
        all.iter().for_each(|(list, model)| assert_eq!(read(*list), *model));
        assert!(scope.heap().census().iter().any(|count| count.kind == "growing list" && count.objects > 0));
    });
}

#[test]
fn growing_lists_are_copied_seldom() {
    with_heap(|scope| {
        let grow = |at_back: &dyn Fn(i64) -> bool| {
            let before = scope.heap().used_bytes();
            let mut list = numbers(scope, 0, 1);
            for round in 0..10_000i64 {
                let one = numbers(scope, round, 1);
                let lists = if at_back(round) { [list, one] } else { [one, list] };
                list = List::joined(scope, &lists).expect("there is memory");
            }
            assert_eq!(list.len(), 10_001);
            scope.heap().used_bytes() - before
        };
        for bytes in [grow(&|_| true), grow(&|_| false), grow(&|round| round % 2 == 0)] {
            assert!(bytes < 2_000_000, "{bytes}");
        }
    });
}

#[test]
fn parts_of_lists_share_elements_and_grow() {
    with_heap(|scope| {
        let list = numbers(scope, 0, 1000);
        for range in [0..5, 0..1000, 10..900, 999..1000] {
            let part = list.part(scope, range.clone());
            assert_eq!(read(part), range.map(|number| number as i64).collect::<Vec<_>>());
        }
        assert!(list.part(scope, 900..1100).is_empty());
        let part = list.part(scope, 100..300).part(scope, 50..150);
        part.write_back(0, Value::NULL);
        assert_eq!(list.get(150), Some(Value::NULL));
        let mut window = numbers(scope, 0, 100);
        for next in 100..5000 {
            let longer = List::joined(scope, &[window, numbers(scope, next, 1)]).expect("there is memory");
            window = longer.part(scope, 1..longer.len());
            assert_eq!(read(window), (next - 99..=next).collect::<Vec<_>>());
        }
    });
}

#[test]
fn a_list_is_settled_once_whatever_it_is_made_of() {
    with_heap(|scope| {
        let list = numbers(scope, 0, 100);
        let longer = List::joined(scope, &[list, numbers(scope, 0, 1)]).expect("there is memory");
        let longest = List::joined(scope, &[longer, numbers(scope, 0, 1)]).expect("there is memory");
        for list in [list, longer, longest, list.part(scope, 1..90)] {
            assert_eq!((list.settle(), list.settle()), (true, false));
        }
    });
}

#[test]
fn a_list_is_not_made_longer_when_the_evaluation_is_to_end() {
    let flags = StopFlags::default();
    Heap::new(1 << 20, flags.clone()).enter(|scope| {
        let list = numbers(scope, 0, 100);
        let long = list.part(scope, 0..100);
        assert!(List::joined(scope, &vec![long; 10_000]).is_none(), "there is no room");
        flags.interrupt();
        assert!(List::joined(scope, &[list, long]).is_none());
    });
}

#[test]
fn windows_of_growing_strings_share_their_bytes() {
    with_heap(|scope| {
        let before = scope.heap().used_bytes();
        let mut window = Str::plain(scope, &vec![b'a'; 10_000]);
        for _ in 0..5_000 {
            let longer = window.followed_by(scope, b"xy", ContextId::EMPTY).expect("there is memory");
            window = longer.part(scope, 2..longer.len());
        }
        assert_eq!(window.as_bytes(), b"xy".repeat(5_000));
        assert!(scope.heap().used_bytes() - before < 2_000_000);
    });
}

#[test]
fn lists_grow_over_chunks_and_update() {
    with_heap(|scope| {
        let list = List::from_values(scope, (0..100_000u32).map(|index| Value::int(scope, index.into())));
        assert_eq!((list.len(), list.get(99_999), list.get(100_000)), (100_000, Value::small_int(99_999), None));
        list.write_back(5, Value::NULL);
        list.write_back(100_000, Value::NULL);
        assert_eq!(list.iter().filter(|value| value.is_null()).count(), 1);
    });
}

#[test]
fn shapes_find_names_and_order_them_by_text() {
    with_heap(|scope| {
        let mut names: Vec<String> = (0..20).map(|index| format!("{:02}", 19 - index)).collect();
        let keys = symbols(scope, &names.iter().map(String::as_str).collect::<Vec<_>>());
        let shape = Shape::from_sorted(scope, keys.iter().map(|key| (*key, PosId(key.0 + 1))));
        for (index, key) in keys.iter().enumerate() {
            assert_eq!((shape.find(*key), shape.position(index)), (Some(index), PosId(key.0 + 1)));
        }
        assert_eq!(shape.find(Symbol(99)), None);
        let ordered: Vec<_> = shape.name_order(scope).filter_map(|index| shape.key(index)).collect();
        names.sort();
        let texts: Vec<_> = ordered.iter().map(|key| scope.symbol_name(*key).as_bytes().to_vec()).collect();
        assert_eq!(texts, names.iter().map(|name| name.as_bytes().to_vec()).collect::<Vec<_>>());
    });
}

#[test]
fn layered_sets_read_as_one() {
    with_heap(|scope| {
        let keys = symbols(scope, &["a", "b", "c"]);
        let set = |names: &[usize], value: i64| {
            let shape = Shape::from_sorted(
                scope,
                names.iter().map(|name| (keys[*name], PosId::NONE)).collect::<Vec<_>>().into_iter(),
            );
            Attrs::flat(scope, shape, names.iter().map(|_| Value::int(scope, value)))
        };
        let (base, overlay) = (set(&[0, 1], 1), set(&[1, 2], 2));
        let layered = Attrs::layered(scope, base, overlay).expect("both are flat");
        let read = |set: Attrs<'_>| set.iter().map(|(name, value, _)| (name, value.as_small_int())).collect::<Vec<_>>();
        assert_eq!(read(layered), [(keys[0], Some(1)), (keys[1], Some(2)), (keys[2], Some(2))]);
        assert_eq!(layered.get(keys[1]).and_then(Value::as_small_int), Some(2));
        assert_eq!((layered.len(), layered.len_upper_bound(), layered.layers()), (3, 4, 2));
        assert!(Attrs::layered(scope, base, layered).is_none());

        let mut high = Attrs::layered(scope, layered, set(&[0], 3)).expect("the overlay is flat");
        assert_eq!(read(high), [(keys[0], Some(3)), (keys[1], Some(2)), (keys[2], Some(2))]);
        assert_eq!((high.len(), high.layers()), (3, 3));
        while let Some(higher) = Attrs::layered(scope, high, overlay) {
            high = higher;
        }
        assert_eq!(
            (read(high), high.layers()),
            (read(Attrs::layered(scope, layered, set(&[0], 3)).unwrap()), MAX_LAYERS)
        );
    });
}

#[test]
fn thunks_go_through_their_states() {
    with_heap(|scope| {
        let code = CodeRef(CODE_LIMIT - 2);
        let thunk = Thunk::reserve(scope, code, 2);
        thunk.set_capture(1, Value::TRUE);
        assert!(matches!(thunk.kind(), ThunkKind::Code(read) if read == code));
        assert!(thunk.begin() && !thunk.begin());
        assert!(matches!(thunk.state(), ThunkState::Running));
        thunk.restore();
        assert!(matches!(thunk.state(), ThunkState::Suspended));
        assert_eq!(thunk.capture(1), Value::TRUE);
        assert!(thunk.begin());
        thunk.finish(scope, Value::FALSE);
        assert_eq!((thunk.value(), thunk.replacement()), (Some(Value::FALSE), Some(Value::FALSE)));
    });
}

#[test]
fn a_call_for_a_member_knows_its_number_whatever_its_state() {
    with_heap(|scope| {
        for member in [0, 1, (1 << 40) - 1] {
            let thunk = Thunk::member_call(scope, Value::TRUE, member);
            let is_it = || matches!(thunk.kind(), ThunkKind::Member(read) if read == member);
            assert!(is_it() && matches!(thunk.state(), ThunkState::Suspended));
            assert_eq!((thunk.captures(), thunk.capture(0), thunk.capture(1)), (1, Value::TRUE, Value::NULL));
            assert!(thunk.begin() && is_it());
            thunk.restore();
            assert!(thunk.begin() && is_it());
            thunk.finish(scope, Value::FALSE);
            assert!(is_it());
            assert_eq!(thunk.value(), Some(Value::FALSE));
        }
    });
}

#[test]
fn failed_and_alias_thunks_are_told_apart() {
    with_heap(|scope| {
        let failed = Thunk::apply(scope, Value::NULL, &[Value::TRUE]);
        assert!(matches!(failed.kind(), ThunkKind::Apply) && failed.begin());
        failed.fail(1 << 20);
        assert!(matches!(failed.state(), ThunkState::Failed(number) if number == 1 << 20));
        let alias = Thunk::reserve(scope, CodeRef(0), 0);
        assert!(alias.begin());
        alias.finish_as_alias(scope, Value::TRUE);
        assert_eq!((alias.value(), alias.replacement()), (Some(Value::TRUE), None));
    });
}

#[test]
fn closures_and_partial_applications_hold_what_they_were_given() {
    with_heap(|scope| {
        let code = CodeRef(1 << 20 | 2);
        let closure = Closure::reserve(scope, code, 3);
        closure.set_capture(2, Value::TRUE);
        assert_eq!((closure.code(), closure.captures(), closure.capture(2)), (code, 3, Value::TRUE));
        assert_eq!(Captures::from(closure).get(2), Value::TRUE);
        let first = Partial::apply(scope, closure.into(), None, &[Value::TRUE]);
        let second = Partial::apply(scope, closure.into(), Some(first), &[Value::FALSE]);
        assert_eq!((second.len(), second.argument(0), second.argument(1)), (2, Value::TRUE, Value::FALSE));
        assert!(Value::from(second).is_function() && !Value::from(second).is_freely_copied());
    });
}

#[test]
fn any_number_of_values_can_be_captured() {
    with_heap(|scope| {
        let code = CodeRef(1 << 20 | 2);
        for count in [4094, 4095, 4096, 10_000] {
            let (closure, thunk) = (Closure::reserve(scope, code, count), Thunk::reserve(scope, code, count));
            assert_eq!((closure.captures(), thunk.captures()), (count, count));
            for index in 0..=count {
                closure.set_capture(index, Value::int(scope, index as i64));
                thunk.set_capture(index, Value::int(scope, -(index as i64)));
            }
            for index in 0..count {
                assert_eq!(closure.capture(index).as_small_int(), Some(index as i64));
                assert_eq!(Captures::from(thunk).get(index as u32).as_small_int(), Some(-(index as i64)));
            }
            assert_eq!((closure.capture(count), thunk.capture(count)), (Value::NULL, Value::NULL));
            let values = (0..count).map(|index| Value::int(scope, index as i64));
            let whole = Closure::with_captures(scope, code, values.clone());
            assert!((0..count).all(|index| whole.capture(index) == closure.capture(index)));
            let whole = Thunk::with_captures(scope, code, values);
            assert!((0..count).all(|index| whole.capture(index) == closure.capture(index)));
            assert!(thunk.begin());
            thunk.finish(scope, Value::TRUE);
            assert_eq!((thunk.value(), closure.code()), (Some(Value::TRUE), code));
        }
    });
}

#[test]
fn roots_outlive_a_visit() {
    let heap = Heap::new(usize::MAX, StopFlags::default());
    let id = heap.enter(|scope| scope.add_root(Str::plain(scope, b"kept").into()));
    heap.enter(|scope| {
        assert_eq!(scope.root(id).as_str().map(Str::as_bytes), Some(&b"kept"[..]));
        scope.set_root(id, Value::TRUE);
        assert_eq!(scope.root(id), Value::TRUE);
    });
    heap.remove_root(id);
    assert_eq!(heap.enter(|scope| scope.add_root(Value::NULL)), id);
}

#[test]
fn passing_the_memory_limit_is_seen() {
    let flags = StopFlags::default();
    let heap = Heap::new(1 << 20, flags.clone());
    heap.enter(|scope| {
        assert!(scope.make_room(1000) && !scope.make_room(2 << 20));
        let _ = List::from_values(scope, (0..200_000u32).map(|_| Value::NULL));
    });
    assert!(flags.any() && flags.out_of_memory());
    flags.clear();
    assert!(!flags.any());
}

#[test]
fn the_census_finds_every_object() {
    let heap = Heap::new(usize::MAX, StopFlags::default());
    let code = CodeRef(1 << 20 | 2);
    heap.enter(|scope| {
        let names = symbols(scope, &["a", "b", "c"]);
        let shape = Shape::from_sorted(scope, names.iter().map(|name| (*name, PosId(7))));
        let set = Attrs::reserve(scope, shape);
        let _ = (Attrs::layered(scope, set, set), shape.name_order(scope).count(), Value::float(scope, 0.5));
        let _ = (Value::int(scope, i64::MAX), Thunk::reserve(scope, code, 0), Thunk::reserve(scope, code, 5000));
        let _ = Thunk::member_call(scope, Value::NULL, 7);
        let _ = (Thunk::apply(scope, Value::NULL, &[Value::NULL; 2]), Closure::reserve(scope, code, 3));
        let _ = (Partial::apply(scope, Value::NULL, None, &[Value::NULL]), Thunk::done(scope, Value::NULL));
        let _ = List::from_values(scope, (0..100_000u32).map(|_| Value::NULL));
        let _ = Str::plain(scope, b"123456789");
        let long = Str::plain(scope, &[b'x'; 2048]);
        let longer = long.followed_by(scope, b"y", ContextId::EMPTY);
        let _ = longer.and_then(|longer| longer.followed_by(scope, b"z", ContextId::EMPTY));
        let _ = long.preceded_by(scope, b"y", ContextId::EMPTY);
        let _ = Attrs::masked(scope, set, &names[..1]);
        let (list, one) = (numbers(scope, 0, 32), numbers(scope, 0, 1));
        let longer = List::joined(scope, &[list, one]);
        let _ = longer.and_then(|longer| List::joined(scope, &[longer, one]));
    });
    let found: Vec<_> = heap.census().into_iter().map(|count| (count.kind, count.objects, count.bytes)).collect();
    let expected = [
        ("thunk", 3, 16 + 8 * (2 + 5000) + 16),
        ("delayed call", 1, 32),
        ("function", 1, 32),
        ("partial application", 1, 24),
        ("list", 5, 8 * 100_001 + 8 * (33 + 2 + 34 + 4)),
        ("string", 6, 3 * 24 + 32 + (16 + 2048) + (16 + 2056)),
        ("set", 2, 32 + 16),
        ("layered set", 1, 24),
        ("shape", 2, 8 * (2 + 2 + 2) + 8 * 3),
        ("large integer", 1, 16),
        ("float", 1, 16),
        ("name order", 1, 24),
        ("part of a string", 1, 32),
        ("growing string", 1, 16 + 4104),
        ("longer string", 1, 16 + 2056),
        ("delayed call for a member", 1, 16),
        ("growing list", 1, 8 * (2 + 68)),
        ("set without some names", 1, 24),
        ("hole", 0, 0),
    ];
    assert_eq!(found, expected);
}
