//! Paths of the project, and comparing or accepting expectations.

use libtest_mimic::Failed;
use similar::TextDiff;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The project's folder.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the program's package lies in the project").to_owned()
}

/// True if expectations are to be rewritten.
pub(crate) fn accepts() -> bool {
    std::env::var_os("NIVIS_ACCEPT").is_some()
}

/// Compares with a file, or accepts by writing it.
pub(crate) fn expect(file: &Path, got: &[u8], what: &str) -> Result<(), Failed> {
    let wanted = std::fs::read(file).unwrap_or_default();
    if wanted == got {
        return Ok(());
    }
    if accepts() {
        return std::fs::write(file, got).map_err(|error| error.to_string().into());
    }
    Err(failed_at(file, None, difference(what, &wanted, got)))
}

/// A failure that shows which lines differ.
pub(crate) fn difference(what: &str, wanted: &[u8], got: &[u8]) -> Failed {
    let (wanted, got) = (String::from_utf8_lossy(wanted), String::from_utf8_lossy(got));
    let lines = TextDiff::from_lines(&*wanted, &*got);
    format!("{what} differs\n{}", lines.unified_diff().header("wanted", "got")).into()
}

/// The failure, with the place of its case in front: the file's path in the project, and a line.
pub(crate) fn failed_at(file: &Path, line: Option<usize>, failed: Failed) -> Failed {
    let file = file.strip_prefix(project()).unwrap_or(file).display().to_string();
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    format!("{file}{line}: {}", failed.message().unwrap_or_default()).into()
}

/// All files below a folder with this name ending, sorted.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The program under the name `nix-instantiate`, which selects C++ Nix's flags and texts.
pub(crate) fn nix_instantiate() -> Command {
    isolated(Command::new(links().join("nix-instantiate")))
}

/// A folder with the program under C++ Nix's names.
pub(crate) fn links() -> &'static Path {
    static LINKS: OnceLock<PathBuf> = OnceLock::new();
    LINKS.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("nivis-tests-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        for name in ["nivis", "nix", "nix-instantiate"] {
            // It may be left from an earlier process with the same number.
            let _ = std::fs::remove_file(folder.join(name));
            std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_nivis"), folder.join(name))
                .expect("a link can be made in a folder of one's own");
        }
        folder
    })
}

/// Runs `body` in a new folder with these files, by path and contents, and removes the folder.
pub(crate) fn with_files<T>(
    files: &[(String, String)],
    body: impl FnOnce(&Path) -> Result<T, Failed>,
) -> Result<T, Failed> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("nivis-files-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    for (path, contents) in files {
        let path = folder.join(path.trim_start_matches('/'));
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(path, contents)?;
    }
    let done = body(&folder);
    std::fs::remove_dir_all(&folder)?;
    done
}

/// The program under its own name.
pub(crate) fn nivis() -> Command {
    isolated(Command::new(env!("CARGO_BIN_EXE_nivis")))
}

/// A shell in a folder, with `nivis` as a command.
pub(crate) fn shell(line: &str, folder: &Path) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_nivis"));
    let mut path = program.parent().map(|parent| parent.as_os_str().to_owned()).unwrap_or_default();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut command = isolated(Command::new("sh"));
    command.arg("-c").arg(format!("exec 2>&1\n{line}")).current_dir(folder).env("PATH", path);
    command
}

/// The command without the parts of the developer's environment that evaluation could see.
pub(crate) fn isolated(mut command: Command) -> Command {
    for name in ["NIX_PATH", "NIX_CONFIG", "NIX_REMOTE", "NIX_STORE_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        command.env_remove(name);
    }
    command.env("NO_COLOR", "1").env("HOME", "/homeless").env("NIX_REMOTE", "dummy://").env("TEST_VAR", "foo");
    command.env("XDG_CACHE_HOME", cache()).env("NIVIS_OFFLINE", "1");
    command.env("NIX_CONF_DIR", "/homeless").env("NIX_USER_CONF_FILES", "");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The cache folder that many trials share. With `NIVIS_TEST_CACHE=DIR` the next test run reuses it.
pub(crate) fn cache() -> PathBuf {
    std::env::var_os("NIVIS_TEST_CACHE").map_or_else(|| links().join("cache"), PathBuf::from)
}

/// Runs a command with `input` on its standard input.
pub(crate) fn run_with_input(mut command: Command, input: &[u8]) -> Result<Output, Failed> {
    use std::io::Write;
    let mut child = command.stdin(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends early closes its input; only its output matters.
        let _ = stdin.write_all(input);
    }
    Ok(child.wait_with_output()?)
}

/// The text with a folder's path written as `/pwd`.
pub(crate) fn neutral(folder: &Path, text: &[u8]) -> Vec<u8> {
    with_folder_as(b"/pwd", folder, text)
}

/// The text with a folder's path replaced by a name.
pub(crate) fn with_folder_as(name: &[u8], folder: &Path, text: &[u8]) -> Vec<u8> {
    let folder = folder.as_os_str().as_encoded_bytes();
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.windows(folder.len()).position(|window| window == folder) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(name);
        rest = &rest[at + folder.len()..];
    }
    out.extend_from_slice(rest);
    out
}
