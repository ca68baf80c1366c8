//! Data as the text of a Nix expression, from which the same data can be read again.

use super::data::Data;
use crate::codec::nix_string::{write_attribute_name, write_string_literal};

/// The text, or the reason why Nix has no such value.
pub(super) fn text(data: &Data) -> Result<String, String> {
    let mut out = Vec::new();
    write(&mut out, data, 0)?;
    String::from_utf8(out).map_err(|_| "a text is not UTF-8".to_owned())
}

/// Data may be nested so deeply.
const DEEPEST: usize = 1000;

fn write(out: &mut Vec<u8>, data: &Data, depth: usize) -> Result<(), String> {
    if depth > DEEPEST {
        return Err("the value is nested too deeply".to_owned());
    }
    match data {
        Data::Null => out.extend_from_slice(b"null"),
        Data::Bool(truth) => out.extend_from_slice(truth.to_string().as_bytes()),
        // Its absolute value is not an integer of Nix.
        Data::Int(i64::MIN) => out.extend_from_slice(b"(-9223372036854775807 - 1)"),
        Data::Int(number) => write_number(out, *number < 0, &number.to_string()),
        Data::Float(number) if number.is_finite() => write_number(out, number.is_sign_negative(), &float(*number)),
        Data::Float(number) => return Err(format!("{number} has no text in Nix")),
        Data::String(text) => write_string_literal(out, text),
        Data::Path(path) => {
            out.extend_from_slice(b"(/. + ");
            write_string_literal(out, path);
            out.push(b')');
        }
        Data::List(items) => {
            out.extend_from_slice(b"[ ");
            for item in items {
                write(out, item, depth + 1)?;
                out.push(b' ');
            }
            out.push(b']');
        }
        Data::Set(attributes) => {
            out.extend_from_slice(b"{ ");
            for (index, (name, value)) in attributes.iter().enumerate() {
                // Of several with the same name the last wins.
                if attributes[index + 1..].iter().any(|(later, _)| later == name) {
                    continue;
                }
                write_attribute_name(out, name.as_bytes());
                out.extend_from_slice(b" = ");
                write(out, value, depth + 1)?;
                out.extend_from_slice(b"; ");
            }
            out.push(b'}');
        }
        Data::Value(_) => return Err("a value of a session has no text of its own".to_owned()),
        Data::Function(function) => return Err(format!("the function '{}' has no text", function.name())),
        Data::Failed(message) => return Err(message.clone()),
    }
    Ok(())
}

/// A list has no negative numbers without parentheses.
fn write_number(out: &mut Vec<u8>, is_negative: bool, text: &str) {
    let text = if is_negative { format!("({text})") } else { text.to_owned() };
    out.extend_from_slice(text.as_bytes());
}

/// The shortest text that is this float again. Nix needs a point in it.
fn float(number: f64) -> String {
    let text = format!("{number:?}");
    match text.split_once('e') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0e{exponent}"),
        _ => text,
    }
}
