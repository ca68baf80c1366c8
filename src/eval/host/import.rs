//! `import`: the value of a file, made once.

use super::load::Inputs;
use crate::error::{Action, Error, Result};
use crate::eval::Eval;
use crate::heap::{Attrs, Symbol, Value};
use crate::io::Message;
use crate::path::parent;
use crate::source::{Origin, Place};

impl<'h> Eval<'h> {
    /// The value of a file, evaluated once however often it is imported. An error of the first evaluation mentions
    /// the file.
    ///
    /// # Errors
    ///
    /// Fails if the file can't be read, parsed or evaluated.
    pub fn import_file(&mut self, path: &[u8]) -> Result<Value<'h>> {
        let path = self.resolve_expression_path(path)?;
        if let Some(known) = self.imported(&path) {
            return self.force(known);
        }
        let value = self.load_import(&path)?;
        self.force(value).map_err(|error| in_file(error, &self.shared.sources.shown(&path)))
    }

    /// Like [`Eval::import_file`], for the main file of a program, which errors don't mention.
    ///
    /// # Errors
    ///
    /// Fails like [`Eval::import_file`].
    pub fn main_file(&mut self, path: &[u8]) -> Result<Value<'h>> {
        let path = self.resolve_expression_path(path)?;
        let value = match self.imported(&path) {
            Some(known) => known,
            None => self.load_import(&path)?,
        };
        self.force(value)
    }

    pub(in crate::eval) fn imported(&self, path: &[u8]) -> Option<Value<'h>> {
        let (root, asked) = *self.shared.imports.borrow().get(path)?;
        self.depend_on(asked);
        Some(self.scope.root(root))
    }

    pub(in crate::eval) fn load_import(&mut self, path: &[u8]) -> Result<Value<'h>> {
        let (value, asked) = self.part(|cx| cx.load_file(path));
        let value = value?;
        let root = self.scope.add_root(value);
        self.shared.imports.borrow_mut().insert(path.to_vec(), (root, asked));
        Ok(value)
    }

    fn tell_file(&self, path: &[u8]) {
        if self.settings().tell_files {
            let text = format!("evaluating file '{}'", self.shared.sources.shown(path));
            self.message(&Message::Note(text.as_bytes()));
        }
    }

    fn load_file(&mut self, path: &[u8]) -> Result<Value<'h>> {
        self.tell_file(path);
        if let Some(caching) = self.shared.caching.as_ref().filter(|_| self.shared.debugger.is_none()) {
            return self.load_through_cache(path, caching);
        }
        let text = self.read_file(path)?;
        let source = self.shared.sources.add(Origin::File(path.to_vec()), text.into());
        let (unit, _) = self.lower_file(path, &source)?;
        let unit = self.link(unit, source, parent(path))?;
        Ok(self.instantiate(unit, &Inputs::default()))
    }

    /// `import path`
    ///
    /// # Errors
    ///
    /// Fails if the value is not a path, or like [`Eval::import_file`].
    pub fn import(&mut self, value: Value<'h>) -> Result<Value<'h>> {
        let path = self.coerce_to_path(value, "while realising the context of a path")?;
        self.import_file(path.as_bytes())
    }

    /// `scopedImport scope path`: never cached; the scope's names shadow the language's own.
    ///
    /// # Errors
    ///
    /// Fails like [`Eval::import`].
    pub fn scoped_import(&mut self, scope: Attrs<'h>, value: Value<'h>) -> Result<Value<'h>> {
        let path = self.coerce_to_path(value, "while realising the context of a path")?;
        let path = self.resolve_expression_path(path.as_bytes())?;
        let inputs = self.with_names(scope.iter().map(|(name, value, _)| (name, value)).collect());
        let value = self.load_scoped(path, &inputs)?;
        self.force(value)
    }

    /// The thunk of a file with names around it. The text is loaded once per set of names; only their values differ.
    fn load_scoped(&mut self, path: Vec<u8>, inputs: &Inputs<'h>) -> Result<Value<'h>> {
        self.tell_file(&path);
        let text = self.read_file(&path)?;
        let mut names: Vec<Symbol> = inputs.keys().copied().collect();
        names.sort_unstable();
        let key = (path, names);
        let known = self.shared.scoped.borrow().get(&key).map(|entry| self.shared.units.of(*entry));
        if let Some(unit) = known.filter(|unit| *unit.source.text == *text) {
            self.tell_warnings(&unit.source, &unit.ir.warnings);
            return Ok(self.instantiate(unit, inputs));
        }
        let unit = self.load_unit(Origin::File(key.0.clone()), text, parent(&key.0), inputs)?;
        self.shared.scoped.borrow_mut().insert(key, Self::entry(unit));
        Ok(self.instantiate(unit, inputs))
    }
}

#[cold]
fn in_file(error: Error, file: &str) -> Error {
    error.traced(Place::NOWHERE, Action::File(file.to_string()))
}
