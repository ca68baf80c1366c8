//! `--check-cache-status`: whether the outputs of a derivation are there, can be downloaded, or must be built.

use super::line::{Line, strings};
use nivis::store::daemon::types::{DerivedPath, Outputs};
use nivis::{Eval, Result};

/// Adds the status to a line, with what would be built and downloaded. Without a daemon it is unknown.
///
/// # Errors
/// Fails if the store cannot be reached.
pub(super) fn tell(cx: &Eval<'_>, derivation: &[u8], line: &mut Line) -> Result<()> {
    if !cx.can_build() {
        line.text("cacheStatus", "unknown");
        return Ok(());
    }
    let all = DerivedPath::Built { derivation: derivation.into(), outputs: Outputs::All };
    let plan = cx.build_plan(&[all])?;
    let is_complete = plan.builds.is_empty() && plan.unknown.is_empty();
    line.text(
        "cacheStatus",
        match is_complete {
            true if plan.substitutes.is_empty() => "local",
            true => "cached",
            false => "notBuilt",
        },
    );
    line.set("isCached", if is_complete { b"true".to_vec() } else { b"false".to_vec() });
    line.set("neededBuilds", strings(plan.builds));
    line.set("neededSubstitutes", strings(plan.substitutes));
    Ok(())
}
