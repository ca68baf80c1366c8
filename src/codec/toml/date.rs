//! TOML dates and times, converted to Nix's form.

use super::TomlError;
use super::report::{Span, report};
use super::scanner::Scanner;

const DATE: &[u8] = b"dddd-dd-dd";
const TIME: &[u8] = b"dd:dd:dd";
const OFFSET: &[u8] = b"dd:dd";
const TIME_HINT: &str = "Hint: valid  : 1979-05-27T07:32:00, 1979-05-27 07:32:00.999999\n\
                         Hint: invalid: 1979-05-27T7:32:00, 1979-05-27 17:32\n";
const OFFSET_HINT: &str = "Hint: valid  : +09:00, -05:30\nHint: invalid: +9:00,  -5:30\n";

impl Scanner<'_> {
    /// The date, time or both at the current place, if it looks like one.
    pub(super) fn timestamp(&mut self) -> Result<Option<String>, TomlError> {
        let start = self.at;
        let Ok(date_end) = self.pattern_end(start, DATE) else {
            return if self.pattern_end(start, TIME).is_ok() { self.time().map(Some) } else { Ok(None) };
        };
        let time_start = date_end + 1;
        let delimiter = self.text.get(date_end).copied();
        if !matches!(delimiter, Some(b'T' | b't' | b' ')) || self.pattern_end(time_start, TIME).is_err() {
            self.check_after_date(date_end, delimiter)?;
            let date = self.date();
            self.at = date_end;
            return date.map(Some);
        }
        let offset_end = self.offset_end(self.time_end(time_start))?;
        let date = self.date()?;
        self.at = time_start;
        let time = self.time()?;
        let offset = self.offset(start, offset_end)?;
        Ok(Some(format!("{date}T{time}{offset}")))
    }

    /// Reports an error for a date that looks as if a time follows, when none does.
    fn check_after_date(&self, end: usize, delimiter: Option<u8>) -> Result<(), TomlError> {
        let digit_follows = self.text.get(end + 1).is_some_and(u8::is_ascii_digit);
        let (title, at, expected) = match delimiter {
            Some(b'T' | b't') | Some(b' ') if delimiter != Some(b' ') || digit_follows => {
                let Err((at, expected)) = self.pattern_end(end + 1, TIME) else {
                    return Ok(());
                };
                ("bad time: must be HH:MM:SS.subsec", at, expected)
            }
            Some(b'0'..=b'9') => ("bad datetime: missing T or space", end, "T, t, or 0x20(SPACE)".to_owned()),
            _ => return Ok(()),
        };
        Err(self.error_at(at, title, &format!("expected {expected}"), TIME_HINT))
    }

    /// The end of a time whose form has been checked, with its fraction.
    fn time_end(&self, start: usize) -> usize {
        let end = start + TIME.len();
        match self.text.get(end..) {
            Some([b'.', fraction @ ..]) => match fraction.iter().take_while(|byte| byte.is_ascii_digit()).count() {
                0 => end,
                digits => end + 1 + digits,
            },
            _ => end,
        }
    }

    /// The end of the offset after a time; the time's own end if there is none.
    fn offset_end(&self, start: usize) -> Result<usize, TomlError> {
        match self.text.get(start) {
            Some(b'Z' | b'z') => Ok(start + 1),
            Some(b'+' | b'-') => self.pattern_end(start + 1, OFFSET).map_err(|(at, expected)| {
                let remark = format!("expected z or Z or {expected}");
                self.error_at(at, "bad offset: must be [+-]HH:MM or Z", &remark, OFFSET_HINT)
            }),
            _ => Ok(start),
        }
    }

    /// The number at a place whose digits have been checked.
    fn two_digits(&self, at: usize) -> u32 {
        let digit = |at: usize| u32::from(self.text[at] - b'0');
        digit(at) * 10 + digit(at + 1)
    }

    fn take_text(&mut self, end: usize) -> String {
        let text = String::from_utf8_lossy(&self.text[self.at..end]).into_owned();
        self.at = end;
        text
    }

    fn date(&mut self) -> Result<String, TomlError> {
        let year = self.two_digits(self.at) * 100 + self.two_digits(self.at + 2);
        let (month, day) = (self.two_digits(self.at + 5), self.two_digits(self.at + 8));
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        if !(1..=12).contains(&month) || !(1..=days).contains(&day) {
            let remark = "month must be 01-12, day must be any of 01-28,29,30,31 depending on the month/year.";
            return Err(self.error("toml::parse_local_date: invalid date.", remark));
        }
        Ok(self.take_text(self.at + DATE.len()))
    }

    fn time(&mut self) -> Result<String, TomlError> {
        let title = "toml::parse_local_time: invalid time.";
        if self.two_digits(self.at) > 23 || self.two_digits(self.at + 3) > 59 {
            return Err(self.error(title, "hour must be 00-23, minute must be 00-59."));
        }
        if self.two_digits(self.at + 6) > 60 {
            return Err(self.error(title, "second must be 00-60."));
        }
        let end = self.time_end(self.at);
        let time = self.take_text(self.at + TIME.len());
        let fraction = self.take_text(end);
        Ok(time + &normal_fraction(fraction.trim_start_matches('.')))
    }

    fn offset(&mut self, start: usize, end: usize) -> Result<String, TomlError> {
        if end < self.at + 6 {
            let text = self.take_text(end);
            return Ok(text.to_uppercase());
        }
        let (hours, minutes) = (self.two_digits(self.at + 1), self.two_digits(self.at + 4));
        let text = self.take_text(end);
        if hours > 24 || minutes > 60 {
            let title = "toml::parse_offset_datetime: too large offset: |hour| <= 24, |minute| <= 60";
            return Err(report(self.text, title, &[(Span::new(start, end), "here")], ""));
        }
        Ok(if hours == 0 && minutes == 0 { "Z".to_owned() } else { text })
    }
}

/// A fraction of a second in milliseconds, microseconds or nanoseconds, whichever is the coarsest exact unit; further
/// digits are dropped.
fn normal_fraction(digits: &str) -> String {
    let padded = format!("{digits:0<9}");
    let nanoseconds = &padded[..9];
    match nanoseconds.trim_end_matches('0').len() {
        0 => String::new(),
        length => format!(".{}", &nanoseconds[..length.next_multiple_of(3)]),
    }
}
