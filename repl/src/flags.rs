//! The table of flags. Settings, which are flags too, are in `setting_names.rs`.

use crate::args::{Arguments, Automatic, Format, Task, lossy, usage};
use crate::style::ErrorFormat;
use nivis::Result;

/// A flag.
pub(crate) struct Flag {
    /// All its spellings.
    pub(crate) names: &'static [&'static str],
    /// What its values are.
    pub(crate) values: &'static [&'static str],
    /// What it does; empty if it is accepted and does nothing.
    pub(crate) help: &'static str,
    /// True if it makes no sense for a REPL.
    pub(crate) batch: bool,
    /// Does it.
    pub(crate) apply: Apply,
}

type Apply = fn(&mut Arguments, Vec<Vec<u8>>) -> Result<()>;

/// The flag with this spelling.
pub(crate) fn find(word: &str) -> Option<&'static Flag> {
    TABLE.iter().find(|flag| flag.names.contains(&word))
}

const fn flag(
    names: &'static [&'static str],
    values: &'static [&'static str],
    help: &'static str,
    apply: Apply,
) -> Flag {
    Flag { names, values, help, batch: false, apply }
}

/// A flag for evaluating files or expressions, not for talking.
const fn batch(
    names: &'static [&'static str],
    values: &'static [&'static str],
    help: &'static str,
    apply: Apply,
) -> Flag {
    Flag { names, values, help, batch: true, apply }
}

/// A flag that has no meaning here, but that scripts pass.
const fn ignored(names: &'static [&'static str], values: &'static [&'static str]) -> Flag {
    flag(names, values, "", |_, _| Ok(()))
}

/// All flags, in the order in which the help text has them.
pub(crate) const TABLE: &[Flag] = &[
    flag(&["--eval", "--eval-only"], &[], "evaluate files, or ./default.nix, and print the values", |it, _| {
        it.ask(Task::Evaluate)
    }),
    flag(&["--parse", "--parse-only"], &[], "print programs without their sugar", |it, _| it.ask(Task::Parse)),
    flag(&["--find-file"], &[], "print where names are found in the search path", |it, _| it.ask(Task::FindFile)),
    batch(&["--expr", "-E"], &[], "the words that follow are expressions, not files", |it, _| {
        it.expressions = true;
        Ok(())
    }),
    batch(&["-"], &[], "read a program from standard input", |it, _| {
        it.stdin = true;
        Ok(())
    }),
    batch(&["--attr", "-A"], &["PATH"], "print what this path leads to, as a.b.0; may be repeated", |it, values| {
        it.paths.extend(values);
        Ok(())
    }),
    batch(&["--strict"], &[], "evaluate everything in a value before it is printed", |it, _| {
        it.strict = true;
        Ok(())
    }),
    batch(&["--json"], &[], "print JSON", |it, _| it.print_as(Format::Json)),
    batch(&["--xml"], &[], "print XML", |it, _| it.print_as(Format::Xml)),
    batch(&["--no-location"], &[], "no positions in XML", |it, _| {
        it.location = false;
        Ok(())
    }),
    batch(&["--raw"], &[], "print a string as it is, without quotes and newline", |it, _| it.print_as(Format::Raw)),
    flag(&["--arg"], &["NAME", "EXPR"], "an argument for functions that are called automatically", |it, values| {
        it.argument(values, Automatic::Expression)
    }),
    flag(&["--argstr"], &["NAME", "TEXT"], "the same, a string", |it, values| it.argument(values, Automatic::Text)),
    flag(&["--arg-from-file"], &["NAME", "FILE"], "the same, the contents of a file", |it, values| {
        it.argument(values, Automatic::File)
    }),
    flag(&["--arg-from-stdin"], &["NAME"], "the same, standard input", |it, values| {
        it.argument(values, |_| Automatic::Stdin)
    }),
    flag(&["--include", "-I"], &["[NAME=]PATH"], "add to the search path that <NAME> is looked up in", |it, values| {
        it.includes.extend(values);
        Ok(())
    }),
    flag(
        &["--source"],
        &["WHAT=PATH"],
        "where a copy lies of what is fetched from a URL, or has a hash",
        |it, values| {
            it.sources.extend(values);
            Ok(())
        },
    ),
    batch(&["--drv-dir"], &["DIR"], "write the derivations that are computed into a directory", |it, mut values| {
        it.drv_dir = values.pop();
        Ok(())
    }),
    flag(&["--impure"], &[], "allow access to files, environment and clock", |it, _| it.set("pure-eval", "false")),
    flag(&["--option"], &["NAME", "VALUE"], "change a setting, as show-trace or max-call-depth", |it, values| {
        let mut values = values.into_iter();
        let (name, value) = (lossy(values.next()), lossy(values.next()));
        it.set(&name, &value)
    }),
    flag(&["--error-format"], &["FORMAT"], "pretty, nix for the texts of C++ Nix, or json", |it, mut values| {
        it.error_format = Some(error_format(&lossy(values.pop()))?);
        Ok(())
    }),
    flag(&["--help"], &[], "print this", |it, _| it.ask(Task::Help)),
    flag(&["--version"], &[], "print the version", |it, _| it.ask(Task::Version)),
    ignored(&["--verbose", "-v"], &[]),
    ignored(&["--quiet"], &[]),
    ignored(&["--debug"], &[]),
    ignored(&["--log-format"], &["FORMAT"]),
    ignored(&["--print-build-logs", "-L"], &[]),
    ignored(&["--no-build-output", "-Q"], &[]),
    ignored(&["--keep-going", "-k"], &[]),
    ignored(&["--keep-failed", "-K"], &[]),
    ignored(&["--max-jobs", "-j"], &["JOBS"]),
    ignored(&["--readonly-mode"], &[]),
    ignored(&["--read-write-mode"], &[]),
    ignored(&["--no-gc-warning"], &[]),
    ignored(&["--repair"], &[]),
    ignored(&["--dry-run"], &[]),
    ignored(&["--indirect"], &[]),
    ignored(&["--add-root"], &["PATH"]),
    ignored(&["--eval-store"], &["URL"]),
    ignored(&["--override-flake"], &["FROM", "TO"]),
];

impl Arguments {
    fn ask(&mut self, task: Task) -> Result<()> {
        self.asked.push(task);
        Ok(())
    }

    fn print_as(&mut self, format: Format) -> Result<()> {
        self.format = format;
        Ok(())
    }

    fn set(&mut self, name: &str, value: &str) -> Result<()> {
        self.settings.push((name.to_owned(), value.to_owned()));
        Ok(())
    }

    fn argument(&mut self, values: Vec<Vec<u8>>, make: fn(Vec<u8>) -> Automatic) -> Result<()> {
        let mut values = values.into_iter();
        let name = lossy(values.next());
        self.automatic.insert(name, make(values.next().unwrap_or_default()));
        Ok(())
    }
}

fn error_format(name: &str) -> Result<ErrorFormat> {
    match name {
        "pretty" => Ok(ErrorFormat::Pretty),
        "json" => Ok(ErrorFormat::Json),
        "nix" => Ok(ErrorFormat::Nix),
        _ => Err(usage(format!("'{name}' is no error format; there are 'pretty', 'nix' and 'json'"))),
    }
}
