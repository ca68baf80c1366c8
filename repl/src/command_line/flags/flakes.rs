//! The flags that have to do with flakes.

use super::row::{
    ANY, ARCHIVE, CHECK, CLONE, Commands, FLAKE, Flag, Group, JOBS, REPL, SHOW, SOURCE, flag, ignored, set, switch,
    value, values,
};
use crate::command_line::command::Command;
use crate::command_line::flag_values::FlagValues;
use crate::command_line::words::lossy;

/// The commands that lock flakes.
const LOCKS: Commands = SOURCE | JOBS | REPL | FLAKE;
/// The locking commands that may leave lock files as they are.
const KEEPS: Commands = LOCKS & !(set(Command::FlakeLock) | set(Command::FlakeUpdate));

pub(super) const TABLE: &[Flag] = &[
    value(
        JOBS | set(Command::FlakeUpdate),
        Group::What,
        &["--flake"],
        &["REF"],
        "a flake, or an attribute of it, such as .#jobs",
        |it| &mut it.common.flakes.flake,
    ),
    value(
        set(Command::FlakeInit) | set(Command::FlakeNew),
        Group::What,
        &["--template", "-t"],
        &["REF"],
        "the template, such as templates#rust",
        |it| &mut it.flake.template,
    ),
    value(
        set(Command::FlakePrefetch),
        Group::Output,
        &["--out-link", "-o"],
        &["PATH"],
        "create a link to the tree",
        |it| &mut it.flake.out_link,
    ),
    value(CLONE, Group::Output, &["--dest", "-f"], &["DIR"], "the folder to clone into", |it| {
        &mut it.flake.destination
    }),
    switch(ARCHIVE, Group::Output, &["--dry-run"], "write nothing into the store", |it| &mut it.flake.dry_run),
    value(ARCHIVE, Group::Output, &["--to"], &["URL"], "also copy the trees to this store", |it| &mut it.flake.to),
    ignored(ARCHIVE, &["--no-check-sigs"], &[]),
    switch(SHOW | CHECK, Group::What, &["--all-systems"], "include all systems, not only this one", |it| {
        &mut it.flake.all_systems
    }),
    switch(
        SHOW | CHECK,
        Group::Other,
        &["--incremental"],
        "evaluate only outputs that depend on something that has changed since the last run",
        |it| &mut it.flake.incremental,
    ),
    switch(SHOW, Group::What, &["--legacy"], "look into legacyPackages too", |it| &mut it.flake.legacy),
    switch(CHECK, Group::What, &["--no-build"], "don't build checks", |it| &mut it.flake.builds_nothing),
    flag(
        LOCKS,
        Group::Flakes,
        &["--override-input"],
        &["INPUT", "REF"],
        "use another flake for an input",
        |it, values| {
            it.needs_flakes();
            let [input, reference] = pair(values);
            it.common.flakes.overrides.push((lossy(Some(input)), reference));
            it.common.flakes.writes_no_lock = true;
            Ok(())
        },
    ),
    switch(
        LOCKS & !set(Command::FlakeUpdate),
        Group::Flakes,
        &["--no-update-lock-file"],
        "fail if the lock file isn't complete",
        |it| &mut it.common.flakes.keeps_lock,
    ),
    switch(KEEPS, Group::Flakes, &["--no-write-lock-file"], "lock inputs, but don't write the lock file", |it| {
        &mut it.common.flakes.writes_no_lock
    }),
    switch(LOCKS, Group::Flakes, &["--commit-lock-file"], "commit changes to the lock file", |it| {
        &mut it.common.flakes.commits
    }),
    value(LOCKS, Group::Flakes, &["--reference-lock-file"], &["FILE"], "read this lock file", |it| {
        &mut it.common.flakes.reference
    }),
    value(LOCKS, Group::Flakes, &["--output-lock-file"], &["FILE"], "write this lock file", |it| {
        &mut it.common.flakes.output
    }),
    values(LOCKS, Group::Flakes, &["--inputs-from"], &["REF"], "use this flake's inputs as registry entries", |it| {
        &mut it.common.flakes.inputs_from
    }),
    flag(ANY, Group::Flakes, &["--override-flake"], &["FROM", "TO"], "override a registry entry", |it, values| {
        it.needs_flakes();
        let [from, to] = pair(values);
        it.common.flakes.registry.push((from, to));
        Ok(())
    }),
    flag(LOCKS, Group::Other, &["--recreate-lock-file"], &[], "", |it, _| {
        it.common.flakes.recreates = true;
        it.warn(
            "'--recreate-lock-file' is deprecated and will be removed in a future version; \
             use 'nix flake update' instead.",
        )
    }),
    flag(LOCKS, Group::Other, &["--no-registries"], &[], "", |it, _| {
        it.common.flakes.without_registries = true;
        it.warn("'--no-registries' is deprecated; use '--no-use-registries'")
    }),
    flag(LOCKS, Group::Other, &["--update-input"], &["INPUT"], "", |it, mut values| {
        it.common.flakes.updates.push(lossy(values.pop()));
        it.warn("'--update-input' is a deprecated alias for 'flake update' and will be removed in a future version.")
    }),
];

impl FlagValues {
    fn needs_flakes(&mut self) {
        self.common.needed_features.push("flakes");
    }
}

fn pair(values: Vec<Vec<u8>>) -> [Vec<u8>; 2] {
    values.try_into().unwrap_or_default()
}
