//! The usage of commands, with examples.

use super::{builds, flakes, store};
use crate::command_line::command::Command;
use crate::command_line::program::Program;

/// The usage of a command: its words, and examples with what they do.
pub(super) struct Usage {
    pub(super) lines: &'static [&'static str],
    pub(super) examples: &'static [(&'static str, &'static str)],
    /// Further remarks.
    pub(super) remarks: &'static str,
}

/// Remarks about the store and replacements for the network.
const STORE: &str = "\
Downloads and derivations go into a store of your own, in
$XDG_DATA_HOME/nivis/store (~/.local/share/nivis/store) or '--store DIR'.
'--store dummy://' only computes derivations. '--source URL-OR-HASH=DIR' gives a
local copy of what a program fetches.";

const CLASSIC: Usage = Usage {
    lines: &["--eval [FLAG...] [FILE... | -E EXPR... | -]", "instantiate [FLAG...] [FILE... | -E EXPR... | -]"],
    examples: &[
        ("--eval -E '1 + 1'", "evaluate an expression"),
        ("--eval --strict --json data.nix", "a file's value as JSON"),
        ("--eval release.nix -A jobs.0", "the first element of a list in a set"),
        ("instantiate -A hello '<nixpkgs>'", "the path of a derivation"),
    ],
    remarks: STORE,
};

const NIX_INSTANTIATE: Usage = Usage {
    lines: &[
        "[FLAG...] [FILE... | -E EXPR... | -]          print the paths of derivations",
        "--eval [FLAG...] [FILE... | -E EXPR... | -]   print values",
    ],
    examples: &[],
    remarks: STORE,
};

const REPL: Usage = Usage {
    lines: &[
        "repl [FLAG...] [FILE... | REF[#PATH]...]",
        "repl [FLAG...] --expr EXPR [PATH...]",
        "repl [FLAG...] --file FILE [PATH...]",
    ],
    examples: &[
        ("repl '<nixpkgs>'", "with the packages in scope"),
        ("repl --file release.nix jobs.0", "with a part of a file in scope"),
        ("repl .#packages", "with outputs of a flake in scope"),
    ],
    remarks: REPL_REMARKS,
};

const REPL_REMARKS: &str = "\
An argument is a flake if it has a '#', begins like a flake URL, or is a folder with flake.nix but without default.nix.
Otherwise it is a file. At the prompt, ':?' lists the commands.";

const EVAL: Usage = Usage {
    lines: &["eval [FLAG...] [REF][#PATH]", "eval [FLAG...] --expr EXPR [PATH]", "eval [FLAG...] --file FILE [PATH]"],
    examples: &[
        ("eval --expr '{ xs = [ 1 2 ]; }' xs.0", "a path can index: 1"),
        ("eval nixpkgs#hello.name", "from a flake's packages for this system"),
        ("eval -f . hello.name --raw", "a string without quotes"),
        ("eval -f data.nix --apply builtins.attrNames", "the names in a set"),
    ],
    remarks: flakes::REFERENCE,
};

const JOBS: Usage = Usage {
    lines: &["jobs [FLAG...] FILE", "jobs [FLAG...] -E EXPR", "jobs [FLAG...] --flake REF#PATH"],
    examples: &[
        ("jobs --workers 2 release.nix", "two worker processes"),
        ("jobs -E 'import <nixpkgs> { }' --select 'p: { inherit (p) hello; }'", ""),
        ("jobs --flake .#hydraJobs", "the jobs of a flake"),
    ],
    remarks: "An attribute that fails gets a line with its error; the others continue.",
};

const EXPLAIN: Usage = Usage {
    lines: &["explain [CODE | TOPIC]"],
    examples: &[
        ("explain E0012", "what an error means; e12 and 12 work too"),
        ("explain list-access", "why xs.0 doesn't access a list"),
    ],
    remarks: "Without an argument, lists the pages.",
};

const CACHE: Usage = Usage {
    lines: &["cache [info | clear]", "cache why COMMAND…"],
    examples: &[
        ("cache info", "its place and size"),
        ("cache clear", "remove it"),
        ("cache why --eval file.nix", "what has changed since this command last ran"),
    ],
    remarks: "\
Evaluated files are kept in $XDG_CACHE_HOME/nivis (~/.cache/nivis) in parsed form, so that the next run need not parse them.
Runs of --eval, eval, instantiate, flake show, flake check and flake metadata are kept too, with everything they read: as long
as nothing of it changes, the same command prints the same at once. You can delete all of it at any time, and it is never out of
date. To run without, use --no-cache or NIVIS_NO_CACHE=1; --no-eval-cache evaluates again.",
};

const PROFILE: Usage = Usage {
    lines: &["profile [--memory] [--by-file] [--frequency N] [-o FILE] COMMAND…"],
    examples: &[
        ("profile eval -f release.nix hello.drvPath", "writes profile.svg"),
        ("profile --memory -o memory.svg --eval file.nix", "allocated bytes instead of time"),
        ("profile --by-file instantiate . -A hello", "files instead of functions"),
    ],
    remarks: "\
The picture shows which calls were running: the wider a box, the more time. Open it in a browser; a click enlarges a box.
99 samples are taken in a second, or N; with 0, each call counts. For the calls as text, as C++ Nix writes them, use
--eval-profiler flamegraph, with --eval-profile-file and --eval-profiler-frequency.",
};

const COMPLETIONS: Usage = Usage {
    lines: &["completions SHELL"],
    examples: &[("completions bash > ~/.local/share/bash-completion/completions/nivis", "")],
    remarks: "Shells: bash, zsh, fish.",
};

const MANUAL: Usage =
    Usage { lines: &["manual DIR"], examples: &[("manual ~/.local/share/man/man1", "then: man nivis")], remarks: "" };

/// The usage text of a command.
pub(super) fn usage_of(program: Program, command: Command) -> &'static Usage {
    match command {
        Command::Classic if program == Program::NixInstantiate => &NIX_INSTANTIATE,
        Command::Classic | Command::Instantiate => &CLASSIC,
        Command::Repl => &REPL,
        Command::Eval => &EVAL,
        Command::Build => &builds::BUILD,
        Command::NixBuild => &builds::NIX_BUILD,
        Command::Run => &builds::RUN,
        Command::Shell => &builds::SHELL,
        Command::NixShell => &builds::NIX_SHELL,
        Command::Develop => &builds::DEVELOP,
        Command::PrintDevEnv => &builds::PRINT_DEV_ENV,
        Command::Derivation => &store::DERIVATION,
        Command::DerivationShow => &store::DERIVATION_SHOW,
        Command::PathInfo => &store::PATH_INFO,
        Command::Store => &store::STORE,
        Command::StoreAdd => &store::STORE_ADD,
        Command::StoreCat => &store::STORE_CAT,
        Command::StoreLs => &store::STORE_LS,
        Command::StoreDumpPath => &store::STORE_DUMP_PATH,
        Command::Nar => &store::NAR,
        Command::NarPack => &store::NAR_PACK,
        Command::Log => &builds::LOG,
        Command::Jobs => &JOBS,
        Command::Explain => &EXPLAIN,
        Command::Cache => &CACHE,
        Command::Profile => &PROFILE,
        Command::Completions => &COMPLETIONS,
        Command::Manual => &MANUAL,
        Command::Flake => &flakes::FLAKE,
        Command::FlakeShow => &flakes::FLAKE_SHOW,
        Command::FlakeMetadata => &flakes::FLAKE_METADATA,
        Command::FlakeCheck => &flakes::FLAKE_CHECK,
        Command::FlakeLock => &flakes::FLAKE_LOCK,
        Command::FlakeUpdate => &flakes::FLAKE_UPDATE,
        Command::FlakeInit => &flakes::FLAKE_INIT,
        Command::FlakeNew => &flakes::FLAKE_NEW,
        Command::FlakePrefetch => &flakes::FLAKE_PREFETCH,
        Command::FlakePrefetchInputs => &flakes::FLAKE_PREFETCH_INPUTS,
        Command::FlakeArchive => &flakes::FLAKE_ARCHIVE,
        Command::FlakeClone => &flakes::FLAKE_CLONE,
    }
}
