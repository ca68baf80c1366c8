//! Markdown as tests: programs in fences, each with its expected results.
//!
//! A fence `nix` is a program; its runner interprets the words after `nix`. The fences after it are the expected
//! results; their first word is their kind. Fences `console` and `repl` are separate cases: input, and answers. A
//! fence `text` is only for readers, and so are those of a lesson's tasks. The headings above name the case. A fence
//! `file PATH` is a file for all cases after it.

use crate::support::{accepts, difference, failed_at};
use libtest_mimic::{Failed, Trial};
use nivis::io::{Console, FileType, Io, MemoryIo, Message, Status};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use std::cell::RefCell;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;

/// A program with its expected results.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub(crate) name: String,
    /// The line of its fence, counted from 1.
    line: usize,
    pub(crate) program: String,
    /// The words after `nix`.
    pub(crate) words: Vec<String>,
    /// The paths and contents of its files.
    pub(crate) files: Vec<(String, String)>,
    /// The kind, the expected text, and the range of that text in the file.
    expectations: Vec<(String, String, Range<usize>)>,
}

/// Runs a program, and returns the result for the kind of a fence.
pub(crate) type Run = fn(&Case, &str) -> Result<String, Failed>;

/// A file's name without its extension.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// One trial per case of a file; when accepting, one for all.
pub(crate) fn trials(group: &str, path: &Path, run: Run) -> Vec<Trial> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let cases = cases(&text);
    if accepts() {
        let path = path.to_owned();
        return vec![Trial::test(group, move || accept(&path, &text, cases, run))];
    }
    let trial = |case: Case| {
        let path = path.to_owned();
        Trial::test(format!("{group}: {}", case.name), move || {
            check(&case, run).map_err(|failed| failed_at(&path, Some(case.line), failed))
        })
    };
    cases.into_iter().map(trial).collect()
}

impl Case {
    /// The kinds of its fences.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = &str> {
        self.expectations.iter().map(|(kind, ..)| kind.as_str())
    }
}

/// The cases of a page.
pub(crate) fn cases(text: &str) -> Vec<Case> {
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
                fence = Some((kind.to_string(), String::new(), after_line(text, range.start)));
            }
            Event::Text(part) => {
                if let Some((_, body, place)) = &mut fence {
                    place.end = range.end;
                    body.push_str(&part);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                let Some((kind, body, place)) = fence.take() else { continue };
                match kind.strip_prefix("file ") {
                    Some(path) => files.push((path.to_owned(), body)),
                    None => {
                        let line = text[..place.start].lines().count();
                        add_fence(&mut cases, &heading, line, kind, body, place, &files);
                    }
                }
            }
            _ => {}
        }
    }
    cases
}

/// The empty range at the start of the next line, where the text of a fence begins.
fn after_line(text: &str, offset: usize) -> Range<usize> {
    let start = text[offset..].find('\n').map_or(text.len(), |length| offset + length + 1);
    start..start
}

fn add_fence(
    cases: &mut Vec<Case>,
    heading: &str,
    line: usize,
    kind: String,
    body: String,
    place: Range<usize>,
    files: &[(String, String)],
) {
    let mut words = kind.split(' ').map(str::to_owned);
    let first = words.next().unwrap_or_default();
    if ["text", "setup", "check", "answer", "hint", "wrong", "partly", "claim"].contains(&first.as_str()) {
        return;
    }
    if ["nix", "console", "repl"].contains(&first.as_str()) {
        let same = cases.iter().filter(|case| case.name.split(" #").next() == Some(heading)).count();
        let name = if same == 0 { heading.to_owned() } else { format!("{heading} #{}", same + 1) };
        cases.push(Case {
            name,
            line,
            program: body.clone(),
            words: words.collect(),
            files: files.to_vec(),
            expectations: Vec::new(),
        });
    }
    if let Some(case) = cases.last_mut().filter(|_| first != "nix") {
        case.expectations.push((first, body, place));
    }
}

fn check(case: &Case, run: Run) -> Result<(), Failed> {
    if case.expectations.is_empty() {
        return Err("a program without expectation".into());
    }
    for (kind, wanted, _) in &case.expectations {
        let got = run(case, kind)?;
        if got.trim_end() != wanted.trim_end() {
            let [wanted, got] = [wanted, &got].map(|text| format!("{}\n", text.trim_end()));
            return Err(difference(kind, wanted.as_bytes(), got.as_bytes()));
        }
    }
    Ok(())
}

/// Rewrites the expectations of a file, last first so that offsets stay valid.
fn accept(path: &Path, text: &str, cases: Vec<Case>, run: Run) -> Result<(), Failed> {
    let mut new = text.to_owned();
    let mut failures = Vec::new();
    for case in cases.iter().rev() {
        for (kind, _, place) in case.expectations.iter().rev() {
            match run(case, kind) {
                Ok(got) => new.replace_range(place.clone(), &format!("{}\n", got.trim_end())),
                Err(failed) => failures.push(format!("{}: {}", case.name, failed.message().unwrap_or_default())),
            }
        }
    }
    std::fs::write(path, new)?;
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

/// An [`Io`] with the files of a case, which records messages.
#[derive(Clone)]
pub(crate) struct CaseIo {
    files: Rc<MemoryIo>,
    messages: Rc<RefCell<Vec<String>>>,
    show: Rc<Show>,
}

/// Turns a message into text.
type Show = dyn Fn(&Message<'_>) -> Vec<u8>;

impl CaseIo {
    /// The files of a case, and a function that turns messages into text.
    pub(crate) fn new(case: &Case, show: impl Fn(&Message<'_>) -> Vec<u8> + 'static) -> Self {
        let files = case.files.iter().fold(MemoryIo::default(), |io, (path, contents)| io.with_file(path, contents));
        Self { files: Rc::new(files), messages: Rc::default(), show: Rc::new(show) }
    }

    /// The messages so far.
    pub(crate) fn messages(&self) -> Vec<String> {
        self.messages.borrow().clone()
    }
}

impl Io for CaseIo {
    fn read_file(&self, path: &[u8]) -> std::io::Result<Vec<u8>> {
        self.files.read_file(path)
    }
    fn read_dir(&self, path: &[u8]) -> std::io::Result<Vec<(Vec<u8>, FileType)>> {
        self.files.read_dir(path)
    }
    fn status(&self, path: &[u8]) -> std::io::Result<Option<Status>> {
        self.files.status(path)
    }
    fn read_link(&self, path: &[u8]) -> std::io::Result<Vec<u8>> {
        self.files.read_link(path)
    }
    fn variable(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.files.variable(name)
    }
    fn now(&self) -> i64 {
        self.files.now()
    }
    fn current_dir(&self) -> Vec<u8> {
        self.files.current_dir()
    }
}

impl Console for CaseIo {
    fn message(&self, message: &Message<'_>) {
        let text = (self.show)(message);
        if !text.is_empty() || matches!(message, Message::Trace(_) | Message::Warn(_)) {
            self.messages.borrow_mut().push(String::from_utf8_lossy(&text).into_owned());
        }
    }
}
