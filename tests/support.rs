//! Where things are, and how an expectation is compared or accepted.

use libtest_mimic::Failed;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

/// The project's folder.
pub(crate) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the program's package lies in the project").to_owned()
}

/// True if expectations are to be rewritten.
pub(crate) fn accepts() -> bool {
    std::env::var_os("NIVIS_ACCEPT").is_some()
}

/// Compares, or accepts by writing the file.
pub(crate) fn expect(file: &Path, got: &[u8], what: &str) -> Result<(), Failed> {
    let wanted = std::fs::read(file).unwrap_or_default();
    if wanted == got {
        return Ok(());
    }
    if accepts() {
        return std::fs::write(file, got).map_err(|error| error.to_string().into());
    }
    Err(difference(what, &wanted, got))
}

/// A failure that shows both texts.
pub(crate) fn difference(what: &str, wanted: &[u8], got: &[u8]) -> Failed {
    let (wanted, got) = (String::from_utf8_lossy(wanted), String::from_utf8_lossy(got));
    format!("{what} differs\n--- wanted\n{wanted}\n--- got\n{got}").into()
}

/// All files below a folder whose name ends so, sorted.
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
    static LINK: OnceLock<PathBuf> = OnceLock::new();
    let link = LINK.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("nivis-tests-{}", std::process::id()));
        let link = folder.join("nix-instantiate");
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_nivis"), &link).expect("a link can be made in a new folder");
        link
    });
    isolated(Command::new(link))
}

/// The program under its own name.
pub(crate) fn nivis() -> Command {
    isolated(Command::new(env!("CARGO_BIN_EXE_nivis")))
}

/// The command with nothing of the developer's environment that evaluation could see.
pub(crate) fn isolated(mut command: Command) -> Command {
    for name in ["NIX_PATH", "NIX_CONFIG", "NIX_REMOTE", "NIX_STORE_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
        command.env_remove(name);
    }
    command.env("NO_COLOR", "1").env("HOME", "/homeless").env("TEST_VAR", "foo");
    command.env("NIX_CONF_DIR", "/homeless").env("NIX_USER_CONF_FILES", "");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command with `input` on its standard input.
pub(crate) fn run_with_input(mut command: Command, input: &[u8]) -> Result<Output, Failed> {
    use std::io::Write;
    let mut child = command.stdin(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends early closes its input; what it printed is what counts.
        let _ = stdin.write_all(input);
    }
    Ok(child.wait_with_output()?)
}

/// The text with a folder's path written as `/pwd`.
pub(crate) fn neutral(folder: &Path, text: &[u8]) -> Vec<u8> {
    let folder = folder.as_os_str().as_encoded_bytes();
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.windows(folder.len()).position(|window| window == folder) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(b"/pwd");
        rest = &rest[at + folder.len()..];
    }
    out.extend_from_slice(rest);
    out
}
