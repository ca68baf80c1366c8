//! Hydra's jobs: sets of derivations within each other.

use super::{Check, lossy};
use nivis::heap::{Attrs, PosId};
use nivis::{Error, Eval, Result, Value};

impl Check {
    /// Checks a set of jobs, and the sets in it.
    pub(super) fn jobs<'h>(&mut self, cx: &mut Eval<'h>, path: &str, value: Value<'h>, position: PosId) -> Result<()> {
        self.begin(&format!("checking Hydra job '{path}'..."));
        let depth = self.parts.depth();
        let checked = cx.deeper(|cx| {
            let set = self.parts.enter(cx, |cx| cx.force_attrs(value, ""))?;
            self.jobs_in(cx, path, set)
        });
        self.parts.leave(depth);
        self.guard(cx, checked, position, || format!("while checking the Hydra jobset '{path}'")).map(|_| ())
    }

    fn jobs_in<'h>(&mut self, cx: &mut Eval<'h>, path: &str, set: Attrs<'h>) -> Result<()> {
        if cx.is_derivation(set)? {
            return Err(Error::eval("jobset should not be a derivation at top-level"));
        }
        for (symbol, value, position) in set.iter() {
            let path = format!("{path}.{}", lossy(cx.symbol_text(symbol)));
            let is_derivation = self.parts.part(cx, &format!("job {path}"), |cx| {
                let job = cx.force_attrs(value, "")?;
                cx.is_derivation(job)
            })?;
            if is_derivation {
                self.things += 1;
                self.begin(&format!("checking Hydra job '{path}'..."));
                self.derivation(cx, &path, value, position)?;
            } else {
                self.jobs(cx, &path, value, position)?;
            }
        }
        Ok(())
    }
}
