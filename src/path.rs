//! Absolute paths as bytes, as in Nix: split and joined without access to files.

/// An absolute path without `.`, `..` and doubled slashes.
pub(crate) fn canonical(path: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(path.len());
    for part in path.split(|&byte| byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => text.truncate(text.iter().rposition(|&byte| byte == b'/').unwrap_or(0)),
            _ => {
                text.push(b'/');
                text.extend_from_slice(part);
            }
        }
    }
    if text.is_empty() {
        text.push(b'/');
    }
    text
}

/// The directory of an absolute path.
pub(crate) fn parent(path: &[u8]) -> &[u8] {
    match path.iter().rposition(|&byte| byte == b'/') {
        None | Some(0) => b"/",
        Some(end) => &path[..end],
    }
}

/// The text after the last slash, ignoring one slash at the end.
pub(crate) fn base_name(path: &[u8]) -> &[u8] {
    let path = match path.strip_suffix(b"/") {
        Some(shorter) if !shorter.is_empty() => shorter,
        _ => path,
    };
    memchr::memrchr(b'/', path).map_or(path, |slash| &path[slash + 1..])
}

/// True for a folder itself and everything in it.
pub(crate) fn is_below(path: &[u8], folder: &[u8]) -> bool {
    folder == b"/" || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest[0] == b'/')
}

/// The largest number of links followed on the way to one file.
pub(crate) const MOST_LINKS: usize = 1024;

/// The path that a link leads to. It may still contain dots.
pub(crate) fn link_target(link: &[u8], target: &[u8]) -> Vec<u8> {
    if target.starts_with(b"/") { target.to_vec() } else { [parent(link), b"/", target].concat() }
}
