//! The texts of `--help` and `--version`.

use crate::args::Program;
use crate::flags::{Flag, TABLE};

/// What `--version` prints.
pub(crate) fn version(program: Program) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match program {
        Program::Nivis => format!("nivis {version}\n"),
        Program::NixInstantiate => format!("nix-instantiate (Nivis) {version}\n"),
    }
}

/// What `--help` prints.
pub(crate) fn text(program: Program) -> String {
    let usage = match program {
        Program::Nivis => {
            "Usage: nivis [repl] [FILE...]             talk; the attributes of the files are in scope\n\
            \x20      nivis --eval [FLAG...] [FILE...]   evaluate, and print the values\n\
            \x20      nivis --eval -E [FLAG...] EXPR...\n"
        }
        Program::NixInstantiate => "Usage: nix-instantiate --eval [FLAG...] [FILE... | -E EXPR... | -]\n",
    };
    let mut text = format!("{usage}\nFlags:\n");
    for flag in TABLE.iter().filter(|flag| !flag.help.is_empty()) {
        text.push_str(&format!("  {:34} {}\n", spelling(flag), flag.help));
    }
    text.push_str("\nEvery setting of Nix is a flag too: --show-trace, --no-show-trace, --max-call-depth 500,\n");
    text.push_str("--extra-experimental-features pipe-operators. NIX_CONFIG and NIX_PATH are honoured.\n");
    text
}

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
