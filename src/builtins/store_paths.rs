//! Builtins that add files to the store, and their paths there.

mod add;
mod to_file;

use crate::eval::builtin::{Builtin, row};

pub(super) const TABLE: &[Builtin] = &[
    row(
        "filterSource",
        &["f", "path"],
        "The path in the store of a copy of *path* without those entries for which *f* is false. *f* gets the path of an\n\
         entry and its type as strings: `\"regular\"`, `\"directory\"`, `\"symlink\"` or `\"unknown\"`.",
        add::filter_source,
    ),
    row(
        "path",
        &["args"],
        "The path in the store of a copy of `path`. Everything else in the set *args* is optional: `name`, the name it gets\n\
         there; `filter`, as for `filterSource`; `recursive`, false to hash the contents of a file alone; `sha256`, the hash that\n\
         it must have.",
        add::path,
    )
    .forces_first(),
    row(
        "storePath",
        &["path"],
        "The string *path*, a path in the store or below one, with a reference to it. A path value would be copied \
         instead.",
        add::store_path,
    )
    .example(
        "builtins.storePath \"/nix/store/g76zcpqc540lrc8i6g7xy6ip0npn2hnp-a\"",
        "\"/nix/store/g76zcpqc540lrc8i6g7xy6ip0npn2hnp-a\"",
    ),
    row(
        "toFile",
        &["name", "s"],
        "The path in the store of a file that holds the string *s*. It may refer to other files, but not to outputs of\n\
         derivations.",
        to_file::to_file,
    )
    .forces_first()
    .example("builtins.toFile \"a\" \"b\"", "\"/nix/store/g76zcpqc540lrc8i6g7xy6ip0npn2hnp-a\""),
];
