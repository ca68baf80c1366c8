//! The messages between the coordinator and a worker: lines, each a word followed by JSON.

use super::line::{array, object, string, strings};
use super::path::Path;
use nivis::codec::base::{decode_base64, encode_base64};
use nivis::codec::json::{Json, parse_json};

/// A request to a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Request {
    /// Look at a path.
    Look(Path),
    /// Rewrite these aggregates with the parts they name. Each may contain earlier ones.
    Rewrite(Vec<Aggregate>),
}

/// An aggregate whose parts are given by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Aggregate {
    pub(super) path: Path,
    /// Its parts.
    pub(super) parts: Vec<Path>,
    /// Why it can't be had.
    pub(super) error: Option<String>,
    /// Its line has the names that were given.
    pub(super) names: bool,
}

/// A worker's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The line of a derivation.
    Job(Vec<u8>),
    /// The line of an attribute that has no value, and what the worker printed about it.
    Failed(Vec<u8>, String),
    /// A set: the names to look at in it. Also anything else, which has none.
    Names(Vec<String>),
    /// The lines of aggregates.
    Rewritten(Vec<String>),
    /// The memory limit was passed, with the text of that error.
    OutOfMemory(String),
    /// The program itself has no value; with the whole text.
    NoRoot(String),
}

/// An answer, and whether it is the worker's last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) answer: Answer,
    pub(super) is_last: bool,
    /// The questions that led to the answer, for [`hear`](nivis::record::PartRecords::hear); empty unless wanted.
    pub(super) asked: Vec<u8>,
}

impl Request {
    /// The line, without a newline at its end.
    pub(super) fn write(&self) -> Vec<u8> {
        match self {
            Self::Look(path) => [b"look ", &strings(path)[..]].concat(),
            Self::Rewrite(aggregates) => [b"rewrite ", &array(aggregates.iter().map(Aggregate::write))[..]].concat(),
        }
    }

    /// Reads a line.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let (word, json) = word_and_json(line)?;
        match (word, &json) {
            (b"look", json) => texts(json).map(Self::Look),
            (b"rewrite", Json::Array(items)) => {
                items.iter().map(Aggregate::read).collect::<Option<Vec<_>>>().map(Self::Rewrite)
            }
            _ => None,
        }
    }
}

impl Aggregate {
    fn write(&self) -> Vec<u8> {
        let members = [
            ("error", self.error.as_ref().map_or_else(|| b"null".to_vec(), string)),
            ("names", self.names.to_string().into_bytes()),
            ("parts", array(self.parts.iter().map(strings))),
            ("path", strings(&self.path)),
        ];
        object(members)
    }

    fn read(json: &Json) -> Option<Self> {
        let parts = match member(json, "parts")? {
            Json::Array(parts) => parts.iter().map(texts).collect::<Option<_>>()?,
            _ => return None,
        };
        let names = matches!(member(json, "names"), Some(Json::Bool(true)));
        Some(Self { path: texts(member(json, "path")?)?, parts, error: member(json, "error").and_then(text), names })
    }
}

impl Reply {
    /// The line, without a newline at its end.
    pub(super) fn write(&self) -> Vec<u8> {
        let (word, json) = match &self.answer {
            Answer::Job(json) => ("job", json.clone()),
            Answer::Failed(json, shown) => {
                ("failed", [encode_base64(shown.as_bytes()).as_bytes(), b" ", json].concat())
            }
            Answer::Names(names) => ("names", strings(names)),
            Answer::Rewritten(lines) => ("rewritten", strings(lines)),
            Answer::OutOfMemory(text) => ("memory", string(text)),
            Answer::NoRoot(text) => ("root", string(text)),
        };
        let mark = if self.is_last { "last " } else { "" };
        let asked =
            if self.asked.is_empty() { String::new() } else { format!("asked {} ", encode_base64(&self.asked)) };
        [mark.as_bytes(), asked.as_bytes(), word.as_bytes(), b" ", &json].concat()
    }

    /// Reads a line.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let (line, is_last) = line.strip_prefix(b"last ").map_or((line, false), |rest| (rest, true));
        let Some(rest) = line.strip_prefix(b"asked ") else {
            return Some(Self { answer: Answer::read(line)?, is_last, asked: Vec::new() });
        };
        let end = rest.iter().position(|&byte| byte == b' ')?;
        Some(Self { answer: Answer::read(&rest[end + 1..])?, is_last, asked: decode_base64(&rest[..end]).ok()? })
    }
}

impl Answer {
    fn read(line: &[u8]) -> Option<Self> {
        // Lines of jobs are many and long, and their contents don't matter here.
        if let Some(json) = line.strip_prefix(b"job ") {
            return Some(Self::Job(json.to_vec()));
        }
        if let Some(rest) = line.strip_prefix(b"failed ") {
            let end = rest.iter().position(|&byte| byte == b' ')?;
            let shown = String::from_utf8(decode_base64(&rest[..end]).ok()?).ok()?;
            return Some(Self::Failed(rest[end + 1..].to_vec(), shown));
        }
        let (word, json) = word_and_json(line)?;
        match word {
            b"names" => texts(&json).map(Self::Names),
            b"rewritten" => texts(&json).map(Self::Rewritten),
            b"memory" => text(&json).map(Self::OutOfMemory),
            b"root" => text(&json).map(Self::NoRoot),
            _ => None,
        }
    }
}

fn word_and_json(line: &[u8]) -> Option<(&[u8], Json)> {
    let blank = line.iter().position(|&byte| byte == b' ')?;
    let json = parse_json(&line[blank + 1..]).ok()?;
    Some((&line[..blank], json))
}

/// The value of a member of an object.
pub(super) fn member<'j>(json: &'j Json, name: &str) -> Option<&'j Json> {
    match json {
        Json::Object(members) => members.iter().find(|member| member.0 == name.as_bytes()).map(|member| &member.1),
        _ => None,
    }
}

/// A JSON string as text.
pub(super) fn text(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(String::from_utf8_lossy(text).into_owned()),
        _ => None,
    }
}

/// A JSON array of strings as texts.
pub(super) fn texts(json: &Json) -> Option<Vec<String>> {
    match json {
        Json::Array(items) => items.iter().map(text).collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_as_written() {
        let path = |names: &[&str]| -> Path { names.iter().map(ToString::to_string).collect() };
        let aggregate = Aggregate {
            path: path(&["a"]),
            parts: vec![path(&["b", "c"])],
            error: Some("no\n".to_owned()),
            names: true,
        };
        let all = [
            Request::Look(path(&[])),
            Request::Look(path(&["a b", "\"\n"])),
            Request::Rewrite(vec![aggregate, Aggregate::default()]),
        ];
        for request in all {
            assert_eq!(Request::read(&request.write()), Some(request));
        }
        assert_eq!(Request::read(b"look"), None);
        assert_eq!(Request::read(b"look {}"), None);
    }

    #[test]
    fn replies_are_read_as_written() {
        let all = [
            Answer::Job(b"{\"a\":1}".to_vec()),
            Answer::Failed(b"{}".to_vec(), "error:\nno".to_owned()),
            Answer::Names(vec!["x".to_owned(), "0".to_owned()]),
            Answer::OutOfMemory("error:\nno".to_owned()),
            Answer::NoRoot(String::new()),
            Answer::Rewritten(vec!["{\"a\":1}".to_owned()]),
        ];
        for answer in all {
            for is_last in [false, true] {
                let reply =
                    Reply { answer: answer.clone(), is_last, asked: b"\x00\xff"[..2 * usize::from(is_last)].into() };
                assert_eq!(Reply::read(&reply.write()), Some(reply));
            }
        }
        assert_eq!(Reply::read(b""), None);
        assert_eq!(Reply::read(b"nonsense 1"), None);
    }
}
