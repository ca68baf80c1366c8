//! From what a derivation's attributes refer to, to what the derivation uses.

use crate::error::Result;
use crate::eval::Eval;
use crate::heap::ContextId;
use crate::store::derivation::InputDerivation;
use crate::value::context::Reference;

/// What a derivation uses: references, sorted, none of them deep.
pub(super) struct Inputs {
    references: Vec<Reference>,
}

impl Inputs {
    /// All that these contexts refer to. Deep references become everything that building the derivation takes and gives.
    pub(super) fn of(cx: &Eval<'_>, contexts: &[ContextId]) -> Result<Self> {
        let mut references = Vec::new();
        for context in contexts {
            for reference in cx.contexts().references(*context) {
                match reference {
                    Reference::Deep(path) => references.extend(cx.shared().known.closure(cx.contexts(), &path)?),
                    other => references.push(other),
                }
            }
        }
        references.sort_unstable();
        references.dedup();
        Ok(Self { references })
    }

    /// Paths used as they are, sorted.
    pub(super) fn sources(&self) -> Vec<&[u8]> {
        // Opaque references sort before others.
        self.references.iter().map_while(opaque).collect()
    }

    /// Outputs of derivations used, sorted by derivation.
    pub(super) fn derivations(&self) -> Vec<InputDerivation<'_>> {
        let mut all: Vec<InputDerivation<'_>> = Vec::new();
        for reference in &self.references {
            let Reference::Output { derivation, output } = reference else { continue };
            match all.last_mut() {
                Some(last) if last.path == &**derivation => last.outputs.push(output),
                _ => all.push(InputDerivation { path: derivation, outputs: vec![output] }),
            }
        }
        all
    }
}

fn opaque(reference: &Reference) -> Option<&[u8]> {
    match reference {
        Reference::Opaque(path) => Some(path),
        _ => None,
    }
}
