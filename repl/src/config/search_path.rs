//! The search path that `<name>` is looked up in.

use nivis::SearchPathEntry;
pub(crate) use nivis::eval::search_path::{entries, entry};

/// The entries that are there without any configuration: the user's channels, in the folder `own`, and the system's, those
/// of them that exist.
pub(crate) fn default_entries(own: &[u8], state_dir: &[u8]) -> Vec<SearchPathEntry> {
    let channels = [state_dir, b"/profiles/per-user/root/channels"].concat();
    let candidates = [
        (&b""[..], [own, b"/channels"].concat()),
        (b"nixpkgs", [&channels[..], b"/nixpkgs"].concat()),
        (b"", channels.clone()),
    ];
    let existing = candidates.into_iter().filter(|(_, path)| exists(path));
    existing.map(|(prefix, path)| SearchPathEntry { prefix: prefix.to_vec(), path }).collect()
}

fn exists(path: &[u8]) -> bool {
    use std::os::unix::ffi::OsStrExt;
    std::path::Path::new(std::ffi::OsStr::from_bytes(path)).exists()
}
