//! Prints the IR of the given files, and of all `.nix` files below the given directories.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use nivis::source::Origin;
use nivis::{Engine, Eval, Settings};
use std::io::Write;
use std::path::{Path, PathBuf};

fn nix_files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() && !path.is_symlink() {
        let mut entries: Vec<_> = path.read_dir().into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| nix_files(entry, found));
    } else if path.extension().is_some_and(|extension| extension == "nix") {
        found.push(path.to_owned());
    }
}

fn print_ir(cx: &mut Eval<'_>, file: &Path, out: &mut impl Write) -> Result<(), String> {
    let text = std::fs::read(file).map_err(|error| error.to_string())?;
    let name = file.as_os_str().as_encoded_bytes().to_vec();
    let directory = file.parent().unwrap_or(Path::new("/")).as_os_str().as_encoded_bytes().to_vec();
    let unit = cx.lower_text(Origin::File(name), text, &directory).map_err(|error| error.to_string())?;
    write!(out, "{}", unit.pretty()).map_err(|error| error.to_string())
}

fn main() {
    let mut files = Vec::new();
    std::env::args().skip(1).for_each(|path| nix_files(Path::new(&path), &mut files));
    let mut engine = Engine::new(Settings::default());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let failures = engine.enter(|cx| {
        let failed = files.iter().filter(|file| match print_ir(cx, file, &mut out) {
            Ok(()) => false,
            Err(error) => {
                eprintln!("{}: {error}", file.display());
                true
            }
        });
        failed.count()
    });
    eprintln!("{} files, {failures} failures", files.len());
    std::process::exit(i32::from(failures > 0));
}
