//! The flags that have to do with builds.

use super::row::{
    ANY, BEFORE, BUILD, CHECK, CLASSIC, Commands, ENVIRONMENT, FLAKE, Flag, Group, JOBS, NIX_BUILD, NIX_SHELL, OLD,
    REPL, RUN, SHELL, SOURCE, flag, ignored, switch, value,
};
use crate::command_line::flag_values::FlagValues;
use crate::command_line::options::Assignment;
use crate::command_line::setting_values::large;
use crate::command_line::words::lossy;
use crate::output::builds::{LogFormat, Logs};
use nivis::{Error, Result};

/// The commands that build.
const BUILDS: Commands = BUILD | NIX_BUILD | NIX_SHELL | STARTS | CHECK;
/// The commands that start a program in the end.
const STARTS: Commands = RUN | SHELL | ENVIRONMENT;

pub(super) const TABLE: &[Flag] = &[
    value(
        BUILD | NIX_BUILD,
        Group::Output,
        &["--out-link", "-o"],
        &["PATH"],
        "link the results there instead of 'result'",
        |it| &mut it.build.out_link,
    ),
    flag(BUILD, Group::Output, &["--no-link"], &[], "don't link the results", |it, _| {
        it.build.out_link = None;
        Ok(())
    }),
    flag(NIX_BUILD, Group::Output, &["--no-out-link", "--no-link"], &[], "don't link the results", |it, _| {
        it.build.out_link = None;
        Ok(())
    }),
    switch(BUILD, Group::Output, &["--print-out-paths"], "print the paths of the outputs", |it| {
        &mut it.build.prints_paths
    }),
    switch(
        BUILD | NIX_BUILD | NIX_SHELL,
        Group::Builds,
        &["--dry-run"],
        "tell what would be built and downloaded",
        |it| &mut it.build.dry_run,
    ),
    switch(BUILD, Group::Builds, &["--rebuild"], "build again, and fail if the outputs differ", |it| {
        &mut it.build.rebuilds
    }),
    switch(NIX_BUILD, Group::Builds, &["--check"], "build again, and fail if the outputs differ", |it| {
        &mut it.build.rebuilds
    }),
    switch(NIX_BUILD, Group::Builds, &["--repair"], "replace outputs that are damaged", |it| &mut it.build.repairs),
    value(
        CLASSIC,
        Group::Builds,
        &["--add-root"],
        &["PATH"],
        "link the derivations there, which keeps them from collection, and print the links",
        |it| &mut it.classic.root,
    ),
    switch(OLD, Group::Builds, &["--no-gc-warning"], "", |it| &mut it.classic.warns_not),
    value(JOBS, Group::Builds, &["--gc-roots-dir"], &["DIR"], "link the derivations in this folder", |it| {
        &mut it.jobs.roots
    }),
    ignored(NIX_BUILD, &["--add-drv-link"], &[]),
    ignored(NIX_BUILD, &["--drv-link"], &["PATH"]),
    ignored(NIX_BUILD, &["--exclude"], &["REGEX"]),
    ignored(NIX_BUILD, &["--keep"], &["NAME"]),
    ignored(NIX_BUILD, &["--pure"], &[]),
    flag(
        BUILD | NIX_BUILD | NIX_SHELL | CHECK,
        Group::Builds,
        &["--keep-going", "-k"],
        &[],
        "continue after an error",
        |it, _| {
            it.flake.keeps_going = true;
            it.set("keep-going", "true")
        },
    ),
    flag(CLASSIC, Group::Builds, &["--keep-going", "-k"], &[], "", |it, _| it.set("keep-going", "true")),
    flag(
        BUILD | NIX_BUILD | NIX_SHELL,
        Group::Builds,
        &["--keep-failed", "-K"],
        &[],
        "keep the folders of failed builds",
        |it, _| it.set("keep-failed", "true"),
    ),
    flag(CLASSIC, Group::Builds, &["--keep-failed", "-K"], &[], "", |it, _| it.set("keep-failed", "true")),
    switch(BUILD | STARTS, Group::Builds, &["--print-build-logs", "-L"], "print the lines of build logs", |it| {
        &mut it.common.prints_logs
    }),
    switch(
        SOURCE & !(BUILD | STARTS) | FLAKE | JOBS | REPL | BEFORE,
        Group::Builds,
        &["--print-build-logs", "-L"],
        "",
        |it| &mut it.common.prints_logs,
    ),
    switch(CLASSIC, Group::Builds, &["--no-build-output", "-Q"], "", |it| &mut it.common.hides_logs),
    switch(
        NIX_BUILD | NIX_SHELL,
        Group::Builds,
        &["--no-build-output", "-Q"],
        "don't print the lines of build logs",
        |it| &mut it.common.hides_logs,
    ),
    flag(
        BUILD | NIX_BUILD,
        Group::Builds,
        &["--max-jobs", "-j"],
        &["N"],
        "how many builds run at once, or 'auto'",
        jobs,
    ),
    flag(ANY & !(BUILD | NIX_BUILD) | BEFORE, Group::Builds, &["--max-jobs", "-j"], &["JOBS"], "", jobs),
    flag(
        BUILDS,
        Group::Builds,
        &["--log-format"],
        &["FORMAT"],
        "how builds are shown: bar, raw, bar-with-logs, raw-with-logs, or internal-json for other programs",
        log_format,
    ),
    flag(ANY & !BUILDS | BEFORE, Group::Builds, &["--log-format"], &["FORMAT"], "", log_format),
    flag(OLD, Group::Builds, &["--cores"], &["N"], "", |it, values| it.number("cores", values)),
    flag(OLD, Group::Builds, &["--max-silent-time"], &["N"], "", |it, values| it.number("max-silent-time", values)),
    flag(OLD, Group::Builds, &["--timeout"], &["N"], "", |it, values| it.number("timeout", values)),
];

fn log_format(it: &mut FlagValues, mut values: Vec<Vec<u8>>) -> Result<()> {
    let name = lossy(values.pop());
    let (format, has_lines) = match &name[..] {
        "raw" => (LogFormat::Raw, false),
        "raw-with-logs" => (LogFormat::Raw, true),
        "internal-json" => (LogFormat::Json, true),
        "bar" => (LogFormat::Bar, false),
        "bar-with-logs" => (LogFormat::Bar, true),
        _ => return Err(Error::eval(format!("option 'log-format' has an invalid value '{name}'"))),
    };
    it.common.logs = Some(Logs { format, has_lines });
    Ok(())
}

fn jobs(it: &mut FlagValues, mut values: Vec<Vec<u8>>) -> Result<()> {
    it.set("max-jobs", &lossy(values.pop()))
}

impl FlagValues {
    /// Sets a setting to a number, with the messages of nix-instantiate.
    fn number(&mut self, name: &str, mut values: Vec<Vec<u8>>) -> Result<()> {
        let value = lossy(values.pop());
        large(&value)?;
        self.common.settings.push(Assignment { name: name.to_owned(), value, lenient: true });
        Ok(())
    }
}
