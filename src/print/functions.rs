//! The printed texts of functions.

use super::nix::Style;
use crate::codec::nix_string::write_attribute_name;
use crate::codec::terminal::shown_text;
use crate::eval::{ClosureInfo, Eval};
use crate::heap::{PosId, Unpacked, Value};

/// The text of a function; empty for other values.
pub(super) fn text<'h>(eval: &Eval<'h>, function: Value<'h>, style: Style) -> Vec<u8> {
    let ambiguous = style == Style::Ambiguous;
    match function.unpack() {
        Unpacked::Closure(_) if ambiguous => b"<LAMBDA>".to_vec(),
        Unpacked::Closure(closure) => lambda(eval, &eval.closure_info(closure)),
        Unpacked::Builtin(_) if ambiguous => b"<PRIMOP>".to_vec(),
        Unpacked::Builtin(id) => format!("«primop {}»", eval.builtin(id).name).into_bytes(),
        Unpacked::Partial(partial) => match (eval.partial_info(partial), partial.function().unpack()) {
            (Some(_), _) if ambiguous => b"<LAMBDA>".to_vec(),
            (Some(info), _) => lambda(eval, &info),
            (None, _) if ambiguous => b"<PRIMOP-APP>".to_vec(),
            (None, Unpacked::Builtin(id)) => {
                format!("«partially applied primop {}»", eval.builtin(id).name).into_bytes()
            }
            (None, _) => "«partially applied primop»".into(),
        },
        _ => Vec::new(),
    }
}

fn lambda(eval: &Eval<'_>, info: &ClosureInfo) -> Vec<u8> {
    let mut text = "«lambda ".as_bytes().to_vec();
    if let Some(name) = info.name {
        write_attribute_name(&mut text, eval.symbol_text(name));
        text.push(b' ');
    }
    text.extend(format!("@ {}»", place(eval, info.position)).into_bytes());
    text
}

fn place(eval: &Eval<'_>, position: PosId) -> String {
    match eval.shared().sources.locate(position) {
        Some(place) => {
            let file = place.source.name();
            shown_text(&format!("{file}:{}:{}", place.line, place.column), true)
        }
        None => "«none»".to_owned(),
    }
}
