//! Builtins on the texts of paths; they read no files.

use crate::builtins::strings::text::plain;
use crate::error::{Ordinal, Purpose, Result};
use crate::eval::Eval;
use crate::eval::builtin::Arguments;
use crate::heap::{Unpacked, Value};
use crate::path::base_name;
use crate::source::path_text;
use memchr::memrchr;

pub(super) fn base_name_of<'h>(cx: &mut Eval<'h>, [path, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let path = plain(cx, path, Purpose::Argument(Ordinal::First, "builtins.baseNameOf"))?;
    Ok(cx.string_with_context(base_name(path.as_bytes()), path.context()))
}

pub(super) fn dir_of<'h>(cx: &mut Eval<'h>, [path, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let path = cx.force(path)?;
    if let Unpacked::Path(text) = path.unpack() {
        let is_root = path_text(text.as_bytes()) == b"/";
        return Ok(if is_root { path } else { cx.path(directory(text.as_bytes())) });
    }
    let text = plain(cx, path, Purpose::Argument(Ordinal::First, "'builtins.dirOf'"))?;
    Ok(cx.string_with_context(directory(text.as_bytes()), text.context()))
}

/// The text before the last slash.
fn directory(path: &[u8]) -> &[u8] {
    match memrchr(b'/', path) {
        None => b".",
        Some(0) => b"/",
        Some(slash) => &path[..slash],
    }
}

pub(super) fn to_path<'h>(cx: &mut Eval<'h>, [path, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let path = cx.coerce_to_path(path, Purpose::Argument(Ordinal::First, "builtins.toPath"))?;
    Ok(cx.string_with_context(path_text(path.as_bytes()), path.context()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_paths() {
        let table: [(&str, &str, &str); 9] = [
            ("", "", "."),
            ("/", "", "/"),
            ("//", "", "/"),
            ("a", "a", "."),
            ("a/", "a", "a"),
            ("a//", "", "a/"),
            ("/a", "a", "/"),
            ("/a/b", "b", "/a"),
            ("a//b", "b", "a/"),
        ];
        for (path, base, dir) in table {
            assert_eq!(base_name(path.as_bytes()), base.as_bytes(), "{path}");
            assert_eq!(directory(path.as_bytes()), dir.as_bytes(), "{path}");
        }
    }
}
