//! The help of the commands about the store.

use super::usage::Usage;

pub(super) const DERIVATION: Usage = Usage {
    lines: &["derivation COMMAND [FLAG...] [INSTALLABLE...]"],
    examples: &[("derivation show nixpkgs#hello", "")],
    remarks: "",
};

pub(super) const DERIVATION_SHOW: Usage = Usage {
    lines: &["derivation show [FLAG...] [INSTALLABLE...]", "derivation show [FLAG...] --file FILE [PATH...]"],
    examples: &[
        ("derivation show nixpkgs#hello", "as JSON"),
        ("derivation show -r -f release.nix tests", "with all that it uses"),
    ],
    remarks: "INSTALLABLE is as for 'nivis build'.",
};

pub(super) const PATH_INFO: Usage = Usage {
    lines: &["path-info [FLAG...] [INSTALLABLE...]", "path-info [FLAG...] --file FILE [PATH...]"],
    examples: &[
        ("path-info -rsh nixpkgs#hello", "all it refers to, with sizes"),
        ("path-info -S /run/current-system", "an entry with its size in all"),
        ("path-info --json --json-format 2 ./result", "everything that is known"),
    ],
    remarks: "INSTALLABLE is as for 'nivis build'. Nothing is built. A Nix daemon knows entries; a folder doesn't.",
};

pub(super) const STORE: Usage = Usage {
    lines: &["store COMMAND [FLAG...] PATH"],
    examples: &[("store add ./file", "print its path in the store"), ("store ls ./result", "")],
    remarks: "",
};

pub(super) const STORE_ADD: Usage = Usage {
    lines: &["store add [FLAG...] PATH"],
    examples: &[("store add ./folder", "as an archive"), ("store add --mode flat ./file", "a file's contents alone")],
    remarks: "",
};

pub(super) const STORE_CAT: Usage =
    Usage { lines: &["store cat PATH"], examples: &[("store cat ./result/share/doc/README", "")], remarks: "" };

pub(super) const STORE_LS: Usage = Usage {
    lines: &["store ls [FLAG...] PATH"],
    examples: &[("store ls -lR ./result", "everything in it, with types and sizes")],
    remarks: "",
};

pub(super) const STORE_DUMP_PATH: Usage = Usage {
    lines: &["store dump-path [FLAG...] INSTALLABLE"],
    examples: &[("store dump-path ./result > result.nar", "")],
    remarks: "",
};

pub(super) const NAR: Usage =
    Usage { lines: &["nar COMMAND PATH"], examples: &[("nar pack ./folder > folder.nar", "")], remarks: "" };

pub(super) const NAR_PACK: Usage =
    Usage { lines: &["nar pack PATH"], examples: &[("nar pack ./folder > folder.nar", "")], remarks: "" };
