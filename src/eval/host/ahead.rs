//! Files that another core lowers before they are needed.

use super::load::Inputs;
use crate::ahead::{Folder, KnownNames, Lowered, LoweringAhead, Options};
use crate::error::Result;
use crate::eval::Eval;
use crate::heap::{Symbol, Value};
use crate::ir::Unit;
use crate::path::parent;
use crate::source::SourceText;
use crate::syntax;
use std::rc::Rc;

impl Eval<'_> {
    /// Lowers the text of the file at a path, unless another core has. Also returns the encoded unit, if that was made.
    pub(in crate::eval) fn lower_file(&self, path: &[u8], source: &Rc<SourceText>) -> Result<(Unit, Option<Vec<u8>>)> {
        if let Some(ahead) = self.lowered_ahead(path, &source.text) {
            self.tell_warnings(source, &ahead.unit.warnings);
            return Ok((ahead.unit, ahead.encoded));
        }
        let unit = self.lower_source(source, parent(path), &Inputs::default(), syntax::parse)?;
        self.lower_named_in(path, &unit);
        Ok((unit, None))
    }

    fn lowered_ahead(&self, path: &[u8], text: &[u8]) -> Option<Lowered> {
        let ahead = self.shared.ahead.get().filter(|_| self.shared.debugger.is_none());
        ahead?.as_ref()?.take(path, text)
    }

    /// Lets another core lower the files that are named in this one.
    fn lower_named_in(&self, path: &[u8], unit: &Unit) {
        if self.settings().allows_cores() && self.shared.debugger.is_none() {
            let ahead = self.shared.ahead.get_or_init(|| LoweringAhead::start(self.options_ahead()?));
            ahead.iter().for_each(|ahead| ahead.follow(|| self.folder_of(path), unit));
        }
    }

    fn folder_of(&self, path: &[u8]) -> Option<Folder> {
        let (place, within) = self.shared.world.place_ahead(path)?;
        Some(Folder { path: parent(path).to_vec(), place: parent(&place).to_vec(), within: within.map(Into::into) })
    }

    fn options_ahead(&self) -> Option<Options> {
        let settings = self.settings();
        Some(Options {
            read: self.shared.world.outside().read_ahead()?,
            home: (!settings.pure).then(|| settings.home.clone()),
            pipe_operators: settings.has_feature("pipe-operators"),
            lints: settings.lints,
            names: self.known_names(),
            encodes: self.shared.caching.is_some(),
        })
    }

    fn known_names(&self) -> KnownNames {
        let named = |(symbol, value): (Symbol, Value<'_>)| (self.symbol_text(symbol).into(), self.builtin_arity(value));
        let globals = self.shared.globals.borrow();
        let members = self.shared.builtins_set.get().and_then(|root| self.scope.root(*root).as_attrs());
        KnownNames {
            globals: globals.iter().map(|(symbol, root)| named((*symbol, self.scope.root(*root)))).collect(),
            builtins: members
                .iter()
                .flat_map(|set| set.iter())
                .map(|(symbol, value, _)| named((symbol, value)))
                .collect(),
        }
    }
}
