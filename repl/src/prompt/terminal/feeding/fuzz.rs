//! The fuzz target `repl`: lines that are typed into a new session. `fuzz/Cargo.toml` makes a program of it.

use super::Fed;
use super::random::Random;
use crate::command_line::args::Arguments;
use crate::command_line::program::Program;

libfuzzer_sys::fuzz_target!(|lines: &str| {
    let arguments = Arguments::parse(Program::Nivis, vec!["nivis".into()]).expect("a command line");
    let mut fed = Fed::new(&arguments, "fuzz");
    let mut random = Random(lines.len() as u64);
    fed.begin();
    let mut input = String::new();
    for line in lines.lines().take(16) {
        input.push_str(line);
        input.push('\n');
        if !fed.feed(&mut random, &input) {
            input.clear();
        }
    }
    fed.answers();
    fed.forgets(true);
});
