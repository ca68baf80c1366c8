//! The checks that are built.

use super::Check;
use nivis::store::daemon::types::{BuildMode, BuildResult, DerivedPath, Outputs};
use nivis::store::path::StorePath;
use nivis::{Error, ErrorKind, Eval, Result};

impl Check {
    /// Builds the checks that are not built yet and can't be downloaded. Warns where nothing builds.
    pub(super) fn build(&mut self, cx: &Eval<'_>) -> Result<()> {
        let count = self.tests.len();
        if count == 0 {
            return Ok(());
        }
        if !cx.can_build() {
            let checks = if count == 1 { "check was" } else { "checks were" };
            let text =
                format!("{count} flake {checks} evaluated but not run, because there is no Nix daemon that builds");
            cx.warn(&Error::eval(text));
            return Ok(());
        }
        let all = |derivation: &StorePath| DerivedPath::Built { derivation: derivation.clone(), outputs: Outputs::All };
        let tests: Vec<DerivedPath> = self.tests.keys().map(all).collect();
        let targets: Vec<DerivedPath> = cx.build_plan(&tests)?.builds.iter().map(all).collect();
        self.begin(&format!("running {} flake checks...", targets.len()));
        if targets.is_empty() {
            return Ok(());
        }
        for result in cx.build_targets(&targets, BuildMode::Normal)? {
            let target = targets.iter().find(|target| target.is_named_by(&result.target));
            // Targets that were not reached have no message.
            if let Some(target) = target.filter(|_| !result.status.is_success() && !result.message.is_empty()) {
                self.report_failure(cx, target, &result)?;
            }
        }
        Ok(())
    }

    fn report_failure(&mut self, cx: &Eval<'_>, target: &DerivedPath, result: &BuildResult) -> Result<()> {
        let failed = format!("build of '{}' failed: {}", target.shown(), result.message);
        let Some(names) = self.tests.get(target.base()).cloned() else {
            return self.report(cx, ErrorKind::Store(failed).into());
        };
        for name in names {
            self.report(cx, ErrorKind::Store(format!("failed to build attribute '{name}', {failed}")).into())?;
        }
        Ok(())
    }
}
