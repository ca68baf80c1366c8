//! TOML is read, alone and by the builtin.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nivis::codec::toml::parse_toml;

fuzz_target!(|text: &[u8]| {
    let is_toml = parse_toml(text).is_ok();
    if !is_toml {
        return;
    }
    nivis_fuzz::engine(None).enter(|cx| {
        let text = cx.string(text);
        let program = b"builtins.deepSeq (builtins.fromTOML text) true";
        let _ = cx.eval_text(program.to_vec(), &[("text", text)]).and_then(|value| cx.force(value));
    });
});
