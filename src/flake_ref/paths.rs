//! Conversion between file paths and URL paths, with the quirks of the C++ path type.

use super::Failure;
use crate::codec::lossy;

/// The parts of a path. Runs of slashes count as one, but a trailing one makes two empty parts.
pub(super) fn to_segments(path: &[u8]) -> Vec<Vec<u8>> {
    let mut segments = Vec::new();
    if path.starts_with(b"/") {
        segments.push(Vec::new());
    }
    let names = path.split(|&byte| byte == b'/').filter(|name| !name.is_empty());
    segments.extend(names.map(<[u8]>::to_vec));
    let has_names = segments.last().is_some_and(|last| !last.is_empty());
    if path.ends_with(b"/") && has_names {
        segments.push(Vec::new());
    }
    if path.is_empty() || path.ends_with(b"/") {
        segments.push(Vec::new());
    }
    segments
}

/// The path made of these parts, without runs of slashes.
pub(super) fn from_segments(segments: &[Vec<u8>]) -> Result<Vec<u8>, Failure> {
    for segment in segments {
        let shown = || lossy(segment).replace('\0', "\u{2400}");
        if segment.contains(&b'/') {
            let message = "contains '/', which is not allowed in file names";
            return Err(Failure::BadUrl(format!("URL path component '{}' {message}", shown())));
        }
        if segment.contains(&0) {
            let message = "contains NUL byte which is not allowed";
            return Err(Failure::BadUrl(format!("URL path component '{}' {message}", shown())));
        }
    }
    let mut path = Vec::new();
    for (index, segment) in segments.iter().enumerate() {
        if (index == 0 && segment.is_empty()) || path.last().is_some_and(|&last| last != b'/') {
            path.push(b'/');
        }
        path.extend(segment);
    }
    Ok(path)
}
