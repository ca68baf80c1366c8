//! A tar archive, compressed or not, is unpacked into a folder and nowhere else.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(|archive: &[u8]| -> Corpus {
    if archive.starts_with(b"PK") {
        return Corpus::Reject;
    }
    nivis_fuzz::unpack(archive);
    Corpus::Keep
});
