//! An environment as it was written down: the variables and functions of bash.

use nivis::codec::lossy;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// The variables and functions of bash.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Captured {
    pub(super) variables: BTreeMap<String, Variable>,
    /// The bodies of functions, without braces.
    pub(super) functions: BTreeMap<String, String>,
    /// Structured attributes.
    pub(super) attributes: Option<Attributes>,
}

/// A variable of bash.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Variable {
    Text { value: String, exported: bool },
    List(Vec<String>),
    Map(BTreeMap<String, String>),
}

/// The files of structured attributes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attributes {
    pub(super) json: String,
    pub(super) script: String,
}

impl Captured {
    /// Reads what a build has written.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let json: Json = serde_json::from_str(&lossy(text)).ok()?;
        let mut captured = Self::default();
        for (name, variable) in json.get("variables")?.as_object()? {
            if let Some(variable) = Variable::read(variable) {
                captured.variables.insert(name.clone(), variable);
            }
        }
        captured.functions = map(json.get("bashFunctions")?)?;
        captured.attributes = json.get("structuredAttrs").and_then(|files| {
            let file = |name| Some(files.get(name)?.as_str()?.to_owned());
            Some(Attributes { json: file(".attrs.json")?, script: file(".attrs.sh")? })
        });
        Some(captured)
    }

    /// The same as JSON.
    pub(super) fn to_json(&self) -> Json {
        let variables = self.variables.iter().map(|(name, variable)| (name.clone(), variable.to_json()));
        let variables: Map<String, Json> = variables.collect();
        let mut json = json!({ "bashFunctions": self.functions, "variables": variables });
        if let (Some(files), Json::Object(members)) = (&self.attributes, &mut json) {
            let files = json!({ ".attrs.json": files.json, ".attrs.sh": files.script });
            members.insert("structuredAttrs".to_owned(), files);
        }
        json
    }

    /// The outputs of the derivation, with their paths.
    pub(super) fn outputs(&self) -> Vec<(&str, &str)> {
        match self.variables.get("outputs") {
            Some(Variable::Map(outputs)) => outputs.iter().map(|(name, path)| (&**name, &**path)).collect(),
            Some(Variable::List(names)) => names.iter().filter_map(|name| Some((&**name, self.text(name)?))).collect(),
            Some(Variable::Text { value, .. }) => {
                value.split_whitespace().filter_map(|name| Some((name, self.text(name)?))).collect()
            }
            None => self.text("out").map(|path| ("out", path)).into_iter().collect(),
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        match self.variables.get(name) {
            Some(Variable::Text { value, .. }) => Some(value),
            _ => None,
        }
    }
}

impl Variable {
    fn read(json: &Json) -> Option<Self> {
        let value = json.get("value");
        match json.get("type")?.as_str()? {
            "exported" => Some(Self::Text { value: value?.as_str()?.to_owned(), exported: true }),
            "var" => Some(Self::Text { value: value?.as_str()?.to_owned(), exported: false }),
            "array" => {
                let items = value?.as_array()?.iter().map(|item| Some(item.as_str()?.to_owned()));
                Some(Self::List(items.collect::<Option<_>>()?))
            }
            "associative" => Some(Self::Map(map(value?)?)),
            _ => None,
        }
    }

    fn to_json(&self) -> Json {
        match self {
            Self::Text { value, exported: true } => json!({ "type": "exported", "value": value }),
            Self::Text { value, exported: false } => json!({ "type": "var", "value": value }),
            Self::List(items) => json!({ "type": "array", "value": items }),
            Self::Map(members) => json!({ "type": "associative", "value": members }),
        }
    }
}

fn map(json: &Json) -> Option<BTreeMap<String, String>> {
    json.as_object()?.iter().map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes() {
        let text = r#"{"bashFunctions":{"f":" \n    true\n"},"structuredAttrs":{".attrs.json":"{}",".attrs.sh":""},"variables":{"a":{"type":"array","value":["1","2"]},"e":{"type":"exported","value":"x"},"m":{"type":"associative","value":{"k":"v"}},"out":{"type":"var","value":"/o"}}}"#;
        let captured = Captured::read(text.as_bytes()).expect("an environment");
        assert_eq!(captured.to_json().to_string(), text);
        assert_eq!(captured.outputs(), [("out", "/o")]);
        assert_eq!(Captured::read(b"{}"), None);
        let unknown = r#"{"bashFunctions":{},"variables":{"u":{"type":"unknown"}}}"#;
        assert_eq!(Captured::read(unknown.as_bytes()), Some(Captured::default()));
    }
}
