//! Limits of requests: time, cancellation, memory, depth.

use super::request::Request;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

/// The limits of a request to a session. What is not set is not limited, but the depth, which has C++ Nix's limit.
///
/// ```
/// use nivis::front::{Kind, Limits, Nix};
/// use std::time::Duration;
///
/// let mut session = Nix::sandboxed().session();
/// let limits = Limits::new().time(Duration::from_millis(50)).memory(32 << 20);
/// let endless = session.limited(&limits, |session| session.eval("let f = x: f (x + 1); in f 0"));
/// assert!(matches!(endless.unwrap_err().kind(), Kind::TimedOut | Kind::TooDeep));
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Limits {
    /// The longest time that a request may take.
    pub time: Option<Duration>,
    /// The time at which requests end.
    pub deadline: Option<Instant>,
    /// A handle that cancels requests.
    pub cancel: Option<Cancel>,
    /// The bytes that a request may add to what the session has.
    pub memory: Option<usize>,
    /// The depth of nested calls.
    pub depth: Option<u32>,
}

impl Limits {
    /// No limits.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with a longest time for each request.
    pub fn time(mut self, time: Duration) -> Self {
        self.time = Some(time);
        self
    }

    /// The same with a time at which requests end.
    pub fn deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// The same with a handle that cancels requests.
    pub fn cancel(mut self, cancel: &Cancel) -> Self {
        self.cancel = Some(cancel.clone());
        self
    }

    /// The same with a limit to the bytes that a request may add to what the session has.
    pub fn memory(mut self, bytes: usize) -> Self {
        self.memory = Some(bytes);
        self
    }

    /// The same with a limit to the depth of nested calls.
    pub fn depth(mut self, depth: u32) -> Self {
        self.depth = Some(depth);
        self
    }

    /// These limits, and those of `others` that are not set here.
    pub(super) fn or(&self, others: &Self) -> Self {
        Self {
            time: self.time.or(others.time),
            deadline: self.deadline.or(others.deadline),
            cancel: self.cancel.as_ref().or(others.cancel.as_ref()).cloned(),
            memory: self.memory.or(others.memory),
            depth: self.depth.or(others.depth),
        }
    }

    /// The end of a request that begins now.
    pub(super) fn end(&self) -> Option<Instant> {
        let by_time = self.time.and_then(|time| Instant::now().checked_add(time));
        by_time.into_iter().chain(self.deadline).min()
    }
}

/// A handle that cancels the requests that were given it, from any thread. Once cancelled, it stays so.
#[derive(Clone, Default)]
pub struct Cancel(Arc<State>);

#[derive(Default)]
struct State {
    is_cancelled: AtomicBool,
    running: Mutex<Vec<Weak<Request>>>,
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cancel").field("is_cancelled", &self.is_cancelled()).finish()
    }
}

impl Cancel {
    /// A handle that was not cancelled.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends all requests that have this handle, now and later, with [`Kind::Cancelled`](super::Kind::Cancelled).
    pub fn cancel(&self) {
        let mut running = self.running();
        self.0.is_cancelled.store(true, Ordering::Release);
        let running = std::mem::take(&mut *running);
        running.iter().filter_map(Weak::upgrade).for_each(|request| request.stop(super::Kind::Cancelled));
    }

    /// True if it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled.load(Ordering::Acquire)
    }

    fn running(&self) -> std::sync::MutexGuard<'_, Vec<Weak<Request>>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cancels a request too from now on.
    pub(super) fn attach(&self, request: &Arc<Request>) {
        let mut running = self.running();
        running.retain(|other| other.strong_count() > 0);
        if self.is_cancelled() {
            request.stop(super::Kind::Cancelled);
        } else {
            running.push(Arc::downgrade(request));
        }
    }
}
