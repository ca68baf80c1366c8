//! One line of output: a JSON object whose members are sorted by name, as nix-eval-jobs prints it.

use super::path::Path;
use nivis::codec::json::write_json_string;
use std::collections::BTreeMap;

/// The members of the object: names, and values as JSON.
#[derive(Clone, Debug, Default)]
pub(super) struct Line(BTreeMap<&'static str, Vec<u8>>);

impl Line {
    /// A line that says what it is about, and nothing else.
    pub(super) fn about(path: &Path) -> Self {
        let mut line = Self::default();
        line.text("attr", joined(path).as_bytes());
        line.set("attrPath", strings(path));
        line
    }

    /// Sets a member. An earlier one of the same name is forgotten.
    pub(super) fn set(&mut self, name: &'static str, json: Vec<u8>) {
        self.0.insert(name, json);
    }

    /// Sets a member to a string.
    pub(super) fn text(&mut self, name: &'static str, text: impl AsRef<[u8]>) {
        self.set(name, string(text));
    }

    /// The JSON of a member.
    pub(super) fn get(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// Takes a member out.
    pub(super) fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Adds all members of another line.
    pub(super) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The line, without a newline at its end.
    pub(super) fn into_json(self) -> Vec<u8> {
        object(self.0)
    }
}

/// The path as one text. Names with dots are quoted; other characters stay as they are.
pub(super) fn joined(path: &Path) -> String {
    let mut joined = String::new();
    for name in path {
        if !joined.is_empty() {
            joined.push('.');
        }
        let quote = if name.contains('.') { "\"" } else { "" };
        joined.extend([quote, name, quote]);
    }
    joined
}

/// A JSON string. Bytes that are not UTF-8 are lost.
pub(super) fn string(text: impl AsRef<[u8]>) -> Vec<u8> {
    let mut out = Vec::new();
    if write_json_string(&mut out, text.as_ref()).is_err() {
        let lossy = String::from_utf8_lossy(text.as_ref());
        // Now it is UTF-8, and so can be written.
        let _ = write_json_string(&mut out, lossy.as_bytes());
    }
    out
}

/// A JSON array of strings.
pub(super) fn strings<T: AsRef<[u8]>>(texts: impl IntoIterator<Item = T>) -> Vec<u8> {
    array(texts.into_iter().map(string))
}

/// A JSON array.
pub(super) fn array(items: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut out = vec![b'['];
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend(item);
    }
    out.push(b']');
    out
}

/// A JSON object of members in order.
pub(super) fn object<T: AsRef<[u8]>>(members: impl IntoIterator<Item = (T, Vec<u8>)>) -> Vec<u8> {
    let mut out = vec![b'{'];
    for (index, (name, json)) in members.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend(string(name));
        out.push(b':');
        out.extend(json);
    }
    out.push(b'}');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(names: &[&str]) -> Path {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn paths_as_text() {
        let table: [(&[&str], &str); 5] =
            [(&[], ""), (&["a", "b"], "a.b"), (&["a.b", "c d"], "\"a.b\".c d"), (&["0"], "0"), (&["", "a"], "a")];
        for (names, expected) in table {
            assert_eq!(joined(&path(names)), expected);
        }
    }

    #[test]
    fn members_are_sorted() {
        let mut line = Line::about(&path(&["x.y"]));
        line.text("system", "s\"\n");
        line.set("drvPath", b"1".to_vec());
        line.text("error", b"\xff");
        let expected = r#"{"attr":"\"x.y\"","attrPath":["x.y"],"drvPath":1,"error":"�","system":"s\"\n"}"#;
        assert_eq!(String::from_utf8_lossy(&line.into_json()), expected);
    }
}
