//! The line starts of a text.

/// The line starts of a text, without the text. Positions are requested more often than the text there.
#[derive(Debug)]
pub(super) struct Lines {
    /// The start of each line but the first.
    starts: Box<[u32]>,
    /// The length of the text, in bytes.
    size: usize,
}

impl Lines {
    /// The lines of a text. Text beyond 4 GiB has no positions.
    pub(super) fn of(text: &[u8]) -> Self {
        let starts = line_ends(text).map_while(|(_, next)| u32::try_from(next).ok()).collect();
        Self { starts, size: text.len() }
    }

    /// Line and column of an offset, both counted from 1; `None` past the end.
    pub(super) fn locate(&self, offset: u32) -> Option<(usize, usize)> {
        let before = self.starts.partition_point(|start| *start <= offset);
        let start = before.checked_sub(1).and_then(|line| self.starts.get(line)).copied().unwrap_or_default();
        (offset as usize <= self.size).then(|| (1 + before, 1 + (offset - start) as usize))
    }

    /// The size in memory, in bytes.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.starts)
    }
}

/// The end of each line and the start of the next: at LF, CR, or CRLF, as C++ Nix counts them.
pub(super) fn line_ends(text: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    memchr::memchr2_iter(b'\n', b'\r', text).filter_map(|at| match (text[at], text.get(at + 1)) {
        (b'\r', Some(b'\n')) => None,
        (b'\n', _) if at > 0 && text[at - 1] == b'\r' => Some((at - 1, at + 1)),
        _ => Some((at, at + 1)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_have_lines_and_columns() {
        let lines = Lines::of(b"ab\nc\r\n\rd");
        let found = (0..10).map(|offset| lines.locate(offset)).collect::<Vec<_>>();
        let wanted = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1), (4, 1), (4, 2)];
        assert_eq!(found[..9], wanted.map(Some));
        assert_eq!(found[9], None);
        assert_eq!(Lines::of(b"").locate(0), Some((1, 1)));
    }
}
