//! Sets, `rec` sets and `let`, from gathered definitions to nodes.
//!
//! `rec { a = 1; b = a; }` becomes `let a = 1; b = a; in { inherit a b; }`: the names get slots, the set reads them.

use super::bindings::{Attribute, Definition, Definitions};
use super::scope::Binding;
use super::steps::in_slots;
use super::{Lowering, Role};
use crate::ir::{Expr, Name, Operand, OperandKind, StepKind};
use crate::source::Span;
use crate::syntax::tree::Node;

/// Slots to fill before the next node runs.
type Bindings = Vec<(u32, Operand)>;

/// The slots of a recursive group, and those filled before the current one.
struct Group {
    first: u32,
    filled: Vec<bool>,
}

impl Group {
    fn fill(&mut self, slot: u32) {
        self.filled[(slot - self.first) as usize] = true;
    }

    fn awaits(&self, slot: u32) -> bool {
        let place = slot.checked_sub(self.first).map(|place| place as usize);
        place.and_then(|place| self.filled.get(place)) == Some(&false)
    }
}

impl<'t> Lowering<'t> {
    /// Lowers a set literal.
    pub(super) fn set(&mut self, definitions: Definitions<'t>, span: Span) -> Operand {
        if definitions.recursive { self.recursive_set(definitions, span) } else { self.plain_set(definitions, span) }
    }

    fn plain_set(&mut self, mut definitions: Definitions<'t>, span: Span) -> Operand {
        let mark = self.slot_mark();
        let mut bindings = Bindings::default();
        let from = self.inherit_slots(&definitions);
        self.fill_inherit_slots(&definitions, &from, &mut bindings);
        let shape = self.shape(&definitions.attributes);
        let attributes = std::mem::take(&mut definitions.attributes);
        let values = attributes.into_iter().map(|attribute| self.attribute(attribute, &from, Role::Member)).collect();
        let set = self.attrs(shape, values, span);
        let set = self.dynamic(set, definitions, span);
        let result = self.bind(bindings, set, span);
        self.release_slots(mark);
        result
    }

    fn attrs(&mut self, shape: u32, values: Vec<Operand>, span: Span) -> Operand {
        let values = self.words(values).start;
        self.push(Expr::Attrs { shape, values }, span)
    }

    fn shape(&mut self, attributes: &[Attribute<'t>]) -> u32 {
        let parsed = self.parsed;
        let names = attributes.iter().map(|attribute| (attribute.name, parsed.original(attribute.start)));
        self.unit.shapes.push(names);
        (self.unit.shapes.len() - 1) as u32
    }

    /// One slot for each `inherit (e)`, so that `e` is evaluated once.
    fn inherit_slots(&mut self, definitions: &Definitions<'t>) -> Vec<u32> {
        definitions.inherit_from.iter().map(|_| self.builder().new_slot()).collect()
    }

    fn fill_inherit_slots(&mut self, definitions: &Definitions<'t>, slots: &[u32], bindings: &mut Bindings) {
        for (slot, node) in slots.iter().zip(&definitions.inherit_from) {
            let value = self.delayed(*node, Role::Binding, None);
            bindings.push((*slot, value));
        }
    }

    pub(super) fn bind(&mut self, bindings: Bindings, body: Operand, span: Span) -> Operand {
        if bindings.is_empty() {
            return body;
        }
        let words = bindings.iter().flat_map(|(slot, value)| [*slot, value.to_word()]).collect();
        let bindings = self.raw_words(words);
        self.push(Expr::Let { bindings, body }, span)
    }

    /// The delayed value of one definition.
    fn attribute(&mut self, attribute: Attribute<'t>, from: &[u32], role: Role) -> Operand {
        let span = Span::new(attribute.start, attribute.start);
        match attribute.definition {
            Definition::Expression(node) | Definition::Literal(node) => self.delayed(node, role, Some(attribute.name)),
            Definition::Set(set) => {
                let span = Span::new(set.start, set.start);
                self.thunk(span, |this| this.set(*set, span))
            }
            Definition::Inherit => self.delayed_variable(attribute.name, span),
            Definition::InheritFrom(index) => self.select_from_slot(from[index], attribute.name, span),
        }
    }

    fn select_from_slot(&mut self, slot: u32, name: Name, span: Span) -> Operand {
        let level = self.level();
        self.thunk(span, |this| {
            let base = this.reach(level, Operand::new(OperandKind::Local(slot)));
            this.select_name(base, name, span)
        })
    }

    fn dynamic(&mut self, base: Operand, definitions: Definitions<'t>, span: Span) -> Operand {
        if definitions.dynamic.is_empty() {
            return base;
        }
        let mut words = Vec::new();
        for attribute in definitions.dynamic {
            let name = self.dynamic_name(attribute.name);
            let value = match attribute.definition {
                Definition::Set(set) => {
                    let span = Span::new(set.start, set.start);
                    self.thunk(span, |this| this.set(*set, span))
                }
                Definition::Expression(node) | Definition::Literal(node) => self.delayed(node, Role::Member, None),
                Definition::Inherit | Definition::InheritFrom(_) => continue,
            };
            words.extend([name.to_word(), value.to_word(), self.original(attribute.start)]);
        }
        let entries = self.raw_words(words);
        self.push(Expr::DynamicAttrs { base, entries }, span)
    }

    /// The expression in `${e}` or `"a${e}"` as an attribute name.
    pub(super) fn dynamic_name(&mut self, node: Node<'t>) -> Operand {
        match node.kind() {
            rnix::SyntaxKind::NODE_DYNAMIC => match node.nodes().next() {
                Some(inner) => self.strict(inner),
                None => self.null(),
            },
            _ => self.string(node),
        }
    }

    fn recursive_set(&mut self, mut definitions: Definitions<'t>, span: Span) -> Operand {
        let overrides = self.names.find(b"__overrides");
        let has_overrides = definitions.attributes.iter().any(|attribute| Some(attribute.name) == overrides);
        let attributes = std::mem::take(&mut definitions.attributes);
        let shape = self.shape(&attributes);
        if has_overrides {
            return self.overridden_set(attributes, definitions, shape, span);
        }
        self.recursive(attributes, definitions, span, |this, slots, definitions| {
            let values = slots.iter().map(|slot| Operand::new(OperandKind::Local(*slot))).collect();
            let set = this.attrs(shape, values, span);
            this.dynamic(set, definitions, span)
        })
    }

    /// Gives each name a slot, fills the slots, and runs `body` in their scope.
    fn recursive(
        &mut self,
        attributes: Vec<Attribute<'t>>,
        definitions: Definitions<'t>,
        span: Span,
        body: impl FnOnce(&mut Self, &[u32], Definitions<'t>) -> Operand,
    ) -> Operand {
        let mark = self.slot_mark();
        let mut bindings = Bindings::default();
        let from = self.inherit_slots(&definitions);
        let mut group = Group { first: self.slot_mark(), filled: vec![false; attributes.len()] };
        let slots: Vec<u32> = attributes.iter().map(|_| self.builder().new_slot()).collect();
        let scope =
            attributes.iter().zip(&slots).map(|(attribute, slot)| (attribute.name, Binding::Slot(*slot))).collect();
        let names = attributes.iter().zip(&slots).map(|(attribute, slot)| (attribute.name, *slot));
        let groups = if self.has_steps() { vec![in_slots(names)] } else { Vec::new() };
        let (outside, inside): (Vec<_>, Vec<_>) =
            slots.iter().copied().zip(attributes).partition(|(_, attribute)| attribute.is_inherited());
        for (slot, attribute) in outside {
            bindings.push((slot, self.attribute(attribute, &from, Role::Binding)));
            group.fill(slot);
        }
        let mut members = Bindings::new();
        let (opened, body) = self.in_environments(groups, |this| {
            this.in_scope(scope, |this| {
                for (slot, attribute) in inside {
                    members.push((slot, this.member(attribute, &from, &group)));
                    group.fill(slot);
                }
                // Last, because `inherit (a) b;` may name a member, whose slot must be filled first.
                this.fill_inherit_slots(&definitions, &from, &mut members);
                body(this, &slots, definitions)
            })
        });
        bindings.extend(opened);
        bindings.extend(members);
        let result = self.bind(bindings, body, span);
        self.release_slots(mark);
        result
    }

    /// A value of a recursive group. If it is only the name of another member whose slot is not filled yet, it is
    /// delayed.
    fn member(&mut self, attribute: Attribute<'t>, from: &[u32], group: &Group) -> Operand {
        let name = attribute.name;
        let node = attribute.definition.expression();
        let value = self.attribute(attribute, from, Role::Binding);
        match (value.kind(), node) {
            (OperandKind::Local(slot), Some(node)) if group.awaits(slot) => {
                self.thunk(node.unwrapped().span(), |this| this.strict_named(node, Some(name)))
            }
            _ => value,
        }
    }

    /// `rec { __overrides = …; }`: the names are attributes of a set in a slot, so that every later lookup sees an
    /// override.
    fn overridden_set(
        &mut self,
        attributes: Vec<Attribute<'t>>,
        definitions: Definitions<'t>,
        shape: u32,
        span: Span,
    ) -> Operand {
        let mark = self.slot_mark();
        let slot = self.builder().new_slot();
        let from = self.inherit_slots(&definitions);
        let scope = attributes.iter().map(|attribute| (attribute.name, Binding::AttributeOf(slot))).collect();
        let mut values = vec![self.null(); attributes.len()];
        let (outside, inside): (Vec<_>, Vec<_>) =
            attributes.into_iter().enumerate().partition(|(_, attribute)| attribute.is_inherited());
        for (place, attribute) in outside {
            values[place] = self.attribute(attribute, &from, Role::Member);
        }
        let groups = match self.has_steps() {
            true => vec![in_slots([(self.names.add(super::steps::NAMES.into()), slot)])],
            false => Vec::new(),
        };
        let (mut bindings, (members, body)) = self.in_environments(groups, |this| {
            this.in_scope(scope, |this| {
                for (place, attribute) in inside {
                    values[place] = this.overridable(attribute, &from);
                }
                let mut members = vec![(slot, this.attrs(shape, values, span))];
                for (slot, node) in from.iter().zip(&definitions.inherit_from) {
                    // Delayed even if it names a member, which does not exist yet.
                    members.push((*slot, this.thunk(node.span(), |this| this.strict(*node))));
                }
                let set = this.push(Expr::Overrides { slot }, span);
                (members, this.dynamic(set, definitions, span))
            })
        });
        bindings.extend(members);
        let result = self.bind(bindings, body, span);
        self.release_slots(mark);
        result
    }

    /// A value that may be overridden. C++ Nix delays it even if it is a constant, which is visible when the set is
    /// printed.
    fn overridable(&mut self, attribute: Attribute<'t>, from: &[u32]) -> Operand {
        let name = attribute.name;
        match attribute.definition.expression() {
            Some(node) => self.thunk(node.unwrapped().span(), |this| this.strict_named(node, Some(name))),
            None => self.attribute(attribute, from, Role::Member),
        }
    }

    /// `let … in body`
    pub(super) fn let_in(&mut self, node: Node<'t>) -> Operand {
        let mut definitions = self.definitions(node);
        self.check_let(node, &definitions);
        let Some(body) = node.nodes().last() else { return self.null() };
        let attributes = std::mem::take(&mut definitions.attributes);
        self.recursive(attributes, definitions, node.span(), |this, _, _| {
            let body = this.strict(body);
            this.step(StepKind::Let, body, node.span(), None)
        })
    }

    /// Refuses computed names in a `let`.
    pub(super) fn check_let(&mut self, node: Node<'t>, definitions: &Definitions<'t>) {
        if !definitions.dynamic.is_empty() {
            self.syntax_error(node.span(), "dynamic attributes not allowed in let".into());
        }
    }

    /// `let { …; body = e; }`, which is `(rec { … }).body`.
    pub(super) fn legacy_let(&mut self, node: Node<'t>) -> Operand {
        let definitions = self.definitions(node);
        let name = self.names.add(b"body".as_slice().into());
        let set = self.set(definitions, node.span());
        self.select_name(set, name, node.span())
    }
}
