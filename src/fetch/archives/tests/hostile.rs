//! Tests with archives that try to write or read outside their folder.

use super::make::{Member, file, folder, hard, link, program, special, sum, tar, tar_member, zip};
use super::unpacked;

#[test]
fn tars() {
    let cases: &[(&[Member<'_>], &str)] = &[
        (&[file("r/a", "1"), file("../../r/up", "2")], "7 in a folder\na 1\nup 2\n"),
        (&[file("r/a", "1"), file("r/../../../etc/x", "2")], "7\netc/\netc/x 2\nr/\nr/a 1\n"),
        (&[file("/r/a", "1"), link("/r/l", "/etc/passwd")], "7 in a folder\na 1\nl -> /etc/passwd\n"),
        (&[link("r/l", "/tmp"), file("r/l/x", "1")], "parent of 'r/l/x' is not a directory"),
        (&[folder("r/d"), link("r/l", "d"), file("r/l/x", "1")], "parent of 'r/l/x' is not a directory"),
        (&[link("r/l", "/tmp"), folder("r/l/d")], "parent of 'r/l/d' is not a directory"),
        (&[link("r/l", "/tmp"), folder("r/l"), file("r/l/x", "1"), file("r/a", "")], "7 in a folder\na \nl/\nl/x 1\n"),
        (&[link("l", "../archive"), file("l", "1")], "7\nl 1\n"),
        (&[folder("r/d"), link("r/d", "/tmp"), file("r/d/x", "1")], "parent of 'r/d/x' is not a directory"),
        (&[file("r/d/x", "1"), link("r/d", "/tmp")], "cannot create 'r/d', conflicting non-empty directory"),
        (&[file("r/d/x", "1"), file("r/d", "2")], "cannot create 'r/d', conflicting non-empty directory"),
        (&[file("r/a", "1"), file("r/a/b", "2")], "parent of 'r/a/b' is not a directory"),
        (&[file("r/a", "1"), hard("r/b", "/etc/passwd")], "path '/etc/passwd' does not exist"),
        (&[file("r/a", "1"), hard("r/b", "../archive")], "path '/archive' does not exist"),
        (&[link("r/l", "/etc"), hard("r/b", "r/l/passwd")], "path '/r/l/passwd' has a non-directory parent"),
        (&[link("r/l", "/etc/passwd"), hard("r/b", "r/l")], "7 in a folder\nb -> /etc/passwd\nl -> /etc/passwd\n"),
        (&[file("r/a", "1"), link("r/l", "/tmp"), hard("r/l/b", "r/a")], "parent of 'r/l/b' is not a directory"),
        (&[folder("r/d"), hard("r/b", "r/d")], "cannot create a hard link to a directory"),
        (&[file("..", "1")], "cannot create a file at the root of the git repository"),
        (&[link("/", "/tmp")], "cannot create a file at the root of the git repository"),
        (&[special("r/b", b'3')], "file 'r/b' in tarball has unsupported file type 8192"),
        (&[special("r/b", b'4')], "file 'r/b' in tarball has unsupported file type 24576"),
        (&[special("r/b", b'6')], "file 'r/b' in tarball has unsupported file type 4096"),
        (&[file("r/.Git/hooks/x", "1")], "file 'r/.Git' in tarball has an invalid name for a tree entry - .Git"),
        (&[link("r/l", "")], "link 'r/l' in tarball leads nowhere: its target is empty"),
        (&[program("r/a", "setuid")], "7 in a folder\na* setuid\n"),
    ];
    for (number, (members, becomes)) in cases.iter().enumerate() {
        assert_eq!(unpacked(&tar(members)), *becomes, "case {number}");
    }
}

#[test]
fn zips() {
    let nul = Member { name: b"r/a\0/../../b", ..file("", "1") };
    let cases: &[(&[Member<'_>], &str)] = &[
        (&[file("../../x", "1")], "315532800\nx 1\n"),
        (&[file("r\\..\\..\\x", "1")], "315532800\nx 1\n"),
        (&[file("/etc/x", "1")], "315532800 in a folder\nx 1\n"),
        (&[nul], "315532800 in a folder\na 1\n"),
        (&[link("l", "/tmp"), file("l/x", "1")], "parent of 'l/x' is not a directory"),
        (&[program("r/a", "setuid")], "315532800 in a folder\na* setuid\n"),
    ];
    for (number, (members, becomes)) in cases.iter().enumerate() {
        assert_eq!(unpacked(&zip(members)), *becomes, "case {number}");
    }
    let mut lies = zip(&[file("a", "12345")]);
    lies[22] = 3;
    assert!(unpacked(&lies).contains("larger than the declared entry size"));
    lies[22] = 9;
    assert_eq!(unpacked(&lies), "cannot read file from tarball: Truncated ZIP file data");
}

/// Large claimed sizes cost nothing, and are refused when the data is missing.
#[test]
fn large_claims() {
    for kind in [b'0', b'x', b'L', b'K', b'g', b'V'] {
        let mut block = tar_member(&Member { kind, ..file("r/a", "") });
        block[124..136].copy_from_slice(b"\x80\0\0\0\x0f\xff\xff\xff\xff\xff\xff\xff");
        sum(&mut block);
        let text = unpacked(&block);
        assert!(text.starts_with("cannot "), "{}: {text}", char::from(kind));
    }
}

#[test]
fn deep_folders() {
    let deep = "d/".repeat(1500);
    let header = super::make::extended(&[("path", &format!("{deep}x"))]);
    let archive = [header, tar(&[file("x", "1")])].concat();
    let place = tempfile::tempdir().expect("a folder");
    let (file, into) = (place.path().join("archive"), place.path().join("into"));
    std::fs::write(&file, archive).expect("written");
    std::fs::create_dir(&into).expect("a folder");
    assert!(super::unpack(&file, &into, &|| false).is_ok());
    let deeper = super::make::extended(&[("path", &"d/".repeat(400_000))]);
    let text = unpacked(&[deeper, tar(&[special("x", b'5')])].concat());
    assert!(text.starts_with("creating directory 'INTO/d/d/"), "refused by the system, not by a crash");
}
