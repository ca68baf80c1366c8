//! Words that could stand at a place of a command line.

use super::wanted::Wanted;
use crate::command_line::args::Arguments;
use crate::command_line::command::{Command, last_word};
use crate::command_line::options::Source;
use crate::command_line::program::Program;
use crate::command_line::setting::Setting;
use crate::command_line::{flags, nix_commands};
use crate::config::engine_parts::EngineParts;
use crate::config::home::home;
use crate::config::settings::Configuration;
use crate::output::console::ProgramConsole;
use crate::tasks::automatic::auto_arguments;
use crate::tasks::eval::program;
use crate::tasks::explain;
use crate::tasks::flake::installable::{DefaultOutputs, Installable, outputs};
use crate::tasks::flake::options::Locking;
use nivis::eval::path_steps;
use nivis::flake::{LockOptions, UseRegistries, Wanted as WantedFlake, find_flake};
use nivis::io::SystemIo;
use nivis::value::attrs::by_name;
use nivis::{Engine, Eval, Result, Value};
use std::collections::BTreeSet;
use std::mem::ManuallyDrop;
use std::path::Path;
use std::rc::Rc;

/// The shell's treatment of the words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Normal,
    Filenames,
    Attrs,
}

/// Words with their descriptions, in order.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    kind: Kind,
    words: BTreeSet<(String, String)>,
}

impl Candidates {
    /// The answer, as Nix's scripts read it.
    pub(super) fn text(&self) -> String {
        let kind = match self.kind {
            Kind::Normal => "normal",
            Kind::Filenames => "filenames",
            Kind::Attrs => "attrs",
        };
        let words = self.words.iter().map(|(word, what)| format!("{word}\t{}\n", what.trim()));
        std::iter::once(format!("{kind}\n")).chain(words).collect()
    }

    /// Finds candidates. Where that takes evaluation, the command line says how.
    pub(super) fn find(&mut self, wanted: &Wanted, partial: &str, arguments: impl FnOnce() -> Option<Arguments>) {
        match wanted {
            Wanted::Nothing => {}
            Wanted::Flag(command) => self.flags(*command, partial),
            Wanted::Command(program) => self.commands(*program, partial),
            Wanted::Nested(program, group) => {
                let old = (*program == Program::Nix && *group == Command::Flake).then_some("info");
                let names = group.nested().map(|(_, name, _)| last_word(name));
                names.chain(old).for_each(|name| self.add_matching(name, partial));
            }
            Wanted::Setting => Setting::names().for_each(|name| self.add_matching(name, partial)),
            Wanted::OneOf(words) => words.iter().for_each(|word| self.add_matching(word, partial)),
            Wanted::Topic => {
                let topics = explain::titles().filter(|(name, _)| name.starts_with(partial));
                topics.for_each(|(name, title)| self.add(name, title));
            }
            Wanted::Path => self.paths(partial, false),
            Wanted::Reference => self.references(partial),
            Wanted::Attribute => {
                if let Some(arguments) = arguments() {
                    self.attributes(partial, &arguments);
                }
            }
            Wanted::Installable | Wanted::Template | Wanted::Input => {
                if let Some(arguments) = arguments() {
                    self.evaluated(wanted, partial, arguments);
                }
            }
        }
    }

    fn add(&mut self, word: impl Into<String>, what: &str) {
        self.words.insert((word.into(), what.to_owned()));
    }

    fn add_matching(&mut self, word: &str, partial: &str) {
        if word.starts_with(partial) {
            self.add(word, "");
        }
    }

    fn flags(&mut self, command: Option<Command>, partial: &str) {
        let is_known = |flag: &&flags::Flag| !flag.help.is_empty() && flag.is_known_at(command);
        let names = flags::all().filter(is_known).flat_map(|flag| flag.names.iter().map(|name| (*name, flag.help)));
        if partial == "-" {
            self.add("--", "");
        }
        for (name, help) in names {
            if name.starts_with("--") == partial.starts_with("--") && name.starts_with(partial) {
                self.add(name, help);
            }
        }
    }

    fn commands(&mut self, program: Program, partial: &str) {
        match program {
            Program::Nix => nix_commands::NAMES.iter().for_each(|name| self.add_matching(name, partial)),
            _ => {
                for (_, name, what) in Command::NAMED {
                    if name.starts_with(partial) {
                        self.add(*name, what);
                    }
                }
            }
        }
    }

    /// Files and folders, or folders alone. `~` is written out.
    fn paths(&mut self, partial: &str, only_folders: bool) {
        self.kind = Kind::Filenames;
        let partial = with_home(partial);
        let (folder, name) = partial.rsplit_once('/').map_or(("", &partial[..]), |(folder, name)| (folder, name));
        let shown = &partial[..partial.len() - name.len()];
        let place = match folder {
            "" if shown.is_empty() => Path::new("."),
            "" => Path::new("/"),
            folder => Path::new(folder),
        };
        for dots in [".", ".."].into_iter().filter(|dots| !name.is_empty() && dots.starts_with(name)) {
            self.add(format!("{shown}{dots}"), "");
        }
        for entry in std::fs::read_dir(place).into_iter().flatten().flatten() {
            let Ok(file) = entry.file_name().into_string() else { continue };
            let is_meant = file.starts_with(name) && (name.starts_with('.') || !file.starts_with('.'));
            if is_meant && (!only_folders || entry.path().is_dir()) {
                self.add(format!("{shown}{file}"), "");
            }
        }
    }

    /// Flakes: folders. Registries are not asked, as that may take the network.
    fn references(&mut self, partial: &str) {
        if partial.is_empty() {
            self.add(".", "");
        }
        self.paths(partial, true);
    }

    /// Candidates that only evaluation knows. Where it fails, there are none.
    fn evaluated(&mut self, wanted: &Wanted, partial: &str, arguments: Arguments) {
        let is_flake = arguments.source_file().is_none() && *wanted != Wanted::Input;
        if is_flake && !partial.contains('#') {
            return self.references(partial);
        }
        if arguments.source().is_some_and(|source| source.expression.is_some()) {
            return;
        }
        self.kind = if *wanted == Wanted::Input { Kind::Normal } else { Kind::Attrs };
        let Ok(mut engine) = engine(&arguments) else { return };
        let source = arguments.source().cloned().unwrap_or_default();
        let found = match wanted {
            _ if *wanted == Wanted::Input => engine.enter(|cx| inputs(cx, &arguments)),
            _ if is_flake => engine.enter(|cx| in_flake(cx, &arguments, partial, *wanted == Wanted::Template)),
            _ => in_file(&mut engine, &arguments, &source, partial),
        };
        found.unwrap_or_default().iter().for_each(|word| self.add_matching(word, partial));
    }

    /// Attributes in the file or expression that the command line names, or in `default.nix`.
    fn attributes(&mut self, partial: &str, arguments: &Arguments) {
        let given = arguments.common.inputs.first().cloned();
        let source = match arguments.common.expressions {
            true => Source { expression: given, file: None },
            false => Source { expression: None, file: given.or_else(|| Some(b".".to_vec())) },
        };
        self.kind = Kind::Attrs;
        let found = engine(arguments).and_then(|mut engine| in_file(&mut engine, arguments, &source, partial));
        found.unwrap_or_default().iter().for_each(|word| self.add_matching(word, partial));
    }
}

fn with_home(path: &str) -> String {
    match (path.strip_prefix('~'), home().path.as_ref().and_then(|home| home.to_str())) {
        (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => format!("{home}{rest}"),
        _ => path.to_owned(),
    }
}

/// An engine that says nothing and writes nothing.
fn engine(arguments: &Arguments) -> Result<ManuallyDrop<Box<Engine>>> {
    let mut configuration = Configuration::of_environment(arguments.program)?;
    configuration.apply(arguments)?;
    configuration.errors.warns = false;
    configuration.settings.read_only = true;
    let console = ProgramConsole::new(configuration.errors);
    // The program ends soon: taking the heap apart would only take time.
    let engine = EngineParts::of(&configuration).engine(configuration.settings, Box::new(SystemIo), Rc::new(console));
    Ok(ManuallyDrop::new(Box::new(engine)))
}

/// Names of the inputs of the flakes that the command line means.
fn inputs(cx: &mut Eval<'_>, arguments: &Arguments) -> Result<Vec<String>> {
    let word = match arguments.command {
        Command::FlakeUpdate => arguments.common.flakes.flake.as_deref(),
        _ => arguments.common.inputs.first().map(Vec::as_slice),
    };
    let base = cx.io().current_dir();
    let (reference, _) = find_flake(cx, word.unwrap_or(b"."), &base, WantedFlake::default())?;
    Ok(nivis::flake::read(cx, &reference, UseRegistries::All)?.inputs.into_keys().collect())
}

/// The candidates after `REF#`: packages of this system or templates, and the other outputs of the flake.
fn in_flake<'h>(cx: &mut Eval<'h>, arguments: &Arguments, partial: &str, templates: bool) -> Result<Vec<String>> {
    let (word, fragment) = partial.split_once('#').unwrap_or((partial, ""));
    let (root, fragment) = match fragment.strip_prefix('.') {
        Some(fragment) => (".", fragment),
        None => ("", fragment),
    };
    let outputs = outputs_of(cx, arguments, word)?;
    let system = cx.settings().system.clone();
    let mut found = Vec::new();
    for prefix in prefixes(root, templates, &system) {
        // A path that leads nowhere has nothing to add.
        let names = names_at(cx, outputs, &prefix, fragment).unwrap_or_default();
        found.extend(names.iter().map(|name| format!("{word}#{root}{name}")));
    }
    let mut exists = |path: &str| steps(path).is_some_and(|steps| at(cx, outputs, &steps).is_ok_and(|it| it.is_some()));
    if fragment.is_empty() && default_outputs(templates, &system).iter().any(|path| exists(path)) {
        found.push(format!("{word}#{root}"));
    }
    Ok(found)
}

/// The outputs of a flake, whose lock file is not written.
fn outputs_of<'h>(cx: &mut Eval<'h>, arguments: &Arguments, word: &str) -> Result<Value<'h>> {
    let installable = Installable::find(cx, with_home(word).as_bytes(), DefaultOutputs::Outputs)?;
    let locking = Locking::of(cx, arguments)?;
    let options = LockOptions { may_write: false, writer: None, commit: false, ..locking.options() };
    let locked = installable.lock_as(cx, &options)?;
    outputs(cx, &locked)
}

/// The outputs in which a path may begin.
fn prefixes(root: &str, templates: bool, system: &str) -> Vec<String> {
    match (root, templates) {
        (".", _) => vec![String::new()],
        (_, true) => vec!["templates.".to_owned(), String::new()],
        (_, false) => vec![format!("packages.{system}."), format!("legacyPackages.{system}."), String::new()],
    }
}

/// The outputs that are meant if there is no path.
fn default_outputs(templates: bool, system: &str) -> [String; 2] {
    match templates {
        true => ["templates.default".to_owned(), "defaultTemplate".to_owned()],
        false => [format!("packages.{system}.default"), format!("defaultPackage.{system}")],
    }
}

fn steps(path: &str) -> Option<Vec<Vec<u8>>> {
    path_steps(path.as_bytes()).ok()
}

/// The names below a prefix that what is typed may be the beginning of, with what leads to them from the prefix.
fn names_at<'h>(cx: &mut Eval<'h>, root: Value<'h>, prefix: &str, typed: &str) -> Result<Vec<String>> {
    let (folder, _) = typed.rsplit_once('.').map_or(("", typed), |(folder, name)| (folder, name));
    let Some(path) = steps(&format!("{prefix}{folder}")) else { return Ok(Vec::new()) };
    let Some(value) = at(cx, root, &path)? else { return Ok(Vec::new()) };
    let lead = if folder.is_empty() { String::new() } else { format!("{folder}.") };
    Ok(names(cx, value)?.iter().map(|name| format!("{lead}{name}")).collect())
}

/// The value at a path of names.
fn at<'h>(cx: &mut Eval<'h>, root: Value<'h>, path: &[Vec<u8>]) -> Result<Option<Value<'h>>> {
    let mut value = cx.force(root)?;
    for name in path {
        let symbol = cx.intern(name);
        let Some(found) = value.as_attrs().and_then(|set| set.get(symbol)) else { return Ok(None) };
        value = cx.force(found)?;
    }
    Ok(Some(value))
}

fn names<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<Vec<String>> {
    let Some(set) = cx.force(value)?.as_attrs() else { return Ok(Vec::new()) };
    let name = |symbol| String::from_utf8_lossy(cx.symbol_text(symbol)).into_owned();
    let quoted = |name: String| if name.contains('.') { format!("\"{name}\"") } else { name };
    Ok(by_name(cx.scope(), set).into_iter().map(|(symbol, ..)| quoted(name(symbol))).collect())
}

/// The candidates for an attribute path in the value of a program.
fn in_file(engine: &mut Engine, arguments: &Arguments, source: &Source, partial: &str) -> Result<Vec<String>> {
    let automatic = auto_arguments(engine, &arguments.common.automatic)?;
    let (folder, lead) = partial.rsplit_once('.').map_or(("", String::new()), |(it, _)| (it, format!("{it}.")));
    engine.enter(|cx| {
        let root = program(cx, source)?;
        let value = cx.select_path(root, folder.as_bytes(), &automatic)?;
        let value = cx.auto_call(value, &automatic)?;
        Ok(names(cx, value)?.iter().map(|name| format!("{lead}{name}")).collect())
    })
}
