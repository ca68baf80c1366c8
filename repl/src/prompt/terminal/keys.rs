//! Keys beyond those of the line editor.

use super::editor;
use super::pace::{Pace, keys_wait};
use crate::prompt::present::Player;
use rustyline::history::{History, SearchDirection};
use rustyline::{
    Cmd, ConditionalEventHandler, Editor, Event, EventContext, EventHandler, Helper, KeyCode, KeyEvent, Modifiers,
    Movement, RepeatCount,
};
use std::sync::{Arc, Mutex, PoisonError};

/// Makes the arrows go through earlier inputs, Ctrl-X Ctrl-E open the editor, and the pace of keys known.
pub(super) fn bind<H: Helper, I: History>(editor: &mut Editor<H, I>, pace: &Arc<Pace>) {
    let way = Arc::new(Mutex::new(Way::default()));
    for (key, direction) in [(KeyCode::Up, SearchDirection::Reverse), (KeyCode::Down, SearchDirection::Forward)] {
        let arrow = Arrow { direction, way: Arc::clone(&way) };
        editor.bind_sequence(KeyEvent(key, Modifiers::NONE), EventHandler::Conditional(Box::new(arrow)));
    }
    let edit = Event::KeySeq(vec![KeyEvent::ctrl('X'), KeyEvent::ctrl('E')]);
    editor.bind_sequence(edit, EventHandler::Conditional(Box::new(OpenEditor)));
    let other = OtherKey { pace: Arc::clone(pace), way };
    editor.bind_sequence(Event::Any, EventHandler::Conditional(Box::new(other)));
}

/// Makes Enter and Space at an empty prompt type the steps of a prepared session.
pub(super) fn bind_player<H: Helper, I: History>(editor: &mut Editor<H, I>, player: &Arc<Mutex<Player>>) {
    for key in [KeyEvent(KeyCode::Enter, Modifiers::NONE), KeyEvent(KeyCode::Char(' '), Modifiers::NONE)] {
        editor.bind_sequence(key, EventHandler::Conditional(Box::new(TypeNext(Arc::clone(player)))));
    }
}

/// Opens the line in the user's editor.
struct OpenEditor;

impl ConditionalEventHandler for OpenEditor {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        let edited = editor::edit_line(context.line());
        Some(edited.map_or(Cmd::Repaint, |text| Cmd::Replace(Movement::WholeBuffer, Some(text))))
    }
}

struct TypeNext(Arc<Mutex<Player>>);

impl ConditionalEventHandler for TypeNext {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        if !context.line().is_empty() {
            return None;
        }
        let next = self.0.lock().unwrap_or_else(PoisonError::into_inner).next();
        next.map(|text| Cmd::Insert(1, text))
    }
}

/// The inputs that the arrow keys lead to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Way {
    /// The last key was another one.
    #[default]
    Unknown,
    /// From each input to the one before, and in an input of several lines from line to line.
    Inputs,
    /// To inputs that begin with the text before the cursor, which stays there.
    Prefix,
}

/// The arrows look for earlier inputs that begin as this one does, once something is typed.
struct Arrow {
    direction: SearchDirection,
    way: Arc<Mutex<Way>>,
}

impl ConditionalEventHandler for Arrow {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        let mut way = self.way.lock().unwrap_or_else(PoisonError::into_inner);
        if *way == Way::Unknown {
            let line = context.line();
            let is_prefix = !line.is_empty() && !line.contains('\n') && context.pos() == line.len();
            *way = if is_prefix { Way::Prefix } else { Way::Inputs };
        }
        match (*way, self.direction) {
            (Way::Prefix, SearchDirection::Reverse) => Some(Cmd::HistorySearchBackward),
            (Way::Prefix, SearchDirection::Forward) => Some(Cmd::HistorySearchForward),
            _ => None,
        }
    }
}

/// A key without a handler of its own does what it usually does, and is noted.
struct OtherKey {
    pace: Arc<Pace>,
    way: Arc<Mutex<Way>>,
}

impl ConditionalEventHandler for OtherKey {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        self.pace.key(keys_wait());
        *self.way.lock().unwrap_or_else(PoisonError::into_inner) = Way::Unknown;
        None
    }
}
