//! The messages of fetches with a recorder beside them.

use super::Recorder;
use crate::io::{Console, Message, Progress};

/// A [`Console`] that notes messages of fetches. A fetch happens once, so all parts depend on its messages.
pub(crate) struct FetchConsole<'c> {
    pub(crate) inner: &'c dyn Console,
    pub(crate) recorder: Option<&'c Recorder>,
}

impl Console for FetchConsole<'_> {
    fn message(&self, message: &Message<'_>) {
        if let Some(recorder) = self.recorder {
            recorder.note_for_all(|| recorder.note_message());
        }
        self.inner.message(message);
    }

    fn progress(&self, progress: &Progress<'_>) {
        self.inner.progress(progress);
    }
}
