//! Events as records on standard error, `@nix {…}` in each line: `--log-format internal-json`.

use nivis::source::Sources;
use nivis::store::daemon::messages::{Activity, Event, Field};
use nivis::{Error, codec, report};
use serde_json::{Value as Json, json};
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

/// The levels of records: errors and traces, warnings, and what is usually told.
pub(crate) const ERROR: u64 = 0;
pub(crate) const WARNING: u64 = 1;
pub(crate) const USUAL: u64 = 3;

static WANTED: AtomicBool = AtomicBool::new(false);

/// From now on, everything on standard error is a record.
pub(crate) fn begin() {
    WANTED.store(true, Ordering::Relaxed);
}

/// True if standard error has records.
pub(crate) fn are_wanted() -> bool {
    WANTED.load(Ordering::Relaxed)
}

/// Writes a message.
pub(crate) fn message(level: u64, text: &[u8]) {
    write(&json!({ "action": "msg", "level": level, "msg": codec::lossy(text) }));
}

/// Writes an error, given its text.
pub(crate) fn error(text: &str, error: &Error, sources: &Sources) {
    let place = report::location(error, sources);
    let file = place.as_ref().map(|place| format!("{}:{}:{}", place.source.name(), place.line, place.column));
    write(&json!({
        "action": "msg",
        "level": ERROR,
        "msg": text,
        "raw_msg": error.to_string(),
        "file": file,
        "line": place.as_ref().map(|place| place.line),
        "column": place.as_ref().map(|place| place.column),
    }));
}

/// Writes what a daemon says.
pub(crate) fn event(event: &Event) {
    match event {
        Event::Line(line) => message(ERROR, line.trim_ascii_end()),
        Event::Start(activity) => write(&start(activity)),
        Event::Stop { id } => write(&json!({ "action": "stop", "id": id })),
        Event::Report { id, kind, fields } => {
            write(&with_fields(json!({ "action": "result", "id": id, "type": kind }), fields));
        }
    }
}

fn start(activity: &Activity) -> Json {
    let Activity { id, level, kind, text, fields, parent } = activity;
    let text = codec::lossy(text);
    let record = json!({ "action": "start", "id": id, "level": level, "type": kind, "text": text, "parent": parent });
    with_fields(record, fields)
}

/// A record with the fields of an activity or report, if there are any.
fn with_fields(record: Json, fields: &[Field]) -> Json {
    let Json::Object(mut map) = record else { return record };
    let value = |field: &Field| match field {
        Field::Number(number) => Json::from(*number),
        Field::Text(text) => Json::from(codec::lossy(text)),
    };
    if !fields.is_empty() {
        map.insert("fields".to_owned(), fields.iter().map(value).collect());
    }
    Json::Object(map)
}

fn write(record: &Json) {
    let _ = io::stderr().lock().write_all(format!("@nix {record}\n").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn activities() {
        let activity = Activity {
            id: 7,
            level: 3,
            kind: 105,
            text: b"building".to_vec(),
            fields: vec![Field::Text(b"x.drv".to_vec()), Field::Number(1)],
            parent: 0,
        };
        let expected =
            r#"{"action":"start","fields":["x.drv",1],"id":7,"level":3,"parent":0,"text":"building","type":105}"#;
        assert_eq!(start(&activity).to_string(), expected);
    }
}
