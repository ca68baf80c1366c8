//! Builtins that fetch, through the engine's fetcher (`fetch`). An engine without one trusts given hashes, and uses
//! local files that the settings name in place of addresses.

mod arguments;
mod closure;
mod download;
mod input;
mod local;
mod tree;

pub(in crate::builtins) use download::fetch_fixed;

use crate::eval::builtin::{Builtin, INTERNAL, row};

pub(super) const TABLE: &[Builtin] = &[
    row(
        "fetchClosure",
        &["args"],
        "A store path from a binary cache, with all that it refers to. *args* is a set of `fromStore`, the address of the\n\
         cache, `fromPath`, and either `toPath`, where the path goes when it is rewritten to depend on its contents alone, or\n\
         `inputAddressed = true`. Nothing is fetched, so what passes all checks is an error that says what is missing.",
        closure::fetch_closure,
    )
    .forces_first()
    .behind("fetch-closure"),
    row(
        "fetchGit",
        &["args"],
        "A tree of a Git repository: a set of `outPath`, `rev` and more. *args* is an address or a set of `url`, `rev`, `ref`,\n\
         `submodules`, `narHash`, … Of a work tree with changes it has the files that Git knows, as they are now.",
        tree::fetch_git,
    )
    .forces_first()
    .global(),
    row(
        "fetchMercurial",
        &["args"],
        "A tree of a Mercurial repository, which is not supported: an error that says so.",
        tree::fetch_mercurial,
    )
    .forces_first()
    .global(),
    row(
        "fetchTarball",
        &["args"],
        "The store path of an unpacked archive. *args* is its address or a set of `url`, `sha256`, the hash of what is in it,\n\
         and `name`. With the hash it is fetched only if the store lacks it; without, again when it is old (`tarball-ttl`).",
        download::fetch_tarball,
    )
    .forces_first()
    .example(
        "fetchTarball { url = \"https://example.org/a.tar.gz\"; sha256 = \
         \"0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73\"; }",
        "\"/nix/store/f6jkrn77ysv9dhs8hh6s2faflhjc930i-source\"",
    )
    .global(),
    row(
        "fetchTree",
        &["input"],
        "A tree or file, by a set of `type` and what that type takes or, with the experimental feature `flakes`, by a URL\n\
         such as `github:NixOS/nixpkgs/…?narHash=…`. The set that it gives has `outPath`, `narHash`, and `rev`, `lastModified`\n\
         and the like where its source has them.",
        tree::fetch_tree,
    )
    .forces_first()
    .behind("fetch-tree")
    .global(),
    row(
        "fetchurl",
        &["args"],
        "The store path of a file by its address. *args* is the address or a set of `url`, `sha256`, the hash of the contents,\n\
         and `name`. With the hash it is downloaded only if the store lacks it.",
        download::fetch_url,
    )
    .forces_first()
    .example(
        "builtins.fetchurl { url = \"https://example.org/a\"; sha256 = \
         \"0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73\"; }",
        "\"/nix/store/fv16lcs3lf0l78jdd486kp1p9rp2nniz-a\"",
    ),
    row(
        "forceLazyFetcherAttr",
        &["name"],
        "An attribute that is known only after fetching: an error that says so.",
        tree::unknown_attribute,
    )
    .behind(INTERNAL),
];
