//! The cost of evaluating an attribute. In a worker that evaluated others before, what they share is counted for the
//! first.

use nivis::Eval;
use std::fs;

/// A worker's totals at the start of an evaluation.
pub(super) struct Stats {
    nanoseconds: Option<u64>,
    heap_bytes: usize,
}

impl Stats {
    /// The beginning.
    pub(super) fn begin(cx: &Eval<'_>) -> Self {
        Self { nanoseconds: nanoseconds(), heap_bytes: cx.scope().chunk_bytes() }
    }

    /// The time and memory used since then, as a JSON object.
    pub(super) fn end(&self, cx: &Eval<'_>) -> Vec<u8> {
        let now = Self::begin(cx);
        let bytes = now.heap_bytes.saturating_sub(self.heap_bytes);
        let seconds = self.nanoseconds.zip(now.nanoseconds).map(|(begin, end)| end.saturating_sub(begin) as f64 / 1e9);
        let time = seconds.map(|seconds| format!("\"cpuTime\":{seconds:.6},")).unwrap_or_default();
        format!("{{{time}\"heapBytes\":{bytes}}}").into_bytes()
    }
}

/// The processor time of this thread, if the system has it.
fn nanoseconds() -> Option<u64> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_ascii_whitespace().next()?.parse().ok()
}
