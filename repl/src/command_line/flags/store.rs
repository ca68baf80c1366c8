//! The flags of the commands about the store.

use super::row::{Flag, Group, PATH_INFO, SHOW_DERIVATION, flag, set, switch, value};
use crate::command_line::command::Command;
use crate::command_line::words::{lossy, usage};

pub(super) const TABLE: &[Flag] = &[
    switch(PATH_INFO | SHOW_DERIVATION, Group::What, &["--recursive", "-r"], "include what they refer to", |it| {
        &mut it.store.recursive
    }),
    switch(PATH_INFO, Group::What, &["--derivation"], "tell about the derivations, not their outputs", |it| {
        &mut it.store.derivations
    }),
    switch(PATH_INFO, Group::Output, &["--size", "-s"], "print the size of each entry", |it| &mut it.store.sizes),
    switch(PATH_INFO, Group::Output, &["--closure-size", "-S"], "print its size with all it refers to", |it| {
        &mut it.store.closure_sizes
    }),
    switch(PATH_INFO, Group::Output, &["--human-readable", "-h"], "print sizes such as 5.6 GiB", |it| {
        &mut it.store.human_readable
    }),
    switch(PATH_INFO, Group::Output, &["--sigs"], "print signatures", |it| &mut it.store.signatures),
    flag(
        PATH_INFO,
        Group::Output,
        &["--json-format"],
        &["VERSION"],
        "the version of the JSON: 1, 2 or 3",
        |it, mut values| {
            let version = lossy(values.pop());
            let known = version.parse().ok().filter(|version| (1..=3).contains(version));
            it.store.json_format =
                Some(known.ok_or_else(|| usage(format!("unknown JSON format version '{version}'")))?);
            Ok(())
        },
    ),
    switch(PATH_INFO | set(Command::StoreAdd), Group::Other, &["--dry-run"], "", |it| &mut it.store.dry_run),
    value(set(Command::StoreAdd), Group::What, &["--name", "-n"], &["NAME"], "the name in the path", |it| {
        &mut it.store.name
    }),
    value(
        set(Command::StoreAdd),
        Group::What,
        &["--mode"],
        &["MODE"],
        "nar (as an archive), flat (a file's contents alone), or text (as toFile)",
        |it| &mut it.store.mode,
    ),
    value(set(Command::StoreAdd), Group::What, &["--hash-algo"], &["ALGORITHM"], "", |it| &mut it.store.algorithm),
    switch(set(Command::StoreLs), Group::What, &["--recursive", "-R"], "list folders in folders too", |it| {
        &mut it.store.recursive
    }),
    switch(set(Command::StoreLs), Group::Output, &["--long", "-l"], "print types and sizes", |it| &mut it.store.long),
    switch(set(Command::StoreLs), Group::What, &["--directory", "-d"], "show folders, not what is in them", |it| {
        &mut it.store.only_folders
    }),
];
