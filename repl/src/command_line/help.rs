//! The texts of `--help` and `--version`.

use crate::command_line::command::Command;
use crate::command_line::flags::{self, Flag, Group};
use crate::command_line::program::Program;
use crate::output::wrap::{self, add_wrapped};
use std::fmt::Write as _;

/// The output of `--version`.
pub(crate) fn version(program: Program) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match program {
        Program::Nivis => format!("nivis {version}\n"),
        Program::NixInstantiate | Program::Nix => format!("{} (Nivis) {version}\n", program.name()),
    }
}

/// How to call a command: its words, and examples with what they do.
struct Usage {
    lines: &'static [&'static str],
    examples: &'static [(&'static str, &'static str)],
    /// Further remarks.
    remarks: &'static str,
}

/// Remarks about the store and replacements for the network.
const STORE: &str = "\
Downloads and derivations go into a store of your own, in
$XDG_DATA_HOME/nivis/store (~/.local/share/nivis/store) or '--store DIR'.
'--store dummy://' only computes derivations. '--source URL-OR-HASH=DIR' gives a
local copy of what a program fetches.";

const SETTINGS: &str = "\
Every setting of Nix is a flag too: --show-trace, --no-show-trace, --max-call-depth 500. Nivis reads nix.conf, NIX_CONFIG and
NIX_PATH. NIX_SHOW_STATS=1 prints statistics of an evaluation.";

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
    remarks: REFERENCE,
};

const BUILD: Usage = Usage {
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

const LOG: Usage = Usage {
    lines: &["log [FLAG...] [INSTALLABLE]", "log [FLAG...] --expr EXPR [PATH]", "log [FLAG...] --file FILE [PATH]"],
    examples: &[("log nixpkgs#hello", ""), ("log -f release.nix tests", "")],
    remarks: "Prints what this machine has kept of the last build, in $NIX_LOG_DIR (/nix/var/log/nix).",
};

/// The forms of a flake reference.
const REFERENCE: &str = "\
REF is a path, a URL such as github:owner/repo, path:/dir or git+https://host/repo, or a name from a registry. Without REF,
it is the flake in this folder. '?dir=sub' says which folder flake.nix is in, '?ref=' and '?rev=' which branch or commit.";

const FLAKE: Usage = Usage {
    lines: &["flake COMMAND [FLAG...] [REF]"],
    examples: &[
        ("flake show", "the outputs of the flake in this folder"),
        ("flake update nixpkgs", "update one input"),
    ],
    remarks: REFERENCE,
};

const FLAKE_SHOW: Usage = Usage {
    lines: &["flake show [FLAG...] [REF]"],
    examples: &[("flake show --json github:NixOS/patchelf", ""), ("flake show --legacy nixpkgs", "")],
    remarks: REFERENCE,
};

const FLAKE_METADATA: Usage = Usage {
    lines: &["flake metadata [FLAG...] [REF]"],
    examples: &[("flake metadata --json", "with its lock file and revision")],
    remarks: REFERENCE,
};

const FLAKE_CHECK: Usage = Usage {
    lines: &["flake check [FLAG...] [REF]"],
    examples: &[("flake check --all-systems", "")],
    remarks: "\
Everything is evaluated. Then the checks of this system are built, if there is a Nix daemon; not with --no-build.",
};

const FLAKE_LOCK: Usage = Usage {
    lines: &["flake lock [FLAG...] [REF]"],
    examples: &[("flake lock --override-input nixpkgs ../nixpkgs", "")],
    remarks: REFERENCE,
};

const FLAKE_UPDATE: Usage = Usage {
    lines: &["flake update [FLAG...] [INPUT...]", "flake update [FLAG...] --flake REF [INPUT...]"],
    examples: &[("flake update", "all inputs"), ("flake update nixpkgs utils/systems", "two of them")],
    remarks: REFERENCE,
};

const FLAKE_INIT: Usage = Usage {
    lines: &["flake init [FLAG...] [--template REF]"],
    examples: &[("flake init -t templates#rust", "")],
    remarks: "Existing files are never overwritten.",
};

const FLAKE_NEW: Usage = Usage {
    lines: &["flake new [FLAG...] [--template REF] DIR"],
    examples: &[("flake new -t templates#rust snow", "")],
    remarks: "Existing files are never overwritten.",
};

const FLAKE_PREFETCH: Usage = Usage {
    lines: &["flake prefetch [FLAG...] REF"],
    examples: &[("flake prefetch --json https://example.org/a.tar.gz", "")],
    remarks: REFERENCE,
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
    lines: &["cache [info | clear]"],
    examples: &[("cache info", "its place and size"), ("cache clear", "remove it")],
    remarks: "\
Evaluated files are kept in $XDG_CACHE_HOME/nivis (~/.cache/nivis) in parsed form, so that the next run need not parse them.
You can delete them at any time, and they are never out of date: a changed file is parsed again. To run without the cache,
use --no-cache or NIVIS_NO_CACHE=1.",
};

const COMPLETIONS: Usage = Usage {
    lines: &["completions SHELL"],
    examples: &[("completions bash > ~/.local/share/bash-completion/completions/nivis", "")],
    remarks: "Shells: bash, zsh, fish.",
};

const MANUAL: Usage =
    Usage { lines: &["manual DIR"], examples: &[("manual ~/.local/share/man/man1", "then: man nivis")], remarks: "" };

fn usage_of(program: Program, command: Command) -> &'static Usage {
    match command {
        Command::Classic if program == Program::NixInstantiate => &NIX_INSTANTIATE,
        Command::Classic | Command::Instantiate => &CLASSIC,
        Command::Repl => &REPL,
        Command::Eval => &EVAL,
        Command::Build => &BUILD,
        Command::Log => &LOG,
        Command::Jobs => &JOBS,
        Command::Explain => &EXPLAIN,
        Command::Cache => &CACHE,
        Command::Completions => &COMPLETIONS,
        Command::Manual => &MANUAL,
        Command::Flake => &FLAKE,
        Command::FlakeShow => &FLAKE_SHOW,
        Command::FlakeMetadata => &FLAKE_METADATA,
        Command::FlakeCheck => &FLAKE_CHECK,
        Command::FlakeLock => &FLAKE_LOCK,
        Command::FlakeUpdate => &FLAKE_UPDATE,
        Command::FlakeInit => &FLAKE_INIT,
        Command::FlakeNew => &FLAKE_NEW,
        Command::FlakePrefetch => &FLAKE_PREFETCH,
    }
}

/// The output of `--help`.
pub(crate) fn text(program: Program, command: Command) -> String {
    text_within(program, command, wrap::columns().map_or(WIDTH, |columns| columns.min(WIDTH)))
}

fn text_within(program: Program, command: Command, width: usize) -> String {
    let usage = usage_of(program, command);
    let mut text = String::new();
    for (index, line) in usage.lines.iter().enumerate() {
        let lead = if index == 0 { "Usage:" } else { "      " };
        let _ = writeln!(text, "{lead} {} {line}", program.name());
    }
    if command == Command::Classic && program != Program::NixInstantiate {
        text.push_str("       nivis COMMAND [FLAG...]   (see 'nivis COMMAND --help')\n");
        add_commands(&mut text, "Commands (without one: the REPL)", Command::NAMED, width);
    }
    if command == Command::Flake {
        add_commands(&mut text, "Commands", Command::OF_FLAKES, width);
    }
    add_flags(&mut text, command, width);
    if flags::all().any(|flag| flag.is_of(command) && flag.names.contains(&"--option")) {
        text.push('\n');
        add_wrapped(&mut text, "", SETTINGS, width);
    }
    if !usage.remarks.is_empty() {
        text.push('\n');
        add_wrapped(&mut text, "", usage.remarks, width);
    }
    add_examples(&mut text, program, usage, width);
    text
}

/// The text of man pages below the flags: remarks and examples.
pub(crate) fn after(command: Command) -> String {
    let usage = usage_of(Program::Nivis, command);
    let mut text = format!("{}\n", usage.remarks);
    add_examples(&mut text, Program::Nivis, usage, WIDTH);
    text
}

fn add_commands(text: &mut String, heading: &str, commands: &[(Command, &str, &str)], width: usize) {
    let _ = writeln!(text, "\n{heading}:");
    let longest = commands.iter().map(|(_, name, _)| name.len()).max().unwrap_or_default();
    for (_, name, what) in commands {
        add_wrapped(text, &format!("  {name:longest$}  "), what, width);
    }
}

fn add_flags(text: &mut String, command: Command, width: usize) {
    let known = |flag: &&Flag| flag.is_of(command) && !flag.help.is_empty();
    for (group, heading) in Group::ALL {
        let mut flags = flags::all().filter(known).filter(|flag| flag.group == group).peekable();
        if flags.peek().is_some() {
            let _ = writeln!(text, "\n{heading}:");
        }
        for flag in flags {
            add_wrapped(text, &format!("  {:26} ", spelling(flag)), flag.help, width);
        }
    }
}

fn add_examples(text: &mut String, program: Program, usage: &Usage, width: usize) {
    if !usage.examples.is_empty() {
        text.push_str("\nExamples:\n");
    }
    for (words, what) in usage.examples {
        let call = format!("  {} {words}", program.name());
        let taken = call.chars().count() + what.chars().count();
        let lead = if taken + 4 > width { "\n      # " } else { "  # " };
        let remark = if what.is_empty() { String::new() } else { format!("{lead}{what}") };
        let _ = writeln!(text, "{call}{remark}");
    }
}

/// How many characters a line of help has at most.
const WIDTH: usize = 80;

fn spelling(flag: &Flag) -> String {
    let mut names = flag.names.to_vec();
    names.sort_unstable_by_key(|name| name.len());
    let mut spelling = names.join(", ");
    for value in flag.values {
        spelling.push(' ');
        spelling.push_str(value);
    }
    spelling
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit() {
        let named = Command::NAMED.iter().chain(Command::OF_FLAKES);
        let commands = named.map(|(command, ..)| *command).chain([Command::Classic]);
        for command in commands {
            let text = text_within(Program::Nivis, command, WIDTH);
            let wide: Vec<_> = text.lines().filter(|line| line.chars().count() > WIDTH).collect();
            assert!(wide.is_empty(), "{wide:#?}");
        }
    }
}
