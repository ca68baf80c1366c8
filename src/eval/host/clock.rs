//! The clock: `builtins.currentTime` is a delayed call, so that it is known whether a program asked for the time.

use crate::eval::Eval;
use crate::heap::{ThunkKind, Value};

/// The builtin that `currentTime` calls.
pub(crate) const CLOCK: &str = "readClock";

const SECOND: i64 = 1_000_000_000;

impl<'h> Eval<'h> {
    /// Starts the clock: from now on the time is that of this moment.
    pub(crate) fn start_clock(&self) {
        let time = self.shared.time.get().unwrap_or_else(|| self.io().nanoseconds().div_euclid(SECOND));
        self.shared.time.set(Some(time));
    }

    /// The time of the first moment, in seconds since 1970.
    pub(crate) fn clock_time(&self) -> Value<'h> {
        let now = self.io().now();
        self.int(self.shared.time.get().unwrap_or(now))
    }

    /// The time, if this value is a call of the clock. It is shown as the number that it is in C++ Nix.
    pub(crate) fn clock_reading(&self, value: Value<'h>) -> Option<Value<'h>> {
        let thunk = value.as_thunk().filter(|thunk| matches!(thunk.kind(), ThunkKind::Apply))?;
        (thunk.capture(0) == self.internal_builtin(CLOCK)).then(|| self.clock_time())
    }
}
