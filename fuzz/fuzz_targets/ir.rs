//! A program is lowered and encoded, the bytes are edited, and what can still be decoded is run.
//!
//! The first byte says how many edits there are, up to 15. An edit is four bytes: the number of a word, and what it becomes.
//! The rest is the program. Bytes that are no program are decoded as they are.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nivis::cache::MemoryCache;
use nivis::ir::Unit;
use nivis::source::Origin;
use nivis_fuzz::{engine, evaluate};
use std::rc::Rc;

fuzz_target!(|input: &[u8]| {
    Unit::decode(input);
    let Some((count, rest)) = input.split_first() else { return };
    let Some((edits, text)) = rest.split_at_checked(usize::from(count % 16) * 4) else { return };
    let Ok(unit) = engine(None).enter(|cx| cx.lower_text(Origin::String, text.to_vec(), b"/")) else { return };
    let mut bytes = unit.encode().expect("the unit has no inputs");
    let whole = Unit::decode(&bytes).expect("what was encoded can be decoded");
    assert_eq!(format!("{whole:?}"), format!("{unit:?}"));
    for edit in edits.as_chunks::<4>().0 {
        let [at, value] = [[edit[0], edit[1]], [edit[2], edit[3]]].map(u16::from_le_bytes);
        let (words, _) = bytes.as_chunks_mut::<4>();
        let index = usize::from(at) % words.len().max(1);
        if let Some(word) = words.get_mut(index) {
            // The kind of an operand is in its highest or lowest bits; numbers are small.
            *word = match value >> 12 {
                0xf => u32::from(value & 0xfff).wrapping_neg(),
                0xe => u32::from_le_bytes(*word) ^ 1 << (value & 31),
                _ => u32::from(value),
            }
            .to_le_bytes();
        }
    }
    if Unit::decode(&bytes).is_some() {
        evaluate(&mut engine(Some(Rc::new(MemoryCache::of_one_unit(bytes)))), |engine| engine.eval_file("/a.nix"));
    }
});
