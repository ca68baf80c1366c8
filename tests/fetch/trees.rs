//! Inputs that are downloads: their locks, and their cache.

use super::server::{Server, answer, raw};
use super::{Outcome, Place, check};
use nivis::flake_ref::{InputAttr, InputAttrs, attrs_to_json};
use std::fs;

type Case = (&'static str, fn() -> Outcome);

pub(super) const CASES: &[Case] = &[
    ("a tarball is a tree with a time", tarball),
    ("a tarball that has a better address is there from then on", immutable),
    ("a tarball is kept as files are", kept),
    ("a file is a tree too", file),
    ("what is no tarball on this machine", mistakes),
    ("types that there are, and those that there are not", types),
];

fn attrs(list: &[(&str, &str)]) -> InputAttrs {
    list.iter().map(|(name, value)| (name.as_bytes().to_vec(), InputAttr::String(value.as_bytes().to_vec()))).collect()
}

/// A tar with a folder that contains a file.
fn tar(contents: &str, time: u64) -> Vec<u8> {
    let mut bytes = entry("top/", 0, time, b'5');
    bytes.extend(entry("top/file", contents.len(), time, b'0'));
    bytes.extend(contents.bytes());
    bytes.resize(bytes.len().next_multiple_of(512) + 1024, 0);
    bytes
}

fn entry(name: &str, size: usize, time: u64, kind: u8) -> Vec<u8> {
    let mut header = vec![0; 512];
    let mut put = |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, name);
    put(100, "0000755\0");
    put(124, &format!("{size:011o}\0"));
    put(136, &format!("{time:011o}\0"));
    put(148, "        ");
    put(257, "ustar\x0000");
    header[156] = kind;
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

fn tarball() -> Outcome {
    let server = Server::new(|_| answer("200 OK", &["ETag: \"t\""], &tar("hello", 1_234_567_890)));
    let place = Place::new()?;
    let url = server.url("/x.tar?y=z");
    let tree = place.tree(&attrs(&[("type", "tarball"), ("url", &url)]))?;
    check(fs::read(super::path(&tree.place).join("file"))?, b"hello".to_vec())?;
    check(tree.place.ends_with(b"-source"), true)?;
    let expected = serde_json::json!({ "type": "tarball", "url": url, "lastModified": 1_234_567_890 });
    check(attrs_to_json(&tree.attrs), expected)?;
    check(tree.fingerprint.is_some_and(|text| text.starts_with("sha256-")), true)?;
    let mut stated = attrs(&[("type", "tarball"), ("url", &url), ("rev", "0123456789012345678901234567890123456789")]);
    stated.insert(b"lastModified".to_vec(), InputAttr::Int(5));
    check(place.tree(&stated)?.attrs, stated)?;
    check(server.asked().len(), 1)
}

fn immutable() -> Outcome {
    let server = Server::new(|asked| {
        let rest = "?rev=0123456789012345678901234567890123456789&revCount=7&lastModified=5&x=y>; rel=\"immutable\"";
        let link = format!("Link: <http://{}/locked.tar{rest}", asked.header("host").unwrap_or_default());
        match &asked.target[1..] {
            "first" => raw("302 Found", &[&link, "Location: /second", "Content-Length: 0"], b""),
            "git" => answer("200 OK", &["Link: <git+https://h/x>; rel=\"immutable\""], &tar("a", 1)),
            "other" => answer("200 OK", &["Link: <http://h/x>; rel=\"canonical\""], &tar("b", 1)),
            _ => answer("200 OK", &[], &tar("hello", 9)),
        }
    });
    let place = Place::new()?;
    let tree = |path: &str| place.tree(&attrs(&[("type", "tarball"), ("url", &server.url(path))]));
    let rev = "0123456789012345678901234567890123456789";
    let expected = serde_json::json!({
        "type": "tarball", "url": server.url("/locked.tar?x=y"), "rev": rev, "revCount": 7, "lastModified": 5,
    });
    for _ in 0..2 {
        check(attrs_to_json(&tree("/first")?.attrs), expected.clone())?;
    }
    check(server.asked().len(), 2)?;
    let refused = "tarball 'Link' headers that redirect to non-tarball URLs are not supported";
    check(tree("/git").map(|_| ()).map_err(|error| error.to_string()), Err(refused.to_owned()))?;
    check(attrs_to_json(&tree("/other")?.attrs)["url"].clone(), server.url("/other").into())
}

fn kept() -> Outcome {
    let server = Server::new(|asked| match asked.header("if-none-match") {
        Some(tag) if asked.before == 1 => raw("304 Not Modified", &[&format!("ETag: {tag}")], b""),
        _ => answer("200 OK", &["ETag: \"t\""], &tar(&format!("version {}", asked.before), 5)),
    });
    let place = Place::new()?;
    let input = attrs(&[("type", "tarball"), ("url", &server.url("/x"))]);
    let text = || -> Result<String, libtest_mimic::Failed> {
        Ok(fs::read_to_string(super::path(&place.tree(&input)?.place).join("file"))?)
    };
    for (now, expected, requests) in [(0, 0, 1), (3600, 0, 1), (3601, 0, 2), (7201, 0, 2), (7202, 2, 3)] {
        place.world.now.set(now);
        check(text()?, format!("version {expected}"))?;
        check(server.asked().len(), requests)?;
    }
    let first = place.tree(&input)?;
    let folder = super::path(&first.place);
    fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    fs::remove_dir_all(folder)?;
    check(text()?, "version 3".to_owned())?;
    check(server.asked()[3].header("if-none-match").is_none(), true)
}

fn file() -> Outcome {
    let (server, place) = (Server::new(|_| answer("200 OK", &[], b"hello")), Place::new()?);
    let input = attrs(&[("type", "file"), ("url", &server.url("/x")), ("name", "n")]);
    let tree = place.tree(&input)?;
    check(tree.attrs, input)?;
    check(fs::read(super::path(&tree.place))?, b"hello".to_vec())?;
    check(tree.place.ends_with(b"-n"), true)
}

fn mistakes() -> Outcome {
    let place = Place::new()?;
    let folder = place.folder.path().display().to_string();
    fs::create_dir_all(place.folder.path().join("git/.git"))?;
    let table = [
        ("no", format!("tarball \"{folder}/no\" does not exist.")),
        ("", format!("tarball \"{folder}/\" is a directory, not a file.")),
        (
            "git",
            format!(
                "tarball \"{folder}/git\" is a git repository, not a tarball. Please use `git+file` as the scheme."
            ),
        ),
    ];
    for (name, message) in table {
        let tree = place.tree(&attrs(&[("type", "tarball"), ("url", &format!("file://{folder}/{name}"))]));
        check(tree.map(|_| ()).map_err(|error| error.to_string()), Err(message))?;
    }
    Ok(())
}

fn types() -> Outcome {
    let place = Place::new()?;
    for (kind, message) in
        [("hg", "Mercurial repositories are not supported"), ("cvs", "inputs of type 'cvs' are not supported")]
    {
        let tree = place.tree(&attrs(&[("type", kind), ("url", "http://h/")]));
        check(tree.map(|_| ()).map_err(|error| error.to_string()), Err(message.to_owned()))?;
    }
    Ok(())
}
