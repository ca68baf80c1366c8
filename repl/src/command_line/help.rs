//! The texts of `--help` and `--version`. `usage` has what is said of each command.

mod builds;
mod flakes;
mod store;
mod usage;

use crate::command_line::command::Command;
use crate::command_line::flags::{self, Flag, Group};
use crate::command_line::program::Program;
use crate::output::wrap::{self, add_wrapped};
use std::fmt::Write as _;
use usage::{Usage, usage_of};

/// The output of `--version`.
pub(crate) fn version(program: Program) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match program {
        Program::Nivis => format!("nivis {version}\n"),
        Program::NixInstantiate | Program::NixBuild | Program::NixShell | Program::Nix => {
            format!("{} (Nivis) {version}\n", program.name())
        }
    }
}

const SETTINGS: &str = "\
Every setting of Nix is a flag too: --show-trace, --no-show-trace, --max-call-depth 500. Nivis reads nix.conf, NIX_CONFIG and
NIX_PATH. --eval-cores N uses so many cores, 0 all. NIX_SHOW_STATS=1 prints statistics of an evaluation.";

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
    if command.is_group() {
        add_commands(&mut text, "Commands", &command.nested().copied().collect::<Vec<_>>(), width);
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

/// The greatest number of characters of a line of help.
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
        let commands = Command::all().map(|(command, ..)| *command).chain([Command::Classic]);
        for command in commands {
            let text = text_within(Program::Nivis, command, WIDTH);
            let wide: Vec<_> = text.lines().filter(|line| line.chars().count() > WIDTH).collect();
            assert!(wide.is_empty(), "{wide:#?}");
        }
    }
}
