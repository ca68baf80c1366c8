//! Evaluated values as text that could be typed.

use super::Writer;
use crate::codec::nix_string::write_string_literal;
use crate::eval::stepping::names::members;
use crate::heap::{Closure, Partial, Unpacked, Value};
use crate::syntax::rewrite::{Bond, Piece};

impl<'h> Writer<'_, 'h> {
    /// A value in weak head normal form.
    pub(super) fn value(&mut self, value: Value<'h>) -> Option<Piece> {
        let piece = match value.unpack() {
            Unpacked::Thunk(thunk) => return self.thunk(thunk),
            Unpacked::Null => Piece::atom("null"),
            Unpacked::Bool(truth) => Piece::atom(if truth { "true" } else { "false" }),
            Unpacked::Int(number) => number_piece(number < 0, number.to_string()),
            Unpacked::Float(number) => float_piece(number)?,
            Unpacked::String(text) => string_piece(text.as_bytes()),
            Unpacked::Path(text) => path_piece(text.as_bytes())?,
            Unpacked::List(list) => return self.guarded(value, |this| this.list(&this.cx.scope.gather(list.iter()))),
            Unpacked::Attrs(set) => {
                let members = members(self.cx, set);
                return self.guarded(value, |this| this.set(&members));
            }
            Unpacked::Closure(closure) => return self.function(closure),
            Unpacked::Partial(partial) => return self.partial(partial),
            Unpacked::Builtin(id) => self.builtin(self.cx.builtin(id).name),
        };
        self.note(piece)
    }

    pub(super) fn builtin(&self, name: &str) -> Piece {
        let name = name.trim_start_matches("__");
        let cx = &*self.cx;
        let is_global = cx.shared.globals.borrow().contains_key(&cx.intern(name.as_bytes()));
        Piece::atom(if is_global { name.to_owned() } else { format!("builtins.{name}") })
    }

    pub(super) fn list(&mut self, items: &[Value<'h>]) -> Option<Piece> {
        let mut text = "[ ".to_owned();
        for item in items {
            text += &self.held(*item)?.within(Bond::Atom);
            text.push(' ');
        }
        self.note(Piece::atom(text + "]"))
    }

    pub(super) fn set(&mut self, members: &[(String, Value<'h>)]) -> Option<Piece> {
        let mut text = "{ ".to_owned();
        for (name, value) in members {
            let value = self.held(*value)?;
            text +=
                &if value.text == *name { format!("inherit {name}; ") } else { format!("{name} = {}; ", value.text) };
        }
        self.note(Piece::atom(text + "}"))
    }

    fn function(&mut self, closure: Closure<'h>) -> Option<Piece> {
        let unit = self.cx.shared.units.find(closure.code())?;
        if !self.stepping.is_of(unit) {
            return None;
        }
        let span = unit.code(closure.code()).span;
        let environment = self.cx.environment_of(closure.code(), closure.into())?;
        self.delayed(span, environment)
    }

    fn partial(&mut self, partial: Partial<'h>) -> Option<Piece> {
        let mut text = self.held(partial.function())?.within(Bond::Call);
        for index in 0..partial.len() {
            text = format!("{text} {}", self.held(partial.argument(index))?.within(Bond::Atom));
        }
        self.note(Piece { text, bond: Bond::Call })
    }
}

fn number_piece(is_negative: bool, text: String) -> Piece {
    Piece { text, bond: if is_negative { Bond::Operator } else { Bond::Atom } }
}

fn float_piece(number: f64) -> Option<Piece> {
    let text = format!("{number:?}");
    let text = match text.split_once('e') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0e{exponent}"),
        _ => text,
    };
    number.is_finite().then(|| number_piece(number < 0.0, text))
}

fn string_piece(text: &[u8]) -> Piece {
    let mut out = Vec::new();
    write_string_literal(&mut out, text);
    Piece::atom(String::from_utf8_lossy(&out).into_owned())
}

fn path_piece(text: &[u8]) -> Option<Piece> {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+".contains(byte);
    let text =
        std::str::from_utf8(text).ok().filter(|text| text.len() > 1 && text.bytes().all(|byte| is_plain(&byte)))?;
    Some(Piece::atom(text))
}
