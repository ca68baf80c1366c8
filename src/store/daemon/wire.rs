//! Numbers, texts and lists as the protocol writes them: everything is a multiple of 8 bytes.

/// A request in the making.
#[derive(Debug, Default)]
pub(super) struct Encoder {
    bytes: Vec<u8>,
}

impl Encoder {
    /// A request that begins with the number of an operation.
    pub(super) fn request(operation: u64) -> Self {
        Self::default().number(operation)
    }

    /// Adds a number.
    pub(super) fn number(mut self, number: u64) -> Self {
        self.bytes.extend_from_slice(&number.to_le_bytes());
        self
    }

    /// Adds a truth value.
    pub(super) fn flag(self, flag: bool) -> Self {
        self.number(u64::from(flag))
    }

    /// Adds a text: its length, its bytes, and zeros up to a multiple of 8.
    pub(super) fn text(self, text: impl AsRef<[u8]>) -> Self {
        let text = text.as_ref();
        let mut encoder = self.number(text.len() as u64);
        encoder.bytes.extend_from_slice(text);
        encoder.bytes.resize(encoder.bytes.len().next_multiple_of(8), 0);
        encoder
    }

    /// Adds a list of texts.
    pub(super) fn texts<T: AsRef<[u8]>>(self, texts: impl ExactSizeIterator<Item = T>) -> Self {
        let encoder = self.number(texts.len() as u64);
        texts.fold(encoder, Self::text)
    }

    /// Adds a set of texts, which is sent in order.
    pub(super) fn set<T: AsRef<[u8]> + Ord>(self, texts: impl IntoIterator<Item = T>) -> Self {
        let mut sorted: Vec<T> = texts.into_iter().collect();
        sorted.sort_unstable();
        sorted.dedup();
        self.texts(sorted.into_iter())
    }

    /// The bytes.
    pub(super) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}
