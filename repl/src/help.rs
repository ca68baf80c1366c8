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

/// What the store is, and what stands in for the network.
const STORE: &str = "
Nothing is fetched, and no store is written. '--source https://example.org/a.tar.gz=./a' says where a file or tree
lies that a program fetches, '--source sha256-...=./a' the same of what has this hash; the last '=' counts that has an
existing path behind it. '--drv-dir DIR' writes each derivation to DIR/HASH-NAME.drv. The directory of the store is that
of NIX_STORE_DIR, or of '--store dummy://?store=DIR'.
";

/// What `--help` prints.
pub(crate) fn text(program: Program) -> String {
    let usage = match program {
        Program::Nivis => {
            "Usage: nivis [repl] [FILE...]             talk; the attributes of the files are in scope\n\
            \x20      nivis --eval [FLAG...] [FILE...]   evaluate, and print the values\n\
            \x20      nivis --eval -E [FLAG...] EXPR...\n\
             \x20      nivis instantiate [FLAG...] [FILE... | -E EXPR... | -]\n\
             \x20                                         evaluate, and print the paths of derivations\n"
        }
        Program::NixInstantiate => {
            "Usage: nix-instantiate [FLAG...] [FILE...]          evaluate, and print the paths of derivations\n\
             \x20      nix-instantiate --eval [FLAG...] [FILE...]   evaluate, and print the values\n\
             \x20      ... -E [FLAG...] EXPR..., or - for standard input\n"
        }
    };
    let mut text = format!("{usage}\nFlags:\n");
    for flag in TABLE.iter().filter(|flag| !flag.help.is_empty()) {
        text.push_str(&format!("  {:34} {}\n", spelling(flag), flag.help));
    }
    text.push_str("\nEvery setting of Nix is a flag too: --show-trace, --no-show-trace, --max-call-depth 500,\n");
    text.push_str("--extra-experimental-features pipe-operators. NIX_CONFIG and NIX_PATH are honoured.\n");
    text.push_str(STORE);
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
