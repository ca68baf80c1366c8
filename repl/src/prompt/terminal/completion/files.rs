//! Names of files, and references to flakes.

use crate::config::home::home;
use std::path::Path;

/// The beginnings of references to flakes.
const SCHEMES: [&str; 6] = ["flake:", "git+file://", "git+https://", "github:", "gitlab:", "path:"];

/// Folders whose names begin like this, perhaps after `path:`, and schemes that do.
pub(super) fn flakes(prefix: &str) -> Vec<String> {
    let (scheme, path) = match prefix.strip_prefix("path:") {
        Some(path) => ("path:", path),
        None => ("", prefix),
    };
    let schemes = SCHEMES.iter().filter(|known| known.starts_with(prefix)).map(|known| (*known).to_owned());
    let folders = files(path).into_iter().filter(|file| file.ends_with('/'));
    schemes.chain(folders.map(|folder| format!("{scheme}{folder}"))).collect()
}

/// Files whose names begin like this, directories with a slash.
pub(super) fn files(prefix: &str) -> Vec<String> {
    let (folder, name) = prefix.rsplit_once('/').map_or(("", prefix), |(folder, name)| (folder, name));
    let shown = &prefix[..prefix.len() - name.len()];
    let folder = match (folder, home().path.as_ref().and_then(|home| home.to_str())) {
        ("", _) if prefix.starts_with('/') => "/".to_owned(),
        ("", _) => ".".to_owned(),
        (folder, Some(home)) if folder == "~" || folder.starts_with("~/") => folder.replacen('~', home, 1),
        (folder, _) => folder.to_owned(),
    };
    let Ok(entries) = std::fs::read_dir(Path::new(&folder)) else { return Vec::new() };
    let mut found: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let file = entry.file_name().into_string().ok()?;
            let is_meant = file.starts_with(name) && (name.starts_with('.') || !file.starts_with('.'));
            let slash = if entry.path().is_dir() { "/" } else { "" };
            is_meant.then(|| format!("{shown}{file}{slash}"))
        })
        .collect();
    found.sort();
    found
}
