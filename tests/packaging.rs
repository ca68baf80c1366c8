//! The project's own `flake.nix` and `default.nix`, evaluated with the stand-in for nixpkgs in `tests/nixpkgs`.

use crate::support::{files, nivis, project, with_files};
use libtest_mimic::{Failed, Trial};
use std::path::Path;

/// One trial per way in.
pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("packaging/the flake has a package for each system", systems),
        Trial::test("packaging/default.nix and the flake are the same derivation", same),
        Trial::test("packaging/the flake passes its check", check),
    ]
}

/// Runs `body` in a folder that has what evaluation looks at.
fn with_project(body: impl FnOnce(&Path) -> Result<(), Failed>) -> Result<(), Failed> {
    let own =
        ["flake.nix", "default.nix", "Cargo.toml", "Cargo.lock"].map(|name| (project().join(name), name.to_owned()));
    let stand_in = files(&project().join("tests/nixpkgs"), ".nix").into_iter().map(|path| {
        let name = format!("nixpkgs/{}", path.file_name().unwrap_or_default().to_string_lossy());
        (path, name)
    });
    let all = own.into_iter().chain(stand_in).map(|(path, name)| Ok((name, std::fs::read_to_string(path)?)));
    with_files(&all.collect::<std::io::Result<Vec<_>>>()?, body)
}

/// The output of the program.
fn said(folder: &Path, words: &[&str]) -> Result<String, Failed> {
    let mut command = nivis();
    command.args(words).current_dir(folder).env("NIX_CONFIG", "extra-experimental-features = nix-command flakes");
    let output = command.output()?;
    match output.status.success() {
        true => Ok(String::from_utf8(output.stdout)?.trim_end().to_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned().into()),
    }
}

/// Words of a command about the flake, with the stand-in.
fn flake<'w>(words: &[&'w str]) -> Vec<&'w str> {
    [words, &["--override-input", "nixpkgs", "path:./nixpkgs", "--no-write-lock-file"]].concat()
}

fn systems() -> Result<(), Failed> {
    with_project(|folder| {
        let apply = "builtins.mapAttrs (_: packages: packages.default.name)";
        let got = said(folder, &flake(&["eval", "--json", "path:.#packages", "--apply", apply]))?;
        let version = env!("CARGO_PKG_VERSION");
        let wanted = ["aarch64-darwin", "aarch64-linux", "x86_64-darwin", "x86_64-linux"];
        let wanted = wanted.map(|system| format!("\"{system}\":\"nivis-{version}\"")).join(",");
        if got == format!("{{{wanted}}}") { Ok(()) } else { Err(got.into()) }
    })
}

fn same() -> Result<(), Failed> {
    with_project(|folder| {
        let program = "import ./. { pkgs = import ./nixpkgs { system = \"x86_64-linux\"; }; }";
        let expression = format!("({program}).drvPath");
        let one = said(folder, &["eval", "--raw", "--impure", "--expr", &expression])?;
        let other = said(folder, &flake(&["eval", "--raw", "path:.#packages.x86_64-linux.default.drvPath"]))?;
        let is_path = one.starts_with("/nix/store/") && one.ends_with(".drv");
        if is_path && one == other { Ok(()) } else { Err(format!("{one}\n{other}").into()) }
    })
}

fn check() -> Result<(), Failed> {
    with_project(|folder| said(folder, &flake(&["flake", "check", "--all-systems", "path:."])).map(drop))
}
