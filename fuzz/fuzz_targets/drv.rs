//! The text of a `.drv` file is read; what is read and written again is the same derivation.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nivis::store::stored::StoredDerivation;

fuzz_target!(|text: &[u8]| {
    let Some(stored) = StoredDerivation::read(text) else { return };
    stored.references();
    let written = stored.borrowed(b"x").text(&stored.paths());
    let again = StoredDerivation::read(&written).expect("what was written can be read");
    assert_eq!(again.borrowed(b"x").text(&again.paths()), written);
});
