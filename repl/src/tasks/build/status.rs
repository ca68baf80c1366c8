//! The status to exit with after builds that failed, as C++ Nix has it.

use crate::output::stdio::FAILED;
use nivis::store::daemon::types::{BuildResult, BuildStatus};

/// A build failed.
const BUILD_FAILED: i32 = 100;
/// Added to the status, one for each kind of failure.
const TIMED_OUT: i32 = 1;
const HASH_DIFFERS: i32 = 2;
const NOT_DETERMINISTIC: i32 = 8;
/// A second build had another result, and none failed.
const ONLY_DIFFERS: i32 = 96;

/// The status for these results.
pub(super) fn of(failed: &[&BuildResult]) -> i32 {
    let has = |matches: fn(&BuildResult) -> bool| failed.iter().any(|result| matches(result));
    let timed_out = has(|result| result.status == BuildStatus::TimedOut);
    let hash_differs = has(|result| {
        result.status == BuildStatus::OutputRejected
            && result.message.contains("hash mismatch in fixed-output derivation")
    });
    // Nothing tells how a dependency failed; most fail like this.
    let build_failed = has(|result| {
        use BuildStatus::{DependencyFailed, InputRejected, PermanentFailure};
        matches!(result.status, PermanentFailure | InputRejected | DependencyFailed)
    });
    let differs = has(|result| result.status == BuildStatus::NotDeterministic);
    let more = i32::from(differs) * NOT_DETERMINISTIC;
    match build_failed || timed_out || hash_differs {
        true => BUILD_FAILED + i32::from(timed_out) * TIMED_OUT + i32::from(hash_differs) * HASH_DIFFERS + more,
        false if differs => ONLY_DIFFERS + more,
        false => FAILED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses() {
        let hash = "hash mismatch in fixed-output derivation 'x'";
        let table: [(&[(BuildStatus, &str)], i32); 6] = [
            (&[(BuildStatus::PermanentFailure, "")], 100),
            (&[(BuildStatus::TimedOut, ""), (BuildStatus::PermanentFailure, "")], 101),
            (&[(BuildStatus::OutputRejected, hash)], 102),
            (&[(BuildStatus::OutputRejected, "output refers to what it must not")], 1),
            (&[(BuildStatus::NotDeterministic, "")], 104),
            (&[(BuildStatus::DependencyFailed, ""), (BuildStatus::PermanentFailure, "")], 100),
        ];
        for (failures, expected) in table {
            let result = |(status, message): &(BuildStatus, &str)| BuildResult {
                target: Vec::new(),
                status: *status,
                message: (*message).to_owned(),
                outputs: Vec::new(),
                times: (0, 0),
            };
            let results: Vec<_> = failures.iter().map(result).collect();
            assert_eq!(of(&results.iter().collect::<Vec<_>>()), expected);
        }
    }
}
