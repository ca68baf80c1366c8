//! The variables of a derivation: as they are, as files (`passAsFile`), or as JSON (`__structuredAttrs`).

use super::Environment;
use super::rc::quoted;
use crate::config::files;
use nivis::Result;
use nivis::codec::lossy;
use nivis::store::derivation::{Variable, placeholder};
use nivis::store::stored::StoredDerivation;
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

/// The variable that has all attributes.
const ATTRIBUTES: &[u8] = b"__json";

/// Sets the derivation's variables, writes its files, and returns assignments for attributes in JSON.
///
/// # Errors
/// Fails if a file can't be written.
pub(super) fn write(derivation: &StoredDerivation, folder: &Path, environment: &mut Environment) -> Result<Vec<u8>> {
    let all = derivation.borrowed(b"").environment;
    let variables = || {
        all.iter().filter_map(|(name, value)| match value {
            Variable::Text(text) => Some((*name, *text)),
            _ => None,
        })
    };
    let as_files: BTreeSet<&[u8]> = variables()
        .filter(|(name, _)| *name == b"passAsFile")
        .flat_map(|(_, names)| names.split(u8::is_ascii_whitespace))
        .collect();
    let mut count = 0;
    for (name, value) in variables().filter(|(name, _)| *name != ATTRIBUTES) {
        if !as_files.contains(name) {
            environment.insert(text(name), text(value));
            continue;
        }
        let file = folder.join(format!(".attr-{count}"));
        count += 1;
        files::write(&file, value)?;
        environment.insert(text(&[name, b"Path"].concat()), file.into_os_string());
    }
    let json =
        variables().find(|(name, _)| *name == ATTRIBUTES).and_then(|(_, json)| serde_json::from_slice(json).ok());
    let Some(Json::Object(mut attributes)) = json else { return Ok(Vec::new()) };
    // In a build, the builder would find paths there.
    let outputs = derivation.outputs.iter().map(|it| (lossy(&it.name), Json::String(placeholder(&it.name))));
    attributes.insert("outputs".to_owned(), Json::Object(outputs.collect()));
    let script = assignments(&attributes);
    for (name, contents, variable) in [
        (".attrs.sh", script.clone(), "NIX_ATTRS_SH_FILE"),
        (".attrs.json", Json::Object(attributes).to_string().into_bytes(), "NIX_ATTRS_JSON_FILE"),
    ] {
        let file = folder.join(name);
        files::write(&file, contents)?;
        environment.insert(variable.into(), file.into_os_string());
    }
    Ok(script)
}

fn text(bytes: &[u8]) -> OsString {
    OsString::from_vec(bytes.to_vec())
}

/// The attributes that bash can hold: plain values, and lists and sets of those.
fn assignments(attributes: &Map<String, Json>) -> Vec<u8> {
    let mut script = Vec::new();
    for (name, value) in attributes.iter().filter(|(name, _)| is_name(name)) {
        let assigned = match value {
            Json::Array(items) => {
                let items: Option<Vec<_>> = items.iter().map(plain).collect();
                items.map(|items| format!("declare -a {name}=({})\n", items.join(" ")))
            }
            Json::Object(members) => {
                let member = |(key, value): (&String, &Json)| Some(format!("[{}]={}", shown(key), plain(value)?));
                let members: Option<Vec<_>> = members.iter().map(member).collect();
                members.map(|members| format!("declare -A {name}=({})\n", members.join(" ")))
            }
            value => plain(value).map(|value| format!("declare {name}={value}\n")),
        };
        script.extend(assigned.unwrap_or_default().into_bytes());
    }
    script
}

/// True for a name that a Bash variable can have.
fn is_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.chars().all(is_part) && !name.starts_with(|c: char| c.is_ascii_digit()) && !name.is_empty()
}

/// A plain value as a word.
fn plain(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(shown(text)),
        Json::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        Json::Bool(true) => Some("1".to_owned()),
        Json::Bool(false) => Some(String::new()),
        Json::Null => Some("''".to_owned()),
        _ => None,
    }
}

fn shown(text: &str) -> String {
    String::from_utf8_lossy(&quoted(text.as_bytes())).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_bash_can_hold() {
        let json = r#"{ "a": "it's", "b": [ 1, true, null ], "c": { "k": "v" }, "d": [ [ ] ], "e-f": 1, "g": 1.5 }"#;
        let Ok(Json::Object(attributes)) = serde_json::from_str(json) else { panic!("no object") };
        let expected = "declare a='it'\\''s'\ndeclare -a b=(1 1 '')\ndeclare -A c=(['k']='v')\n";
        assert_eq!(String::from_utf8_lossy(&assignments(&attributes)), expected);
    }
}
