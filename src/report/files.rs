//! The texts of labels, in the form for codespan-reporting. Only a part of a long line is shown.

use super::characters::push_visible;
use crate::codec::terminal::visible;
use crate::source::{Location, SourceText, Span};
use codespan_reporting::files::{Error, Files, line_starts};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

/// Lines up to this many bytes are shown whole where the width is not known.
const LONGEST: usize = 240;
/// The columns that stand before a source line.
const BESIDE: usize = 9;
/// The narrowest part of a line.
const LEAST: usize = 20;

/// Texts, numbered in the order of their addition.
pub(super) struct Texts {
    texts: Vec<Text>,
    /// Lines up to this many bytes are shown whole.
    longest: usize,
}

struct Text {
    source: Rc<SourceText>,
    /// The text with a `?` for each byte that is not UTF-8, and with visible replacements. Offsets don't change.
    text: String,
    starts: Vec<usize>,
    /// The shown parts of long lines.
    windows: BTreeMap<usize, Range<usize>>,
}

impl Texts {
    /// No texts yet; their lines will be shown at a terminal of this width.
    pub(super) fn new(width: Option<usize>) -> Self {
        let longest = width.map_or(LONGEST, |width| width.saturating_sub(BESIDE).max(LEAST));
        Self { texts: Vec::new(), longest }
    }

    /// The number of the text of a place, and the range of a label there; `None` if it can't be shown together with
    /// the existing labels.
    pub(super) fn label(&mut self, place: &Location, span: Span) -> Option<(usize, Range<usize>)> {
        let known = self.texts.iter().position(|text| Rc::ptr_eq(&text.source, &place.source));
        let id = known.unwrap_or_else(|| {
            self.texts.push(Text::new(Rc::clone(&place.source)));
            self.texts.len() - 1
        });
        let whole = span.start as usize..span.end as usize;
        let range = if whole.is_empty() { word_at(&place.source.text, whole.start) } else { whole };
        let range = self.texts[id].first_lines(range);
        let range = self.texts[id].up_to_whole_line(range, self.longest);
        let range = self.texts[id].open_window(range, self.longest)?;
        Some((id, range))
    }

    fn text(&self, id: usize) -> Result<&Text, Error> {
        self.texts.get(id).ok_or(Error::FileMissing)
    }
}

impl Text {
    fn new(source: Rc<SourceText>) -> Self {
        let mut text = String::with_capacity(source.text.len());
        for chunk in source.text.utf8_chunks() {
            push_visible(&mut text, chunk.valid());
            text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
        }
        let starts = line_starts(&text).collect();
        Self { source, text, starts, windows: BTreeMap::new() }
    }

    /// The first line of a range over many lines: the rest would hide the important part.
    fn first_lines(&self, range: Range<usize>) -> Range<usize> {
        const MOST_LINES: usize = 4;
        let first = self.line_at(range.start);
        if self.line_at(range.end.saturating_sub(1)) < first + MOST_LINES {
            return range;
        }
        range.start..self.end_of(first).max(range.start)
    }

    /// A range over several lines up to one that is shown whole: of others, the part where the range ends may be hidden.
    fn up_to_whole_line(&self, range: Range<usize>, longest: usize) -> Range<usize> {
        let (first, last) = (self.line_at(range.start), self.line_at(range.end));
        let is_whole = |line: &usize| self.whole_line(*line).is_some_and(|whole| whole.len() <= longest + 1);
        if first == last || is_whole(&last) {
            return range;
        }
        let last = (first + 1..last).rev().find(is_whole).unwrap_or(first);
        range.start..self.end_of(last).max(range.start)
    }

    fn line_at(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1)
    }

    fn whole_line(&self, line: usize) -> Option<Range<usize>> {
        let start = *self.starts.get(line)?;
        Some(start..self.starts.get(line + 1).copied().unwrap_or(self.text.len()))
    }

    /// The end of the text in a line.
    fn end_of(&self, line: usize) -> usize {
        let whole = self.whole_line(line).unwrap_or_default();
        whole.start + self.text.get(whole).map_or(0, |text| text.trim_end().len())
    }

    /// The end of a line without its line break.
    fn without_break(&self, whole: &Range<usize>) -> usize {
        let ends_in_break = self.text.as_bytes()[whole.clone()].ends_with(b"\n");
        whole.end - usize::from(ends_in_break)
    }

    /// Makes a range visible, or its beginning if it is too long. `None` if another part of its line is shown already.
    fn open_window(&mut self, range: Range<usize>, longest: usize) -> Option<Range<usize>> {
        let line = self.line_at(range.start);
        let whole = self.whole_line(line)?;
        let is_one_line = range.end <= whole.end;
        let window = match self.windows.get(&line) {
            Some(window) => window.clone(),
            None if whole.len() <= longest + 1 => return Some(range),
            None => {
                let wanted = range.len().min(longest);
                let before = (longest - wanted).min(longest / 4);
                let last = self.without_break(&whole).saturating_sub(longest).max(whole.start);
                let start = self.text.floor_char_boundary(range.start.saturating_sub(before).clamp(whole.start, last));
                let end = self.text.floor_char_boundary((start + longest).min(whole.end));
                let window = start..end;
                self.windows.insert(line, window.clone());
                self.mark_ends(&whole, &window, &range);
                window
            }
        };
        // Something missing at the end of a text is marked behind its last character.
        let at_end = range.start == self.text.len() && window.end == self.text.len();
        let fits = window.start <= range.start && (range.start < window.end || at_end);
        let end = if is_one_line { range.end.min(window.end) } else { range.end };
        fits.then_some(range.start..end)
    }

    /// Puts `…` where the shown part of a line begins and ends, unless that would hide what is labelled. Offsets don't
    /// change.
    fn mark_ends(&mut self, whole: &Range<usize>, window: &Range<usize>, label: &Range<usize>) {
        const MARK: &str = "…";
        let first = window.start..window.start + MARK.len();
        let last = window.end.saturating_sub(MARK.len())..window.end;
        let shown = self.text.get(whole.clone()).map_or(whole.end, |text| whole.start + text.trim_end().len());
        let is_cut = [window.start > whole.start, window.end < shown];
        let hides = [first.end > label.start, last.start < label.start + 1];
        for ((place, is_cut), hides) in [first, last].into_iter().zip(is_cut).zip(hides) {
            let is_whole = self.text.get(place.clone()).is_some_and(|text| text.is_ascii() && !text.contains('\t'));
            if is_cut && !hides && is_whole {
                self.text.replace_range(place, MARK);
            }
        }
    }
}

impl<'a> Files<'a> for Texts {
    type FileId = usize;
    type Name = String;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<String, Error> {
        Ok(visible(&self.text(id)?.source.name_for_people(), false).into_owned())
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.text(id)?.text)
    }

    fn line_index(&'a self, id: usize, offset: usize) -> Result<usize, Error> {
        Ok(self.text(id)?.line_at(offset))
    }

    fn line_range(&'a self, id: usize, line: usize) -> Result<Range<usize>, Error> {
        let text = self.text(id)?;
        let missing = || Error::LineTooLarge { given: line, max: text.starts.len() };
        text.windows.get(&line).cloned().or_else(|| text.whole_line(line)).ok_or_else(missing)
    }

    /// Columns are bytes, as everywhere in Nix.
    fn column_number(&'a self, id: usize, line: usize, offset: usize) -> Result<usize, Error> {
        let start = self.text(id)?.starts.get(line).copied().unwrap_or_default();
        Ok(offset.saturating_sub(start) + 1)
    }
}

/// The name, keyword or number that begins at an offset, or else the single character there.
fn word_at(text: &[u8], start: usize) -> Range<usize> {
    let rest = &text[start.min(text.len())..];
    let in_word = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'\'');
    let word = rest.iter().take_while(in_word).count();
    let first = rest.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
    let character = first.filter(|character| !matches!(character, '\n' | '\r')).map_or(0, char::len_utf8);
    start..start + if word > 0 { word } else { character }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let table = [
            ("abc def", 0, 0..3),
            ("abc def", 4, 4..7),
            ("a'b-c.d", 0, 0..5),
            ("é", 0, 0..2),
            ("a", 1, 1..1),
            ("\n", 0, 0..0),
            ("\x0c", 0, 0..1),
        ];
        for (text, start, expected) in table {
            assert_eq!(word_at(text.as_bytes(), start), expected, "{text}");
        }
    }
}
