//! The definitions of a set or `let`, gathered and merged as in C++ Nix's parser.
//!
//! `{ a.b = 1; a = { c = 2; }; inherit x; }` is gathered into a tree of definitions: `a` with `b` and `c`, and `x`. A
//! name defined twice is an error unless both definitions are set literals, which are merged. The `rec` of the first
//! one counts.

use super::Lowering;
use super::names::is_attribute;
use super::strings::constant_name;
use crate::ir::Name;
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;
use rustc_hash::FxHashMap;

/// The definitions of one set.
#[derive(Debug, Default)]
pub(super) struct Definitions<'t> {
    pub(super) recursive: bool,
    /// The offset of the set, or of the path that created it.
    pub(super) start: u32,
    pub(super) attributes: Vec<Attribute<'t>>,
    /// The index of each name, once there are many.
    index: FxHashMap<Name, usize>,
    pub(super) dynamic: Vec<DynamicAttribute<'t>>,
    /// The sets of `inherit (e) …`.
    pub(super) inherit_from: Vec<Node<'t>>,
}

/// A definition under a known name.
#[derive(Debug)]
pub(super) struct Attribute<'t> {
    pub(super) name: Name,
    pub(super) start: u32,
    pub(super) definition: Definition<'t>,
}

/// A definition under a computed name.
#[derive(Debug)]
pub(super) struct DynamicAttribute<'t> {
    pub(super) name: Node<'t>,
    pub(super) start: u32,
    pub(super) definition: Definition<'t>,
}

/// The definition of a name.
#[derive(Debug)]
pub(super) enum Definition<'t> {
    /// `a = e;`
    Expression(Node<'t>),
    /// `a = { … };`, not opened unless another definition is merged with it.
    Literal(Node<'t>),
    /// `a.b = …;`, and merged definitions.
    Set(Box<Definitions<'t>>),
    /// `inherit a;`
    Inherit,
    /// `inherit (e) a;`: the index of `e`.
    InheritFrom(usize),
}

const INDEX_FROM: usize = 12;

/// The stack used by each name of an attribute path: each is a nested set, and those are processed by recursion. In
/// bytes.
const STACK_PER_NAME: usize = 8 << 10;

impl Definitions<'_> {
    fn find(&self, name: Name) -> Option<usize> {
        if self.attributes.len() < INDEX_FROM {
            return self.attributes.iter().position(|attribute| attribute.name == name);
        }
        self.index.get(&name).copied()
    }
}

impl<'t> Definitions<'t> {
    fn push(&mut self, attribute: Attribute<'t>) {
        self.attributes.push(attribute);
        let len = self.attributes.len();
        if len == INDEX_FROM {
            self.index = self.attributes.iter().enumerate().map(|(place, attribute)| (attribute.name, place)).collect();
        } else if len > INDEX_FROM {
            self.index.insert(self.attributes[len - 1].name, len - 1);
        }
    }
}

impl<'t> Lowering<'t> {
    /// Gathers the definitions of a set literal or `let`.
    pub(super) fn definitions(&mut self, node: Node<'t>) -> Definitions<'t> {
        let mut set = Definitions {
            recursive: node.kind() == NODE_LEGACY_LET || node.has_token(TOKEN_REC),
            start: node.start,
            ..Definitions::default()
        };
        for child in node.nodes() {
            self.add_definition(&mut set, child);
        }
        set
    }

    /// Adds the definitions of a child of a set literal or `let`.
    pub(super) fn add_definition(&mut self, set: &mut Definitions<'t>, child: Node<'t>) {
        match child.kind() {
            NODE_ATTRPATH_VALUE => self.define(set, child),
            NODE_INHERIT => self.inherit(set, child),
            _ => {}
        }
    }

    fn define(&mut self, set: &mut Definitions<'t>, node: Node<'t>) {
        let mut nodes = node.nodes();
        let (Some(path), Some(value)) = (nodes.next(), nodes.next()) else { return };
        let parts: Vec<_> = path.nodes().filter(|part| is_attribute(part.kind())).collect();
        let Some((last, before)) = parts.split_last() else { return };
        let stack = crate::stack::stack_address().saturating_sub(self.options.stack_floor);
        if before.len() > stack / STACK_PER_NAME {
            return self.syntax_error(path.span(), "attribute path too long".into());
        }
        let start = path.start;
        let mut target = set;
        let mut walked = Vec::new();
        for part in before {
            match self.nested(target, *part, start, &mut walked) {
                Some(nested) => target = nested,
                None => return,
            }
        }
        let inner = value.unwrapped();
        let is_set = inner.kind() == NODE_ATTR_SET;
        let definition = if is_set { Definition::Literal(inner) } else { Definition::Expression(value) };
        match self.known_name(*last) {
            Some(name) => {
                walked.push(name);
                self.insert(target, Attribute { name, start, definition }, &mut walked);
            }
            None => target.dynamic.push(DynamicAttribute { name: *last, start, definition }),
        }
    }

    pub(super) fn known_name(&mut self, part: Node<'t>) -> Option<Name> {
        constant_name(part, self.source).map(|text| self.names.add(text))
    }

    /// The set that one part of a path leads to, created if necessary.
    fn nested<'s>(
        &mut self,
        set: &'s mut Definitions<'t>,
        part: Node<'t>,
        start: u32,
        walked: &mut Vec<Name>,
    ) -> Option<&'s mut Definitions<'t>> {
        let new = || Definition::Set(Box::new(Definitions { start, ..Definitions::default() }));
        let Some(name) = self.known_name(part) else {
            set.dynamic.push(DynamicAttribute { name: part, start, definition: new() });
            return set.dynamic.last_mut().and_then(|attribute| attribute.definition.as_set());
        };
        walked.push(name);
        let place = set.find(name).unwrap_or_else(|| {
            set.push(Attribute { name, start, definition: new() });
            set.attributes.len() - 1
        });
        let attribute = &mut set.attributes[place];
        let earlier = attribute.start;
        if !self.open(&mut attribute.definition) {
            self.duplicate(walked, start, earlier);
        }
        attribute.definition.as_set()
    }

    /// Gathers the definitions of a set literal. Returns false if the definition is not a set.
    fn open(&mut self, definition: &mut Definition<'t>) -> bool {
        if let Definition::Literal(node) = definition {
            *definition = Definition::Set(Box::new(self.definitions(*node)));
        }
        matches!(definition, Definition::Set(_))
    }

    fn insert(&mut self, set: &mut Definitions<'t>, mut attribute: Attribute<'t>, path: &mut Vec<Name>) {
        let Some(place) = set.find(attribute.name) else { return set.push(attribute) };
        let earlier = &mut set.attributes[place];
        if !self.open(&mut earlier.definition) || !self.open(&mut attribute.definition) {
            return self.duplicate(path, attribute.start, earlier.start);
        }
        if let (Some(target), Definition::Set(added)) = (earlier.definition.as_set(), attribute.definition) {
            self.merge(target, *added, path);
        }
    }

    fn merge(&mut self, target: &mut Definitions<'t>, mut added: Definitions<'t>, path: &mut Vec<Name>) {
        if added.recursive && !target.recursive {
            self.warn_of_dropped_rec(added.start, path);
        }
        // Of two duplicates, the first in symbol order is reported.
        added.attributes.sort_by_key(|attribute| attribute.name);
        let shift = target.inherit_from.len();
        for mut attribute in added.attributes {
            if let Definition::InheritFrom(index) = &mut attribute.definition {
                *index += shift;
            }
            path.push(attribute.name);
            self.insert(target, attribute, path);
            path.pop();
        }
        target.dynamic.extend(added.dynamic);
        target.inherit_from.extend(added.inherit_from);
    }

    fn inherit(&mut self, set: &mut Definitions<'t>, node: Node<'t>) {
        let from = node.child(NODE_INHERIT_FROM).and_then(|from| from.nodes().next()).map(|from| {
            set.inherit_from.push(from);
            set.inherit_from.len() - 1
        });
        for part in node.nodes().filter(|part| is_attribute(part.kind())) {
            let Some(name) = self.inherited_name(part) else { continue };
            if let Some(place) = set.find(name) {
                let earlier = set.attributes[place].start;
                self.duplicate(&[name], part.start, earlier);
                continue;
            }
            let definition = from.map_or(Definition::Inherit, Definition::InheritFrom);
            set.push(Attribute { name, start: part.start, definition });
        }
    }

    /// The name that `inherit` takes. It can't be computed.
    pub(super) fn inherited_name(&mut self, part: Node<'t>) -> Option<Name> {
        let name = self.known_name(part);
        if name.is_none() {
            self.syntax_error(part.span(), "dynamic attributes not allowed in inherit".into());
        }
        name
    }

    /// The names of an attribute path as written.
    pub(super) fn shown_path(&self, path: &[Name]) -> String {
        let mut shown = Vec::new();
        for (index, name) in path.iter().enumerate() {
            if index > 0 {
                shown.push(b'.');
            }
            crate::codec::nix_string::write_attribute_name(&mut shown, self.names.text(*name));
        }
        String::from_utf8_lossy(&shown).into_owned()
    }

    fn duplicate(&mut self, path: &[Name], start: u32, earlier: u32) {
        let shown = self.shown_path(path);
        self.already_defined(&shown, start, earlier);
    }
}

impl Attribute<'_> {
    /// True for `inherit x;`, whose value comes from the scope around the set.
    pub(super) fn is_inherited(&self) -> bool {
        matches!(self.definition, Definition::Inherit)
    }
}

impl<'t> Definition<'t> {
    /// The expression of the value, if there is one.
    pub(super) fn expression(&self) -> Option<Node<'t>> {
        match self {
            Self::Expression(node) | Self::Literal(node) => Some(*node),
            _ => None,
        }
    }

    fn as_set(&mut self) -> Option<&mut Definitions<'t>> {
        match self {
            Self::Set(set) => Some(set),
            _ => None,
        }
    }
}
