//! Registries: the meaning of short flake names, as data.

use super::{FlakeRef, InputAttrs, attrs_of_file, check_input};
use crate::codec::json::parse_json;
use crate::error::{Error, Result};
use serde_json::Value as Json;

/// One entry of a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistryEntry {
    /// The replaced input: a name, or any other input.
    pub from: InputAttrs,
    /// Its replacement.
    pub to: FlakeRef,
    /// Replace only exactly this input, not the same one with a branch or commit.
    pub exact: bool,
}

/// A registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registry {
    /// Its entries; the first match counts.
    pub entries: Vec<RegistryEntry>,
}

impl Registry {
    /// Parses a registry. `name` is its name in messages.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a registry.
    pub fn parse(text: &[u8], name: &str) -> Result<Self> {
        let json: Json = serde_json::from_slice(text).map_err(|error| {
            let problem = parse_json(text).err().map_or_else(|| error.to_string(), |error| error.to_string());
            Error::fetch(format!("cannot parse flake registry '{name}': {problem}"))
        })?;
        let unreadable = |error: Error| Error::fetch(format!("cannot read flake registry '{name}': {error}"));
        let version = json.get("version").and_then(Json::as_i64).unwrap_or(0);
        if version != 2 {
            let text = format!("flake registry '{name}' has unsupported version {version}");
            return Err(unreadable(Error::fetch(text)));
        }
        let entries = json.get("flakes").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
        let entries = entries.iter().map(entry).collect::<Result<_>>().map_err(unreadable)?;
        Ok(Self { entries })
    }
}

fn entry(json: &Json) -> Result<RegistryEntry> {
    let side = |name: &str| json.get(name).map_or_else(|| Ok(InputAttrs::new()), attrs_of_file);
    Ok(RegistryEntry {
        to: FlakeRef::from_attrs(side("to")?)?,
        from: check_input(side("from")?)?,
        exact: json.get("exact").and_then(Json::as_bool).unwrap_or(false),
    })
}
