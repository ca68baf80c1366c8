//! The steps of an evaluation as text: each program with the part that changes next, and the thunks beside it.

use crate::output::wrap::add_wrapped;
use crate::prompt::highlight::styles;
use nivis::codec::palette::{Look, NORMAL, Palette};
use nivis::codec::terminal::visible;
use nivis::eval::{Reduction, Reductions};
use std::fmt::Write as _;
use std::ops::Range;

/// The style of what changes next.
const REDEX: &str = "\x1b[7m";
/// Room for the number of a step.
const MARGIN: usize = 4;
/// The width where there is no terminal.
const USUAL: usize = 80;

/// All steps, one after the other.
pub(crate) fn listed(done: &Reductions, look: Look) -> String {
    let mut text = String::new();
    for (number, step) in done.steps.iter().enumerate() {
        for (index, line) in lines(step, look).iter().enumerate() {
            let margin = if index == 0 { format!("{:>2}  ", number + 1) } else { " ".repeat(MARGIN) };
            let _ = writeln!(text, "{}", format!("{margin}{line}").trim_end());
        }
    }
    text += &ending(done);
    text.trim_end().to_owned()
}

/// The words after the last step; empty if it is the value.
pub(crate) fn ending(done: &Reductions) -> String {
    match &done.error {
        Some(error) => format!("error: {error}"),
        None if done.is_cut => "… and so on".to_owned(),
        None => String::new(),
    }
}

/// The lines of one step.
pub(crate) fn lines(step: &Reduction, look: Look) -> Vec<String> {
    let width = look.width.unwrap_or(USUAL).saturating_sub(MARGIN).max(16);
    let redex = step.redex.clone().unwrap_or_default();
    let styles = look.palette.map(|palette| styles(&step.program, palette));
    let mut lines = Vec::new();
    for line in broken(&step.program, width) {
        match &styles {
            Some(styles) => lines.push(styled(&step.program, &line, &redex, styles)),
            None => {
                lines.push(step.program[line.clone()].to_owned());
                lines.extend(underlined(&step.program, &line, &redex));
            }
        }
    }
    beside(step, look.palette, width, &mut lines);
    lines
}

/// The notes beside the program, as comments.
fn beside(step: &Reduction, palette: Option<Palette>, width: usize, lines: &mut Vec<String>) {
    let mut add = |lead: &str, text: &str| {
        let mut wrapped = String::new();
        add_wrapped(&mut wrapped, lead, &visible(text, false), width);
        let faint = |line: &str| match palette {
            Some(palette) => format!("{}{line}{NORMAL}", palette.faint),
            None => line.to_owned(),
        };
        lines.extend(wrapped.lines().map(faint));
    };
    if let Some(inside) = &step.inside {
        add("# inside: ", inside);
    }
    for (text, value) in &step.forced {
        add("# forced: ", &format!("{text} = {value}"));
    }
}

/// The lines of a program, broken at spaces so that they fit.
fn broken(program: &str, width: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in program.split('\n') {
        let end = start + line.len();
        let (mut from, mut space, mut count) = (start, None, 0);
        for (offset, character) in line.char_indices() {
            let at = start + offset;
            if count >= width
                && let Some(found) = space.take()
            {
                lines.push(from..found);
                from = found + 1;
                count = program[from..at].chars().count();
            }
            if character == ' ' && at > from {
                space = Some(at);
            }
            count += 1;
        }
        lines.push(from..end);
        start = end + 1;
    }
    lines
}

/// A line with its colours, and the part that changes next.
fn styled(program: &str, line: &Range<usize>, redex: &Range<usize>, styles: &[(Range<usize>, &str)]) -> String {
    let mut text = String::new();
    for (range, style) in styles {
        let pieces = [(0, redex.start), (redex.start, redex.end), (redex.end, usize::MAX)];
        for (index, (from, to)) in pieces.into_iter().enumerate() {
            let start = range.start.max(line.start).max(from);
            let end = range.end.min(line.end).min(to);
            let Some(piece) = program.get(start..end.max(start)).filter(|piece| !piece.is_empty()) else { continue };
            let mark = if index == 1 { REDEX } else { "" };
            let normal = if style.is_empty() && mark.is_empty() { "" } else { NORMAL };
            let _ = write!(text, "{style}{mark}{}{normal}", visible(piece, false));
        }
    }
    text
}

/// A line below that underlines what changes next, unless that is all of the program.
fn underlined(program: &str, line: &Range<usize>, redex: &Range<usize>) -> Option<String> {
    let (start, end) = (redex.start.max(line.start), redex.end.min(line.end));
    if start >= end || (redex.start == 0 && redex.end == program.len()) {
        return None;
    }
    let columns = |range: Range<usize>| program.get(range).map_or(0, |text| text.chars().count());
    Some(format!("{}{}", " ".repeat(columns(line.start..start)), "^".repeat(columns(start..end))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit() {
        let program = "let\n  a = 1;\nin\none two three";
        let parts: Vec<_> = broken(program, 8).into_iter().map(|range| &program[range]).collect();
        assert_eq!(parts, ["let", "  a = 1;", "in", "one two", "three"]);
    }

    #[test]
    fn what_changes_is_underlined() {
        let step = Reduction { program: "1 + (2 * 3)".to_owned(), redex: Some(5..10), ..Reduction::default() };
        assert_eq!(lines(&step, Look { palette: None, width: None }), ["1 + (2 * 3)", "     ^^^^^"]);
    }
}
