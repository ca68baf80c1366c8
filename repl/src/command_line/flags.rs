//! The tables of flags. Settings, which are flags too, are in `setting.rs`.

mod builds;
mod environment;
mod flakes;
mod row;
mod store;

use crate::command_line::args::Action;
use crate::command_line::command::Command;
use crate::command_line::flag_values::{Asked, FlagValues};
use crate::command_line::options::{Assignment, Automatic, Format};
use crate::command_line::program::Program;
use crate::command_line::setting::Setting;
use crate::command_line::shard::Shard;
use crate::command_line::words::{lossy, usage};
use crate::output::style::ErrorFormat;
use crate::output::theme::Theme;
use nivis::Result;
use row::{
    ALL, ANY, BEFORE, CHECK, CLASSIC, EVAL, FLAKE, JOBS, MANY, NIX_BUILD, NIX_SHELL, OLD, PATH_INFO, PRINTS_JSON, REPL,
    SOURCE, flag, ignored, set, switch, value, values,
};
pub(crate) use row::{Flag, Group};

/// C++ Nix has levels from 0 to 7, and starts at 3.
const MOST_VERBOSE: i32 = 4;
/// Nothing but errors and traces.
pub(crate) const LEAST_VERBOSE: i32 = -3;

/// All flags, in the order in which help texts have them.
pub(crate) fn all() -> impl Iterator<Item = &'static Flag> {
    TABLE.iter().chain(builds::TABLE).chain(environment::TABLE).chain(store::TABLE).chain(flakes::TABLE)
}

/// The flag with this spelling that the command knows, or `nix` before a command.
pub(crate) fn find(word: &str, command: Command, is_before_command: bool) -> Option<&'static Flag> {
    let commands = if is_before_command { BEFORE } else { set(command) };
    all().find(|flag| flag.is_of_any(commands) && flag.names.contains(&word))
}

const TABLE: &[Flag] = &[
    flag(CLASSIC, Group::What, &["--eval", "--eval-only"], &[], "evaluate files, or ./default.nix", |it, _| {
        it.ask(Asked::Do(Action::Evaluate))
    }),
    flag(CLASSIC, Group::What, &["--parse", "--parse-only"], &[], "print the desugared program", |it, _| {
        it.ask(Asked::Do(Action::Parse))
    }),
    flag(CLASSIC, Group::What, &["--find-file"], &[], "print the paths that names lead to", |it, _| {
        it.ask(Asked::Do(Action::FindFile))
    }),
    switch(OLD | JOBS, Group::What, &["--expr", "-E"], "treat arguments as expressions", |it| {
        &mut it.common.expressions
    }),
    value(SOURCE | REPL, Group::What, &["--expr"], &["EXPR"], "evaluate this expression", |it| {
        &mut it.source.expression
    }),
    // C++ Nix's new commands don't have it, but the old ones do.
    flag(SOURCE | REPL, Group::What, &["-E"], &["EXPR"], "", |it, mut values| match it.program {
        Program::Nivis => {
            it.source.expression = values.pop();
            Ok(())
        }
        _ => Err(usage("unrecognised flag '-E'")),
    }),
    value(SOURCE | REPL, Group::What, &["--file", "-f"], &["FILE"], "evaluate this file; - is standard input", |it| {
        &mut it.source.file
    }),
    switch(MANY, Group::What, &["--stdin"], "read installables from standard input, separated by white space", |it| {
        &mut it.common.reads_stdin
    }),
    switch(OLD, Group::What, &["-"], "read a program from standard input", |it| &mut it.classic.stdin),
    values(OLD, Group::What, &["--attr", "-A"], &["PATH"], "select an attribute, such as a.b.0; repeatable", |it| {
        &mut it.classic.paths
    }),
    value(JOBS, Group::What, &["--select"], &["FUNCTION"], "what to look into, such as 'root: root.hello'", |it| {
        &mut it.jobs.select
    }),
    switch(JOBS, Group::Output, &["--no-stats"], "don't print time and memory per attribute", |it| {
        &mut it.jobs.no_stats
    }),
    switch(
        JOBS,
        Group::Output,
        &["--check-cache-status"],
        "print 'cacheStatus': whether a Nix daemon has the outputs, can download them, or must build them",
        |it| &mut it.jobs.cache_status,
    ),
    switch(JOBS, Group::What, &["--force-recurse"], "look into all sets, even without recurseForDerivations", |it| {
        &mut it.jobs.force_recurse
    }),
    value(
        EVAL,
        Group::Output,
        &["--apply"],
        &["FUNCTION"],
        "apply this function to the value and print the result",
        |it| &mut it.eval.apply,
    ),
    value(
        JOBS,
        Group::Output,
        &["--apply"],
        &["FUNCTION"],
        "apply this function to each derivation and print the result",
        |it| &mut it.jobs.apply,
    ),
    switch(CLASSIC, Group::Output, &["--strict"], "evaluate the whole value before printing it", |it| {
        &mut it.classic.strict
    }),
    flag(CLASSIC | PRINTS_JSON, Group::Output, &["--json"], &[], "print JSON", |it, _| it.print_as(Format::Json)),
    flag(CLASSIC, Group::Output, &["--xml"], &[], "print XML", |it, _| it.print_as(Format::Xml)),
    flag(CLASSIC, Group::Output, &["--no-location"], &[], "omit positions from XML", |it, _| {
        it.classic.no_location = true;
        Ok(())
    }),
    flag(CLASSIC, Group::Output, &["--raw"], &[], "print a string without quotes or newline", |it, _| {
        it.print_as(Format::Raw)
    }),
    switch(EVAL, Group::Output, &["--raw"], "print a string without quotes or newline", |it| &mut it.eval.raw),
    flag(
        PRINTS_JSON | CHECK,
        Group::Output,
        &["--pretty"],
        &[],
        "print JSON over several lines, as at a terminal",
        |it, _| {
            it.common.pretty = Some(true);
            Ok(())
        },
    ),
    flag(
        PRINTS_JSON | CHECK,
        Group::Output,
        &["--no-pretty"],
        &[],
        "print JSON on one line, as into a pipe",
        |it, _| {
            it.common.pretty = Some(false);
            Ok(())
        },
    ),
    value(EVAL, Group::Output, &["--write-to"], &["PATH"], "write strings to a new file or directory", |it| {
        &mut it.eval.write_to
    }),
    switch(JOBS, Group::Output, &["--meta"], "print 'meta' of each derivation", |it| &mut it.jobs.meta),
    switch(JOBS, Group::Output, &["--show-input-drvs"], "print the input derivations of each derivation", |it| {
        &mut it.jobs.show_input_drvs
    }),
    switch(JOBS, Group::Output, &["--no-instantiate"], "print attributes as they are, compute no .drv", |it| {
        &mut it.jobs.no_instantiate
    }),
    value(
        JOBS,
        Group::Output,
        &["--against"],
        &["FILE"],
        "print only what differs from the lines in this file, and why",
        |it| &mut it.jobs.against,
    ),
    switch(JOBS, Group::Output, &["--text"], "print differences for people, not as JSON", |it| &mut it.jobs.text),
    switch(JOBS, Group::Jobs, &["--incremental"], "evaluate only what has changed since the last run", |it| {
        &mut it.jobs.incremental
    }),
    flag(
        JOBS,
        Group::Jobs,
        &["--shard"],
        &["K/N"],
        "print only the Kth of N parts; an attribute is always in the same part",
        |it, mut values| {
            it.jobs.shard = Some(Shard::parse(&lossy(values.pop()))?);
            Ok(())
        },
    ),
    switch(JOBS, Group::Output, &["--constituents"], "print the constituents of aggregate jobs", |it| {
        &mut it.jobs.constituents
    }),
    flag(JOBS, Group::Jobs, &["--workers"], &["N"], "number of worker processes (default 1)", |it, mut values| {
        it.jobs.workers = Some(count("--workers", values.pop())?);
        Ok(())
    }),
    flag(
        ANY,
        Group::Jobs,
        &["--max-memory-size"],
        &["MIB"],
        "stop an evaluation that needs more; 'jobs' replaces the worker, and runs a job that needs more alone",
        |it, mut values| {
            it.common.max_memory_size = Some(count("--max-memory-size", values.pop())?);
            Ok(())
        },
    ),
    flag(
        ANY,
        Group::Inputs,
        &["--arg"],
        &["NAME", "EXPR"],
        "pass an argument to functions called automatically",
        |it, values| it.argument(values, Automatic::Expression),
    ),
    flag(ANY, Group::Inputs, &["--argstr"], &["NAME", "TEXT"], "the same, with a string", |it, values| {
        it.argument(values, Automatic::Text)
    }),
    flag(
        ANY,
        Group::Inputs,
        &["--arg-from-file"],
        &["NAME", "FILE"],
        "the same, with the contents of a file",
        |it, values| it.argument(values, Automatic::File),
    ),
    flag(ANY, Group::Inputs, &["--arg-from-stdin"], &["NAME"], "the same, with standard input", |it, values| {
        it.argument(values, |_| Automatic::Stdin)
    }),
    values(ANY, Group::Inputs, &["--include", "-I"], &["[NAME=]PATH"], "add to the search path of <NAME>", |it| {
        &mut it.common.includes
    }),
    values(ANY, Group::Inputs, &["--source"], &["WHAT=PATH"], "use a local copy of a URL or hash", |it| {
        &mut it.common.sources
    }),
    flag(ANY, Group::Inputs, &["--impure"], &[], "allow access to files, environment and clock", |it, _| {
        it.set("pure-eval", "false")
    }),
    value(REPL, Group::What, &["--present"], &["FILE"], "play a prepared session: Enter types the next input", |it| {
        &mut it.present
    }),
    value(CLASSIC | EVAL | JOBS, Group::Output, &["--drv-dir"], &["DIR"], "write the computed derivations", |it| {
        &mut it.common.drv_dir
    }),
    flag(
        ANY | BEFORE,
        Group::Other,
        &["--option"],
        &["NAME", "VALUE"],
        "change a setting, such as max-call-depth",
        |it, values| {
            let mut values = values.into_iter();
            let (name, value) = (lossy(values.next()), lossy(values.next()));
            it.common.settings.push(Assignment { name, value, lenient: true });
            Ok(())
        },
    ),
    flag(
        ANY | BEFORE,
        Group::Other,
        &["--error-format"],
        &["FORMAT"],
        "pretty, nix (as C++ Nix words them) or json",
        |it, mut values| {
            it.common.error_format = Some(error_format(&lossy(values.pop()))?);
            Ok(())
        },
    ),
    flag(
        ANY | BEFORE,
        Group::Other,
        &["--theme"],
        &["NAME"],
        "colours for a dark or light terminal, or colour-blind",
        |it, mut values| {
            let name = lossy(values.pop());
            it.common.theme = Theme::named(&name).ok_or_else(|| {
                usage(format!("'{name}' is not a theme; use 'auto', 'dark', 'light' or 'colour-blind'"))
            })?;
            Ok(())
        },
    ),
    flag(ANY, Group::Other, &["--trace-caught"], &[], "show the errors that `tryEval` catches", |it, _| {
        it.common.trace_caught = true;
        // A kept value would catch nothing.
        it.common.keeps_values = false;
        Ok(())
    }),
    switch(ANY, Group::Other, &["--no-cache"], "don't use the parse cache", |it| &mut it.common.no_cache),
    flag(ALL, Group::Other, &["--help"], &[], "print this help", |it, _| it.ask(Asked::Help)),
    flag(ALL & !PATH_INFO, Group::Other, &["-h"], &[], "", |it, _| match it.program {
        Program::Nivis => it.ask(Asked::Help),
        _ => Err(usage("unrecognised flag '-h'")),
    }),
    flag(ALL, Group::Other, &["--version"], &[], "print the version", |it, _| it.ask(Asked::Version)),
    // Not for people: in front of all other words where the program starts itself as a worker.
    flag(ANY, Group::Other, &["--jobs-worker"], &["MIB"], "", |it, mut values| {
        it.jobs.worker = Some(count("--jobs-worker", values.pop())?);
        Ok(())
    }),
    flag(ANY | BEFORE, Group::Other, &["--verbose", "-v"], &[], "print which files are evaluated", |it, _| {
        it.common.verbosity = it.common.verbosity.saturating_add(1).min(MOST_VERBOSE);
        Ok(())
    }),
    flag(ANY | BEFORE, Group::Other, &["--quiet"], &[], "print less; repeat three times to hide warnings", |it, _| {
        it.common.verbosity = it.common.verbosity.saturating_sub(1).max(LEAST_VERBOSE);
        Ok(())
    }),
    flag(ANY | BEFORE, Group::Other, &["--debug"], &[], "", |it, _| {
        it.common.verbosity = MOST_VERBOSE;
        Ok(())
    }),
    switch(ANY, Group::Other, &["--readonly-mode"], "", |it| &mut it.common.read_only),
    switch(EVAL | FLAKE, Group::Other, &["--read-only"], "", |it| &mut it.common.read_only),
    switch(ANY, Group::Other, &["--read-write-mode"], "", |it| &mut it.common.writes),
    ignored(ANY & !NIX_BUILD & !NIX_SHELL, &["--repair"], &[]),
    switch(CLASSIC, Group::Other, &["--dry-run"], "", |it| &mut it.common.read_only),
    ignored(OLD, &["--indirect"], &[]),
    ignored(ANY, &["--eval-store"], &["URL"]),
    flag(ANY | BEFORE, Group::Inputs, &["--offline", "--no-net"], &[], "use cached downloads only", |it, _| {
        it.only_nivis_and_nix("--offline", |it| it.common.offline = true)
    }),
    flag(ANY | BEFORE, Group::Inputs, &["--refresh"], &[], "check cached downloads again", |it, _| {
        it.only_nivis_and_nix("--refresh", |it| it.common.refresh = true)
    }),
    flag(
        OLD | SOURCE | REPL,
        Group::Other,
        &["--debugger"],
        &[],
        "open the debugger where an error happens",
        |it, _| it.only_nivis_and_nix("--debugger", |it| it.common.debugger = true),
    ),
];

impl FlagValues {
    fn ask(&mut self, asked: Asked) -> Result<()> {
        self.asked.push(asked);
        Ok(())
    }

    /// A flag that the old programs don't have.
    fn only_nivis_and_nix(&mut self, name: &str, apply: impl FnOnce(&mut Self)) -> Result<()> {
        if self.program.is_old() {
            return Err(usage(format!("unrecognised flag '{name}'")));
        }
        apply(self);
        Ok(())
    }

    fn print_as(&mut self, format: Format) -> Result<()> {
        self.common.format = format;
        Ok(())
    }

    /// Sets a setting to a value that it can have.
    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        if let Some((setting, _)) = Setting::assigned(name) {
            setting.check(value)?;
        }
        self.common.settings.push(Assignment { name: name.to_owned(), value: value.to_owned(), lenient: false });
        Ok(())
    }

    fn warn(&mut self, warning: &str) -> Result<()> {
        self.common.warnings.push(warning.to_owned());
        Ok(())
    }

    fn argument(&mut self, values: Vec<Vec<u8>>, make: fn(Vec<u8>) -> Automatic) -> Result<()> {
        let mut values = values.into_iter();
        let name = lossy(values.next());
        self.common.automatic.insert(name, make(values.next().unwrap_or_default()));
        Ok(())
    }
}

fn error_format(name: &str) -> Result<ErrorFormat> {
    match name {
        "pretty" => Ok(ErrorFormat::Pretty),
        "json" => Ok(ErrorFormat::Json),
        "nix" => Ok(ErrorFormat::Nix),
        _ => Err(usage(format!("'{name}' is not an error format; use 'pretty', 'nix' or 'json'"))),
    }
}

fn count(flag: &str, value: Option<Vec<u8>>) -> Result<u32> {
    let value = lossy(value);
    let number = value.parse().ok().filter(|&number| number > 0);
    number.ok_or_else(|| usage(format!("'{flag}' needs a number above 0, not '{value}'")))
}
