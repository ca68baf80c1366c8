//! A program is parsed, lowered, evaluated and printed; an error is shown in all ways.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    nivis_fuzz::evaluate(&mut nivis_fuzz::engine(None), |engine| engine.eval_str(text));
});
