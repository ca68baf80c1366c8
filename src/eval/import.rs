//! From text to value: parse, lower, link, run; and `import`, which does this once per file.

use super::Eval;
use super::unit::LoadedUnit;
use crate::codec::nix_string::attribute_name;
use crate::error::{Action, Code, Details, Error, ErrorKind, LIST_ACCESS, Result};
use crate::heap::{Attrs, Symbol, Thunk, Value};
use crate::io::Message;
use crate::ir::Warning;
use crate::lower::{Complaints, LowerError, LowerMessage, NAMES, Options, Outer, OuterScope, Steps, complaints, lower};
use crate::path::parent;
use crate::source::{Origin, Part, Place, SourceText};
use crate::syntax;
use rustc_hash::FxHashMap;
use std::rc::Rc;

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
    /// The number of arguments of a builtin; `None` for other values.
    pub(super) fn builtin_arity(&self, value: Value<'_>) -> Option<usize> {
        match value.unpack() {
            crate::heap::Unpacked::Builtin(id) => Some(self.builtin(id).arity()),
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

    /// The thunk of a whole unit.
    pub(super) fn instantiate(&self, unit: &LoadedUnit, inputs: &Inputs<'h>) -> Value<'h> {
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
        let inputs = self.inputs(scope);
        let directory = self.io().current_dir();
        let source = self.shared.sources.add(Origin::String, text.into());
        let unit = self.lower_source(&source, &directory, &inputs, syntax::parse_unclosed_bindings)?;
        let unit = self.link(unit, source, &directory)?;
        Ok(self.instantiate(unit, &inputs))
    }

    pub(super) fn inputs(&self, scope: &[(&str, Value<'h>)]) -> Inputs<'h> {
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

    /// Calls `body` with the options for lowering a file.
    pub(super) fn file_options<T>(
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

    pub(super) fn lower_source(
        &self,
        source: &Rc<SourceText>,
        directory: &[u8],
        inputs: &Inputs<'h>,
        parse: fn(&[u8]) -> syntax::Parsed,
    ) -> Result<crate::ir::Unit> {
        let parsed = parse(&source.text);
        if let Some(error) = parsed.errors.first() {
            let before = self.file_options(directory, inputs, |options| complaints(&parsed, &source.text, options));
            let unexpected = ErrorKind::Syntax(error.message.clone());
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

    /// Shows the warnings before an error, and returns the error. The names up to there stay symbols.
    #[cold]
    fn refusal(&self, source: &Rc<SourceText>, complaints: Complaints) -> Option<Error> {
        complaints.names.iter().for_each(|name| {
            self.intern(name);
        });
        self.tell_warnings(source, &complaints.warnings);
        complaints.error.map(|error| self.lower_error(source, &error))
    }

    /// Shows the warnings about a file when it is loaded.
    pub(super) fn tell_warnings(&self, source: &Rc<SourceText>, warnings: &[Warning]) {
        for warning in warnings {
            let error = self.warning(source, warning);
            match warning {
                Warning::DottedNumber(..) | Warning::DroppedRec(..) => {
                    self.message(&Message::Advice(&error, self.sources()));
                }
                _ => self.warn(&error),
            }
        }
    }

    #[cold]
    fn warning(&self, source: &Rc<SourceText>, warning: &Warning) -> Error {
        match warning {
            Warning::Lint(offset, text) => Error::eval(text.as_str()).at(source.position(*offset)),
            Warning::DottedNumber(offset, base, number) => {
                let index = number.trim_start_matches('.');
                let notes = vec![format!(
                    "the element of a list is `builtins.elemAt {base} {index}`; if you mean the number, put a space \
                     before it: `{base} {number}`"
                )];
                Error::eval(format!("`{base}{number}` is {base} and the number {number}, not an element of a list"))
                    .at(source.position(*offset))
                    .with_details(Details { notes, topic: LIST_ACCESS, ..Details::default() })
            }
            Warning::DroppedRec(offset, name) => {
                let notes = vec![
                    "definitions of one name are merged, and the first decides whether the set is \
                     recursive"
                        .to_owned(),
                ];
                Error::eval(format!("`rec` has no effect here: `{name}` is already defined without it"))
                    .at(source.position(*offset))
                    .with_details(Details { notes, ..Details::default() })
            }
            Warning::CursedOr(offset, text) => {
                let place = self.show_position(source.position(*offset));
                Error::eval(format!(
                    "at {place}: This expression uses `or` as an identifier in a way that will change in a future Nix \
                     release.\nWrap this entire expression in parentheses to preserve its current meaning:\n    \
                     ({text})\nGive feedback at https://github.com/NixOS/nix/pull/11121"
                ))
            }
        }
    }

    #[cold]
    fn lower_error(&self, source: &Rc<SourceText>, first: &LowerError) -> Error {
        let error = match &first.message {
            LowerMessage::Text(text) => Error::from(ErrorKind::Syntax(text.clone())),
            LowerMessage::DuplicateFormal(name) => {
                let text = format!("duplicate formal function argument '{name}'");
                Error::from(ErrorKind::Syntax(text)).with_code(Code::DEFINED_TWICE)
            }
            LowerMessage::Undefined(name, similar) => {
                let details = Details { similar: similar.clone(), ..Details::default() };
                let error =
                    Error::from(ErrorKind::UndefinedVariable(attribute_name(name.as_bytes()))).with_details(details);
                let part = if name == "or" { Part::Or } else { Part::Here };
                return error.at(Place::part(source.position(first.span.start), part));
            }
            LowerMessage::AlreadyDefined(name, earlier) => {
                let earlier = source.position(*earlier);
                let text = format!("attribute '{name}' already defined at {}", self.show_position(earlier));
                let details =
                    Details { related: vec![(earlier.into(), "first defined here".into())], ..Details::default() };
                let error = Error::from(ErrorKind::Syntax(text)).with_code(Code::DEFINED_TWICE).with_details(details);
                return error.at(source.position(first.span.start));
            }
        };
        error.at(source.position(first.span.start))
    }

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

    pub(super) fn imported(&self, path: &[u8]) -> Option<Value<'h>> {
        self.shared.imports.borrow().get(path).map(|root| self.scope.root(*root))
    }

    pub(super) fn load_import(&mut self, path: &[u8]) -> Result<Value<'h>> {
        let value = self.load_file(path)?;
        let root = self.scope.add_root(value);
        self.shared.imports.borrow_mut().insert(path.to_vec(), root);
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
        self.load(Origin::File(path.to_vec()), text, parent(path), &Inputs::default())
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
