//! Bytes that nobody vouches for: they are refused, or are a unit that runs, to whatever end.

use crate::cache::MemoryCache;
use crate::io::MemoryIo;
use crate::ir::Unit;
use crate::source::Origin;
use crate::{Engine, Settings, report};
use std::rc::Rc;

/// Programs that have all kinds of nodes between them, and are small, so that all damage to a word can be tried.
const PROGRAMS: &[&str] = &[
    "let f = x: x + 1; in f 2",
    "{ a, b ? a, ... }@all: all.c.d or b",
    "rec { a = 1; ${toString a} = b; b = \"x${a}y\"; }",
    "with { x = [ 1 2.5 ./. null ]; }; assert x != [ ]; x ++ [ (-1) ]",
    "if true && !false -> 1 < 2 || 3 >= 4 then { } // { a = ./a${\"b\"}; } ? a.b else __curPos",
    "rec { a = 1; b = a; __overrides = { a = 2; }; }",
    "map (x: x * 2 - 3 / 4) (builtins.filter (x: x > 1) [ 1 2 3 ])",
    "let inherit (import ./lib.nix) f; in (x: y: f (x - 1) y) 1",
];

fn engine() -> Engine {
    let mut settings = Settings::default();
    (settings.max_call_depth, settings.memory_limit, settings.stack_size) = (100, 1 << 26, 1 << 22);
    Engine::with_io(settings, Box::new(MemoryIo::default().with_file("/a.nix", "1").with_file("/lib.nix", "1")))
}

fn encoded(program: &str) -> Vec<u8> {
    let unit = engine()
        .enter(|cx| cx.lower_text(Origin::String, program.into(), b"/"))
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    let bytes = unit.encode().expect("the unit has no inputs");
    assert_eq!(format!("{:?}", Unit::decode(&bytes)), format!("{:?}", Some(unit)), "{program}");
    bytes
}

/// Decodes the bytes, and runs what they are. True if they are a unit.
fn runs(bytes: Vec<u8>) -> bool {
    let is_unit = Unit::decode(&bytes).is_some();
    if is_unit {
        let mut engine = engine().with_cache(Rc::new(MemoryCache::of_one_unit(bytes)));
        let shown = engine.eval_file("/a.nix").and_then(|value| engine.render(&value));
        let _ = shown.map_err(|error| report::plain(&error, engine.sources(), true, false));
    }
    is_unit
}

#[test]
fn cut_off_or_longer_is_no_unit() {
    for program in PROGRAMS {
        let bytes = encoded(program);
        for end in 0..bytes.len() {
            assert!(Unit::decode(&bytes[..end]).is_none(), "{program}: {end} of {} bytes", bytes.len());
        }
        for more in [&[0][..], &[0; 4], &[0xff; 16]] {
            assert!(Unit::decode(&[&bytes, more].concat()).is_none(), "{program}: {} bytes more", more.len());
        }
    }
}

#[test]
fn wrong_counts_are_refused_at_once() {
    let whole = encoded(PROGRAMS[0]);
    for index in 0..super::COUNTS {
        for count in [1 << 16, 1 << 28, 1 << 31, u32::MAX] {
            let mut bytes = whole.clone();
            bytes[index * 4..][..4].copy_from_slice(&count.to_le_bytes());
            assert!(Unit::decode(&bytes).is_none(), "count {index} is {count}");
        }
    }
}

#[test]
fn a_wrong_word_is_refused_or_runs() {
    let (mut refused, mut run) = (0, 0);
    for program in PROGRAMS {
        let whole = encoded(program);
        for index in 0..whole.len() / 4 {
            let word = u32::from_le_bytes(whole.as_chunks::<4>().0[index]);
            for wrong in [0, 1, 3, word ^ 1, word ^ 2, word.wrapping_add(4), word.wrapping_sub(4), word ^ 1 << 31] {
                let mut bytes = whole.clone();
                bytes[index * 4..][..4].copy_from_slice(&wrong.to_le_bytes());
                *if runs(bytes) { &mut run } else { &mut refused } += 1;
            }
        }
    }
    assert!(refused > 1000 && run > 1000, "{refused} refused, {run} run");
}

#[test]
fn flipped_bits_of_texts_are_refused_or_run() {
    for program in PROGRAMS {
        let whole = encoded(program);
        for bit in (0..whole.len() * 8).step_by(7) {
            let mut bytes = whole.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            runs(bytes);
        }
    }
}
