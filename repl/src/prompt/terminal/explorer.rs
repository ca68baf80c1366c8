//! `:explore` at a terminal: keys move through a value, and evaluate what they open.

use crate::output::stdio;
use crate::output::wrap::cut;
use crate::prompt::session::{Explored, Session};
use console::{Key, Term};
use nivis::codec::palette::{Look, NORMAL};
use nivis::codec::terminal::visible;
use std::io;

/// The keys, as they are told to the user; the first that fits.
const KEYS: [&str; 2] = ["↑↓ move · → open · ← back · / filter · q leave", "↑↓ → ← · / filter · q leave"];
/// The style of the member that the keys are at.
const HERE: &str = "\x1b[7m";

/// A value, with the place of the keys in it.
struct Level {
    value: Explored,
    /// The members whose names have the filter in them.
    matching: Vec<usize>,
    filter: String,
    at: usize,
    /// The first line shown.
    top: usize,
}

impl Level {
    fn of(value: Explored) -> Self {
        let matching = (0..value.names.len()).collect();
        Self { value, matching, filter: String::new(), at: 0, top: 0 }
    }

    /// Finds the members that the filter lets through: those that begin with it first.
    fn refilter(&mut self) {
        let wanted = self.filter.to_lowercase();
        let found = |begins: bool| {
            let names = self.value.names.iter().map(|name| name.to_lowercase()).enumerate();
            let is_meant = |name: &str| name.contains(&wanted) && name.starts_with(&wanted) == begins;
            names.filter(|(_, name)| is_meant(name)).map(|(index, _)| index).collect::<Vec<_>>()
        };
        self.matching = [found(true), found(false)].concat();
        (self.at, self.top) = (0, 0);
    }

    /// The number of lines to move through.
    fn len(&self) -> usize {
        if self.value.names.is_empty() { self.value.page.lines().count() } else { self.matching.len() }
    }

    /// The lines of the value that have room.
    fn lines(&self, session: &mut Session<'_>, room: usize, width: usize, look: Look) -> Vec<String> {
        if self.value.names.is_empty() {
            let page = self.value.page.lines().skip(self.top).take(room);
            return page.map(|line| if look.has_colours() { line.to_owned() } else { cut(line, width) }).collect();
        }
        let shown = self.matching.get(self.top..self.len().min(self.top + room)).unwrap_or_default();
        let values = self.value.shown(session, shown);
        let row = |(line, (index, value)): (usize, (&usize, String))| {
            let row = cut(&visible(&self.value.row(*index, &value, width), false), width);
            marked(&row, self.top + line == self.at, look)
        };
        shown.iter().zip(values).enumerate().map(row).collect()
    }

    fn go(&mut self, at: usize) {
        self.at = at.min(self.len().saturating_sub(1));
    }
}

/// The levels from the outermost to the one that is shown.
struct Explorer {
    levels: Vec<Level>,
    /// Letters go into the filter.
    is_filtering: bool,
    /// The last error.
    note: Option<String>,
    look: Look,
    rows: usize,
}

/// Explores until the user leaves. What was looked at last is the last result.
pub(super) fn browse(session: &mut Session<'_>, value: Explored, look: Look) -> io::Result<()> {
    let term = Term::stdout();
    let rows = usize::from(term.size().0);
    let mut explorer = Explorer { levels: vec![Level::of(value)], is_filtering: false, note: None, look, rows };
    loop {
        let shown = explorer.screen(session);
        stdio::print((shown.join("\n") + "\n").as_bytes())?;
        let goes_on = match term.read_key() {
            Ok(Key::CtrlC) | Err(_) => false,
            Ok(key) => explorer.key(session, &key),
        };
        term.clear_last_lines(shown.len())?;
        if !goes_on {
            break;
        }
    }
    if let Some(level) = explorer.levels.pop() {
        stdio::print(format!("{}\n", visible(&level.value.path, false)).as_bytes())?;
        level.value.keep(session);
    }
    Ok(())
}

impl Explorer {
    /// Does what a key says; false to leave.
    fn key(&mut self, session: &mut Session<'_>, key: &Key) -> bool {
        self.note = None;
        if self.is_filtering && self.filter_key(key) {
            return true;
        }
        let page = self.rows.saturating_sub(4).max(1);
        let is_inside = self.levels.len() > 1;
        let Some(level) = self.levels.last_mut() else { return false };
        match key {
            Key::ArrowDown | Key::Char('j') => level.go(level.at + 1),
            Key::ArrowUp | Key::Char('k') => level.go(level.at.saturating_sub(1)),
            Key::PageDown | Key::Char(' ') => level.go(level.at + page),
            Key::PageUp => level.go(level.at.saturating_sub(page)),
            Key::Home | Key::Char('g') => level.go(0),
            Key::End | Key::Char('G') => level.go(usize::MAX),
            Key::ArrowRight | Key::Enter | Key::Char('l') => self.open(session),
            Key::ArrowLeft | Key::Backspace | Key::Char('h') if is_inside => drop(self.levels.pop()),
            Key::Char('/') => self.is_filtering = !level.value.names.is_empty(),
            Key::Escape if !level.filter.is_empty() => {
                level.filter.clear();
                level.refilter();
            }
            Key::Char('q') | Key::Escape => return false,
            _ => {}
        }
        true
    }

    /// A key while the filter is typed; false if it is not a part of it.
    fn filter_key(&mut self, key: &Key) -> bool {
        let Some(level) = self.levels.last_mut() else { return false };
        match key {
            Key::Char(letter) => level.filter.push(*letter),
            Key::Backspace => drop(level.filter.pop()),
            Key::Escape => {
                level.filter.clear();
                self.is_filtering = false;
            }
            _ => {
                self.is_filtering = false;
                return *key == Key::Enter;
            }
        }
        level.refilter();
        true
    }

    /// Opens the member that the keys are at.
    fn open(&mut self, session: &mut Session<'_>) {
        let Some(level) = self.levels.last() else { return };
        let Some(index) = level.matching.get(level.at).copied() else { return };
        match level.value.open(session, index) {
            Ok(value) => self.levels.push(Level::of(value)),
            Err(error) => self.note = Some(format!("error: {error}")),
        }
    }

    /// The lines of the screen.
    fn screen(&mut self, session: &mut Session<'_>) -> Vec<String> {
        let (look, width) = (self.look, self.look.width.unwrap_or(80).saturating_sub(1).max(20));
        let room = self.rows.saturating_sub(4).max(3);
        let Some(level) = self.levels.last_mut() else { return Vec::new() };
        level.top = level.top.min(level.at).max((level.at + 1).saturating_sub(room));
        let title = cut(&visible(&format!("{}  {}", level.value.path, level.value.kind), false), width);
        let mut lines = vec![look.styled(|palette| palette.title, &title)];
        lines.extend(level.lines(session, room, width, look));
        let more = level.len().saturating_sub(level.top + room);
        let below = if more > 0 { format!("  … {more} more below") } else { String::new() };
        lines.push(look.styled(|palette| palette.faint, &below));
        lines.push(self.last_line(width));
        lines
    }

    /// The last error, the filter, or the keys.
    fn last_line(&self, width: usize) -> String {
        let filter = self.levels.last().map_or("", |level| &level.filter);
        if let Some(note) = &self.note {
            let note = note.split_whitespace().collect::<Vec<_>>().join(" ");
            return self.look.styled(|palette| palette.failed, &cut(&visible(&note, false), width));
        }
        if self.is_filtering || !filter.is_empty() {
            return cut(&format!("/{filter}{}", if self.is_filtering { "_" } else { "" }), width);
        }
        KEYS.iter().find(|keys| keys.chars().count() <= width).map_or("", |keys| *keys).to_owned()
    }
}

/// A line, made to stand out if the keys are there.
fn marked(row: &str, is_here: bool, look: Look) -> String {
    match (is_here, look.has_colours()) {
        (true, true) => format!("{HERE}{row}{NORMAL}"),
        (true, false) => row.replacen("  ", "> ", 1),
        (false, _) => row.to_owned(),
    }
}
