//! The specs in `tests/specs`: Markdown, with programs in fences.
//!
//! Words behind `nix` are experimental features that are on, `pure-eval`, or local copies as `URL=PATH`. The fence after a
//! program is what comes of it: `output` (its value, everything evaluated), `error` (its message), or `trace` (what it
//! printed on the way), in any order.

use crate::markdown::{self, Case, CaseIo};
use crate::support::{files, project};
use libtest_mimic::{Failed, Trial};
use nivis::eval::LocalSource;
use nivis::report::Message;
use nivis::{Engine, Settings};

/// One trial per case; when accepting, one per file.
pub(crate) fn trials() -> Vec<Trial> {
    let group = |path: &std::path::Path| {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        format!("specs/{stem}")
    };
    let paths = files(&project().join("tests/specs"), ".md");
    paths.iter().flat_map(|path| markdown::trials(&group(path), path, run)).collect()
}

fn plain(message: &Message<'_>) -> Vec<u8> {
    message.plain()
}

/// What a program printed, and its value or error.
fn outcome(case: &Case) -> (String, Result<String, String>) {
    let io = CaseIo::new(case, plain);
    let mut settings = Settings::default();
    for word in &case.words {
        match word.rsplit_once('=') {
            Some((of, path)) => settings.sources.push(LocalSource { of: of.into(), path: path.into() }),
            None if word == "pure-eval" => settings.pure = true,
            None => settings.features.push(word.clone()),
        }
    }
    let mut engine = Engine::with_io(settings, Box::new(io.clone()));
    let result = engine.eval_str(&case.program).and_then(|value| engine.render(&value));
    (io.messages().join("\n"), result.map_err(|error| error.to_string()))
}

fn run(case: &Case, kind: &str) -> Result<String, Failed> {
    let (trace, result) = outcome(case);
    match (kind, result) {
        ("output", Ok(value)) => Ok(value),
        ("error", Err(message)) => Ok(message),
        ("trace", _) => Ok(trace),
        ("output", Err(message)) => Err(format!("failed: {message}").into()),
        ("error", Ok(value)) => Err(format!("has a value: {value}").into()),
        (other, _) => Err(format!("unknown fence {other}").into()),
    }
}
