//! The help of the commands about flakes.

use super::usage::Usage;

/// The forms of a flake reference.
pub(super) const REFERENCE: &str = "\
REF is a path, a URL such as github:owner/repo, path:/dir or git+https://host/repo, or a name from a registry. Without REF,
it is the flake in this folder. '?dir=sub' says which folder flake.nix is in, '?ref=' and '?rev=' which branch or commit.";

pub(super) const FLAKE: Usage = Usage {
    lines: &["flake COMMAND [FLAG...] [REF]"],
    examples: &[
        ("flake show", "the outputs of the flake in this folder"),
        ("flake update nixpkgs", "update one input"),
    ],
    remarks: REFERENCE,
};

pub(super) const FLAKE_SHOW: Usage = Usage {
    lines: &["flake show [FLAG...] [REF]"],
    examples: &[("flake show --json github:NixOS/patchelf", ""), ("flake show --legacy nixpkgs", "")],
    remarks: REFERENCE,
};

pub(super) const FLAKE_METADATA: Usage = Usage {
    lines: &["flake metadata [FLAG...] [REF]"],
    examples: &[("flake metadata --json", "with its lock file and revision")],
    remarks: REFERENCE,
};

pub(super) const FLAKE_CHECK: Usage = Usage {
    lines: &["flake check [FLAG...] [REF]"],
    examples: &[("flake check --all-systems", "")],
    remarks: "\
Everything is evaluated. Then the checks of this system are built, if there is a Nix daemon; not with --no-build.",
};

pub(super) const FLAKE_LOCK: Usage = Usage {
    lines: &["flake lock [FLAG...] [REF]"],
    examples: &[("flake lock --override-input nixpkgs ../nixpkgs", "")],
    remarks: REFERENCE,
};

pub(super) const FLAKE_UPDATE: Usage = Usage {
    lines: &["flake update [FLAG...] [INPUT...]", "flake update [FLAG...] --flake REF [INPUT...]"],
    examples: &[("flake update", "all inputs"), ("flake update nixpkgs utils/systems", "two of them")],
    remarks: REFERENCE,
};

pub(super) const FLAKE_INIT: Usage = Usage {
    lines: &["flake init [FLAG...] [--template REF]"],
    examples: &[("flake init -t templates#rust", "")],
    remarks: "Existing files are never overwritten.",
};

pub(super) const FLAKE_NEW: Usage = Usage {
    lines: &["flake new [FLAG...] [--template REF] DIR"],
    examples: &[("flake new -t templates#rust snow", "")],
    remarks: "Existing files are never overwritten.",
};

pub(super) const FLAKE_PREFETCH: Usage = Usage {
    lines: &["flake prefetch [FLAG...] REF"],
    examples: &[("flake prefetch --json https://example.org/a.tar.gz", "")],
    remarks: REFERENCE,
};

pub(super) const FLAKE_PREFETCH_INPUTS: Usage = Usage {
    lines: &["flake prefetch-inputs [FLAG...] [REF]"],
    examples: &[("flake prefetch-inputs", "all that this flake will ever fetch by its lock file")],
    remarks: REFERENCE,
};

pub(super) const FLAKE_ARCHIVE: Usage = Usage {
    lines: &["flake archive [FLAG...] [REF]"],
    examples: &[("flake archive --json nixpkgs", "with the paths in the store")],
    remarks: REFERENCE,
};

pub(super) const FLAKE_CLONE: Usage = Usage {
    lines: &["flake clone [FLAG...] --dest DIR [REF]"],
    examples: &[("flake clone github:NixOS/patchelf --dest patchelf", "")],
    remarks: "Works for references that are Git repositories, those of forges included. The program 'git' is needed.",
};
