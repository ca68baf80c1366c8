//! Hydra's jobs: sets of derivations within each other.

use super::{Check, lossy};
use nivis::heap::{Attrs, PosId};
use nivis::{Error, Eval, Result, Value};

impl Check {
    /// Checks a set of jobs, and the sets in it.
    pub(super) fn jobs<'h>(&mut self, cx: &mut Eval<'h>, path: &str, value: Value<'h>, position: PosId) -> Result<()> {
        self.begin(&format!("checking Hydra job '{path}'..."));
        let checked = cx.deeper(|cx| {
            let set = cx.force_attrs(value, "")?;
            self.jobs_in(cx, path, set)
        });
        self.guard(cx, checked, position, || format!("while checking the Hydra jobset '{path}'")).map(|_| ())
    }

    fn jobs_in<'h>(&mut self, cx: &mut Eval<'h>, path: &str, set: Attrs<'h>) -> Result<()> {
        if cx.is_derivation(set)? {
            return Err(Error::eval("jobset should not be a derivation at top-level"));
        }
        for (symbol, value, position) in set.iter() {
            let job = cx.force_attrs(value, "")?;
            let path = format!("{path}.{}", lossy(cx.symbol_text(symbol)));
            if cx.is_derivation(job)? {
                self.things += 1;
                self.begin(&format!("checking Hydra job '{path}'..."));
                self.derivation(cx, &path, job.into(), position)?;
            } else {
                self.jobs(cx, &path, job.into(), position)?;
            }
        }
        Ok(())
    }
}
