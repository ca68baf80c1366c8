//! Computes an identifier of a package's own source, for the library and the program: cached results must not outlive
//! the build that made them.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{fs, io};

fn main() -> io::Result<()> {
    let mut files = vec![PathBuf::from("Cargo.toml"), PathBuf::from("Cargo.lock")];
    rust_files(Path::new("src"), &mut files)?;
    files.sort();
    let mut hasher = DefaultHasher::new();
    // The lock file exists only in the whole workspace.
    for file in files.iter().filter(|file| file.exists()) {
        (file, fs::read(file)?).hash(&mut hasher);
        println!("cargo::rerun-if-changed={}", file.display());
    }
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rustc-env=NIVIS_BUILD={} {:016x}", env!("CARGO_PKG_VERSION"), hasher.finish());
    Ok(())
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            rust_files(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(())
}
