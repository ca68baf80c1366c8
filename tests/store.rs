//! The store in a folder: the entries of a program are in canonical form, whole or absent, whatever happens to the
//! processes that write them. `NIVIS_ROUNDS=1000` kills more of them.

use crate::support::{nivis, with_files};
use libtest_mimic::{Failed, Trial};
use nivis::codec::hash::{HashAlgorithm, hash_bytes};
use nivis::io::SystemIo;
use nivis::store::content::{ContentAddress, Method};
use nivis::store::path::text_path;
use nivis::store::tree::hash_archive;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// One trial per property.
pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("store/what a program makes is there in canonical form", canonical),
        Trial::test("store/what is there can be read by its path", read_back),
        Trial::test("store/only what is needed is written", lazy),
        Trial::test("store/links lead to nothing that a filter leaves out", links),
        Trial::test("store/of a file that is known by its contents nothing else is kept", flat),
        Trial::test("store/processes write it at once", together),
        Trial::test("store/processes may be killed", killed),
        Trial::test("store/the usual store need not be writable", not_writable),
    ]
}

const PROGRAM: &str = r#"
let inner = builtins.toFile "inner" "text"; in derivation {
  name = "t"; system = "s"; builder = "b";
  tree = ./tree;
  some = builtins.path { path = ./tree; name = "some"; filter = path: _: baseNameOf path != "a"; };
  conf = builtins.toFile "conf" "refers to ${inner}";
  used = derivation { name = "used"; system = "s"; builder = "b"; };
}"#;

/// The entries that the program creates, by name.
const NAMES: [&str; 6] = ["conf", "inner", "some", "t.drv", "tree", "used.drv"];

fn program() -> Vec<(String, String)> {
    let files = [("t.nix", PROGRAM), ("tree/a", "a"), ("tree/sub/b", "b"), ("lazy.nix", "\"${./tree}\"")];
    files.map(|(path, text)| (path.to_owned(), text.to_owned())).to_vec()
}

fn instantiate(folder: &Path) -> Command {
    let mut command = nivis();
    command.args(["instantiate", "t.nix", "--store"]).arg(folder.join("store")).current_dir(folder);
    command
}

/// The names of the entries, if the contents of each match its path.
fn sound_entries(store: &Path) -> Result<Vec<String>, Failed> {
    let mut names = Vec::new();
    for entry in fs::read_dir(store.join("nix/store"))? {
        let path = entry?.path();
        let file_name = path.file_name().unwrap_or_default().as_bytes().to_vec();
        let name = String::from_utf8_lossy(&file_name[33..]).into_owned();
        let logical = [b"/nix/store/", &file_name[..]].concat();
        if matches!(&*name, "tree" | "some") {
            let hash = hash_archive(&SystemIo, path.as_os_str().as_bytes(), &mut |_, _| Ok(true))?;
            let content = ContentAddress { method: Method::Archive, hash };
            same(&*content.path("/nix/store", name.as_bytes())?, &logical[..])?;
        } else if name == "inner" {
            let hash = hash_bytes(HashAlgorithm::Sha256, &fs::read(&path)?);
            same(&*text_path("/nix/store", &hash, [], name.as_bytes())?, &logical[..])?;
        }
        names.push(name);
    }
    names.sort();
    Ok(names)
}

/// Checks that a file is not writable, and has the oldest possible time.
fn check_modes(path: &Path) -> Result<(), Failed> {
    let metadata = path.symlink_metadata()?;
    let is_sealed = metadata.mode() & 0o222 == 0 && metadata.mtime() == 1;
    if !metadata.is_symlink() && !is_sealed {
        return Err(format!("{} has mode {:o}, time {}", path.display(), metadata.mode(), metadata.mtime()).into());
    }
    if metadata.is_dir() {
        for entry in fs::read_dir(path)? {
            check_modes(&entry?.path())?;
        }
    }
    Ok(())
}

fn same<T: PartialEq + std::fmt::Debug + ?Sized>(got: &T, wanted: &T) -> Result<(), Failed> {
    if got == wanted { Ok(()) } else { Err(format!("wanted {wanted:#?}\ngot {got:#?}").into()) }
}

fn holds(what: bool) -> Result<(), Failed> {
    same(&what, &true)
}

fn all_there(folder: &Path) -> Result<(), Failed> {
    same(&sound_entries(&folder.join("store"))?, &NAMES.map(str::to_owned).to_vec())
}

/// Checks that no file of any entry is writable, and that all have the oldest possible time.
fn all_sealed(folder: &Path) -> Result<(), Failed> {
    fs::read_dir(folder.join("store/nix/store"))?.try_for_each(|entry| check_modes(&entry?.path()))
}

fn nothing_staged(folder: &Path) -> Result<(), Failed> {
    same(&fs::read_dir(folder.join("store/nix/var/nivis/staging"))?.count(), &0)
}

fn canonical() -> Result<(), Failed> {
    with_files(&program(), |folder| {
        let output = instantiate(folder).output()?;
        let path = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
        let text = fs::read_to_string(folder.join("store").join(path.trim_start_matches('/')))?;
        holds(text.contains("-tree") && text.contains("-some") && text.contains("used.drv"))?;
        all_there(folder)?;
        all_sealed(folder)?;
        let some = fs::read_dir(folder.join("store/nix/store"))?.flatten().map(|entry| entry.path());
        let some = some.filter(|path| path.as_os_str().as_bytes().ends_with(b"-some")).collect::<Vec<_>>();
        same(&fs::read_dir(&some[0])?.count(), &1)?;
        nothing_staged(folder)
    })
}

fn read_back() -> Result<(), Failed> {
    with_files(&program(), |folder| {
        instantiate(folder).output()?;
        let conf = "builtins.readFile (builtins.head (builtins.attrNames (builtins.getContext path)))";
        let program = format!("let path = builtins.toFile \"inner\" \"text\"; in {conf}");
        let inner = nivis().args(["eval", "--raw", "--impure", "--expr", &program]).output()?;
        same(&String::from_utf8_lossy(&inner.stdout).into_owned(), &"text".to_owned())?;
        let entries = fs::read_dir(folder.join("store/nix/store"))?.flatten().map(|entry| entry.file_name());
        let inner = entries.map(|name| name.to_string_lossy().into_owned()).find(|name| name.ends_with("-conf"));
        let program = format!("builtins.readFile \"/nix/store/{}\"", inner.unwrap_or_default());
        let store = folder.join("store").to_string_lossy().into_owned();
        let read = nivis().args(["eval", "--raw", "--impure", "--store", &store, "--expr", &program]).output()?;
        holds(read.stdout.starts_with(b"refers to /nix/store/"))
    })
}

fn lazy() -> Result<(), Failed> {
    with_files(&program(), |folder| {
        let store = folder.join("store");
        let mut eval = nivis();
        eval.args(["--eval", "--store"]).arg(&store).arg("lazy.nix").current_dir(folder);
        holds(eval.status()?.success())?;
        holds(!store.exists())?;
        let mut eval = nivis();
        eval.args(["eval", "--raw", "--file", "lazy.nix", "--store"]).arg(&store).current_dir(folder);
        holds(eval.status()?.success())?;
        same(&sound_entries(&store)?, &vec!["tree".to_owned()])
    })
}

fn links() -> Result<(), Failed> {
    with_files(&program(), |folder| {
        std::os::unix::fs::symlink("a", folder.join("tree/leak"))?;
        std::os::unix::fs::symlink("sub", folder.join("tree/folder"))?;
        let some =
            r#"some = builtins.path { path = ./tree; name = "some"; filter = path: _: baseNameOf path != "a"; };"#;
        let eval = |what: &str| {
            let program = format!("let {some} in {what}");
            let output = nivis().args(["eval", "--impure", "--json", "--expr", &program]).current_dir(folder).output();
            output.map(|output| String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
        };
        let table = [
            ("builtins.readFile (some + \"/leak\")", ""),
            ("builtins.pathExists (some + \"/a\")", "false"),
            ("builtins.readFile (some + \"/folder/b\")", "\"b\""),
            ("builtins.attrNames (builtins.readDir (some + \"/folder\"))", "[\"b\"]"),
            ("builtins.pathExists (some + \"/folder/b\")", "true"),
        ];
        table.into_iter().try_for_each(|(what, wanted)| same(&eval(what)?, &wanted.to_owned()))
    })
}

fn flat() -> Result<(), Failed> {
    with_files(&program(), |folder| {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder.join("tree/a"), fs::Permissions::from_mode(0o755))?;
        let file = "builtins.path { path = ./tree/a; name = \"f\"; recursive = false; }";
        let mut eval = nivis();
        eval.args(["eval", "--raw", "--impure", "--expr", file, "--store"]).arg(folder.join("store"));
        let path = String::from_utf8_lossy(&eval.current_dir(folder).output()?.stdout).into_owned();
        let mode = fs::metadata(folder.join("store").join(path.trim_start_matches('/')))?.mode() & 0o777;
        same(&mode, &0o444)
    })
}

fn together() -> Result<(), Failed> {
    with_files(&program(), |folder| {
        let processes: Vec<_> = (0..8).map(|_| instantiate(folder).spawn()).collect::<Result<_, _>>()?;
        for process in processes {
            holds(process.wait_with_output()?.status.success())?;
        }
        all_there(folder)?;
        nothing_staged(folder)
    })
}

fn killed() -> Result<(), Failed> {
    let rounds = std::env::var("NIVIS_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(10);
    with_files(&program(), |folder| {
        for round in 0..rounds {
            let mut process = instantiate(folder).spawn()?;
            std::thread::sleep(Duration::from_micros(1000 + 997 * round % 30_000));
            process.kill()?;
            process.wait()?;
            if folder.join("store/nix/store").exists() {
                sound_entries(&folder.join("store"))?;
            }
        }
        // A process that adds an entry removes the leftovers of others.
        for entry in fs::read_dir(folder.join("store/nix/store")).into_iter().flatten().flatten() {
            if entry.file_name().as_bytes().ends_with(b"-conf") {
                fs::remove_file(entry.path())?;
            }
        }
        holds(instantiate(folder).status()?.success())?;
        all_there(folder)?;
        nothing_staged(folder)
    })
}

fn not_writable() -> Result<(), Failed> {
    with_files(&program(), |folder| {
        let mut usual = nivis();
        usual
            .args(["instantiate", "t.nix"])
            .current_dir(folder)
            .env_remove("NIX_REMOTE")
            .env("XDG_DATA_HOME", "/dev/null");
        let usual = usual.output()?;
        same(&(usual.status.code(), usual.stdout.ends_with(b"-t.drv\n")), &(Some(0), true))?;
        let text = String::from_utf8_lossy(&usual.stderr).into_owned();
        holds(text.contains("warning: derivations are not written to the store"))?;
        let named = nivis().args(["instantiate", "--store", "/dev/null", "t.nix"]).current_dir(folder).output()?;
        same(&named.status.code(), &Some(1))
    })
}
