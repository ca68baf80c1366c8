//! Aggregates whose parts are given by name, made to use those parts: in a worker, once all jobs are known.

use super::derivation::Wanted;
use super::line::{Line, object, string, strings};
use super::path::Path;
use super::protocol::{Aggregate, texts};
use super::walk::{Found, Walk};
use crate::tasks::drv_files::DrvFiles;
use crate::tasks::instantiate::derivation_path;
use nivis::codec::json::parse_json;
use nivis::store::path::StorePath;
use nivis::{Error, ErrorKind, Eval, Result, report};
use std::collections::HashMap;

/// Makes the lines of aggregates, one after the other.
pub(super) struct Rewriter<'w, 'a, 'h> {
    walk: &'w mut Walk<'a, 'h>,
    wanted: &'w Wanted<'a, 'h>,
    drv_files: &'w DrvFiles,
    /// The texts of all derivations that were computed.
    texts: HashMap<StorePath, Box<[u8]>>,
    /// The places of the aggregates that were made before.
    made: HashMap<Path, StorePath>,
}

impl<'w, 'a, 'h> Rewriter<'w, 'a, 'h> {
    /// One that has made nothing yet.
    pub(super) fn new(walk: &'w mut Walk<'a, 'h>, wanted: &'w Wanted<'a, 'h>, drv_files: &'w DrvFiles) -> Self {
        Self { walk, wanted, drv_files, texts: HashMap::new(), made: HashMap::new() }
    }

    /// The line of an aggregate.
    ///
    /// # Errors
    /// Fails if the memory limit is exceeded. Other errors are part of the line.
    pub(super) fn line(&mut self, cx: &mut Eval<'h>, aggregate: &Aggregate) -> Result<String> {
        let mut line = Line::about(&aggregate.path);
        match self.tell(cx, aggregate, &mut line) {
            Err(error) if matches!(error.kind(), ErrorKind::OutOfMemory) => return Err(error),
            Err(error) => line.text("error", report::plain(&error, cx.sources(), self.wanted.errors.show_trace, false)),
            Ok(()) => {
                if let Some(error) = &aggregate.error {
                    line.text("error", error);
                }
            }
        }
        if !aggregate.names {
            line.remove("namedConstituents");
        }
        Ok(String::from_utf8_lossy(&line.into_json()).into_owned())
    }

    fn tell(&mut self, cx: &mut Eval<'h>, aggregate: &Aggregate, line: &mut Line) -> Result<()> {
        let Found::Derivation(set) = self.walk.look(cx, &aggregate.path)? else {
            return Err(Error::eval("the aggregate is no longer a derivation"));
        };
        self.wanted.tell(cx, set, &aggregate.path, line)?;
        let path: StorePath = derivation_path(cx, set)?.into();
        if aggregate.error.is_none() {
            self.extend(cx, aggregate, path, line)?;
        }
        self.keep_texts(cx)
    }

    /// Makes the derivation use the parts, and returns its new path.
    fn extend(&mut self, cx: &mut Eval<'h>, aggregate: &Aggregate, path: StorePath, line: &mut Line) -> Result<()> {
        let parts = aggregate.parts.iter().map(|part| self.part(cx, part)).collect::<Result<Vec<_>>>()?;
        let own = line.get("constituents").and_then(|json| texts(&parse_json(json).ok()?)).unwrap_or_default();
        let all = own.iter().map(String::as_bytes).chain(parts.iter().map(|path| &**path));
        line.set("constituents", strings(all));
        self.keep_texts(cx)?;
        let Some(text) = self.texts.get(&path) else { return Ok(()) };
        let path = cx.extend_derivation(&path, text, &parts)?;
        let outputs = cx.computed().derivation(&path).map(|known| known.outputs).unwrap_or_default();
        let json = |path: Option<StorePath>| path.map_or_else(|| b"null".to_vec(), string);
        line.set("outputs", object(outputs.into_iter().map(|(name, path)| (name, json(path)))));
        line.text("drvPath", &path);
        self.made.insert(aggregate.path.clone(), path);
        Ok(())
    }

    /// The derivation of a part.
    fn part(&mut self, cx: &mut Eval<'h>, path: &Path) -> Result<StorePath> {
        if let Some(made) = self.made.get(path) {
            return Ok(made.clone());
        }
        match self.walk.look(cx, path)? {
            Found::Derivation(set) => Ok(derivation_path(cx, set)?.into()),
            Found::Names(_) => Err(Error::eval("a part of the aggregate is no longer a derivation")),
        }
    }

    fn keep_texts(&mut self, cx: &Eval<'h>) -> Result<()> {
        self.texts.extend(self.drv_files.save(cx)?);
        Ok(())
    }
}
