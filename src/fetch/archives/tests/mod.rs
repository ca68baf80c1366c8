//! Tests with archives of all kinds: their contents, and the reasons why others are refused.

mod hostile;
mod make;

use super::{has_archive_name, unpack};
use make::{Member, bzip2, extended, file, folder, gzip, hard, link, program, special, tar, tar_member, zip};
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Unpacks an archive, and describes its contents: a line per file, or the error.
fn unpacked(archive: &[u8]) -> String {
    let place = tempfile::tempdir().expect("a folder");
    let (file, into) = (place.path().join("archive"), place.path().join("into"));
    fs::write(&file, archive).expect("written");
    fs::create_dir(&into).expect("a folder");
    match unpack(&file, &into, &|| false) {
        Ok(unpacked) => {
            let mut text = String::new();
            describe(&unpacked.root, "", &mut text);
            let root = if unpacked.root == into { "" } else { " in a folder" };
            format!("{}{root}\n{text}", unpacked.last_modified)
        }
        Err(error) => {
            assert_eq!(fs::read_dir(place.path()).expect("readable").count(), 2, "nothing is written beside");
            error.to_string().replace(&into.display().to_string(), "INTO")
        }
    }
}

fn describe(folder: &Path, inner: &str, text: &mut String) {
    let mut entries: Vec<_> = fs::read_dir(folder).expect("readable").map(|entry| entry.expect("readable")).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{inner}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().expect("known");
        let line = if kind.is_dir() {
            writeln!(text, "{name}/")
        } else if kind.is_symlink() {
            writeln!(text, "{name} -> {}", fs::read_link(entry.path()).expect("a link").display())
        } else {
            let mode = entry.metadata().expect("known").permissions().mode();
            assert_eq!(mode & 0o7022, 0, "no more rights than usual");
            let star = if mode & 0o100 != 0 { "*" } else { "" };
            writeln!(text, "{name}{star} {}", fs::read_to_string(entry.path()).expect("text"))
        };
        line.expect("a string takes all");
        if kind.is_dir() {
            describe(&entry.path(), &format!("{name}/"), text);
        }
    }
}

fn usual() -> Vec<Member<'static>> {
    vec![
        folder("r/"),
        file("r/a", "hello"),
        program("r/b", "run"),
        link("r/l", "a"),
        folder("r/e/"),
        file("r/s/t", "deep"),
    ]
}

const USUAL: &str = "7 in a folder\na hello\nb* run\ne/\nl -> a\ns/\ns/t deep\n";

#[test]
fn names() {
    for name in ["a.zip", "a.tar", "a.tgz", "/b/a.tar.gz", "a.tar.xz", "a.tar.bz2", "a.tar.zst", ".zip"] {
        assert!(has_archive_name(name), "{name}");
    }
    for name in ["a.ZIP", "a.tar.lz", "a.tbz2", "a.gz", "tar", "a.tar/", "zip", ""] {
        assert!(!has_archive_name(name), "{name}");
    }
}

#[test]
fn compressions() {
    let whole = tar(&usual());
    let half = whole.len() / 2;
    let parts = |compress: fn(&[u8]) -> Vec<u8>| [compress(&whole[..half]), compress(&whole[half..])].concat();
    let archives = [
        whole.clone(),
        gzip(&whole),
        bzip2(&whole),
        gzip(&bzip2(&gzip(&whole))),
        parts(gzip),
        parts(bzip2),
        [&gzip(&whole)[..], b"garbage"].concat(),
    ];
    for (number, archive) in archives.iter().enumerate() {
        assert_eq!(unpacked(archive), USUAL, "archive {number}");
    }
    assert_eq!(unpacked(&zip(&usual())), USUAL.replacen('7', "315532800", 1));
    assert_eq!(unpacked(&[&b"#!/bin/sh\n"[..], &zip(&usual())].concat()), USUAL.replacen('7', "315532800", 1));
}

/// One program `r/a` with the contents `hello`, as various programs compress it.
const FOREIGN: &[(&str, &[u8])] = &[
    ("xz", b"FD377A585A000004E6D6B4460200210116000000742FE5A3E007FF003F5D00390BC8200E502708FCF700F8CF7955D65C127CB033B7B7F1F183CA24E096BC5764FA4C373A93AEE06B30A3CDC192989962C0915ED29B87FADEE8842238DA000000FFA65A07EFBB39B600015B8010000000E4CBE344B1C467FB020000000004595A"),
    ("lzma", b"5D00008000FFFFFFFFFFFFFFFF00390BC8200E502708FCF700F8CF7955D65C127CB033B7B7F1F183CA24E096BC5764FA4C373A93AEE06B30A3CDC192989962C0915ED29B87FADEE88424C6473FFFFF01550000"),
    ("zstd", b"28B52FFD0468DD0100C202090FB0A90324C24E0FA36797455B1A05CA3CC690C2271A2A2D0E6815F6BCFEB3BD7F8E8002072020371CF7FD650E75C0A6F4621281E1F4C48942C14F11"),
];

#[test]
fn foreign_compressions() {
    for (name, _) in FOREIGN {
        let archive = foreign(name);
        assert_eq!(unpacked(&archive), "7 in a folder\na* hello\n", "{name}");
        for length in 7..archive.len() {
            let cut = unpacked(&archive[..length]);
            assert!(!cut.contains("hello") || *name == "lzma", "{name} of {length} bytes: {cut}");
        }
    }
    let xz = [&foreign("xz")[..], &[0; 8]].concat();
    let zstd = [&b"\x53\x2a\x4d\x18\x03\0\0\0abc"[..], &foreign("zstd")].concat();
    for archive in [xz, zstd] {
        assert_eq!(unpacked(&archive), "7 in a folder\na* hello\n", "padded");
    }
}

fn foreign(name: &str) -> Vec<u8> {
    let (_, digits) = FOREIGN.iter().find(|(other, _)| *other == name).expect("one of them");
    data_encoding::HEXUPPER.decode(digits).expect("hexadecimal")
}

#[test]
fn shapes() {
    let late = |member: Member<'static>| Member { modified: 99, ..member };
    let cases: &[(&[Member<'_>], &str)] = &[
        (&[], "0\n"),
        (&[folder("a")], "7 in a folder\n"),
        (&[file("a", "x")], "7\na x\n"),
        (&[link("a", "b")], "7\na -> b\n"),
        (&[file("a/x", "1"), file("b/y", "2")], "7\na/\na/x 1\nb/\nb/y 2\n"),
        (&[file("a/b/c", "1")], "7 in a folder\nb/\nb/c 1\n"),
        (&[folder("./"), file("./r//./a", "1")], "7 in a folder\na 1\n"),
        (&[late(folder("r")), file("r/a", "1")], "99 in a folder\na 1\n"),
        (&[late(file("r/a", "1")), file("r/a", "2")], "99 in a folder\na 2\n"),
        (&[file("r/a", "1"), late(hard("r/b", "r/a"))], "99 in a folder\na 1\nb 1\n"),
        (&[file("r/a", "1"), program("r/a", "2")], "7 in a folder\na* 2\n"),
        (&[file("r/a", "1"), link("r/a", "b")], "7 in a folder\na -> b\n"),
        (&[link("r/a", "b"), file("r/a", "1")], "7 in a folder\na 1\n"),
        (&[folder("r/d"), file("r/d", "1")], "7 in a folder\nd 1\n"),
        (&[file("r/d", "1"), file("r/e", "2"), folder("r/d"), file("r/d/x", "3")], "7 in a folder\nd/\nd/x 3\ne 2\n"),
        (&[folder("r/d"), file("r/d/x", "1"), folder("r/d")], "7 in a folder\nd/\nd/x 1\n"),
        (&[file("r/d/", ""), file("r/a", "1")], "7 in a folder\na 1\nd/\n"),
        (&[special("r/a", b'7'), special("r/b", b'Q')], "7 in a folder\na \nb \n"),
        (&[hard("r/b", "./r/a"), file("r/a", "1")], "7 in a folder\na 1\nb 1\n"),
        (&[link("r/a", "x"), hard("r/b", "r/a")], "7 in a folder\na -> x\nb -> x\n"),
        (&[file("r/a", "1"), hard("r/b", "r/a"), hard("r/c", "r/b")], "7 in a folder\na 1\nb 1\nc 1\n"),
        (&[file("r/a", "1"), hard("r/a", "r/a"), hard("r/b", "/")], "7 in a folder\na 1\n"),
        (&[file("r/a", "1"), file("r/A", "2")], "7 in a folder\nA 2\na 1\n"),
    ];
    for (number, (members, becomes)) in cases.iter().enumerate() {
        assert_eq!(unpacked(&tar(members)), *becomes, "case {number}");
    }
}

#[test]
fn extended_headers() {
    let long = "n".repeat(150);
    let with = |lines: &[(&str, &str)], member| [extended(lines), tar_member(&member), vec![0; 1024]].concat();
    let gnu = |kind, name: &str| tar_member(&Member { kind, ..file("././@LongLink", name) });
    let global = tar_member(&Member { kind: b'g', ..file("global", "16 mtime=999999\n") });
    let cases: &[(Vec<u8>, &str)] = &[
        (with(&[("path", &long), ("mtime", "12.5")], file("x", "1")), &format!("12\n{long} 1\n")),
        (with(&[("linkpath", &long)], link("x", "")), &format!("7\nx -> {long}\n")),
        (with(&[("mtime", "soon"), ("comment", "c")], file("x", "1")), "7\nx 1\n"),
        (with(&[("mtime", "-3")], file("x", "1")), "0\nx 1\n"),
        (with(&[("size", "2")], file("x", "12")), "7\nx 12\n"),
        (with(&[("SCHILY.realsize", "4")], file("x", "12")), "7\nx 12\0\0\n"),
        (with(&[("GNU.sparse.map", "1,2,5,0"), ("GNU.sparse.size", "5")], file("x", "12")), "7\nx \x0012\0\0\n"),
        (
            with(&[("GNU.sparse.map", "3,1,1,1")], file("x", "12")),
            "cannot read file from tarball: Encountered out-of-order sparse blocks",
        ),
        ([gnu(b'L', &long), gnu(b'K', &long), tar(&[link("x", "")])].concat(), &format!("7\n{long} -> {long}\n")),
        ([global.clone(), tar(&[file("x", "1")])].concat(), "7\nx 1\n"),
        ([global.clone(), global].concat(), "cannot get archive member name: Redundant 'g' header"),
        (
            extended(&[("path", "a")]),
            "cannot get archive member name: Damaged tar archive (end-of-archive within a sequence of headers)",
        ),
    ];
    for (number, (archive, becomes)) in cases.iter().enumerate() {
        assert_eq!(unpacked(archive), *becomes, "case {number}");
    }
}

#[test]
fn no_archives() {
    let unrecognized = "Failed to open archive (Unrecognized archive format)";
    for bytes in [&b"hi"[..], &b"this is no archive\n".repeat(100), &gzip(b"text"), &b"<!DOCTYPE html>".repeat(90)] {
        assert_eq!(unpacked(bytes), unrecognized);
    }
    assert_eq!(unpacked(b""), "0\n", "what a server sends if nothing has changed");
}

#[test]
fn cut_archives() {
    let long = "x".repeat(700);
    let members = [folder("r/"), file("r/a", &long), link("r/l", "a"), file("r/b", "y")];
    let whole = tar(&members);
    let boundaries = [512, 2048, 2560, whole.len() - 1024, whole.len() - 512];
    for length in (1..whole.len()).step_by(37).chain(boundaries) {
        let text = unpacked(&whole[..length]);
        // A cut between entries cannot be detected, and one block of zeros is a valid end.
        let may_pass = boundaries.contains(&length) || length > whole.len() - 512;
        let is_refused = text.contains("Truncated") || text.contains("Unrecognized");
        assert_eq!(is_refused, !may_pass, "{length} bytes: {text}");
    }
    for (name, whole) in [("gzip", gzip(&whole)), ("bzip2", bzip2(&whole)), ("zip", zip(&members))] {
        for length in 1..whole.len() {
            let text = unpacked(&whole[..length]);
            let is_refused = ["truncated", "Truncated", "Unrecognized"].iter().any(|word| text.contains(word));
            assert!(is_refused, "{length} bytes of {name}: {text}");
        }
    }
}

#[test]
fn stopping() {
    let place = tempfile::tempdir().expect("a folder");
    let (archive, into) = (place.path().join("archive"), place.path().join("into"));
    fs::create_dir(&into).expect("a folder");
    // A bomb: a file of 8 MiB at a thousandth of that, and a stop in the middle of it.
    let contents = "0".repeat(8 << 20);
    for bytes in [gzip(&tar(&[file("a", &contents)])), tar(&[file("a", &contents)]), zip(&[file("a", &contents)])] {
        fs::write(&archive, bytes).expect("written");
        let asked = std::cell::Cell::new(0);
        let stop = || asked.replace(asked.get() + 1) > 8;
        let error = unpack(&archive, &into, &stop).expect_err("stopped");
        assert_eq!(error.kind(), &crate::ErrorKind::Interrupted);
    }
}
