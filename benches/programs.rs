//! The benchmark programs: their places, and the command line for a size.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The project's folder.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The word before the file that a program reads as its standard input.
pub(crate) const INPUT: &str = "--input";

/// One program.
pub(crate) struct Program {
    pub(crate) name: String,
    /// The default size.
    pub(crate) size: usize,
    path: PathBuf,
    /// The inputs of a session of the REPL, if it is one.
    inputs: Option<String>,
    /// The package tree that it needs.
    tree: Option<PathBuf>,
}

/// All programs, or those named, by name. Those that need a package tree are among them if there is one.
pub(crate) fn programs(wanted: &[String], tree: Option<&Path>) -> Result<Vec<Program>, String> {
    let mut all = in_folder("benches/programs", None)?;
    if tree.is_some() {
        all.extend(in_folder("benches/trees", tree)?);
    }
    all.sort_by(|left, right| left.name.cmp(&right.name));
    if let Some(unknown) = wanted.iter().find(|name| all.iter().all(|program| program.name != **name)) {
        return Err(format!("no program is named '{unknown}'"));
    }
    all.retain(|program| wanted.is_empty() || wanted.contains(&program.name));
    Ok(all)
}

fn in_folder(name: &str, tree: Option<&Path>) -> Result<Vec<Program>, String> {
    let folder = project().join(name);
    let entries = folder.read_dir().map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(entries.flatten().filter_map(|entry| program(entry.path(), tree)).collect())
}

fn program(path: PathBuf, tree: Option<&Path>) -> Option<Program> {
    let name = path.file_stem()?.to_str()?.to_owned();
    let text = std::fs::read_to_string(&path).ok()?;
    let (_, after) = text.split_once("{ n ? ")?;
    let (size, inputs) = after.split_once(" }")?;
    let inputs = path.extension().is_some_and(|extension| extension == "repl").then(|| inputs.to_owned());
    Some(Program { name, size: size.parse().ok()?, path, inputs, tree: tree.map(Path::to_owned) })
}

impl Program {
    /// The arguments with which an evaluator runs it at a size. With an input file, they begin with that.
    pub(crate) fn words(&self, size: usize, files: &Path) -> Vec<String> {
        if self.inputs.is_some() {
            return self.session_words(size, files);
        }
        let path = self.path.display().to_string();
        let files = format!("files={}", files.display());
        let words = ["--eval", &path, "--arg", "n", &size.to_string(), "-I", &files].map(str::to_owned);
        words.into_iter().chain(self.search_path()).collect()
    }

    fn session_words(&self, size: usize, files: &Path) -> Vec<String> {
        let input = self.input_file(size, files).display().to_string();
        let words = [INPUT, &input, "repl", "--extra-experimental-features", "nix-command"].map(str::to_owned);
        words.into_iter().chain(self.search_path()).collect()
    }

    fn search_path(&self) -> impl Iterator<Item = String> {
        self.tree.iter().flat_map(|tree| ["-I".to_owned(), format!("nixpkgs={}", tree.display())])
    }

    fn input_file(&self, size: usize, files: &Path) -> PathBuf {
        files.join(format!("{}-{size}.in", self.name))
    }

    /// Writes the first `size` inputs of a session to a file; they begin again if there are fewer.
    fn write_inputs(&self, size: usize, files: &Path) -> Result<(), String> {
        let Some(inputs) = &self.inputs else { return Ok(()) };
        let lines = inputs.lines().filter(|line| !line.is_empty()).cycle().take(size);
        let text: String = std::iter::once(":l <nixpkgs>").chain(lines).flat_map(|line| [line, "\n"]).collect();
        std::fs::write(self.input_file(size, files), text).map_err(|error| error.to_string())
    }

    /// The number of files it imports at a size.
    fn imports(&self, size: usize) -> usize {
        if self.name == "import" { size } else { 0 }
    }

    /// True if it reads a repository with as many files as its size.
    fn reads_repository(&self) -> bool {
        self.name.ends_with("-sources")
    }
}

/// Writes the small files that programs import, enough for all of these multiples of each program's size, and the
/// repositories that they read.
pub(crate) fn write_files(folder: &Path, programs: &[Program], times: &[usize]) -> Result<(), String> {
    let most = times.iter().max().copied().unwrap_or(1);
    let count = programs.iter().map(|program| program.imports(program.size * most)).max().unwrap_or(0);
    let text = "# A small file.\n{ value, ... }: { inherit value; next = value + 1; }\n";
    for index in 0..count {
        std::fs::write(folder.join(format!("{index}.nix")), text).map_err(|error| error.to_string())?;
    }
    for (program, times) in programs.iter().flat_map(|program| times.iter().map(move |times| (program, times))) {
        program.write_inputs(program.size * times, folder)?;
    }
    let readers = programs.iter().filter(|program| program.reads_repository());
    let sizes: BTreeSet<usize> = readers.flat_map(|program| times.iter().map(|times| program.size * times)).collect();
    sizes.into_iter().try_for_each(|size| repository(&folder.join(format!("sources-{size}")), size))
}

/// Creates a repository with this many files, which are not committed.
fn repository(folder: &Path, files: usize) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    std::fs::create_dir(folder).map_err(failed)?;
    for index in 0..files {
        std::fs::write(folder.join(index.to_string()), format!("file {index}\n")).map_err(failed)?;
    }
    for words in [&["init", "-q"][..], &["add", "."]] {
        let status = Command::new("git").arg("-C").arg(folder).args(words).status().map_err(failed)?;
        status.success().then_some(()).ok_or_else(|| format!("git {} failed", words.join(" ")))?;
    }
    Ok(())
}
