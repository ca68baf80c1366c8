//! A running request, and the thread that ends requests in time.

use super::error::Kind;
use crate::heap::StopFlags;
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Instant;

/// A request that can be stopped from other threads until it is over.
pub(super) struct Request {
    flags: StopFlags,
    state: Mutex<State>,
}

enum State {
    Running,
    Stopped(Kind),
    Over,
}

impl Request {
    pub(super) fn new(flags: StopFlags) -> Arc<Self> {
        Arc::new(Self { flags, state: Mutex::new(State::Running) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops the request for this reason, unless it is stopped already or over.
    pub(super) fn stop(&self, reason: Kind) {
        let mut state = self.state();
        if matches!(*state, State::Running) {
            *state = State::Stopped(reason);
            self.flags.interrupt();
        }
    }

    /// The reason why the request is stopped.
    pub(super) fn stopped(&self) -> Option<Kind> {
        match *self.state() {
            State::Stopped(reason) => Some(reason),
            State::Running | State::Over => None,
        }
    }

    /// Ends the request: nothing stops its session from now on.
    pub(super) fn end(&self) -> Option<Kind> {
        let reason = self.stopped();
        *self.state() = State::Over;
        self.flags.clear();
        reason
    }
}

/// The requests with an end, by time.
#[derive(Default)]
struct Queue {
    ends: BTreeMap<(Instant, u64), Weak<Request>>,
    next: u64,
    has_thread: bool,
    /// The time until which the thread sleeps, if it does not wait for the first request.
    sleeping_until: Option<Instant>,
}

static QUEUE: LazyLock<Mutex<Queue>> = LazyLock::new(Mutex::default);
static CHANGED: Condvar = Condvar::new();

fn queue() -> MutexGuard<'static, Queue> {
    QUEUE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The entry of a request in the queue, until it is dropped.
pub(super) struct Entry((Instant, u64));

impl Drop for Entry {
    fn drop(&mut self) {
        queue().ends.remove(&self.0);
    }
}

/// Stops a request at this time, unless the result is dropped before. `None` if the system has no threads.
pub(super) fn stop_at(end: Instant, request: &Arc<Request>) -> Option<Entry> {
    let mut queue = queue();
    if !queue.has_thread {
        let thread = thread::Builder::new().name("nivis-limits".to_owned()).stack_size(64 << 10);
        thread.spawn(stop_in_time).ok()?;
        queue.has_thread = true;
    }
    queue.next += 1;
    let entry = (end, queue.next);
    queue.ends.insert(entry, Arc::downgrade(request));
    if queue.sleeping_until.is_none_or(|until| end < until) {
        CHANGED.notify_one();
    }
    Some(Entry(entry))
}

fn stop_in_time() {
    let mut queue = queue();
    loop {
        let now = Instant::now();
        while let Some(first) = queue.ends.first_entry().filter(|first| first.key().0 <= now) {
            if let Some(request) = first.remove().upgrade() {
                request.stop(Kind::TimedOut);
            }
        }
        queue.sleeping_until = queue.ends.first_key_value().map(|(end, _)| end.0);
        queue = match queue.sleeping_until {
            Some(until) => {
                let waited = CHANGED.wait_timeout(queue, until.saturating_duration_since(now));
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => CHANGED.wait(queue).unwrap_or_else(PoisonError::into_inner),
        };
    }
}
