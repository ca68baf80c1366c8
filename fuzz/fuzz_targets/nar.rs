//! A file's archive is hashed in pieces, as it is when a source is too large for memory, and all at once: the hash is the same, and
//! that of the bytes that the format asks for.
//!
//! The first byte decides how the rest is cut into an executable's contents, a link's target and names.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nivis::codec::hash::{HashAlgorithm, hash_bytes};
use nivis::store::archive::ArchiveHasher;

fuzz_target!(|input: &[u8]| {
    let Some((first, rest)) = input.split_first() else { return };
    let (is_executable, cut) = (first & 1 == 1, usize::from(first >> 1) % (rest.len() + 1));
    let (name, contents) = rest.split_at(cut);
    let mut bytes = Vec::new();
    let mut tokens = |texts: &[&[u8]]| {
        for text in texts {
            bytes.extend((text.len() as u64).to_le_bytes());
            bytes.extend(*text);
            bytes.resize(bytes.len().next_multiple_of(8), 0);
        }
    };
    tokens(&[b"nix-archive-1", b"(", b"type", b"directory", b"entry", b"(", b"name", name, b"node"]);
    tokens(&[b"(", b"type", b"regular"]);
    if is_executable {
        tokens(&[b"executable", b""]);
    }
    tokens(&[b"contents", contents, b")", b")", b"entry", b"(", b"name", b"link", b"node"]);
    tokens(&[b"(", b"type", b"symlink", b"target", name, b")", b")", b")"]);
    let wanted = hash_bytes(HashAlgorithm::Sha256, &bytes);
    let (mut whole, mut pieces) = (ArchiveHasher::new(), ArchiveHasher::new());
    for archive in [&mut whole, &mut pieces] {
        archive.begin_directory();
        archive.begin_entry(name);
    }
    whole.file(contents, is_executable);
    pieces.begin_file(contents.len() as u64, is_executable);
    contents.chunks(usize::from(*first) + 1).for_each(|piece| pieces.piece(piece));
    pieces.end_file(contents.len() as u64);
    for mut archive in [whole, pieces] {
        archive.end();
        archive.begin_entry(b"link");
        archive.link(name);
        archive.end();
        archive.end();
        assert_eq!(archive.finish(), wanted);
    }
});
