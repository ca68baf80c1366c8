//! Values as XML, byte for byte as `builtins.toXML` and `nix-instantiate --eval --xml` write them.

use super::look::is_derivation;
use crate::codec::number::float_to_stream_text;
use crate::codec::xml::write_xml_attribute_value;
use crate::error::Result;
use crate::eval::{ClosureInfo, Eval};
use crate::heap::{Attrs, ContextId, List, PosId, Str, Symbol, Unpacked, Value};
use crate::source::shown_path;
use crate::symbol::{DRV_PATH, OUT_PATH};
use crate::value::attrs;
use crate::value::context::GatheredContexts;
use rustc_hash::FxHashSet;

/// The XML text of a value and the context of its strings. Without `strict`, an unevaluated value is `<unevaluated
/// />`; with `location`, attributes and functions have their positions.
///
/// # Errors
///
/// Fails if forcing fails.
pub fn xml<'h>(cx: &mut Eval<'h>, value: Value<'h>, strict: bool, location: bool) -> Result<(Vec<u8>, ContextId)> {
    let mut writer = Writer {
        out: b"<?xml version='1.0' encoding='utf-8'?>\n".to_vec(),
        level: 0,
        contexts: GatheredContexts::default(),
        derivations: FxHashSet::default(),
        strict,
        location,
    };
    writer.element(cx, "expr", Vec::new(), |writer, cx| writer.value(cx, value, PosId::NONE))?;
    Ok((writer.out, writer.contexts.union(cx.contexts())))
}

type XmlAttributes<'t> = Vec<(&'static str, std::borrow::Cow<'t, [u8]>)>;

struct Writer {
    out: Vec<u8>,
    /// The number of open elements.
    level: usize,
    contexts: GatheredContexts,
    /// The `.drv` files of the derivations written so far.
    derivations: FxHashSet<Vec<u8>>,
    strict: bool,
    location: bool,
}

impl Writer {
    /// Writes an element on separate lines around the output of `content`.
    fn element<'h>(
        &mut self,
        cx: &mut Eval<'h>,
        name: &str,
        attributes: XmlAttributes<'_>,
        content: impl FnOnce(&mut Self, &mut Eval<'h>) -> Result<()>,
    ) -> Result<()> {
        self.start(name, attributes);
        self.out.extend(b">\n");
        self.level += 1;
        content(self, cx)?;
        self.level -= 1;
        self.indent();
        self.out.extend(format!("</{name}>\n").into_bytes());
        Ok(())
    }

    /// An element without content.
    fn empty(&mut self, name: &str, attributes: XmlAttributes<'_>) {
        self.start(name, attributes);
        self.out.extend(b" />\n");
    }

    fn with_value(&mut self, name: &str, value: impl AsRef<[u8]>) {
        self.empty(name, vec![("value", value.as_ref().into())]);
    }

    fn start(&mut self, name: &str, mut attributes: XmlAttributes<'_>) {
        self.indent();
        self.out.push(b'<');
        self.out.extend(name.as_bytes());
        attributes.sort_by_key(|attribute| attribute.0);
        for (name, value) in attributes {
            self.out.extend(format!(" {name}=\"").into_bytes());
            write_xml_attribute_value(&mut self.out, &value);
            self.out.push(b'"');
        }
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n(b' ', 2 * self.level));
    }

    fn look<'h>(&self, cx: &mut Eval<'h>, slot: Value<'h>) -> Result<Value<'h>> {
        if self.strict { cx.force(slot) } else { Ok(slot.peeked()) }
    }

    /// Writes a value. The position is that of the innermost attribute around it.
    fn value<'h>(&mut self, cx: &mut Eval<'h>, slot: Value<'h>, position: PosId) -> Result<()> {
        cx.deeper_at(position, |cx| {
            let value = self.look(cx, slot)?;
            self.evaluated(cx, value, position)
        })
    }

    fn evaluated<'h>(&mut self, cx: &mut Eval<'h>, value: Value<'h>, position: PosId) -> Result<()> {
        match value.unpack() {
            Unpacked::Null => self.empty("null", Vec::new()),
            Unpacked::Bool(truth) => self.with_value("bool", if truth { "true" } else { "false" }),
            Unpacked::Int(int) => self.with_value("int", int.to_string()),
            Unpacked::Float(float) => self.with_value("float", float_to_stream_text(float)),
            Unpacked::String(string) => {
                cx.reserve_room(&mut self.out, string.len())?;
                self.string(string);
            }
            Unpacked::Path(path) => self.with_value("path", shown_path(path.as_bytes())),
            Unpacked::Attrs(set) => return self.set(cx, set),
            Unpacked::List(list) => return self.list(cx, list, position),
            Unpacked::Closure(closure) => {
                let info = cx.closure_info(closure);
                return self.function(cx, &info);
            }
            Unpacked::Partial(partial) => match cx.partial_info(partial) {
                Some(info) => return self.function(cx, &info),
                None => self.empty("unevaluated", Vec::new()),
            },
            Unpacked::Builtin(_) | Unpacked::Thunk(_) => self.empty("unevaluated", Vec::new()),
        }
        Ok(())
    }

    fn string(&mut self, string: Str<'_>) {
        self.contexts.add(string.context());
        self.with_value("string", string.as_bytes());
    }

    fn list<'h>(&mut self, cx: &mut Eval<'h>, list: List<'h>, position: PosId) -> Result<()> {
        self.element(cx, "list", Vec::new(), |writer, cx| {
            for item in list.iter() {
                writer.value(cx, item, position)?;
            }
            Ok(())
        })
    }

    fn set<'h>(&mut self, cx: &mut Eval<'h>, set: Attrs<'h>) -> Result<()> {
        if is_derivation(cx, set)? {
            return self.derivation(cx, set);
        }
        self.element(cx, "attrs", Vec::new(), |writer, cx| writer.members(cx, set))
    }

    fn derivation<'h>(&mut self, cx: &mut Eval<'h>, set: Attrs<'h>) -> Result<()> {
        let drv_path = self.string_of(cx, set, DRV_PATH)?;
        let out_path = self.string_of(cx, set, OUT_PATH)?;
        let paths = [("drvPath", drv_path), ("outPath", out_path)];
        let attributes = paths.into_iter().filter_map(|(name, path)| Some((name, path?.into()))).collect();
        self.element(cx, "derivation", attributes, |writer, cx| {
            let path = drv_path.unwrap_or_default();
            if !path.is_empty() && writer.derivations.insert(path.to_vec()) {
                return writer.members(cx, set);
            }
            writer.empty("repeated", Vec::new());
            Ok(())
        })
    }

    /// The attribute `name`, if it is a string.
    fn string_of<'h>(&self, cx: &mut Eval<'h>, set: Attrs<'h>, name: Symbol) -> Result<Option<&'h [u8]>> {
        let Some(slot) = set.get(name) else { return Ok(None) };
        Ok(self.look(cx, slot)?.as_str().map(Str::as_bytes))
    }

    fn members<'h>(&mut self, cx: &mut Eval<'h>, set: Attrs<'h>) -> Result<()> {
        for (name, value, position) in attrs::by_name(cx.scope(), set) {
            let mut attributes: XmlAttributes<'_> = vec![("name", cx.symbol_text(name).into())];
            if position != PosId::NONE {
                self.add_location(cx, position, &mut attributes);
            }
            self.element(cx, "attr", attributes, |writer, cx| writer.value(cx, value, position))?;
        }
        Ok(())
    }

    fn add_location(&self, cx: &Eval<'_>, position: PosId, attributes: &mut XmlAttributes<'_>) {
        if !self.location {
            return;
        }
        let place = cx.shared().sources.locate(position);
        let (line, column) = place.as_ref().map_or((0, 0), |place| (place.line, place.column));
        attributes.push(("line", line.to_string().into_bytes().into()));
        attributes.push(("column", column.to_string().into_bytes().into()));
        if let Some(path) = place.as_ref().and_then(|place| place.source.origin.path()) {
            attributes.push(("path", path.to_vec().into()));
        }
    }

    fn function<'h>(&mut self, cx: &mut Eval<'h>, info: &ClosureInfo) -> Result<()> {
        let mut attributes = Vec::new();
        self.add_location(cx, info.position, &mut attributes);
        self.element(cx, "function", attributes, |writer, cx| writer.pattern(cx, info))
    }

    fn pattern<'h>(&mut self, cx: &mut Eval<'h>, info: &ClosureInfo) -> Result<()> {
        let mut attributes: XmlAttributes<'_> = Vec::new();
        if let Some(name) = info.argument {
            attributes.push(("name", cx.symbol_text(name).into()));
        }
        let Some(formals) = &info.formals else {
            self.empty("varpat", attributes);
            return Ok(());
        };
        if info.ellipsis {
            attributes.push(("ellipsis", b"1".as_slice().into()));
        }
        let mut names: Vec<&[u8]> = formals.iter().map(|formal| cx.symbol_text(formal.0)).collect();
        names.sort_unstable();
        self.element(cx, "attrspat", attributes, |writer, _| {
            for name in names {
                writer.empty("attr", vec![("name", name.into())]);
            }
            Ok(())
        })
    }
}
