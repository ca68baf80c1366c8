//! Builtins on files and paths, and on the environment.

mod paths;
pub(super) mod reading;
pub(super) mod realise;

use super::derivation::imported;
use super::strings::text::plain;
use crate::error::{Error, ErrorKind, Ordinal, Purpose, Result, ResultExt};
use crate::eval::Eval;
use crate::eval::builtin::{Arguments, Builtin, row};
use crate::heap::{Attrs, PosId, Value};
use crate::symbol::{PATH, PREFIX};

pub(super) const TABLE: &[Builtin] = &[
    row(
        "baseNameOf",
        &["x"],
        "What follows the last slash of the path or string *x*. One slash at the end of a string is ignored.",
        paths::base_name_of,
    )
    .global()
    .forces_first()
    .example("map baseNameOf [ \"/a/b.nix\" \"a/\" /etc/hosts ]", "[ \"b.nix\" \"a\" \"hosts\" ]"),
    row(
        "dirOf",
        &["s"],
        "What comes before the last slash of *s*: a path if *s* is a path, otherwise a string.\n\
         A string without slash is in `\".\"`.",
        paths::dir_of,
    )
    .global()
    .forces_first()
    .example("map dirOf [ \"a/b\" \"a\" /etc/hosts ]", "[ \"a\" \".\" /etc ]"),
    row(
        "findFile",
        &["search-path", "lookup-path"],
        "The path of *lookup-path* in *search-path*, a list of sets `{ path = …; prefix = …; }`.\n\
         An entry applies if *lookup-path* is or is below its `prefix`; what is left of it is looked up in its `path`.\n\
         The first file found counts. `<nixpkgs>` is short for `builtins.findFile builtins.nixPath \"nixpkgs\"`.",
        find_file,
    )
    .forces_first()
    .example("builtins.findFile [ { prefix = \"x\"; path = \"/dev\"; } ] \"x/null\"", "/dev/null"),
    row(
        "getEnv",
        &["s"],
        "The environment variable *s*; the empty string if there is none, and always in pure evaluation.",
        get_env,
    )
    .forces_first()
    .example("builtins.getEnv \"NO SUCH VARIABLE\"", "\"\""),
    row(
        "import",
        &["path"],
        "The value of the Nix expression in the file *path*; in a directory, of its `default.nix`.\n\
         The file sees none of the variables around the call. It is evaluated once, however often it is imported.",
        import,
    )
    .global()
    .forces_first(),
    row(
        "pathExists",
        &["path"],
        "Whether there is a file at *path*. A link is one wherever it leads.\n\
         With `/` or `/.` at its end, a string asks for a directory, and links are followed.",
        reading::path_exists,
    )
    .example("map builtins.pathExists [ \"/dev/null\" \"/dev/null/\" \"/dev/\" ]", "[ true false true ]"),
    row(
        "readDir",
        &["path"],
        "The entries of the directory *path*: a set of their names with, for each, what it is, in the words of\n\
         `readFileType`.",
        reading::read_dir,
    )
    .forces_first(),
    row(
        "readFile",
        &["path"],
        "The contents of the file *path* as a string. It fails for a file with a zero byte, and for anything but a\n\
         regular file, such as a folder, a device or a pipe.",
        reading::read_file,
    )
    .forces_first()
    .example("builtins.readFile (builtins.toFile \"a\" \"text\")", "\"text\""),
    row(
        "readFileType",
        &["p"],
        "What is at the path *p*: `\"regular\"`, `\"directory\"`, `\"symlink\"` or, for anything else, \
         `\"unknown\"`.",
        reading::read_file_type,
    )
    .forces_first()
    .example("map builtins.readFileType [ /dev /dev/null ]", "[ \"directory\" \"unknown\" ]"),
    row(
        "scopedImport",
        &["scope", "path"],
        "Like `import`, but the file also sees the attributes of the set *scope* as variables, even in place of builtins.\n\
         It is evaluated again each time.",
        scoped_import,
    )
    .global(),
    row(
        "toPath",
        &["s"],
        "The absolute path *s* as a string without `.`, `..` and needless slashes. To make a path value, write\n\
         `/. + s`.",
        paths::to_path,
    )
    .forces_first()
    .example("builtins.toPath \"/a/./b/../c\"", "\"/a/c\""),
];

fn get_env<'h>(cx: &mut Eval<'h>, [name, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let name = cx.force_plain_string(name, Purpose::Argument(Ordinal::First, "builtins.getEnv"))?;
    let value = if cx.settings().pure { None } else { cx.io().variable(name.as_bytes()) };
    Ok(cx.string(value.unwrap_or_default()))
}

fn import<'h>(cx: &mut Eval<'h>, [path, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let path = reading::realised_path(cx, path)?;
    match imported(cx, path)? {
        Some(derivation) => Ok(derivation),
        None => cx.import(Value::path(path)),
    }
}

fn scoped_import<'h>(cx: &mut Eval<'h>, [scope, path, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let path = reading::realised_path(cx, path)?;
    let scope = cx.force_attrs(scope, Purpose::Argument(Ordinal::First, "builtins.scopedImport"))?;
    cx.scoped_import(scope, Value::path(path))
}

fn find_file<'h>(cx: &mut Eval<'h>, [search_path, name, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let phrase = Purpose::Argument(Ordinal::First, "builtins.findFile");
    let search_path = cx.force_list(search_path, phrase)?;
    let mut entries = Vec::with_capacity(search_path.len());
    for entry in search_path.iter() {
        let entry = cx.force_attrs(entry, "while evaluating an element of the list passed to builtins.findFile")?;
        entries.push(search_path_entry(cx, entry)?);
    }
    let name = cx.force_plain_string(name, Purpose::Argument(Ordinal::Second, "builtins.findFile"))?;
    cx.find_file(name.as_bytes(), &entries)
}

fn search_path_entry<'h>(cx: &mut Eval<'h>, entry: Attrs<'h>) -> Result<(Vec<u8>, Vec<u8>)> {
    const PREFIX_PHRASE: &str =
        "while evaluating the `prefix` attribute of an element of the list passed to builtins.findFile";
    const PATH_PHRASE: &str =
        "while evaluating the `path` attribute of an element of the list passed to builtins.findFile";
    let prefix = match entry.get(PREFIX) {
        Some(prefix) => cx.force_plain_string(prefix, PREFIX_PHRASE)?.as_bytes().to_vec(),
        None => Vec::new(),
    };
    let missing = || Error::from(ErrorKind::MissingAttribute("path".to_owned()));
    let path = entry.get(PATH).ok_or_else(missing).traced(PosId::NONE, || "in an element of the __nixPath")?;
    let path = plain(cx, path, PATH_PHRASE)?;
    let path = realise::realise_entry(cx, path)?;
    Ok((prefix, path.as_bytes().to_vec()))
}
