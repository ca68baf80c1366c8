//! Loading files, adding sets to the scope, and doing it all again.

use super::binding::members;
use super::flakes::{about_name, flake_as_text, installable_as_text};
use super::log::{self, Event};
use super::scope::{Origin, Scope};
use super::world::World;
use super::{Reply, Session};
use crate::command_line::options::Source;
use crate::command_line::words::{lossy, usage};
use crate::output::style::ErrorFormat;
use crate::tasks::automatic::auto_arguments;
use crate::tasks::classic::file_path;
use crate::tasks::eval::{path_of, program};
use nivis::codec::nix_string::attribute_name;
use nivis::eval::{AutoArguments, path_steps};
use nivis::syntax::before_nul;
use nivis::{ErrorKind, Eval, Result, Value};
use std::mem::ManuallyDrop;
use std::rc::Rc;

/// Names shown when many were added.
const MOST_NAMES: usize = 20;

/// The fate of the user's own bindings when all is loaded again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OwnBindings {
    /// They are made again.
    Kept,
    /// They are forgotten.
    Forgotten,
}

impl Session<'_> {
    /// Adds the attributes of an expression's value.
    pub(crate) fn add_expression(&mut self, text: &str) -> Result<Reply> {
        // A remark at the end must not swallow the parenthesis.
        let gap = if text.contains('#') { "\n" } else { "" };
        let event = self.event(format!("({text}{gap})"), Vec::new(), Origin::Loaded);
        self.add(event, |cx, scope, _| cx.eval_text(text.into(), scope))
    }

    /// Adds the attributes of a set that `find` makes, and returns their names.
    pub(super) fn add(
        &mut self,
        event: Event,
        find: impl for<'h> FnOnce(&mut Eval<'h>, &[(&str, Value<'h>)], &AutoArguments) -> Result<Value<'h>>,
    ) -> Result<Reply> {
        let automatic = std::mem::take(&mut self.automatic);
        let found = self.inside(|cx, scope| {
            let value = find(cx, scope, &automatic)?;
            members(cx, value, Origin::Loaded)
        });
        self.automatic = automatic;
        let found = found?;
        let names: Vec<String> = found.iter().map(|(name, _)| name.clone()).collect();
        self.scope.bind(found, self.events.len());
        self.events.push(event);
        let text = tell_added(&names, self.configuration.errors.format == ErrorFormat::Nix);
        self.last_loaded = Some(names);
        Ok(Reply::Notice(text))
    }

    /// Loads a file: its value, called automatically, is a set whose attributes are added. If it fails, it is tried again
    /// by the next `:r`.
    pub(crate) fn load(&mut self, word: &str) -> Result<Reply> {
        let loaded = self.add_file(word);
        // A name that led nowhere was mistyped if another is given.
        self.missing = None;
        if let Err(error) = &loaded {
            match error.kind() {
                ErrorKind::Io(_) => self.missing = Some(word.to_owned()),
                _ => self.events.push(Event::Load(word.to_owned())),
            }
        }
        loaded
    }

    fn add_file(&mut self, word: &str) -> Result<Reply> {
        self.add(Event::Load(word.to_owned()), |cx, _, automatic| {
            let home = cx.settings().home.clone();
            let word = match word.strip_prefix("~/") {
                Some(rest) => [&home[..], b"/", rest.as_bytes()].concat(),
                None => word.as_bytes().to_vec(),
            };
            let path = file_path(cx, &word)?;
            // Read again each time: the user may have changed it.
            let nothing = cx.force_attrs(cx.attrs(Vec::new()), "")?;
            let value = cx.scoped_import(nothing, cx.path(path))?;
            cx.auto_call(value, automatic)
        })
    }

    /// Adds what the command line names: files; or, of the program of `--expr` or `--file`, the parts that paths pick.
    pub(crate) fn load_stated(&mut self) -> Reply {
        let words = self.arguments.common.inputs.iter().map(|word| lossy(Some(word.clone()))).collect::<Vec<_>>();
        let arguments = self.arguments;
        match arguments.source().is_some_and(Source::is_given) {
            false => self.load_words(words),
            true if words.is_empty() => self.load_part(""),
            true => Reply::Several(words.iter().map(|word| self.load_part(word)).collect()),
        }
    }

    /// Adds a part of the command line's program. As in C++ Nix, that of a file is called automatically, that of an
    /// expression is not. If it fails, it is tried again by the next `:r`.
    fn load_part(&mut self, word: &str) -> Reply {
        let arguments = self.arguments;
        let source = arguments.source().cloned().unwrap_or_default();
        let event = Event::Part(word.to_owned());
        let reply = self.add(event.clone(), |cx, _, automatic| {
            let root = program(cx, &source)?;
            let value = cx.select_path(root, path_of(word.as_bytes()), automatic)?;
            if source.file.is_some() { cx.auto_call(value, automatic) } else { cx.force(value) }
        });
        let reply = reply.unwrap_or_else(|error| {
            self.events.push(event);
            Reply::Error(error)
        });
        Reply::Several(vec![Reply::Notice(format!("Loading installable '{word}'...")), reply])
    }

    /// Adds the files and flakes that words of the command line name.
    fn load_words(&mut self, words: Vec<String>) -> Reply {
        let mut replies = Vec::new();
        for word in words {
            replies.push(match self.names_flake(&word) {
                true => self.load_installable(&word),
                false => self.load_all(vec![word]),
            });
        }
        Reply::Several(replies)
    }

    /// Loads several files.
    fn load_all(&mut self, files: Vec<String>) -> Reply {
        let mut replies = Vec::new();
        for file in files {
            replies.push(Reply::Notice(format!("Loading \"{file}\"...")));
            replies.push(self.load(&file).unwrap_or_else(|error| {
                let error = about_name(&file, error);
                if self.missing.take().is_some() {
                    self.events.push(Event::Load(file));
                }
                Reply::Error(error)
            }));
        }
        Reply::Several(replies)
    }

    /// Forgets all that was evaluated, loads all files again, and makes the user's own bindings again or forgets them.
    /// Memory goes back to the system.
    pub(crate) fn reload(&mut self, own: OwnBindings) -> Result<Reply> {
        if matches!(self.engine, World::Stopped(_)) {
            let message = "nothing can be reloaded while an evaluation is stopped; end it with :q first";
            return Err(usage(message));
        }
        let events = std::mem::take(&mut self.events);
        let missing = self.missing.take();
        self.start_again()?;
        let mut replies = Vec::new();
        for (index, event) in events.iter().enumerate() {
            match event {
                // A file or flake is loaded once, where it was loaded last.
                Event::Load(_) | Event::Flake(_) if events[index + 1..].contains(event) => {}
                Event::Load(file) => replies.push(self.load_all(vec![file.clone()])),
                Event::Flake(word) => replies.push(self.load_flake_again(word)),
                Event::Installable(word) => replies.push(self.load_installable(word)),
                Event::Part(word) => replies.push(self.load_part(word)),
                _ if own == OwnBindings::Forgotten => {}
                Event::Forget(name) => self.forget(std::slice::from_ref(name)),
                Event::Set { text, origin, .. } => {
                    let replayed = self.replay(text, *origin);
                    // One that fails, or is interrupted, is tried again by the next `:r`.
                    self.events.push(event.clone());
                    replies.extend(replayed.err().map(Reply::Error));
                }
            }
        }
        replies.extend(missing.map(|word| self.load(&word).unwrap_or_else(Reply::Error)));
        Ok(Reply::Several(replies))
    }

    fn start_again(&mut self) -> Result<()> {
        self.scope = Scope::default();
        self.history.clear();
        self.results.clear();
        self.last_loaded = None;
        self.automatic = AutoArguments::default();
        let mut engine = Box::new(self.parts.engine(
            self.configuration.settings.clone(),
            (self.host.make_io)(),
            Rc::clone(&self.host.console),
        ));
        self.stop.follow(engine.stop_flags());
        self.automatic = auto_arguments(&mut engine, &self.arguments.common.automatic)?;
        if let World::Own(old) = std::mem::replace(&mut self.engine, World::Own(ManuallyDrop::new(engine))) {
            drop(ManuallyDrop::into_inner(old));
        }
        if self.is_debuggable {
            self.prepare_debugging();
        }
        Ok(())
    }

    /// Adds what a set had, without a word.
    fn replay(&mut self, text: &str, origin: Origin) -> Result<()> {
        let bound = self.inside(|cx, scope| {
            // What the user typed, so that errors show that.
            let inner = |open: &str| text.strip_prefix(open).and_then(|text| text.strip_suffix('}')).map(str::trim);
            let set = match (inner("{ "), inner("rec { ")) {
                (Some(bindings), _) if origin == Origin::Own => cx.delay_bindings(bindings.into(), scope)?,
                (_, Some(bindings)) if origin == Origin::Own => cx.delay_recursive_bindings(bindings.into(), scope)?,
                _ => cx.eval_text(text.into(), scope)?,
            };
            members(cx, set, origin)
        })?;
        self.scope.bind(bound, self.events.len());
        Ok(())
    }

    /// Forgets names.
    pub(crate) fn forget(&mut self, names: &[String]) {
        self.scope.forget(names, self.events.len());
        self.events.extend(names.iter().cloned().map(Event::Forget));
        self.engine.give_back();
    }

    /// True if a name is bound.
    pub(crate) fn is_bound(&self, name: &str) -> bool {
        self.scope.get(name).is_some()
    }

    /// Forgets all names, results and what they were before.
    pub(crate) fn forget_all(&mut self) {
        self.scope.clear();
        self.results.clear();
        self.events.clear();
        self.last_loaded = None;
        self.engine.give_back();
    }

    /// Takes the last change of the names back, and gives those that it had changed.
    pub(crate) fn undo(&mut self) -> Option<Vec<String>> {
        let (names, events) = self.scope.undo()?;
        self.events.truncate(events);
        Some(names)
    }

    /// The session's bindings as a Nix file, which will be written to `target`. If that was loaded, its contents become
    /// part of the new file: it can't import itself.
    ///
    /// # Errors
    /// Fails if the target can't be read.
    pub(crate) fn as_file(&mut self, target: &str) -> Result<String> {
        let is_loaded = |event: &Event| matches!(event, Event::Load(_));
        let wants_files = self.events.iter().any(is_loaded) || self.arguments.source_file().is_some();
        let (events, arguments) = (&self.events, self.arguments);
        let source = arguments.source().cloned().unwrap_or_default();
        self.engine.enter(|cx| {
            let target = absolute(cx, target);
            let before = if wants_files { cx.read_file(target.as_bytes()).ok() } else { None };
            let file = |name: &str| match (absolute(cx, name), &before) {
                (path, Some(text)) if path == target => format!("({}\n)", before_nul(&String::from_utf8_lossy(text))),
                (path, _) => imported(&path),
            };
            let cx = &*cx;
            Ok(log::as_file(events, |event| match event {
                Event::Load(name) => log::called(&file(name)),
                Event::Flake(word) => flake_as_text(cx, word),
                Event::Installable(word) => installable_as_text(cx, arguments, word),
                Event::Part(word) => part_as_text(&source, word, file),
                Event::Set { text, .. } => text.clone(),
                Event::Forget(_) => String::new(),
            }))
        })
    }
}

/// The path of a file as the user names it. What is looked up stays so.
fn absolute(cx: &Eval<'_>, name: &str) -> String {
    let path = match name.strip_prefix("~/") {
        Some(rest) => [&cx.settings().home[..], b"/", rest.as_bytes()].concat(),
        None if name.starts_with('<') => return name.to_owned(),
        None => name.as_bytes().to_vec(),
    };
    String::from_utf8_lossy(&cx.absolute(&path)).into_owned()
}

/// The expression that imports a file.
fn imported(path: &str) -> String {
    let is_plain = path.starts_with('<') || path.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+".contains(c));
    if is_plain && path != "/" { format!("import {path}") } else { format!("import (/. + {})", log::quoted(path)) }
}

/// A part of the command line's program as an expression; `imported` is the one for a file.
fn part_as_text(source: &Source, word: &str, imported: impl Fn(&str) -> String) -> String {
    let file = source.file.clone().map(|file| imported(&lossy(Some(file))));
    let is_file = file.is_some();
    let mut text = file.unwrap_or_else(|| format!("({}\n)", lossy(source.expression.clone())));
    for step in path_steps(path_of(word.as_bytes())).unwrap_or_default() {
        let step = lossy(Some(step));
        text = match step.parse::<u32>() {
            Ok(index) => format!("builtins.elemAt ({}) {index}", log::called(&text)),
            Err(_) => format!("({}).{}", log::called(&text), attribute_name(step.as_bytes())),
        };
    }
    if is_file { log::called(&text) } else { text }
}

/// A report of the names that were added; C++ Nix always has the plural.
fn tell_added(names: &[String], in_nix_words: bool) -> String {
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort();
    let shown: Vec<String> = sorted.into_iter().take(MOST_NAMES).map(|name| attribute_name(name.as_bytes())).collect();
    let variables = if names.len() == 1 && !in_nix_words { "variable" } else { "variables" };
    let mut text = format!("Added {} {variables}.\n{}", names.len(), shown.join(", "));
    if names.len() > MOST_NAMES {
        text.push_str(&format!("\n... and {} more; view with :ll", names.len() - MOST_NAMES));
    }
    text
}
