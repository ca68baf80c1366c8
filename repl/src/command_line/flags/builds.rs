//! The flags that have to do with builds.

use super::row::{ANY, BEFORE, BUILD, CHECK, CLASSIC, FLAKE, Flag, Group, JOBS, REPL, SOURCE, flag, switch, value};
use crate::command_line::flag_values::FlagValues;
use crate::command_line::options::Assignment;
use crate::command_line::setting_values::large;
use crate::command_line::words::lossy;
use nivis::Result;

pub(super) const TABLE: &[Flag] = &[
    value(BUILD, Group::Output, &["--out-link", "-o"], &["PATH"], "link the results there instead of 'result'", |it| {
        &mut it.build.out_link
    }),
    flag(BUILD, Group::Output, &["--no-link"], &[], "don't link the results", |it, _| {
        it.build.out_link = None;
        Ok(())
    }),
    switch(BUILD, Group::Output, &["--print-out-paths"], "print the paths of the outputs", |it| {
        &mut it.build.prints_paths
    }),
    switch(BUILD, Group::Builds, &["--dry-run"], "tell what would be built and downloaded", |it| &mut it.build.dry_run),
    switch(BUILD, Group::Builds, &["--rebuild"], "build again, and fail if the outputs differ", |it| {
        &mut it.build.rebuilds
    }),
    flag(BUILD | CHECK, Group::Builds, &["--keep-going", "-k"], &[], "continue after an error", |it, _| {
        it.flake.keeps_going = true;
        it.set("keep-going", "true")
    }),
    flag(CLASSIC, Group::Builds, &["--keep-going", "-k"], &[], "", |it, _| it.set("keep-going", "true")),
    flag(BUILD, Group::Builds, &["--keep-failed", "-K"], &[], "keep the folders of failed builds", |it, _| {
        it.set("keep-failed", "true")
    }),
    flag(CLASSIC, Group::Builds, &["--keep-failed", "-K"], &[], "", |it, _| it.set("keep-failed", "true")),
    switch(BUILD, Group::Builds, &["--print-build-logs", "-L"], "print the lines of build logs", |it| {
        &mut it.common.prints_logs
    }),
    switch(SOURCE & !BUILD | FLAKE | JOBS | REPL | BEFORE, Group::Builds, &["--print-build-logs", "-L"], "", |it| {
        &mut it.common.prints_logs
    }),
    switch(CLASSIC, Group::Builds, &["--no-build-output", "-Q"], "", |it| &mut it.common.hides_logs),
    flag(BUILD, Group::Builds, &["--max-jobs", "-j"], &["N"], "how many builds run at once, or 'auto'", jobs),
    flag(ANY & !BUILD | BEFORE, Group::Builds, &["--max-jobs", "-j"], &["JOBS"], "", jobs),
    flag(CLASSIC, Group::Builds, &["--cores"], &["N"], "", |it, values| it.number("cores", values)),
    flag(CLASSIC, Group::Builds, &["--max-silent-time"], &["N"], "", |it, values| it.number("max-silent-time", values)),
    flag(CLASSIC, Group::Builds, &["--timeout"], &["N"], "", |it, values| it.number("timeout", values)),
];

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
