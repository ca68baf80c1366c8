//! Prints an evaluation step by step: `cargo run --example reductions -- 'let x = 1 + 2; in x * x'`

use nivis::{Engine, Settings};

fn main() -> Result<(), nivis::Error> {
    let text = std::env::args().nth(1).unwrap_or_else(|| "let x = 1 + 2; in x * x".to_owned());
    let mut engine = Engine::new(Settings::default());
    let done = engine.enter(|cx| cx.reductions(text.into_bytes(), &[], 200))?;
    for (number, step) in done.steps.iter().enumerate() {
        let (start, end) = step.redex.clone().map_or((0, 0), |range| (range.start, range.end));
        let program = &step.program;
        println!("{number}: {}\x1b[7m{}\x1b[0m{}", &program[..start], &program[start..end], &program[end..]);
        if let Some(inside) = &step.inside {
            println!("      inside: {inside}");
        }
        for (text, value) in &step.forced {
            println!("      {text} = {value}");
        }
    }
    if let Some(error) = done.error {
        println!("error: {error}");
    }
    Ok(())
}
