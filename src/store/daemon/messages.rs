//! The daemon's messages before its reply: lines, activities, and at last the end or an error.

use super::stream::{Stream, malformed};
use super::types::Version;
use crate::codec::terminal::shown_text;
use crate::error::{Action, Error, ErrorKind, Result};
use crate::source::Place;

const NEXT: u64 = 0x6f6c_6d67;
const WRITE: u64 = 0x6461_7416;
const START_ACTIVITY: u64 = 0x5354_5254;
const STOP_ACTIVITY: u64 = 0x5354_4f50;
const RESULT: u64 = 0x5253_4c54;
const ERROR: u64 = 0x6378_7470;
const LAST: u64 = 0x616c_7473;

/// From this version on, errors have traces.
const STRUCTURED_ERRORS: Version = Version(26);

/// Something that happens in the daemon. Texts are the daemon's, and may contain escape sequences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A line for the user.
    Line(Vec<u8>),
    /// An activity began.
    Start(Activity),
    /// An activity ended.
    Stop {
        /// Its number.
        id: u64,
    },
    /// An activity reports something: a line of a log, or progress.
    Report {
        /// The number of the activity.
        id: u64,
        /// The kind of report, for example 101 for a line of a log.
        kind: u64,
        /// Its contents.
        fields: Vec<Field>,
    },
}

/// Something that takes time, for example a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Its number, as long as the connection lasts.
    pub id: u64,
    /// The verbosity from which on it is shown.
    pub level: u64,
    /// Its kind, for example 105 for a build.
    pub kind: u64,
    /// A description.
    pub text: Vec<u8>,
    /// Its subject, for example the path of a derivation.
    pub fields: Vec<Field>,
    /// The activity that it is part of; 0 for none.
    pub parent: u64,
}

/// A part of an activity or report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// A number.
    Number(u64),
    /// A text.
    Text(Vec<u8>),
}

/// Reads messages up to the end, and passes them on.
///
/// # Errors
///
/// Fails with the daemon's error if it sends one, or if the connection ends.
pub(super) fn until_reply(stream: &mut Stream, version: Version, listener: &mut dyn FnMut(Event)) -> Result<()> {
    while next(stream, version, listener)? {}
    Ok(())
}

/// Reads one message. Returns false after the last one.
///
/// # Errors
///
/// Fails like [`until_reply`].
pub(super) fn next(stream: &mut Stream, version: Version, listener: &mut dyn FnMut(Event)) -> Result<bool> {
    let event = match stream.number()? {
        LAST => return Ok(false),
        ERROR => return Err(error(stream, version)?),
        NEXT => Event::Line(stream.text()?),
        WRITE => {
            stream.text()?;
            return Ok(true);
        }
        START_ACTIVITY => Event::Start(activity(stream)?),
        STOP_ACTIVITY => Event::Stop { id: stream.number()? },
        RESULT => Event::Report { id: stream.number()?, kind: stream.number()?, fields: fields(stream)? },
        other => return Err(malformed(&format!("the message {other:#x}"))),
    };
    listener(event);
    Ok(true)
}

fn activity(stream: &mut Stream) -> Result<Activity> {
    Ok(Activity {
        id: stream.number()?,
        level: stream.number()?,
        kind: stream.number()?,
        text: stream.text()?,
        fields: fields(stream)?,
        parent: stream.number()?,
    })
}

fn fields(stream: &mut Stream) -> Result<Vec<Field>> {
    stream.list(|stream| match stream.number()? {
        0 => stream.number().map(Field::Number),
        1 => stream.text().map(Field::Text),
        other => Err(malformed(&format!("a field of kind {other}"))),
    })
}

/// Reads an error.
fn error(stream: &mut Stream, version: Version) -> Result<Error> {
    if version < STRUCTURED_ERRORS {
        let message = stream.string()?;
        stream.number()?;
        return Ok(refusal(message.strip_prefix("error: ").unwrap_or(&message)));
    }
    let kind = stream.text()?;
    if kind != b"Error" {
        return Err(malformed("an error of an unknown kind"));
    }
    let _level = stream.number()?;
    let _name = stream.text()?;
    let message = stream.string()?;
    let has_place = |stream: &mut Stream| match stream.number()? {
        0 => Ok(()),
        _ => Err(malformed("a place in a file")),
    };
    has_place(stream)?;
    let traces = stream.list(|stream| {
        has_place(stream)?;
        stream.string()
    })?;
    // The outermost step comes first, and an error's own trace grows from within.
    Ok(traces.iter().rev().fold(refusal(&message), |error, text| {
        error.traced_always(Place::default(), Action::Custom(shown_text(text, false).into()))
    }))
}

/// The error for a request that the daemon refused.
#[cold]
fn refusal(message: &str) -> Error {
    ErrorKind::Store(shown_text(message, false)).into()
}
