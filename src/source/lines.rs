//! Where the lines of a text begin.

/// The lines of a text, without the text. A position is asked for more often than what is there.
#[derive(Debug)]
pub(super) struct Lines {
    /// Where each line but the first begins.
    starts: Box<[u32]>,
    /// How long the text is.
    size: usize,
}

impl Lines {
    /// The lines of a text. No position leads to what is behind 4 GiB.
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

    /// Bytes that they take.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.starts)
    }
}

/// Where each line ends and the next begins: at LF, CR, or both together, as C++ Nix counts them.
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
