//! The specs in `tests/specs`, and the pages of `docs/explain`: Markdown, with programs in fences.
//!
//! A fence `nix` is a program; words behind are experimental features that are on, `pure-eval`, `restrict-eval`, addresses
//! that may be fetched as `allow:URL`, the search path as `search:NAME=PATH`, or local copies as `URL=PATH`. The fence after
//! it is what comes of it: `output` (its value, everything evaluated), `error` (its message), or `trace` (what it printed on
//! the way), in any order. The headings above name the case. A fence `file PATH` is a file that all programs below it see.
//!
//! A fence `console` is a case of its own: commands behind `$ `, and what they print. A fence `text` is only read.

use crate::consoles;
use crate::support::{accepts, difference, files, project};
use libtest_mimic::{Failed, Trial};
use nivis::eval::LocalSource;
use nivis::io::{Io, MemoryIo};
use nivis::{Engine, SearchPathEntry, Settings};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;

#[derive(Clone, Debug, Default)]
struct Case {
    name: String,
    program: String,
    /// What is behind `nix`: features and local copies.
    words: Vec<String>,
    /// Paths and contents of the files that it sees.
    files: Vec<(String, String)>,
    /// Kind, expected text, and where that text stands in the file.
    expectations: Vec<(String, String, Range<usize>)>,
}

/// One trial per case; when accepting, one per file.
pub(crate) fn trials() -> Vec<Trial> {
    let folders = [("specs", "tests/specs"), ("explain", "docs/explain")];
    let in_folder = |(group, folder): (&'static str, &str)| {
        files(&project().join(folder), ".md").into_iter().flat_map(|path| file_trials(group, &path))
    };
    folders.into_iter().flat_map(in_folder).collect()
}

fn file_trials(group: &str, path: &Path) -> Vec<Trial> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let cases = cases(&text);
    if accepts() {
        let path = path.to_owned();
        return vec![Trial::test(format!("{group}/{stem}"), move || accept(&path, &text, cases))];
    }
    let trial = |case: Case| Trial::test(format!("{group}/{stem}: {}", case.name), move || check(&case));
    cases.into_iter().map(trial).collect()
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut files = Vec::new();
    let (mut heading, mut in_heading) = (String::new(), false);
    let mut fence: Option<(String, String, Range<usize>)> = None;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                heading.clear();
                in_heading = true;
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Text(part) | Event::Code(part) if in_heading => heading.push_str(&part),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) => {
                // Where the body of an empty fence would be.
                let body = text[range.clone()].find('\n').map_or(range.end, |end| range.start + end + 1);
                fence = Some((kind.to_string(), String::new(), body..body));
            }
            Event::Text(part) => {
                if let Some((_, body, place)) = &mut fence {
                    if body.is_empty() {
                        *place = range.start..range.end;
                    }
                    place.end = range.end;
                    body.push_str(&part);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                let Some((kind, body, place)) = fence.take() else { continue };
                match kind.strip_prefix("file ") {
                    Some(path) => files.push((path.to_owned(), body)),
                    None => add_fence(&mut cases, &heading, kind, body, place, &files),
                }
            }
            _ => {}
        }
    }
    cases
}

fn add_fence(
    cases: &mut Vec<Case>,
    heading: &str,
    kind: String,
    body: String,
    place: Range<usize>,
    files: &[(String, String)],
) {
    let mut words = kind.split(' ').map(str::to_owned);
    let first = words.next().unwrap_or_default();
    if first == "text" {
        return;
    }
    if first == "nix" || first == "console" {
        let same = cases.iter().filter(|case| case.name.split(" #").next() == Some(heading)).count();
        let name = if same == 0 { heading.to_owned() } else { format!("{heading} #{}", same + 1) };
        cases.push(Case {
            name,
            program: body.clone(),
            words: words.collect(),
            files: files.to_vec(),
            expectations: Vec::new(),
        });
    }
    if let Some(case) = cases.last_mut().filter(|_| first != "nix") {
        case.expectations.push((kind, body, place));
    }
}

/// What a program printed, and its value or error.
fn outcome(case: &Case) -> (String, Result<String, String>) {
    let io = case.files.iter().fold(MemoryIo::default(), |io, (path, contents)| io.with_file(path, contents));
    let io = Rc::new(io);
    let mut settings = Settings::default();
    for word in &case.words {
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
    let mut engine = Engine::with_io(settings, Box::new(Shared(Rc::clone(&io))));
    let result = engine.eval_str(&case.program).and_then(|value| engine.render(&value));
    (io.messages().join("\n"), result.map_err(|error| error.to_string()))
}

fn check(case: &Case) -> Result<(), Failed> {
    if case.expectations.is_empty() {
        return Err("a program without expectation".into());
    }
    for (kind, wanted, _) in &case.expectations {
        let got = actual(case, kind)?;
        if got.trim_end() != wanted.trim_end() {
            return Err(difference(kind, wanted.as_bytes(), got.as_bytes()));
        }
    }
    Ok(())
}

fn actual(case: &Case, kind: &str) -> Result<String, Failed> {
    if kind == "console" {
        return consoles::replay(&case.program, &case.files);
    }
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

/// Rewrites the expectations of a file, last first so that places stay right.
fn accept(path: &PathBuf, text: &str, cases: Vec<Case>) -> Result<(), Failed> {
    let mut new = text.to_owned();
    for case in cases.iter().rev() {
        for (kind, _, place) in case.expectations.iter().rev() {
            let got = actual(case, kind)?;
            new.replace_range(place.clone(), &format!("{}\n", got.trim_end()));
        }
    }
    Ok(std::fs::write(path, new)?)
}

/// A door that the test can look behind.
struct Shared(Rc<MemoryIo>);

impl Io for Shared {
    fn read_file(&self, path: &[u8]) -> std::io::Result<Vec<u8>> {
        self.0.read_file(path)
    }
    fn read_dir(&self, path: &[u8]) -> std::io::Result<Vec<(Vec<u8>, nivis::io::FileType)>> {
        self.0.read_dir(path)
    }
    fn file_type(&self, path: &[u8]) -> std::io::Result<Option<nivis::io::FileType>> {
        self.0.file_type(path)
    }
    fn is_executable(&self, path: &[u8]) -> std::io::Result<bool> {
        self.0.is_executable(path)
    }
    fn read_link(&self, path: &[u8]) -> std::io::Result<Vec<u8>> {
        self.0.read_link(path)
    }
    fn variable(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.0.variable(name)
    }
    fn now(&self) -> i64 {
        self.0.now()
    }
    fn current_dir(&self) -> Vec<u8> {
        self.0.current_dir()
    }
    fn message(&self, message: &nivis::report::Message<'_>) {
        self.0.message(message);
    }
}
