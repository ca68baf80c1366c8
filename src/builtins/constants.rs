//! The global scope and the set `builtins`: all rows of the tables, and the constants.

use crate::error::Result;
use crate::eval::builtin::{Arguments, Builtin, INTERNAL, row};
use crate::eval::{CLOCK, Eval};
use crate::heap::{BuiltinId, PosId, Value};
use crate::symbol::{PATH, PREFIX};
use crate::value::attrs::Attr;

/// The release of C++ Nix that defines the language; `builtins.nixVersion`.
pub const NIX_VERSION: &str = "2.36.0";

/// C++ Nix's registrations, in its order: first constants, then builtins. Globals have exactly this name, members of
/// `builtins` the name without the leading `__`.
///
/// Sets are iterated in the order in which their names were first met, and these come before any program. So all of
/// them are interned, whether they are implemented or not.
const REGISTERED: &str = "\
    builtins true false null __currentTime __currentSystem __nixVersion __storeDir __langVersion __traceVerbose __nixPath \
    scopedImport import __typeOf isNull __isFunction __isInt __isFloat __isString __isBool __isPath __genericClosure break \
    abort throw __addErrorContext __ceil __floor __tryEval __getEnv __seq __deepSeq __trace __warn derivationStrict \
    placeholder __toPath __storePath __pathExists baseNameOf dirOf __readFile __findFile __hashFile __readFileType \
    __readDir __toXML __toJSON __fromJSON __toFile __filterSource __path __attrNames __attrValues __getAttr \
    __unsafeGetAttrPos __hasAttr __isAttrs removeAttrs __listToAttrs __intersectAttrs __catAttrs __functionArgs __mapAttrs \
    __zipAttrsWith __isList __elemAt __head __tail map __filter __elem __concatLists __length __foldl' __any __all \
    __genList __sort __partition __groupBy __concatMap __add __sub __mul __div __bitAnd __bitOr __bitXor __lessThan \
    toString __substring __stringLength __hashString __convertHash __match __split __concatStringsSep __replaceStrings \
    __parseDrvName __compareVersions __splitVersion __unsafeDiscardStringContext __hasContext \
    __unsafeDiscardOutputDependency __addDrvOutputDependencies __getContext __appendContext fetchMercurial fetchFinalTree \
    __fetchurl fetchTarball fetchGit fromTOML derivation";

/// The names that C++ Nix meets next, in its own definition of `derivation`.
const DERIVATION: &str = "strict drvAttrs commonAttrs outputsList x outputToAttrListElement";

pub(super) const TABLE: &[Builtin] =
    &[row(CLOCK, &["ignored"], "The time at which the evaluation began.", clock).behind(INTERNAL).untraced()];

fn clock<'h>(cx: &mut Eval<'h>, _: Arguments<'h>) -> Result<Value<'h>> {
    Ok(cx.clock_time())
}

/// Fills the global scope and the set `builtins`.
pub(crate) fn install(cx: &mut Eval<'_>) {
    for name in REGISTERED.split_ascii_whitespace().chain(DERIVATION.split_ascii_whitespace()) {
        cx.intern(name.as_bytes());
        cx.intern(plain(name).as_bytes());
    }
    let mut members = Vec::new();
    add_constants(cx, &mut members);
    for (index, builtin) in cx.shared().builtins.iter().enumerate() {
        if builtin.feature.is_some_and(|feature| !cx.settings().has_feature(feature)) {
            continue;
        }
        let prefix = if builtin.is_global { "" } else { "__" };
        add(cx, &mut members, &format!("{prefix}{}", builtin.name), Value::builtin(BuiltinId(index as u16)));
    }
    add_set(cx, members);
}

fn plain(name: &str) -> &str {
    name.strip_prefix("__").unwrap_or(name)
}

/// Adds a global, and a member of `builtins` under its name there.
fn add<'h>(cx: &Eval<'h>, members: &mut Vec<Attr<'h>>, name: &str, value: Value<'h>) {
    let root = cx.scope().add_root(value);
    cx.shared().globals.borrow_mut().insert(cx.intern(name.as_bytes()), root);
    members.push((cx.intern(plain(name).as_bytes()), value, PosId::NONE));
}

fn add_constants<'h>(cx: &Eval<'h>, members: &mut Vec<Attr<'h>>) {
    let settings = cx.settings();
    add(cx, members, "true", Value::TRUE);
    add(cx, members, "false", Value::FALSE);
    add(cx, members, "null", Value::NULL);
    if !settings.pure {
        cx.start_clock();
        add(cx, members, "__currentTime", cx.delayed_call(cx.internal_builtin(CLOCK), &[Value::NULL]));
        add(cx, members, "__currentSystem", cx.string(&settings.system));
    }
    add(cx, members, "__nixVersion", cx.string(NIX_VERSION));
    add(cx, members, "__storeDir", cx.string(&settings.store_dir));
    add(cx, members, "__langVersion", cx.int(6));
    add(cx, members, "__nixPath", search_path(cx));
}

/// The value of `nixPath`. Pure evaluation has no search path.
fn search_path<'h>(cx: &Eval<'h>) -> Value<'h> {
    let settings = cx.settings();
    let entries = if settings.pure { &[] } else { settings.search_path.as_slice() };
    let items: Vec<_> = entries
        .iter()
        .map(|entry| {
            let (path, prefix) = (cx.string(&entry.path), cx.string(&entry.prefix));
            cx.attrs(vec![(PATH, path, PosId::NONE), (PREFIX, prefix, PosId::NONE)])
        })
        .collect();
    cx.list(&items)
}

/// Creates the set, which contains itself as `builtins`.
fn add_set<'h>(cx: &Eval<'h>, mut members: Vec<Attr<'h>>) {
    let name = cx.intern(b"builtins");
    members.push((name, Value::NULL, PosId::NONE));
    // Written in Nix, so it is created when everything else exists.
    members.push((cx.intern(b"derivation"), Value::NULL, PosId::NONE));
    let set = cx.attrs(members);
    if let Some((layer, index)) = set.as_attrs().and_then(|attrs| attrs.find(name)) {
        layer.write_back(index, set);
    }
    let root = cx.scope().add_root(set);
    cx.shared().globals.borrow_mut().insert(name, root);
    // An engine installs its builtins once; a second set would only be a copy.
    let _ = cx.shared().builtins_set.set(root);
}
