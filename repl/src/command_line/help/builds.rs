//! The help of the commands that build.

use super::usage::Usage;

pub(super) const BUILD: Usage = Usage {
    lines: &[
        "build [FLAG...] [INSTALLABLE...]",
        "build [FLAG...] --expr EXPR [PATH...]",
        "build [FLAG...] --file FILE [PATH...]",
    ],
    examples: &[
        ("build", "the default package of the flake in this folder"),
        ("build nixpkgs#hello nixpkgs#curl^dev,out", "two packages, with outputs"),
        ("build -f release.nix tests -o tests", "linked as 'tests' instead of 'result'"),
        ("build nixpkgs#hello --dry-run", "what would be built and downloaded"),
    ],
    remarks: BUILD_REMARKS,
};

/// The words of commands that build, and who builds.
const BUILD_REMARKS: &str = "\
INSTALLABLE is REF[#PATH][^OUTPUT,...], as 'nix build' has it, a path in the store, or PATH.drv^OUTPUT; '^*' means all
outputs. A Nix daemon builds: the one of this machine, or of '--store URL' or NIX_REMOTE. An output is linked as 'result',
one with a name as 'result-NAME', those of further installables as 'result-1'. The links keep the outputs from collection.";

pub(super) const NIX_BUILD: Usage = Usage {
    lines: &["nix-build [FLAG...] [FILE... | -E EXPR... | -]"],
    examples: &[
        ("nix-build", "everything in ./default.nix"),
        ("nix-build '<nixpkgs>' -A hello -o hello", "a package, linked as 'hello'"),
        ("nix-build -E 'import ./a.nix { x = 1; }'", "an expression"),
    ],
    remarks: NIX_BUILD_REMARKS,
};

const NIX_BUILD_REMARKS: &str = "\
Prints the paths of the outputs. The first derivation is linked as 'result', further ones as 'result-2' and so on, an output
with a name as 'result-NAME'. A Nix daemon builds: the one of this machine, or of '--store URL' or NIX_REMOTE. Evaluation is
not pure, as it is with 'nivis build'.";

pub(super) const RUN: Usage = Usage {
    lines: &["run [FLAG...] [INSTALLABLE [-- ARGUMENT...]]", "run [FLAG...] --file FILE PATH [-- ARGUMENT...]"],
    examples: &[
        ("run nixpkgs#hello -- --greeting hi", "a package's program, with arguments"),
        ("run .#deploy", "an app of the flake in this folder"),
    ],
    remarks: RUN_REMARKS,
};

const RUN_REMARKS: &str = "\
An app is run as it says. Of a package, the program is its meta.mainProgram, or else its pname or name.";

pub(super) const SHELL: Usage = Usage {
    lines: &["shell [FLAG...] [INSTALLABLE...] [--command COMMAND ARGUMENT...]"],
    examples: &[
        ("shell nixpkgs#hello nixpkgs#curl", "your $SHELL, with both in PATH"),
        ("shell nixpkgs#hello -c hello --version", "a command instead"),
    ],
    remarks: "All words after --command belong to it.",
};

pub(super) const NIX_SHELL: Usage = Usage {
    lines: &["nix-shell [FLAG...] [FILE | -E EXPR | -]", "nix-shell [FLAG...] --packages PACKAGE..."],
    examples: &[
        ("nix-shell", "the environment of ./shell.nix or ./default.nix"),
        ("nix-shell -p hello curl --run 'hello'", "packages of <nixpkgs>"),
    ],
    remarks: NIX_SHELL_REMARKS,
};

const NIX_SHELL_REMARKS: &str = "\
The inputs of the derivation are built, then bash starts with the derivation's variables, after $stdenv/setup. The bash is
$NIX_BUILD_SHELL, or bashInteractive of <nixpkgs>, or the one in PATH. A script may begin with '#!/usr/bin/env nix-shell' and
lines such as '#! nix-shell -i bash -p hello'.";

pub(super) const DEVELOP: Usage = Usage {
    lines: &["develop [FLAG...] [INSTALLABLE]", "develop [FLAG...] [INSTALLABLE] --command COMMAND ARGUMENT..."],
    examples: &[
        ("develop", "bash with the development shell of the flake in this folder"),
        ("develop .#hello --build", "one phase of a build"),
        ("develop -c make test", "a command instead of a shell"),
    ],
    remarks: DEVELOP_REMARKS,
};

const DEVELOP_REMARKS: &str = "\
Without INSTALLABLE it is devShells.SYSTEM.default of the flake in this folder, or else its default package. The environment
is what a build has after $stdenv/setup, found out by a build that does nothing else. The derivation must have bash as its
builder. Outputs are folders below ./outputs there. The bash is bashInteractive of the flake's nixpkgs, or the one in PATH.";

pub(super) const PRINT_DEV_ENV: Usage = Usage {
    lines: &["print-dev-env [FLAG...] [INSTALLABLE]"],
    examples: &[
        ("print-dev-env > env; . ./env", "the same in a bash that is running"),
        ("print-dev-env --json", "all variables and functions, for other programs"),
    ],
    remarks: "The environment is that of 'nivis develop'.",
};

pub(super) const LOG: Usage = Usage {
    lines: &["log [FLAG...] [INSTALLABLE]", "log [FLAG...] --expr EXPR [PATH]", "log [FLAG...] --file FILE [PATH]"],
    examples: &[("log nixpkgs#hello", ""), ("log -f release.nix tests", "")],
    remarks: "Prints what this machine has kept of the last build, in $NIX_LOG_DIR (/nix/var/log/nix).",
};
