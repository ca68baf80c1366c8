//! From the nodes of a TOML document to its tree.

use super::tables::{Content, NodeId, ROOT, Tables};
use super::{Toml, TomlError};

impl Tables<'_> {
    /// The tree below the root. Fails if a name or string in it has a NUL. Every node comes after its parent in the
    /// order of the walk, so the tree is built from the end of the walk.
    pub(super) fn into_tree(self) -> Result<Toml, TomlError> {
        let mut order = vec![ROOT];
        let mut visited = 0;
        while let Some(&id) = order.get(visited) {
            visited += 1;
            match &self.nodes[id].content {
                Content::Scalar(_) => {}
                Content::Array { elements, .. } => order.extend(elements),
                Content::Table { entries, .. } => order.extend(entries.values()),
            }
        }
        let mut contents: Vec<Option<Content>> = self.nodes.into_iter().map(|node| Some(node.content)).collect();
        let mut built: Vec<Option<Toml>> = contents.iter().map(|_| None).collect();
        for id in order.into_iter().rev() {
            let Some(content) = contents[id].take() else {
                continue;
            };
            let value = build(content, &mut built);
            check_nul(&value)?;
            built[id] = Some(value);
        }
        Ok(built[ROOT].take().unwrap_or(Toml::Table(Vec::new())))
    }
}

fn build(content: Content, built: &mut [Option<Toml>]) -> Toml {
    match content {
        Content::Scalar(value) => value,
        Content::Array { elements, .. } => {
            Toml::Array(elements.into_iter().filter_map(|id| built[id].take()).collect())
        }
        Content::Table { entries, .. } => {
            let named = |(name, id): (Vec<u8>, NodeId)| Some((name, built[id].take()?));
            let mut table: Vec<(Vec<u8>, Toml)> = entries.into_iter().filter_map(named).collect();
            table.sort_by(|left, right| left.0.cmp(&right.0));
            Toml::Table(table)
        }
    }
}

fn check_nul(value: &Toml) -> Result<(), TomlError> {
    let found = match value {
        Toml::String(text) => text.contains(&0).then_some(text),
        Toml::Table(entries) => entries.iter().map(|(name, _)| name).find(|name| name.contains(&0)),
        _ => None,
    };
    let Some(text) = found else { return Ok(()) };
    let shown = String::from_utf8_lossy(text).replace('\0', "\u{2400}");
    Err(TomlError(format!(
        "error: input string '{shown}' cannot be represented as Nix string because it contains null bytes"
    )))
}
