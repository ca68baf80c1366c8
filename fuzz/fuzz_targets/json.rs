//! JSON is read, written, and read again: the value is the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nivis::codec::json::parse_json;

const PROGRAM: &[u8] = b"let read = builtins.fromJSON text; in
    builtins.fromJSON (builtins.toJSON read) == read || throw \"the values differ\"";

fuzz_target!(|text: &[u8]| {
    if parse_json(text).is_err() {
        return;
    }
    nivis_fuzz::engine(None).enter(|cx| {
        let scope = [("text", cx.string(text))];
        let result = cx.eval_text(PROGRAM.to_vec(), &scope).and_then(|value| cx.force(value));
        // Other errors are fine: some strings that can be read can't be written.
        assert!(!result.is_err_and(|error| error.to_string().contains("the values differ")));
    });
});
