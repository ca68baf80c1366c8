//! x
use nivis::{Engine, Settings};
fn main() {
    let expression = std::env::args().nth(1).unwrap_or_default();
    let mut engine = Engine::new(Settings::default());
    match engine.eval_str(&expression).and_then(|value| engine.render(&value)) {
        Ok(text) => println!("{text}"),
        Err(error) => {
            let show = |p| engine.sources().locate(p).map(|l| format!("{}:{}:{}", l.source.origin.display(), l.line, l.column)).unwrap_or_default();
            for f in error.trace() { eprintln!("  … {} at {}", f.message, show(f.position)); }
            eprintln!("error: {error} at {}", show(error.position()));
        }
    }
}
