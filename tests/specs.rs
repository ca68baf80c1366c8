//! The specs in `tests/specs`, and the pages of `docs/explain`.
//!
//! Words after `nix` are enabled experimental features, `pure-eval`, `restrict-eval`, addresses that may be fetched
//! as `allow:URL`, the search path as `search:NAME=PATH`, or local copies as `URL=PATH`. The fence after a program is
//! its result: `output` (its fully evaluated value), `error` (its message), or `trace` (its messages), in any order.
//! A fence `console` has commands after `$ `, with their output.

use crate::consoles;
use crate::markdown::{self, Case, CaseIo};
use crate::support::{files, project};
use libtest_mimic::{Failed, Trial};
use nivis::io::Message;
use nivis::settings::LocalSource;
use nivis::{Engine, SearchPathEntry, Settings};
use std::path::Path;
use std::rc::Rc;

/// One trial per case; when accepting, one per file.
pub(crate) fn trials() -> Vec<Trial> {
    let in_folder = |(group, folder): (&str, &str)| {
        let trials = |path: &Path| markdown::trials(&format!("{group}/{}", markdown::stem(path)), path, run);
        files(&project().join(folder), ".md").iter().flat_map(|path| trials(path)).collect::<Vec<_>>()
    };
    [("specs", "tests/specs"), ("explain", "docs/explain")].into_iter().flat_map(in_folder).collect()
}

fn settings(words: &[String]) -> Settings {
    let mut settings = Settings::default();
    for word in words {
        match word.rsplit_once('=') {
            Some((of, path)) if let Some(prefix) = of.strip_prefix("search:") => {
                settings.search_path.push(SearchPathEntry { prefix: prefix.into(), path: path.into() });
            }
            Some((of, path)) => settings.sources.push(LocalSource { of: of.into(), path: path.into() }),
            None if word == "pure-eval" => settings.pure = true,
            None if word == "restrict-eval" => settings.restricted = true,
            None if let Some(uri) = word.strip_prefix("allow:") => settings.allowed_uris.push(uri.to_owned()),
            None => settings.features.push(word.clone()),
        }
    }
    settings
}

fn plain(message: &Message<'_>) -> Vec<u8> {
    message.plain(false)
}

fn run(case: &Case, kind: &str) -> Result<String, Failed> {
    if kind == "console" {
        return consoles::replay(&case.program, &case.files);
    }
    let io = CaseIo::new(case, plain);
    let mut engine = Engine::with_io(settings(&case.words), Box::new(io.clone())).with_console(Rc::new(io.clone()));
    let result = engine.eval_str(&case.program).and_then(|value| engine.render(&value));
    match (kind, result) {
        ("output", Ok(value)) => Ok(value),
        ("error", Err(error)) => Ok(error.to_string()),
        ("trace", _) => Ok(io.messages().join("\n")),
        ("output", Err(error)) => Err(format!("failed: {error}").into()),
        ("error", Ok(value)) => Err(format!("has a value: {value}").into()),
        (other, _) => Err(format!("unknown fence {other}").into()),
    }
}
