//! The features that a derivation requires of its builder.

use super::derivation::{Derivation, Variable};
use crate::codec::json::{Json, parse_json};

const ATTRIBUTE: &[u8] = b"requiredSystemFeatures";

impl Derivation<'_> {
    /// The required features, sorted: the words of `requiredSystemFeatures`, or its elements with structured
    /// attributes.
    pub fn required_features(&self) -> Vec<Box<[u8]>> {
        let mut features = match (self.variable(b"__json"), self.variable(ATTRIBUTE)) {
            (Some(json), _) => structured(json),
            (None, Some(text)) => words(text),
            (None, None) => Vec::new(),
        };
        features.sort_unstable();
        features.dedup();
        features
    }

    fn variable(&self, name: &[u8]) -> Option<&[u8]> {
        let index = self.environment.binary_search_by_key(&name, |variable| variable.0).ok()?;
        match self.environment[index].1 {
            Variable::Text(text) => Some(text),
            Variable::Output(_) => None,
        }
    }
}

fn words(text: &[u8]) -> Vec<Box<[u8]>> {
    let words = text.split(|byte| b" \t\n\r".contains(byte)).filter(|word| !word.is_empty());
    words.map(Box::from).collect()
}

/// The strings in the list with the attribute's name. The text is parsed only if it contains that name.
fn structured(json: &[u8]) -> Vec<Box<[u8]>> {
    if memchr::memmem::find(json, ATTRIBUTE).is_none() {
        return Vec::new();
    }
    let Ok(tree) = parse_json(json) else { return Vec::new() };
    let Json::Object(members) = &tree else { return Vec::new() };
    let Some((_, Json::Array(elements))) = members.iter().find(|member| member.0 == ATTRIBUTE) else {
        return Vec::new();
    };
    let string = |element: &Json| match element {
        Json::String(text) => Some(Box::from(text.as_slice())),
        _ => None,
    };
    elements.iter().filter_map(string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(environment: Vec<(&[u8], Variable<'_>)>) -> String {
        let derivation = Derivation {
            name: b"n",
            outputs: Vec::new(),
            input_derivations: Vec::new(),
            input_sources: Vec::new(),
            system: b"s",
            builder: b"b",
            arguments: Vec::new(),
            environment,
        };
        let texts = derivation.required_features();
        texts.iter().map(|text| String::from_utf8_lossy(text)).collect::<Vec<_>>().join(",")
    }

    #[test]
    fn in_both_kinds_of_attributes() {
        assert_eq!(features(vec![(b"a", Variable::Text(b"kvm"))]), "");
        assert_eq!(features(vec![(ATTRIBUTE, Variable::Text(b" kvm  big kvm\n"))]), "big,kvm");
        let json = br#"{"a":["requiredSystemFeatures"],"requiredSystemFeatures":["kvm","big",1]}"#;
        assert_eq!(features(vec![(b"__json", Variable::Text(json)), (ATTRIBUTE, Variable::Text(b"x"))]), "big,kvm");
        assert_eq!(features(vec![(b"__json", Variable::Text(b"{"))]), "");
    }
}
