//! Evaluates the expression given as the first argument and prints its value.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use nivis::{Engine, Settings};

fn main() -> std::process::ExitCode {
    let expression = std::env::args().nth(1).unwrap_or_default();
    let mut engine = Engine::new(Settings::default());
    match engine.eval_str(&expression).and_then(|value| engine.render(&value)) {
        Ok(text) => {
            println!("{text}");
            std::process::ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            std::process::ExitCode::FAILURE
        }
    }
}
