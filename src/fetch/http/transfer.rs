//! A transfer from the caller's side: retries, delays, progress, and interruption.

use super::body::{Count, Sink};
use super::exchange::{Ended, Question, exchange};
use super::failure::{Failure, Problem};
use super::retry::{delay, retry_after};
use super::{Client, Failed, Received, Request, interrupted, local};
use crate::error::Error;
use crate::fetch::FetchContext;
use crate::io::{Message, Progress};
use crate::source::Sources;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// The interval of checks for an interruption and of progress updates.
const BEAT: Duration = Duration::from_millis(100);

impl Client {
    pub(super) fn transfer(
        &self,
        context: &FetchContext<'_>,
        request: &Request,
        sink: Sink,
    ) -> Result<(Received, Sink), Failed> {
        if request.url.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("file:")) {
            return local::read(context, &request.url, sink);
        }
        if !request.url.contains(':') {
            return Err(Error::eval(format!("URL '{}' doesn't have a scheme", request.url)).into());
        }
        let Request { url, headers, etag } = request.clone();
        let mut question = Question { url, headers, etag, resumes: None };
        let mut sink = sink;
        for tries in 1.. {
            let ended = self.attempt(context, &question, sink)?;
            sink = ended.sink;
            let failure = match ended.result {
                Ok(received) => return Ok((received, sink)),
                Err(failure) => failure,
            };
            // The server has no bytes from this offset: the beginning in the sink belongs to a different file.
            let is_out_of_range = question.resumes.is_some() && failure.status == Some(416);
            if tries >= self.attempts() || !(failure.is_transient() || is_out_of_range) {
                return Err(Failed::Transfer(failure.text(&question.url)));
            }
            question.resumes = ended.resumable.filter(|_| sink.written > 0 && !is_out_of_range);
            let after = ended.retry_after.as_deref().and_then(|text| retry_after(text, context.io.now()));
            self.wait(context, &question, &sink, &failure, (tries, after))?;
        }
        Err(Failed::Transfer(Failure::from(Problem::new(56, "")).text(&question.url)))
    }

    /// The number of tries. Offline mode may be wrong, and one try finds out quickly.
    fn attempts(&self) -> u32 {
        if self.options.offline { 1 } else { self.options.attempts }
    }

    /// One try, in a thread.
    fn attempt(&self, context: &FetchContext<'_>, question: &Question, sink: Sink) -> Result<Ended, Failed> {
        let shared = self.shared(context);
        let count = Arc::clone(&sink.count);
        let (sender, receiver) = channel();
        let moved = question.clone();
        let run = move || {
            // The receiver is gone if the transfer was stopped.
            let _ = sender.send(exchange(&shared, &moved, sink));
        };
        let no_thread = |error: std::io::Error| Error::fetch(format!("creating thread: {error}"));
        thread::Builder::new().name("download".to_owned()).spawn(run).map_err(no_thread)?;
        let mut is_shown = false;
        let ended = loop {
            match receiver.recv_timeout(BEAT) {
                Ok(ended) => break ended,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Error::fetch("a download ended by itself").into()),
            }
            if let Err(error) = interrupted(context) {
                self.abandon();
                context.console.progress(&progress(&question.url, &count, true));
                return Err(error.into());
            }
            context.console.progress(&progress(&question.url, &count, false));
            is_shown = true;
        };
        if is_shown {
            context.console.progress(&progress(&question.url, &count, true));
        }
        Ok(ended)
    }

    /// Reports a failure, and waits for the next try.
    fn wait(
        &self,
        context: &FetchContext<'_>,
        question: &Question,
        sink: &Sink,
        failure: &Failure,
        (tries, after): (u32, Option<u64>),
    ) -> Result<(), Failed> {
        let chance = context.io.nanoseconds().unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
        let delay = delay(&self.options, tries, failure.is_of_too_many(), after, chance);
        let text = failure.text(&question.url);
        let offset = match question.resumes {
            Some(_) => format!("from offset {} ", sink.written),
            None => String::new(),
        };
        let of = self.attempts();
        warn(context, format!("{text}; retrying {offset}in {delay} ms (attempt {tries}/{of})"));
        let end = Instant::now() + Duration::from_millis(delay);
        while let Some(left) = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
            interrupted(context)?;
            thread::sleep(left.min(BEAT));
        }
        Ok(())
    }
}

fn progress<'p>(url: &'p str, count: &Count, is_finished: bool) -> Progress<'p> {
    let total = count.total.load(Ordering::Relaxed);
    Progress { what: url, done: count.done.load(Ordering::Relaxed), total: (total > 0).then_some(total), is_finished }
}

/// Shows a warning.
pub(in crate::fetch) fn warn(context: &FetchContext<'_>, text: String) {
    context.console.message(&Message::Warning(&Error::eval(text), &Sources::default()));
}
