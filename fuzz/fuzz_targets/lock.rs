//! A lock file is read; what is written of it can be read, and is written the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nivis::flake::parse_lock_file;
use nivis::settings::FlakeSettings;

fuzz_target!(|text: &[u8]| {
    let settings = FlakeSettings::default();
    let read = |text: &[u8]| parse_lock_file(text, "flake.lock", &settings, &mut |_| {});
    let Ok(file) = read(text) else { return };
    for path in file.all_inputs().keys() {
        let _ = file.find(path);
    }
    let _ = file.unlocked(&settings);
    let written = file.text();
    if let Ok(again) = read(written.as_bytes()) {
        assert_eq!(again.text(), written);
    }
});
