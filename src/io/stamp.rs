//! Stamps: they distinguish the states of a file without reading it.

/// The system's metadata of a file. Times are in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// The file system.
    pub device: u64,
    /// The file in it.
    pub inode: u64,
    /// The size in bytes.
    pub size: u64,
    /// The time of the last change of the contents, which programs can set.
    pub modified: i64,
    /// The time of the last change of anything, which programs cannot set.
    pub changed: i64,
}

/// A file that changed less than this before it was read may change again within one tick of its clock. In
/// nanoseconds.
const GRAIN: i64 = 2_000_000_000;
const SECOND: i64 = 1_000_000_000;

impl Stamp {
    /// True if each change of the file after `now` gives it another stamp. Then the file still has its present
    /// contents as long as it has this stamp.
    ///
    /// Times in whole seconds are not trusted: read-only file systems have made-up ones, which are the same in the
    /// next version of the image.
    pub fn is_settled(&self, now: i64) -> bool {
        self.changed.saturating_add(GRAIN) < now && self.changed % SECOND != 0
    }

    /// The stamp that these bytes are.
    pub(crate) fn from_bytes(bytes: &[u8; 40]) -> Self {
        let part = |index: usize| {
            let mut part = [0; 8];
            part.copy_from_slice(&bytes[index * 8..][..8]);
            part
        };
        Self {
            device: u64::from_le_bytes(part(0)),
            inode: u64::from_le_bytes(part(1)),
            size: u64::from_le_bytes(part(2)),
            modified: i64::from_le_bytes(part(3)),
            changed: i64::from_le_bytes(part(4)),
        }
    }

    /// The stamp as bytes.
    pub(crate) fn to_bytes(self) -> [u8; 40] {
        let mut bytes = [0; 40];
        let parts: [&[u8]; 5] = [
            &self.device.to_le_bytes(),
            &self.inode.to_le_bytes(),
            &self.size.to_le_bytes(),
            &self.modified.to_le_bytes(),
            &self.changed.to_le_bytes(),
        ];
        let mut rest = &mut bytes[..];
        for part in parts {
            let (place, behind) = std::mem::take(&mut rest).split_at_mut(part.len());
            place.copy_from_slice(part);
            rest = behind;
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_settled_when_the_clock_went_on() {
        let at = |changed| Stamp { device: 1, inode: 2, size: 3, modified: 0, changed };
        let now = 1_000 * SECOND + 7;
        assert!(at(now - 3 * SECOND).is_settled(now));
        assert!(!at(now - SECOND).is_settled(now));
        assert!(!at(now + SECOND).is_settled(now));
        assert!(!at(5 * SECOND).is_settled(now), "a made-up time");
    }
}
