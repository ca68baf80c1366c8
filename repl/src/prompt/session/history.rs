//! The inputs that made thunks be evaluated, for `:why`.

use crate::prompt::thunks::Work;
use nivis::Eval;
use nivis::heap::ThunkNumbers;
use std::collections::VecDeque;

/// The number of thunks that are remembered of each input. Later ones are evaluated as without a watcher.
pub(super) const MOST_SEEN: usize = 100_000;

/// Thunks remembered of all inputs together, except for the last one.
const MOST_TOGETHER: usize = 300_000;

/// A thunk that was evaluated.
struct Seen {
    /// The one that needed it.
    by: Option<usize>,
    work: Work,
}

/// The evaluations that an input caused.
pub(super) struct Input {
    text: String,
    seen: Vec<Seen>,
    /// The numbers of these thunks, as long as there are any.
    numbers: ThunkNumbers,
    /// The number of the first thunk that was seen while printing.
    printed_from: usize,
}

impl Input {
    /// The thunks seen in this visit to the engine.
    pub(super) fn of(text: &str, cx: &Eval<'_>) -> Self {
        let seen =
            cx.seen().iter().map(|forced| Seen { by: forced.by, work: Work::of(cx, forced.thunk, forced.before) });
        let numbers = cx.scope().numbers_of(cx.seen().iter().map(|forced| forced.thunk));
        Self { text: text.to_owned(), seen: seen.collect(), numbers, printed_from: usize::MAX }
    }
}

/// The last inputs, the last one last.
#[derive(Default)]
pub(super) struct History(VecDeque<Input>);

impl History {
    /// Adds an input. One that made nothing be evaluated is kept only until the next.
    pub(super) fn add(&mut self, input: Input) {
        if self.0.back().is_some_and(|last| last.seen.is_empty()) {
            self.0.pop_back();
        }
        while self.0.iter().map(|input| input.seen.len()).sum::<usize>() > MOST_TOGETHER {
            self.0.pop_front();
        }
        self.0.push_back(input);
    }

    /// Notes that the last input was evaluated when this many thunks had been seen, and was printed after that.
    pub(super) fn printed_from(&mut self, count: usize) {
        if let Some(last) = self.0.back_mut() {
            last.printed_from = count;
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The reasons why the thunk with this number was evaluated: what needed it, what needed that, and so on, to the
    /// input.
    pub(super) fn why(&self, cx: &Eval<'_>, number: u64) -> Option<Vec<String>> {
        let (input, found) = self.0.iter().rev().find_map(|input| Some((input, input.numbers.position(number)?)))?;
        let mut reasons = Vec::new();
        let mut last = found;
        while let Some(by) = input.seen[last].by {
            last = by;
            reasons.push(input.seen[last].work);
        }
        if reasons.last().is_some_and(|work| work.is_input(cx)) {
            reasons.pop();
        }
        let mut lines: Vec<String> = reasons.into_iter().map(|work| format!("needed by {}", work.text(cx))).collect();
        let what = if last >= input.printed_from { "needed to print" } else { "needed by the input" };
        lines.push(format!("{what} '{}'", input.text.split_whitespace().collect::<Vec<_>>().join(" ")));
        Some(lines)
    }
}
