//! Tables of references and their attributes, most as C++ Nix 2.34 gives them, the rest from the sources of 2.36.

use super::attrs::string;
use super::*;

/// The attributes, and the expected result.
type Case<'a> = (&'a [(&'a str, &'a str)], Result<&'a str, &'a str>);

fn show(attrs: &InputAttrs) -> String {
    attrs::to_json(attrs).replace('"', "")
}

#[test]
fn texts_are_taken_apart() {
    let table = [
        ("github:o/r/v1?dir=lib", "{dir:lib,owner:o,ref:v1,repo:r,type:github}"),
        ("gitlab:g%2Fs/r?host=h.org", "{host:h.org,owner:g/s,repo:r,type:gitlab}"),
        ("nixpkgs/x", "{id:nixpkgs,ref:x,type:indirect}"),
        ("flake://a/b", "{id:b,type:indirect}"),
        ("git+https://h/x?ref=m&shallow=1&z=1", "{ref:m,shallow:true,type:git,url:https://h/x?z=1}"),
        ("git+ssh:git@h:a/b", "{type:git,url:ssh:git@h:a/b}"),
        ("hg+https://h/x?ref=a&z=1", "{ref:a,type:hg,url:https://h/x?z=1}"),
        ("https://h:/x.tar.gz?revCount=3&b=%20", "{revCount:3,type:tarball,url:https://h/x.tar.gz?b=%20}"),
        ("file+https://[::1]/x", "{type:file,url:https://[::1]/x}"),
        ("/a//b x/?dir=y", "{dir:y,path:/a/b x/,type:path}"),
        ("path:", "{path:/,type:path}"),
        ("path:./x?revCount=+1", "{path:./x,revCount:1,type:path}"),
    ];
    for (text, expected) in table {
        assert_eq!(parse(text.as_bytes()).as_ref().map(show), Ok(expected.to_owned()), "{text}");
    }
}

#[test]
fn bad_texts_are_refused() {
    let table = [
        ("./x", "flake reference './x' is not an absolute path"),
        ("github:o/r?host=_", "flake reference 'github:o/r?host=_' is not an absolute path"),
        ("github:o/r?rev=abc", "hash 'abc' has wrong length for hash algorithm 'sha1'"),
        ("nixpkgs#x", "unexpected fragment 'x' in flake reference 'nixpkgs#x'"),
        ("nixpkgs/a/b", "in flake URL 'flake:nixpkgs/a/b', 'b' is not a commit hash"),
        ("file+git://x", "input 'file+git://x' is unsupported; did you mean 'git+file' instead of 'file+git'?"),
        ("path://h:1/", "path URL 'path://h:1/' should not have an authority ('h:1')"),
        ("/a?ref=x", "path URL 'path:///a?ref=x' has unsupported parameter 'ref'"),
        ("/a?x=%z", "invalid URI query 'x=%z': leftover"),
        ("/a#%z", "invalid URI parameter '%z': incomplete pct-encoding"),
    ];
    for (text, expected) in table {
        assert_eq!(parse(text.as_bytes()), Err(FlakeRefError(expected.into())), "{text}");
    }
}

#[test]
fn attributes_are_put_together() {
    let table: [Case<'_>; 12] = [
        (&[("type", "github"), ("owner", "o"), ("repo", "r s"), ("dir", "a/b")], Ok("github:o/r%20s?dir=a/b")),
        (&[("type", "path"), ("path", "/a//b/")], Ok("path:/a/b//")),
        (&[("type", "indirect"), ("id", "x"), ("ref", "a/b")], Ok("flake:x/a%2Fb")),
        (&[("type", "git"), ("url", "git@h:a/b")], Ok("git+ssh://git@h/a/b")),
        (&[("type", "git"), ("url", "[::1]:/a")], Ok("git+ssh://[::1]/a")),
        (&[("type", "git"), ("url", "/a b")], Ok("git+file:///a%20b")),
        (&[("type", "git"), ("url", "./a")], Err("'./a' doesn't have a scheme")),
        (&[("type", "git"), ("url", "h:")], Err("SCP-style Git URL 'h:' has an empty path")),
        (&[("type", "tarball"), ("url", "https://h/%z")], Err("'https://h/%z' is not a valid URL: mismatch")),
        (&[("type", "tarball"), ("url", "https://h:0/")], Err("port '0' is invalid")),
        (&[("type", "foo")], Err("cannot show unsupported input '{\"type\":\"foo\"}'")),
        (&[("type", "path"), ("ref", "x")], Err("input attribute 'ref' not supported by scheme 'path'")),
    ];
    for (pairs, expected) in table {
        let attrs = pairs.iter().map(|(name, value)| (name.as_bytes().to_vec(), string(value))).collect();
        let expected = expected.map(Into::into).map_err(|message| FlakeRefError(message.into()));
        assert_eq!(print(&attrs), expected, "{pairs:?}");
    }
}
