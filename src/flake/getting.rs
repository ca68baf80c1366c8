//! The builtin `getFlake`.

use super::options::LockOptions;
use super::reference::warn_of_parameters;
use super::{lock, lock_folder, values};
use crate::error::{Error, Ordinal, Purpose, Result};
use crate::eval::Eval;
use crate::flake_ref::{FlakeRef, Reading, input};
use crate::heap::{PosId, Unpacked, Value};
use crate::path::canonical;

/// The flake that an evaluated value refers to: a path, or a string.
pub(crate) fn get_flake<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<Value<'h>> {
    let is_pure = cx.settings().pure;
    let options = LockOptions {
        may_update: false,
        may_write: false,
        use_registries: Some(!is_pure && cx.settings().flakes.use_registries),
        allow_unlocked: !is_pure,
        ..LockOptions::default()
    };
    if let Unpacked::Path(path) = value.unpack() {
        return lock_folder(cx, path.as_bytes(), &options)?.value(cx);
    }
    let text = cx.force_plain_string(value, Purpose::Argument(Ordinal::Only, "builtins.getFlake"))?;
    warn_of_parameters(cx, text.as_bytes(), &Reading::default());
    let reference = FlakeRef::parse(text.as_bytes())?;
    if is_pure && !reference.is_locked(cx.settings().flakes.trust_forges)? {
        let (text, place) = (String::from_utf8_lossy(text.as_bytes()), values::place(cx, PosId::NONE));
        let problem = format!("cannot call 'getFlake' on unlocked flake reference '{text}', at {place}");
        return Err(Error::fetch(format!("{problem} (use --impure to override)")));
    }
    match folder_of_fetched(cx, &reference) {
        Some(folder) => lock_folder(cx, &folder, &options)?.value(cx),
        None => lock(cx, &reference, &options)?.value(cx),
    }
}

/// The folder of a path in the store, if this evaluation has put it there.
fn folder_of_fetched(cx: &Eval<'_>, reference: &FlakeRef) -> Option<Vec<u8>> {
    let path = input::text(&reference.attrs, "path").filter(|_| input::kind(&reference.attrs) == b"path")?;
    let path = canonical(path);
    let start = cx.settings().store_dir.len() + 1;
    let rest = path.strip_prefix(cx.settings().store_dir.as_bytes())?.strip_prefix(b"/")?;
    let end = start + memchr::memchr(b'/', rest).unwrap_or(rest.len());
    let is_here = cx.shared().flakes.has(&path[..end]);
    is_here.then(|| canonical(&[&path[..], b"/", &reference.subdir].concat()))
}
