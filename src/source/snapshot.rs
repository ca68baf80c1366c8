//! Texts apart from their engine: what an error needs to be shown anywhere, at any time.

use super::{Origin, SourceText, Sources, Text};
use crate::heap::PosId;
use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

/// Some texts with their positions. Other threads may have it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    /// In the order of their positions.
    texts: Vec<Kept>,
}

#[derive(Clone, Debug)]
struct Kept {
    origin: Origin,
    text: Arc<[u8]>,
    shown: Option<Box<str>>,
    original: Option<Box<str>>,
    base: u32,
}

impl Sources {
    /// The texts that contain these positions.
    pub(crate) fn snapshot(&self, positions: impl IntoIterator<Item = PosId>) -> Snapshot {
        let mut found: Vec<Rc<SourceText>> = Vec::new();
        for position in positions {
            let source = self.text_at(position).filter(|_| position != PosId::NONE);
            found.extend(source.filter(|source| found.iter().all(|known| known.base != source.base)));
        }
        found.sort_by_key(|source| source.base);
        let kept = found.iter().map(|source| Kept {
            origin: source.origin.clone(),
            text: source.text.shared(),
            shown: source.shown.clone(),
            original: source.original.clone(),
            base: source.base,
        });
        Snapshot { texts: kept.collect() }
    }
}

impl Snapshot {
    /// The texts as an engine has them.
    pub(crate) fn sources(&self) -> Sources {
        let texts = self.texts.iter().cloned().map(|kept| {
            let Kept { origin, text, shown, original, base } = kept;
            Rc::new(SourceText { origin, text: Text::from(text), shown, original, base, lines: OnceCell::new() })
        });
        let sources = Sources::default();
        sources.texts.borrow_mut().extend(texts);
        sources
    }
}
