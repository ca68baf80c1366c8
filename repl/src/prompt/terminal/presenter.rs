//! `:present`: slides one after the other, whose programs are run when it is their turn.

use crate::output::markdown::render;
use crate::output::stdio;
use crate::output::transcript::Part;
use crate::output::wrap::cut;
use crate::prompt::highlight::highlighted;
use crate::prompt::session::{Reply, Session};
use crate::prompt::slides::{Slide, SlidePart};
use crate::prompt::steps::listed as listed_steps;
use console::{Key, Term};
use nivis::codec::palette::Look;
use nivis::codec::terminal::visible;
use std::collections::BTreeMap;
use std::io;

/// The keys, as they are told to the user; the first that fits.
const KEYS: [&str; 2] = ["→ next · ← back · Home · End · q leave", "→ ← q"];

/// The position in a talk: the slide, and the number of its inputs that have been run.
type Place = (usize, usize);

/// Slides with the answers that there are.
struct Talk<'t> {
    slides: &'t [Slide],
    /// The answers to the inputs of each slide.
    answers: BTreeMap<Place, String>,
    at: Place,
    look: Look,
}

/// Shows slides until the user leaves. The last one that was seen stays on the screen.
pub(super) fn browse(session: &mut Session<'_>, slides: &[Slide]) -> io::Result<()> {
    let term = Term::stdout();
    let mut talk = Talk { slides, answers: BTreeMap::new(), at: (0, 0), look: session.look() };
    loop {
        let shown = talk.screen(usize::from(term.size().0));
        term.clear_screen()?;
        stdio::print((shown.join("\n") + "\n").as_bytes())?;
        match term.read_key() {
            Ok(Key::ArrowRight | Key::ArrowDown | Key::Enter | Key::PageDown | Key::Char(' ' | 'n' | 'j' | 'l')) => {
                talk.forward(session);
            }
            Ok(Key::ArrowLeft | Key::ArrowUp | Key::Backspace | Key::PageUp | Key::Char('p' | 'k' | 'h' | 'b')) => {
                talk.back();
            }
            Ok(Key::Home) => talk.at = (0, talk.answered(0)),
            Ok(Key::End) => talk.at = (slides.len() - 1, talk.answered(slides.len() - 1)),
            Ok(Key::Char('q') | Key::Escape | Key::CtrlC) | Err(_) => return term.clear_last_lines(1),
            Ok(_) => {}
        }
    }
}

/// All slides, with the answers to all inputs.
pub(super) fn listed(session: &mut Session<'_>, slides: &[Slide]) -> String {
    let mut talk = Talk { slides, answers: BTreeMap::new(), at: (0, 0), look: session.look() };
    let mut texts = Vec::new();
    for (index, slide) in slides.iter().enumerate() {
        talk.at = (index, 0);
        (0..slide.inputs().count()).for_each(|_| talk.forward(session));
        texts.push(talk.slide().join("\n"));
    }
    texts.join("\n\n") + "\n"
}

impl Slide {
    fn inputs(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            SlidePart::Input(text) => Some(text.as_str()),
            SlidePart::Prose(_) => None,
        })
    }
}

impl Talk<'_> {
    /// Runs the next input of the slide, or goes to the next slide.
    fn forward(&mut self, session: &mut Session<'_>) {
        let (slide, run) = self.at;
        match self.slides[slide].inputs().nth(run) {
            Some(input) => {
                self.answers.entry(self.at).or_insert_with(|| answer(session, input));
                self.at.1 += 1;
            }
            None if slide + 1 < self.slides.len() => self.at = (slide + 1, 0),
            None => {}
        }
    }

    /// Goes to what was shown before.
    fn back(&mut self) {
        match self.at {
            (slide, run) if run > 0 => self.at = (slide, run - 1),
            (slide, _) if slide > 0 => self.at = (slide - 1, self.answered(slide - 1)),
            _ => {}
        }
    }

    /// The number of inputs of a slide that have been run.
    fn answered(&self, slide: usize) -> usize {
        self.answers.range((slide, 0)..(slide + 1, 0)).count()
    }

    /// The lines of the slide, up to the input whose turn it is.
    fn slide(&self) -> Vec<String> {
        let (number, run) = self.at;
        let slide = &self.slides[number];
        let mut text = Vec::new();
        if !slide.title.is_empty() {
            text.push(self.look.styled(|palette| palette.title, &slide.title));
        }
        let mut input = 0;
        for part in &slide.parts {
            if input > run {
                break;
            }
            match part {
                SlidePart::Prose(words) => text.push(render(words, self.look).trim_end().to_owned()),
                SlidePart::Input(program) => {
                    text.push(self.program(program));
                    if let Some(answer) = self.answers.get(&(number, input)).filter(|_| input < run) {
                        text.push(answer.clone());
                    }
                    input += 1;
                }
            }
        }
        text.retain(|part| !part.is_empty());
        text.join("\n\n").lines().map(str::to_owned).collect()
    }

    fn program(&self, text: &str) -> String {
        let is_command = text.starts_with(':');
        let text = visible(text, false);
        let text = match self.look.palette {
            Some(palette) => highlighted(&text, None, is_command, palette),
            None => text.into_owned(),
        };
        text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
    }

    /// The lines of the screen. Of a slide that is too long the end is shown: the last answer.
    fn screen(&self, rows: usize) -> Vec<String> {
        let width = self.look.width.unwrap_or(80).saturating_sub(1);
        let mut lines = self.slide();
        let room = rows.saturating_sub(3).max(3);
        if lines.len() > room {
            lines.drain(..=lines.len() - room);
            lines.insert(0, "…".to_owned());
        }
        lines.resize(room, String::new());
        let count = format!("{}/{}  ", self.at.0 + 1, self.slides.len());
        let keys = KEYS.iter().find(|keys| count.len() + keys.chars().count() <= width).unwrap_or(&KEYS[1]);
        lines.push(self.look.styled(|palette| palette.faint, &cut(&format!("{count}{keys}"), width)));
        lines
    }
}

/// The session's answer to an input.
fn answer(session: &mut Session<'_>, input: &str) -> String {
    let reply = session.feed(input);
    let text = text(session, reply);
    session.transcript().add(Part::Text(text.clone()));
    text
}

/// A reply as text.
fn text(session: &mut Session<'_>, reply: Reply) -> String {
    match reply {
        Reply::Value(text) => String::from_utf8_lossy(&text).into_owned(),
        Reply::Output(text) | Reply::Notice(text) | Reply::Drawn(text, _) => {
            visible(&text, session.colours()).into_owned()
        }
        Reply::Steps(done) => listed_steps(&done, session.look()),
        Reply::Explored(explored) => explored.listed(session),
        Reply::Error(error) => session.show(&error),
        Reply::Several(replies) => {
            let texts: Vec<String> = replies.into_iter().map(|reply| text(session, reply)).collect();
            texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
        }
        Reply::Bound(bound) => format!("Bound {}.", bound.names.join(", ")),
        Reply::Nothing | Reply::Incomplete | Reply::Slides(_) | Reply::Edit(_) | Reply::Resume(_) | Reply::Quit => {
            String::new()
        }
    }
}
