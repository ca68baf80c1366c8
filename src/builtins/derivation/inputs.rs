//! From the contexts of a derivation's attributes to the inputs of the derivation.

use crate::error::Result;
use crate::eval::Eval;
use crate::heap::ContextId;
use crate::store::derivation::{InputDerivation, Uses};
use crate::store::derivation_steps;
use crate::value::context::Reference;

/// The inputs of a derivation: references, sorted, none of them deep.
pub(super) struct Inputs {
    references: Vec<Reference>,
}

impl Inputs {
    /// All references of these contexts. Deep references become everything that building the derivation uses and
    /// creates.
    pub(super) fn of(cx: &mut Eval<'_>, contexts: &[ContextId]) -> Result<Self> {
        let mut references = Vec::new();
        for context in contexts {
            for reference in cx.contexts().references(*context) {
                if let Reference::Deep(path) | Reference::Output { derivation: path, .. } = &reference {
                    cx.know_derivation(derivation_steps(path).0)?;
                }
                match reference {
                    Reference::Deep(path) => references.extend(cx.shared().computed.closure(cx.contexts(), &path)?),
                    other => references.push(other),
                }
            }
        }
        references.sort_unstable();
        references.dedup();
        Ok(Self { references })
    }

    /// Plain paths, sorted.
    pub(super) fn sources(&self) -> Vec<&[u8]> {
        // Opaque references sort before others.
        self.references.iter().map_while(opaque).collect()
    }

    /// The used outputs of derivations, sorted by derivation.
    pub(super) fn derivations(&self) -> Vec<InputDerivation<'_>> {
        let mut all: Vec<InputDerivation<'_>> = Vec::new();
        for reference in &self.references {
            let Reference::Output { derivation, output } = reference else { continue };
            let (path, steps) = derivation_steps(derivation);
            if all.last().is_none_or(|last| last.path != path) {
                all.push(InputDerivation { path, uses: Uses::default() });
            }
            if let Some(last) = all.last_mut() {
                at_steps(&mut last.uses, steps).outputs.push(output);
            }
        }
        all
    }
}

/// The used outputs of the derivation that these steps lead to.
fn at_steps<'u, 'a>(mut uses: &'u mut Uses<'a>, steps: impl Iterator<Item = &'a [u8]>) -> &'u mut Uses<'a> {
    for step in steps {
        let index = match uses.nested.binary_search_by_key(&step, |nested| nested.0) {
            Ok(index) => index,
            Err(index) => {
                uses.nested.insert(index, (step, Uses::default()));
                index
            }
        };
        uses = &mut uses.nested[index].1;
    }
    uses
}

/// The path of a derivation, and the names of its used outputs.
type UsedDerivation = (Box<[u8]>, Vec<Box<[u8]>>);

impl Eval<'_> {
    /// The input derivations of a derivation, with the names of their used outputs, both sorted.
    ///
    /// # Errors
    ///
    /// Fails if the derivation is neither known nor in a file.
    pub fn inputs_of_derivation(&mut self, path: &[u8]) -> Result<Vec<UsedDerivation>> {
        self.know_derivation(path)?;
        let contexts = self.computed().derivation(path).map(|known| known.inputs).unwrap_or_default();
        let inputs = Inputs::of(self, &contexts)?;
        let names = |uses: Uses<'_>| uses.outputs.into_iter().map(Box::from).collect();
        Ok(inputs.derivations().into_iter().map(|input| (input.path.into(), names(input.uses))).collect())
    }
}

fn opaque(reference: &Reference) -> Option<&[u8]> {
    match reference {
        Reference::Opaque(path) => Some(path),
        _ => None,
    }
}
