//! The bytes of a text, possibly fetched on first use.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Deref;
use std::sync::Arc;

/// Bytes, available now or on demand.
pub struct Text {
    len: usize,
    bytes: OnceCell<Arc<[u8]>>,
    later: Option<Box<dyn Fn() -> Option<Vec<u8>>>>,
}

impl Text {
    /// A text of `len` bytes that `fetch` returns when they are needed. If it returns none, the text is empty.
    pub(crate) fn later(len: u32, fetch: impl Fn() -> Option<Vec<u8>> + 'static) -> Self {
        Self { len: len as usize, bytes: OnceCell::new(), later: Some(Box::new(fetch)) }
    }

    /// Its length in bytes, without fetching it.
    pub fn size(&self) -> usize {
        self.len
    }

    /// The number of its bytes in memory.
    pub(super) fn loaded(&self) -> usize {
        self.bytes.get().map_or(0, |bytes| bytes.len())
    }

    fn bytes(&self) -> &Arc<[u8]> {
        self.bytes.get_or_init(|| self.fetched().into())
    }

    /// The bytes, to be kept apart from the text.
    pub(super) fn shared(&self) -> Arc<[u8]> {
        Arc::clone(self.bytes())
    }

    fn fetched(&self) -> Vec<u8> {
        let fetched = self.later.as_ref().and_then(|fetch| fetch());
        fetched.filter(|bytes| bytes.len() == self.len).unwrap_or_default()
    }

    /// The bytes, which are not kept if they had to be fetched.
    pub(super) fn peek(&self) -> Cow<'_, [u8]> {
        match self.bytes.get() {
            Some(bytes) => Cow::Borrowed(bytes),
            None => Cow::Owned(self.fetched()),
        }
    }
}

impl From<Arc<[u8]>> for Text {
    fn from(bytes: Arc<[u8]>) -> Self {
        Self { len: bytes.len(), bytes: OnceCell::from(bytes), later: None }
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Self {
        Arc::<[u8]>::from(bytes).into()
    }
}

impl Deref for Text {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes()
    }
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Text").field("len", &self.len).finish_non_exhaustive()
    }
}
