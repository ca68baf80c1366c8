//! The flags of the commands that start programs: their environment, and what is started.

use super::row::{Commands, DEVELOP, ENVIRONMENT, Flag, Group, NIX_SHELL, RUN, SHELL, flag, switch, value, values};
use crate::command_line::flag_values::FlagValues;
use crate::command_line::words::{lossy, usage};
use nivis::Result;

const STARTS: Commands = RUN | SHELL | DEVELOP;

pub(super) const TABLE: &[Flag] = &[
    flag(
        SHELL | DEVELOP,
        Group::What,
        &["--command", "-c"],
        &["COMMAND", "ARGUMENT..."],
        "start this instead",
        |it, words| {
            if words.is_empty() {
                return Err(usage("--command requires at least one argument"));
            }
            it.run.command = words;
            Ok(())
        },
    ),
    value(
        DEVELOP,
        Group::What,
        &["--phase"],
        &["NAME"],
        "run a phase of the build, such as build or configure",
        |it| &mut it.run.phase,
    ),
    flag(DEVELOP, Group::What, &["--unpack"], &[], "run the unpack phase", |it, _| it.phase("unpack")),
    flag(DEVELOP, Group::What, &["--configure"], &[], "run the configure phase", |it, _| it.phase("configure")),
    flag(DEVELOP, Group::What, &["--build"], &[], "run the build phase", |it, _| it.phase("build")),
    flag(DEVELOP, Group::What, &["--check"], &[], "run the check phase", |it, _| it.phase("check")),
    flag(DEVELOP, Group::What, &["--install"], &[], "run the install phase", |it, _| it.phase("install")),
    flag(DEVELOP, Group::What, &["--installcheck"], &[], "run the installCheck phase", |it, _| {
        it.phase("installCheck")
    }),
    flag(
        ENVIRONMENT,
        Group::What,
        &["--redirect"],
        &["INSTALLABLE", "DIR"],
        "use a folder in place of the installable's output",
        |it, values| {
            let mut values = values.into_iter();
            it.run.redirects.push((values.next().unwrap_or_default(), values.next().unwrap_or_default()));
            Ok(())
        },
    ),
    value(
        ENVIRONMENT,
        Group::Output,
        &["--profile"],
        &["PATH"],
        "keep the environment as the newest of a profile",
        |it| &mut it.run.profile,
    ),
    switch(STARTS, Group::What, &["--ignore-env", "--ignore-environment", "-i"], "clear the environment", |it| {
        &mut it.run.ignores_environment
    }),
    values(STARTS, Group::What, &["--keep-env-var", "--keep", "-k"], &["NAME"], "keep this variable", |it| {
        &mut it.run.kept
    }),
    flag(
        STARTS,
        Group::What,
        &["--unset-env-var", "--unset", "-u"],
        &["NAME"],
        "leave out this variable",
        |it, mut values| {
            let name = values.pop().unwrap_or_default();
            if it.run.set.iter().any(|(known, _)| *known == name) {
                let name = lossy(Some(name));
                let text = format!("Cannot unset environment variable '{name}' that is set with '--set-env-var'");
                return Err(usage(text));
            }
            it.run.unset.push(name);
            Ok(())
        },
    ),
    flag(
        STARTS,
        Group::What,
        &["--set-env-var", "--set", "-s"],
        &["NAME", "VALUE"],
        "set this variable",
        |it, values| {
            let mut values = values.into_iter();
            let (name, value) = (values.next().unwrap_or_default(), values.next().unwrap_or_default());
            if it.run.unset.contains(&name) {
                let name = lossy(Some(name));
                let text = format!("Cannot set environment variable '{name}' that is unset with '--unset-env-var'");
                return Err(usage(text));
            }
            if it.run.set.iter().any(|(known, _)| *known == name) {
                let name = lossy(Some(name));
                let text =
                    format!("Duplicate definition of environment variable '{name}' with '--set-env-var' is ambiguous");
                return Err(usage(text));
            }
            it.run.set.push((name, value));
            Ok(())
        },
    ),
    switch(NIX_SHELL, Group::What, &["--packages", "-p"], "the words are packages of <nixpkgs>", |it| {
        &mut it.run.packages
    }),
    switch(NIX_SHELL, Group::What, &["--pure"], "clear most of the environment", |it| &mut it.run.pure),
    flag(NIX_SHELL, Group::What, &["--command"], &["COMMAND"], "run this, then stay unless it exits", |it, values| {
        it.run.command = values;
        Ok(())
    }),
    flag(NIX_SHELL, Group::What, &["--run"], &["COMMAND"], "run this without a terminal, then end", |it, values| {
        it.run.command = values;
        it.run.not_interactive = true;
        Ok(())
    }),
    value(NIX_SHELL, Group::What, &["-i"], &["INTERPRETER"], "", |it| &mut it.run.interpreter),
    values(NIX_SHELL, Group::What, &["--keep"], &["NAME"], "with --pure, keep this variable", |it| &mut it.run.kept),
    values(NIX_SHELL, Group::What, &["--exclude"], &["REGEX"], "don't build inputs that match", |it| {
        &mut it.run.excluded
    }),
];

impl FlagValues {
    fn phase(&mut self, name: &str) -> Result<()> {
        self.run.phase = Some(name.as_bytes().to_vec());
        Ok(())
    }
}
