//! `--write-to PATH`: a string as a file, a set of strings as a directory.

use crate::config::files;
use crate::output::stdio;
use nivis::error::{Action, ResultExt};
use nivis::heap::{PosId, Unpacked};
use nivis::value::attrs::by_name;
use nivis::{Error, ErrorKind, Eval, Result, Value};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Writes a value to a path that nothing must be at yet.
///
/// # Errors
/// Fails if the value can't be evaluated or written, if the target exists, or if a part is neither a string nor a set.
pub(crate) fn write<'h>(cx: &mut Eval<'h>, value: Value<'h>, target: &[u8]) -> Result<()> {
    let target = PathBuf::from(OsStr::from_bytes(target));
    if fs::symlink_metadata(&target).is_ok() {
        return Err(Error::eval(format!("path '{}' already exists", target.display())));
    }
    write_part(cx, value, PosId::NONE, &target)
}

fn write_part<'h>(cx: &mut Eval<'h>, value: Value<'h>, position: PosId, target: &Path) -> Result<()> {
    let value = cx.force(value)?;
    match value.unpack() {
        Unpacked::String(text) => fs::write(target, text.as_bytes()).map_err(|error| {
            ErrorKind::Io(format!("opening file \"{}\": {}", target.display(), stdio::reason(&error))).into()
        }),
        Unpacked::Attrs(set) => {
            fs::create_dir(target).map_err(|error| files::not_written(target, &error))?;
            for (symbol, value, position) in by_name(cx.scope(), set) {
                let name = cx.symbol_text(symbol);
                cx.deeper(|cx| write_attribute(cx, name, value, position, target))
                    .traced(position, || Action::Attribute(String::from_utf8_lossy(name).into()))?;
            }
            Ok(())
        }
        _ => Err(not_writable(cx, position)),
    }
}

#[cold]
fn not_writable(cx: &Eval<'_>, position: PosId) -> Error {
    let place = match position {
        PosId::NONE => "«none»:0".to_owned(),
        position => cx.show_position(position),
    };
    Error::type_error(format!("value at '{place}' is not a string or an attribute set"))
}

fn write_attribute<'h>(
    cx: &mut Eval<'h>,
    name: &[u8],
    value: Value<'h>,
    position: PosId,
    directory: &Path,
) -> Result<()> {
    // A name is one component: nothing outside of the directory is written.
    if matches!(name, b"" | b"." | b"..") || name.contains(&b'/') {
        return Err(Error::eval(format!("invalid file name '{}'", String::from_utf8_lossy(name))));
    }
    write_part(cx, value, position, &directory.join(OsStr::from_bytes(name)))
}
