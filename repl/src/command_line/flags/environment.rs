//! The flags of the commands that start programs: their environment, and what is started.

use super::row::{Commands, Flag, Group, NIX_SHELL, RUN, SHELL, flag, switch, value, values};
use crate::command_line::words::{lossy, usage};

const STARTS: Commands = RUN | SHELL;

pub(super) const TABLE: &[Flag] = &[
    flag(SHELL, Group::What, &["--command", "-c"], &["COMMAND", "ARGUMENT..."], "start this instead", |it, words| {
        if words.is_empty() {
            return Err(usage("--command requires at least one argument"));
        }
        it.run.command = words;
        Ok(())
    }),
    switch(STARTS, Group::What, &["--ignore-env", "--ignore-environment", "-i"], "clear the environment", |it| {
        &mut it.run.ignores_environment
    }),
    values(STARTS, Group::What, &["--keep-env-var", "--keep", "-k"], &["NAME"], "keep this variable", |it| {
        &mut it.run.kept
    }),
    values(STARTS, Group::What, &["--unset-env-var", "--unset", "-u"], &["NAME"], "leave out this variable", |it| {
        &mut it.run.unset
    }),
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
