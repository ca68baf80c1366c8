//! From the sets in programs to the attributes of inputs.

use crate::codec::nix_string::attribute_name;
use crate::error::{Error, Result};
use crate::eval::Eval;
use crate::flake_ref::{self, InputAttr};
use crate::heap::{Attrs, Unpacked, Value};
use crate::source::path_text;
use crate::symbol::TYPE;

/// A reader of sets for a builtin.
pub(super) struct Reader {
    /// Its name, for messages.
    pub(super) fetcher: &'static str,
}

impl Reader {
    /// The attributes of an input of this type. The set's own `type` is not evaluated.
    pub(super) fn read<'h>(&self, cx: &mut Eval<'h>, set: Attrs<'h>, kind: &[u8]) -> Result<flake_ref::InputAttrs> {
        let mut attrs = flake_ref::InputAttrs::from([(b"type".to_vec(), InputAttr::String(kind.to_vec()))]);
        for (name, value, _) in set.iter().filter(|attribute| attribute.0 != TYPE) {
            let name = cx.symbol_text(name);
            let value = cx.force(value)?;
            attrs.insert(name.to_vec(), self.attribute(cx, name, value)?);
        }
        Ok(attrs)
    }

    fn attribute<'h>(&self, cx: &mut Eval<'h>, name: &[u8], value: Value<'h>) -> Result<InputAttr> {
        let fetcher = self.fetcher;
        let shown = || attribute_name(name);
        match value.unpack() {
            Unpacked::String(text) => Ok(InputAttr::String(text.as_bytes().to_vec())),
            Unpacked::Path(text) => Ok(InputAttr::String(path_text(text.as_bytes()).to_vec())),
            Unpacked::Bool(truth) => Ok(InputAttr::Bool(truth)),
            Unpacked::Int(int) => u64::try_from(int).map(InputAttr::Int).map_err(|_| {
                Error::eval(format!("negative value given for '{fetcher}' argument '{}': {int}", shown()))
            }),
            _ if name == b"publicKeys" => Ok(InputAttr::String(crate::print::json(cx, value, true)?.0)),
            _ => {
                let kind = cx.show_type(value);
                let wanted = "a string, Boolean or integer is expected";
                Err(Error::type_error(format!("argument '{}' to '{fetcher}' is {kind} while {wanted}", shown())))
            }
        }
    }
}
