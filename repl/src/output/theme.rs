//! The one place that knows how wide the terminal is, and which colours suit it.

use super::style::wants_colour;
use nivis::codec::palette::{Look, Palette};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The user's choice of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// Colours that suit the terminal's background, if it is known.
    #[default]
    Auto,
    Dark,
    Light,
    ColourBlind,
}

impl Theme {
    /// All themes, by name.
    pub(crate) const NAMES: [(&'static str, Self); 4] =
        [("auto", Self::Auto), ("dark", Self::Dark), ("light", Self::Light), ("colour-blind", Self::ColourBlind)];

    /// The theme of this name, also in American spelling.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let name = if name == "color-blind" { "colour-blind" } else { name };
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, theme)| *theme)
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, theme)| *theme == self).map_or("auto", |(name, _)| name)
    }

    /// Its colours.
    pub(crate) fn palette(self) -> Palette {
        match self {
            Self::Auto if is_light() => Palette::LIGHT,
            Self::Auto | Self::Dark => Palette::DARK,
            Self::Light => Palette::LIGHT,
            Self::ColourBlind => Palette::COLOUR_BLIND,
        }
    }

    /// The look of what is written to standard output.
    pub(crate) fn of_output(self) -> Look {
        let palette = wants_colour(&io::stdout()).then(|| self.palette());
        Look { palette, width: super::wrap::columns() }
    }
}

/// The number of columns of the terminal that standard error is, if it is one.
pub(crate) fn error_columns() -> Option<usize> {
    let (_, columns) = console::Term::stderr().size_checked()?;
    (columns > 0).then_some(usize::from(columns))
}

/// The answer of the terminal, once it was asked.
static ASKED: OnceLock<Option<bool>> = OnceLock::new();

/// True if the terminal's background is known to be light.
fn is_light() -> bool {
    ASKED.get().copied().flatten().or_else(told_by_environment).unwrap_or(false)
}

/// The background in `COLORFGBG` of some terminals, such as `0;15`: the last number is the background's.
fn told_by_environment() -> Option<bool> {
    let value = std::env::var("COLORFGBG").ok()?;
    let background: u8 = value.rsplit(';').next()?.parse().ok()?;
    Some(background == 7 || background > 8)
}

/// Asks the terminal for its background, unless keys wait: they would be lost.
pub(crate) fn ask_terminal() {
    ASKED.get_or_init(|| told_by_environment().or_else(answer));
}

/// The time that a terminal may take to answer.
const PATIENCE: Duration = Duration::from_millis(150);
/// Asks for the background, and then for something that every terminal knows: its answer ends the wait.
const QUESTION: &[u8] = b"\x1b]11;?\x1b\\\x1b[c";

fn answer() -> Option<bool> {
    if std::env::var_os("TERM").is_none_or(|term| term == "dumb" || term == "linux") {
        return None;
    }
    let mut terminal = File::options().read(true).write(true).open("/dev/tty").ok()?;
    let usual = tcgetattr(&terminal).ok()?;
    if waits(&terminal, Duration::ZERO) {
        return None;
    }
    let mut raw: Termios = usual.clone();
    raw.local_flags.remove(LocalFlags::ICANON | LocalFlags::ECHO);
    tcsetattr(&terminal, SetArg::TCSANOW, &raw).ok()?;
    let said = exchange(&mut terminal);
    // Nothing can be done if this fails.
    let _ = tcsetattr(&terminal, SetArg::TCSANOW, &usual);
    brightness(&said?).map(|brightness| brightness > 0.5)
}

fn exchange(terminal: &mut File) -> Option<String> {
    terminal.write_all(QUESTION).ok()?;
    let end = Instant::now() + PATIENCE;
    let mut said = Vec::new();
    while !said.ends_with(b"c") && waits(terminal, end.saturating_duration_since(Instant::now())) {
        let mut byte = [0];
        terminal.read_exact(&mut byte).ok()?;
        said.push(byte[0]);
        // Somebody types: no answer begins like this.
        if said[0] != b'\x1b' {
            return None;
        }
    }
    Some(String::from_utf8_lossy(&said).into_owned())
}

fn waits(terminal: &File, time: Duration) -> bool {
    let mut wanted = [PollFd::new(terminal.as_fd(), PollFlags::POLLIN)];
    let time = PollTimeout::try_from(time).unwrap_or(PollTimeout::ZERO);
    poll(&mut wanted, time).is_ok_and(|count| count > 0)
}

/// The brightness, from 0 to 1, of a colour such as `rgb:ffff/ffff/dddd`.
fn brightness(said: &str) -> Option<f64> {
    let colour = said.split_once("rgb:")?.1;
    let parts = colour.split(|letter: char| !letter.is_ascii_hexdigit()).take(3).map(|part| {
        let most = 16_f64.powi(part.len() as i32) - 1.0;
        Some(f64::from(u32::from_str_radix(part, 16).ok()?) / most)
    });
    let parts: Option<Vec<f64>> = parts.collect();
    match parts?[..] {
        [red, green, blue] => Some(0.3 * red + 0.6 * green + 0.1 * blue),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backgrounds() {
        let is_light = |said: &str| brightness(said).map(|brightness| brightness > 0.5);
        assert_eq!(is_light("\x1b]11;rgb:ffff/ffff/dddd\x1b\\\x1b[?62c"), Some(true));
        assert_eq!(is_light("\x1b]11;rgb:1e/1e/2e\x07\x1b[?1;2c"), Some(false));
        assert_eq!(is_light("\x1b[?62;c"), None);
        assert_eq!(is_light("rgb:zz/1/1"), None);
    }

    #[test]
    fn names() {
        assert!(Theme::NAMES.iter().all(|(name, theme)| Theme::named(name) == Some(*theme) && theme.name() == *name));
        assert_eq!(Theme::named("color-blind"), Some(Theme::ColourBlind));
        assert_eq!(Theme::named("pink"), None);
    }
}
