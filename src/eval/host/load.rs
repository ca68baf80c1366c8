//! From a text to the thunk of its value: parse, lower, link.

use crate::error::{Error, ErrorKind, Result};
use crate::eval::Eval;
use crate::eval::unit::LoadedUnit;
use crate::heap::{PosId, Symbol, Thunk, Value};
use crate::lower::{NAMES, Options, Outer, OuterScope, Steps, complaints, lower};
use crate::path::parent;
use crate::source::{Origin, SourceText};
use crate::syntax;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// From this size on, in bytes, a text takes enough time and memory to ask for both.
const LARGE: usize = 256 << 10;
/// The bytes that a text takes for each of its own while it is parsed and lowered.
const BYTES_PER_BYTE: usize = 32;

/// Names around a file, in addition to the language's own.
pub(crate) type Inputs<'h> = FxHashMap<Symbol, Value<'h>>;

/// The scope around a file: inputs shadow globals.
struct FileScope<'a, 'h> {
    cx: &'a Eval<'h>,
    inputs: &'a Inputs<'h>,
}

impl OuterScope for FileScope<'_, '_> {
    fn outer(&self, name: &[u8]) -> Option<Outer> {
        let symbol = self.cx.shared.symbols.find(self.cx.scope, name)?;
        if self.inputs.contains_key(&symbol) {
            return Some(Outer::Input);
        }
        self.cx.shared.globals.borrow().contains_key(&symbol).then_some(Outer::Global)
    }

    fn rank(&self, name: &[u8]) -> Option<u32> {
        self.cx.shared.symbols.find(self.cx.scope, name).map(|symbol| symbol.0)
    }

    fn names(&self) -> Vec<Vec<u8>> {
        let globals = self.cx.shared.globals.borrow();
        let visible = globals.keys().chain(self.inputs.keys()).map(|symbol| self.cx.symbol_text(*symbol));
        visible.filter(|name| !name.starts_with(b"__") && *name != NAMES).map(<[u8]>::to_vec).collect()
    }

    fn global_arity(&self, name: &[u8]) -> Option<usize> {
        let symbol = self.cx.shared.symbols.find(self.cx.scope, name)?;
        self.cx.builtin_arity(self.cx.global(symbol))
    }

    fn builtin_arity(&self, name: &[u8]) -> Option<usize> {
        let symbol = self.cx.shared.symbols.find(self.cx.scope, name)?;
        let set = self.cx.scope.root(*self.cx.shared.builtins_set.get()?).as_attrs()?;
        self.cx.builtin_arity(set.get(symbol)?)
    }
}

impl<'h> Eval<'h> {
    /// The number of arguments of a builtin of the language; `None` for other values.
    pub(in crate::eval) fn builtin_arity(&self, value: Value<'_>) -> Option<usize> {
        match value.unpack() {
            crate::heap::Unpacked::Builtin(id) => self.shared.builtins.get(id.0 as usize).map(|row| row.arity()),
            _ => None,
        }
    }

    /// Parses and lowers a text, and returns the thunk of its value.
    ///
    /// # Errors
    ///
    /// Fails with the first syntax error, or another error that makes the program invalid.
    pub(crate) fn load(
        &mut self,
        origin: Origin,
        text: Vec<u8>,
        directory: &[u8],
        inputs: &Inputs<'h>,
    ) -> Result<Value<'h>> {
        let unit = self.load_unit(origin, text, directory, inputs)?;
        Ok(self.instantiate(unit, inputs))
    }

    /// The thunk of a text's value, and the position of its start. A text with the same origin is loaded only once.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a valid program.
    pub(crate) fn load_once(&mut self, origin: Origin, text: Vec<u8>, directory: &[u8]) -> Result<(Value<'h>, PosId)> {
        let mut hasher = blake3::Hasher::new();
        for part in [directory, origin.display().as_bytes()] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        let key = hasher.update(&text).finalize().into();
        let known = self.shared.texts.borrow().get(&key).map(|entry| self.shared.units.of(*entry));
        let unit = match known {
            Some(unit) => unit,
            None => {
                let unit = self.load_unit(origin, text, directory, &Inputs::default())?;
                self.shared.texts.borrow_mut().insert(key, Self::entry(unit));
                unit
            }
        };
        Ok((self.instantiate(unit, &Inputs::default()), unit.position(0)))
    }

    /// The thunk of a whole unit.
    pub(in crate::eval) fn instantiate(&self, unit: &LoadedUnit, inputs: &Inputs<'h>) -> Value<'h> {
        let thunk = Thunk::reserve(self.scope, Self::entry(unit), unit.ir.inputs.len());
        for (index, name) in unit.ir.inputs.iter().enumerate() {
            let value = inputs.get(&unit.symbols[name.0 as usize]);
            thunk.set_capture(index, value.copied().unwrap_or(Value::NULL));
        }
        thunk.into()
    }

    /// The thunk of a program that is part of the evaluator.
    pub(crate) fn delay_internal(&mut self, name: &'static str, text: Vec<u8>) -> Value<'h> {
        self.load(Origin::Internal(name), text, b"/", &Inputs::default()).unwrap_or(Value::NULL)
    }

    /// Lowers a text without running it. Relative paths in it start from `directory`.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a valid program.
    pub fn lower_text(&mut self, origin: Origin, text: Vec<u8>, directory: &[u8]) -> Result<crate::ir::Unit> {
        let source = self.shared.sources.add(origin, text.into());
        self.lower_source(&source, directory, &Inputs::default(), syntax::parse)
    }

    /// Lowers a text without running it, with these names in scope. Relative paths in it start from the current
    /// directory.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a valid program.
    pub fn lower_in(&mut self, text: Vec<u8>, scope: &[(&str, Value<'h>)]) -> Result<crate::ir::Unit> {
        let (inputs, directory) = (self.inputs(scope), self.io().current_dir());
        let source = self.shared.sources.add(Origin::String, text.into());
        self.lower_source(&source, &directory, &inputs, syntax::parse)
    }

    /// The set of the bindings in a text such as `a = 1; inherit (s) b`, unevaluated. The last semicolon may be
    /// missing.
    ///
    /// # Errors
    ///
    /// Fails if the text does not consist of bindings.
    pub fn delay_bindings(&mut self, text: Vec<u8>, scope: &[(&str, Value<'h>)]) -> Result<Value<'h>> {
        self.delayed(text, scope, syntax::parse_unclosed_bindings)
    }

    /// The same for bindings that see each other.
    ///
    /// # Errors
    ///
    /// Fails if the text does not consist of bindings.
    pub fn delay_recursive_bindings(&mut self, text: Vec<u8>, scope: &[(&str, Value<'h>)]) -> Result<Value<'h>> {
        self.delayed(text, scope, syntax::parse_recursive_bindings)
    }

    fn delayed(
        &mut self,
        text: Vec<u8>,
        scope: &[(&str, Value<'h>)],
        parse: fn(&[u8]) -> syntax::Parsed,
    ) -> Result<Value<'h>> {
        let inputs = self.inputs(scope);
        let directory = self.io().current_dir();
        let source = self.shared.sources.add(Origin::String, text.into());
        let unit = self.lower_source(&source, &directory, &inputs, parse)?;
        let unit = self.link(unit, source, &directory)?;
        Ok(self.instantiate(unit, &inputs))
    }

    pub(in crate::eval) fn inputs(&self, scope: &[(&str, Value<'h>)]) -> Inputs<'h> {
        let inputs = scope.iter().map(|(name, value)| (self.intern(name.as_bytes()), *value)).collect();
        self.with_names(inputs)
    }

    /// The text of a program without syntactic sugar, as `nix-instantiate --parse` prints it. Relative paths in it
    /// start from the current directory.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a valid program.
    pub fn show_parsed(&mut self, text: Vec<u8>, origin: Origin) -> Result<Vec<u8>> {
        self.show_parsed_in(text, origin, &[])
    }

    /// The same, with these names in scope.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a valid program.
    pub fn show_parsed_in(&mut self, text: Vec<u8>, origin: Origin, scope: &[(&str, Value<'h>)]) -> Result<Vec<u8>> {
        let inputs = self.inputs(scope);
        let directory = match &origin {
            Origin::File(path) => parent(path).to_vec(),
            _ => self.io().current_dir(),
        };
        let source = self.shared.sources.add(origin, text.into());
        self.lower_source(&source, &directory, &inputs, syntax::parse)?;
        let parsed = syntax::parse(&source.text);
        Ok(crate::lower::show_program(
            &parsed,
            &source.text,
            self.lower_options(&directory, &FileScope { cx: self, inputs: &inputs }),
        ))
    }

    /// The text of a program without syntactic sugar, whether or not its variables are defined.
    ///
    /// # Errors
    ///
    /// Fails if the text has a syntax error.
    pub fn show_desugared(&mut self, text: Vec<u8>) -> Result<Vec<u8>> {
        let (inputs, directory) = (Inputs::default(), self.io().current_dir());
        let source = self.shared.sources.add(Origin::String, text.into());
        let parsed = syntax::parse(&source.text);
        if let Some(error) = parsed.errors.first() {
            return Err(Error::from(ErrorKind::Syntax(error.message())).at(source.position(error.span.start)));
        }
        let scope = FileScope { cx: self, inputs: &inputs };
        Ok(crate::lower::show_program(&parsed, &source.text, self.lower_options(&directory, &scope)))
    }

    /// Calls `body` with the options for lowering a file.
    pub(in crate::eval) fn file_options<T>(
        &self,
        directory: &[u8],
        inputs: &Inputs<'h>,
        body: impl FnOnce(Options<'_>) -> T,
    ) -> T {
        body(self.lower_options(directory, &FileScope { cx: self, inputs }))
    }

    fn lower_options<'a>(&'a self, directory: &'a [u8], scope: &'a FileScope<'a, 'h>) -> Options<'a> {
        let settings = self.settings();
        Options {
            directory,
            home: (!settings.pure).then_some(&settings.home),
            pipe_operators: settings.has_feature("pipe-operators"),
            lints: settings.lints,
            scope,
            stack_floor: self.stack_floor,
            steps: Steps::None,
        }
    }

    /// Parses, lowers and links a text.
    pub(crate) fn load_unit(
        &mut self,
        origin: Origin,
        text: Vec<u8>,
        directory: &[u8],
        inputs: &Inputs<'h>,
    ) -> Result<&'h LoadedUnit> {
        let source = self.shared.sources.add(origin, text.into());
        let unit = self.lower_source(&source, directory, inputs, syntax::parse)?;
        self.link(unit, source, directory)
    }

    pub(in crate::eval) fn lower_source(
        &self,
        source: &Rc<SourceText>,
        directory: &[u8],
        inputs: &Inputs<'h>,
        parse: fn(&[u8]) -> syntax::Parsed,
    ) -> Result<crate::ir::Unit> {
        // An interrupt in a usual text waits for an expression, which the error can point to.
        let size = source.text.size();
        if size >= LARGE {
            self.poll_holding(size.saturating_mul(BYTES_PER_BYTE))?;
        }
        let parsed = parse(&source.text);
        if size >= LARGE {
            self.poll()?;
        }
        if let Some(error) = parsed.errors.first() {
            let before = self.file_options(directory, inputs, |options| complaints(&parsed, &source.text, options));
            let unexpected = ErrorKind::Syntax(error.message());
            let unexpected = || Error::from(unexpected).at(source.position(error.span.start));
            return Err(self.refusal(source, before).unwrap_or_else(unexpected));
        }
        let lowered = self.file_options(directory, inputs, |options| {
            lower(&parsed, &source.text, Options { steps: self.steps(&source.origin), ..options })
        });
        let unit = lowered.map_err(|complaints| {
            let refusal = self.refusal(source, complaints);
            refusal.unwrap_or_else(|| Error::eval("the file could not be lowered"))
        })?;
        self.tell_warnings(source, &unit.warnings);
        Ok(unit)
    }
}
