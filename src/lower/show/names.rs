//! Named parts: sets, `let`, attribute paths and parameters.

use super::{STACK_ADDED, STACK_LEFT, Show};
use crate::codec::nix_string::write_attribute_name;
use crate::ir::Name;
use crate::lower::bindings::{Definition, Definitions};
use crate::lower::names::{is_attribute, token_of};
use crate::lower::strings::constant_name;
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;

/// More than gathering definitions uses for one level of the tree, in bytes.
const STACK_PER_LEVEL: usize = 1 << 10;

impl<'t> Show<'t> {
    pub(super) fn attribute_path(&mut self, path: Node<'t>) {
        let parts = path.nodes().filter(|part| is_attribute(part.kind()));
        for (index, part) in parts.enumerate() {
            self.text(if index > 0 { "." } else { "" });
            match constant_name(part, self.lowering.source) {
                Some(name) => write_attribute_name(&mut self.out, &name),
                None => self.computed_name(part),
            }
        }
    }

    /// `"${e}"`, for both `${e}` and a string with interpolation.
    fn computed_name(&mut self, node: Node<'t>) {
        let inner = if node.kind() == NODE_DYNAMIC { node.nodes().next() } else { Some(node) };
        if let Some(inner) = inner {
            self.between("\"${", inner, "}\"");
        }
    }

    pub(super) fn lambda(&mut self, parameter: Node<'t>, body: Node<'t>) {
        self.text("(");
        let mut holder = Some(parameter);
        if parameter.kind() == NODE_PATTERN {
            self.formals(parameter);
            holder = parameter.child(NODE_PAT_BIND);
            self.text(if holder.is_some() { " @ " } else { "" });
        }
        self.text(holder.and_then(|holder| holder.child(NODE_IDENT)).map_or("", name_of));
        self.between(": ", body, ")");
    }

    fn formals(&mut self, pattern: Node<'t>) {
        let entries = pattern.nodes().filter(|entry| entry.kind() == NODE_PAT_ENTRY);
        let formal = |entry: Node<'t>| (entry.nodes().next().map_or("", name_of), entry.nodes().nth(1));
        let mut formals: Vec<_> = entries.map(formal).collect();
        formals.sort_by_key(|(name, _)| *name);
        self.text("{ ");
        for (index, (name, default)) in formals.iter().enumerate() {
            self.text(if index > 0 { ", " } else { "" });
            self.text(name);
            if let Some(default) = default {
                self.between(" ? ", *default, "");
            }
        }
        if token_of(pattern, TOKEN_ELLIPSIS).is_some() {
            self.text(if formals.is_empty() { "..." } else { ", ..." });
        }
        self.text(" }");
    }

    pub(super) fn definitions(&mut self, node: Node<'t>) {
        let needed = STACK_LEFT + STACK_PER_LEVEL * self.lowering.parsed.height() as usize;
        let definitions = crate::stack::maybe_grow(needed, needed, || self.lowering.definitions(node));
        match (node.kind(), node.nodes().last()) {
            (NODE_LET_IN, Some(body)) => {
                self.text("(let ");
                self.bindings(definitions);
                self.between("in ", body, ")");
            }
            (NODE_LEGACY_LET, _) => {
                self.text("(");
                self.set(definitions);
                self.text(").body");
            }
            _ => self.set(definitions),
        }
    }

    fn set(&mut self, definitions: Definitions<'t>) {
        self.text(if definitions.recursive { "rec { " } else { "{ " });
        self.bindings(definitions);
        self.text("}");
    }

    /// Inherited names, then known names, then computed ones.
    fn bindings(&mut self, definitions: Definitions<'t>) {
        let Definitions { mut attributes, dynamic, inherit_from, .. } = definitions;
        let names = &self.lowering.names;
        attributes.sort_by(|left, right| names.text(left.name).cmp(names.text(right.name)));
        let (mut inherited, mut defined) = (Vec::new(), Vec::new());
        let mut inherited_from = vec![Vec::new(); inherit_from.len()];
        for attribute in attributes {
            match attribute.definition {
                Definition::Inherit => inherited.push(attribute.name),
                Definition::InheritFrom(index) => inherited_from[index].push(attribute.name),
                definition => defined.push((attribute.name, definition)),
            }
        }
        self.inherit(None, &inherited);
        for (from, names) in inherit_from.into_iter().zip(inherited_from) {
            self.inherit(Some(from), &names);
        }
        for (name, definition) in defined {
            self.name(name);
            self.definition(definition);
        }
        for attribute in dynamic {
            self.computed_name(attribute.name);
            self.definition(attribute.definition);
        }
    }

    fn inherit(&mut self, from: Option<Node<'t>>, names: &[Name]) {
        if names.is_empty() {
            return;
        }
        self.text("inherit");
        if let Some(from) = from {
            self.between(" (", from, ")");
        }
        for name in names {
            self.text(" ");
            self.name(*name);
        }
        self.text("; ");
    }

    fn name(&mut self, name: Name) {
        write_attribute_name(&mut self.out, self.lowering.names.text(name));
    }

    fn definition(&mut self, definition: Definition<'t>) {
        self.text(" = ");
        match definition {
            Definition::Expression(node) | Definition::Literal(node) => self.expr(node),
            Definition::Set(set) => crate::stack::maybe_grow(STACK_LEFT, STACK_ADDED, || self.set(*set)),
            Definition::Inherit | Definition::InheritFrom(_) => {}
        }
        self.text("; ");
    }
}

/// The name of an identifier.
fn name_of<'t>(identifier: Node<'t>) -> &'t str {
    identifier.first_token().map_or("", |token| token.text)
}
