//! Commands that end in another program, and commands about the store.

use super::commands::{errors, run};
use super::{Daemon, same, shell, with_names};
use libtest_mimic::Failed;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Output;

/// A folder with programs, environments, and a flake with an app.
fn with_programs(daemon: &Daemon) -> Result<PathBuf, Failed> {
    let folder = daemon.folder.path().join("t");
    fs::create_dir(&folder)?;
    let script = "/bin/mkdir -p $out/bin; echo '#!/bin/sh' > $out/bin/hello; echo 'echo hi $*' >> $out/bin/hello; \
                  /bin/chmod +x $out/bin/hello; /bin/ln -s hello $out/bin/other";
    let setup = r#"/bin/mkdir $out; echo 'runHook() { eval \"\''${!1}\"; }; setup=1' > $out/setup"#;
    let programs = format!(
        "let {} in rec {{
            hello = shell \"hello-1.2\" \"{}\";
            outside = shell \"outside\" \"/bin/mkdir $out; /bin/ln -s /bin $out/bin; :\";
            other = hello // {{ meta.mainProgram = \"other\"; }};
            stdenv = shell \"stdenv\" ''{}'';
            env = derivation {{
                name = \"env\"; inherit system stdenv; builder = \"/bin/sh\"; dep = hello; foo = \"it's\";
                shellHook = \"echo hook\"; big = \"BIG\"; passAsFile = [ \"big\" ];
            }};
            attrs = derivation {{
                name = \"attrs\"; inherit system stdenv; builder = \"/bin/sh\"; __structuredAttrs = true;
                list = [ 1 \"a b\" ]; set.k = \"v\";
            }};
            function = {{ inNixShell ? false }}: if inNixShell then env // {{ foo = \"no\"; }} else attrs;
        }}",
        shell(),
        script.replace('"', "\\\""),
        setup.replace("\\\"", "\"")
    );
    fs::write(folder.join("a.nix"), programs)?;
    let system = format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS);
    let app = format!("apps.{system}.default = {{ type = \"app\"; program = \"${{a.hello}}/bin/other\"; }};");
    let wrong = format!("apps.{system}.wrong = a.hello; packages.{system}.hello = a.hello;");
    fs::write(folder.join("flake.nix"), format!("{{ outputs = _: let a = import ./a.nix; in {{ {app} {wrong} }}; }}"))?;
    Ok(folder)
}

pub(super) fn starting() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let folder = with_programs(&daemon)?;
    let table = [
        ("nivis run --impure -f a.nix hello -- a --b", "hi a --b"),
        ("nivis run --impure -f a.nix other", "hi"),
        ("nivis run path:. x", "hi x"),
        ("nivis run path:.#hello -- x", "hi x"),
        ("nivis shell --impure -f a.nix hello -c hello 1", "hi 1"),
        ("nivis shell path:.#hello -i --set X y -c /bin/sh -c hello;echo${HOME-none}$X", "hi\nnoney"),
        ("nivis shell path:.#hello --unset HOME -c /bin/sh -c echo${HOME-none}", "none"),
    ];
    for (line, expected) in table {
        // Spaces within words.
        let words = line.replace("echo$", "echo\u{a0}$");
        let output = run(&daemon, &folder, &words.replace('\u{a0}', "${IFS}"))?;
        let failed = |failed: Failed| format!("{line}: {failed:?} {}", errors(&output));
        same(&String::from_utf8_lossy(&output.stdout).trim_end(), &expected).map_err(failed)?;
    }
    let table = [
        ("nivis run path:.#wrong", "should have type 'app'"),
        ("nivis run --impure -f a.nix env", "failed to produce output"),
        ("nivis shell -k HOME path:.#hello", "--keep-env-var does not make sense without --ignore-env"),
        ("nivis shell --impure -f a.nix outside -c true", "is not in the Nix store"),
        ("nivis shell path:.#hello -c", "--command requires at least one argument"),
    ];
    for (line, expected) in table {
        let told = errors(&run(&daemon, &folder, line)?);
        same(&told.contains(expected), &true).map_err(|_| format!("{line}: {expected} is not in:\n{told}"))?;
    }
    Ok(())
}

pub(super) fn environments() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let folder = with_programs(&daemon)?;
    let shell = |words: &[&str]| {
        let link = daemon.folder.path().join("nix-shell");
        if !link.exists() {
            std::os::unix::fs::symlink(daemon.nivis().get_program(), &link)?;
        }
        let mut command = daemon.nix(&link.to_string_lossy());
        command.args(words).env("NIX_BUILD_SHELL", "bash").current_dir(&folder);
        Ok::<_, Failed>(command.output()?)
    };
    let table: [(&[&str], &str); 7] = [
        (&["a.nix", "-A", "env", "--run", "echo $foo $setup; cat $bigPath"], "hook\nit's 1\nBIG"),
        (
            &["a.nix", "-A", "env", "--pure", "--run", "echo ${HOME+home} $IN_NIX_SHELL; $dep/bin/hello"],
            "hook\nhome pure\nhi",
        ),
        (&["a.nix", "-A", "attrs", "--run", "echo ${list[1]} ${set[k]} $setup"], "a b v 1"),
        (&["a.nix", "-A", "function", "--run", "echo $foo"], "hook\nit's"),
        (&["-E", "(import ./a.nix).env", "--command", "echo x"], "hook\nx"),
        (&["a.nix", "-A", "env", "--dry-run"], ""),
        (&["script", "a b", "c"], "hook\na b,c,it's"),
    ];
    fs::write(
        folder.join("script"),
        "#! /usr/bin/env nix-shell\n#! nix-shell -i bash a.nix -A env\necho $1,$2,$foo\n",
    )?;
    fs::set_permissions(folder.join("script"), fs::Permissions::from_mode(0o755))?;
    for (words, expected) in table {
        let output = shell(words)?;
        let failed = |failed: Failed| format!("{words:?}: {failed:?} {}", errors(&output));
        same(&String::from_utf8_lossy(&output.stdout).trim_end(), &expected).map_err(failed)?;
    }
    same(&shell(&["a.nix", "-A", "env", "--run", "exit 3"])?.status.code(), &Some(3))?;
    derivations_and_scripts(&folder, &shell)?;
    for (words, expected) in [
        (&["a.nix"][..], "nix-shell requires a single derivation"),
        (&["--run", "true"], "no argument specified and no 'shell.nix'"),
        (&["-p", "-E", "1"], "'-p' and '-E' are mutually exclusive"),
    ] {
        let told = errors(&shell(words)?);
        same(&told.contains(expected), &true).map_err(|_| format!("{words:?}: {expected} is not in:\n{told}"))?;
    }
    Ok(())
}

/// The meaning of words of `nix-shell`: derivations, folders, and in scripts, expressions.
fn derivations_and_scripts(folder: &Path, shell: &dyn Fn(&[&str]) -> Result<Output, Failed>) -> Result<(), Failed> {
    let printed = |words: &[&str], expected: &str| {
        let output = shell(words)?;
        let failed = |failed: Failed| format!("{words:?}: {failed:?} {}", errors(&output));
        same(&&*String::from_utf8_lossy(&output.stdout), &expected).map_err(failed)?;
        Ok::<_, Failed>(errors(&output))
    };
    shell(&["a.nix", "-A", "env", "--run", "echo $out > out"])?;
    let made = shell(&["-E", "(import ./a.nix).env", "--run", "true"])?;
    same(&made.status.success(), &true)?;
    let derivation = fs::read_dir(folder.join("../store"))?.flatten().map(|entry| entry.path());
    let derivation =
        derivation.into_iter().find(|path| path.to_string_lossy().ends_with("-env.drv")).ok_or("a file")?;
    let derivation = derivation.canonicalize()?;
    let run = ["--run", "echo $foo"];
    let shown = derivation.to_string_lossy();
    printed(&[&[&*shown][..], &run].concat(), "hook\nit's\n")?;
    printed(&[&[&*format!("{shown}!out")][..], &run].concat(), "hook\nit's\n")?;
    std::os::unix::fs::symlink(&derivation, folder.join("link"))?;
    printed(&[&["link"][..], &run].concat(), "hook\nit's\n")?;
    // A script's expressions start beside it.
    fs::create_dir(folder.join("sub"))?;
    fs::write(folder.join("sub/b.nix"), "import ../a.nix")?;
    fs::write(
        folder.join("sub/script"),
        "#! /usr/bin/env nix-shell\n#! nix-shell -i bash --arg all \"import ./b.nix\" -E \"{ all }: all.env\"\necho $foo\n",
    )?;
    printed(&["sub/script"], "hook\nit's\n")?;
    fs::write(folder.join("sub/shell.nix"), "(import ./b.nix).env")?;
    fs::write(folder.join("sub/default.nix"), "(import ./b.nix).env // { foo = 1; }.none")?;
    printed(&[&["sub"][..], &run].concat(), "hook\nit's\n")?;
    let old = ["sub", "--option", "nix-shell-always-looks-for-shell-nix", "false"];
    let told = printed(&[&old[..], &run].concat(), "")?;
    let is_told = told.contains("Skipping '") && told.contains("'none' missing");
    same(&is_told, &true).map_err(|_| told.into())
}

pub(super) fn about_the_store() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let folder = with_programs(&daemon)?;
    fs::create_dir(folder.join("tree"))?;
    fs::write(folder.join("tree/file"), "text\n")?;
    std::os::unix::fs::symlink("/nowhere", folder.join("link"))?;
    let added = run(&daemon, &folder, "nivis store add tree")?;
    let entry = String::from_utf8_lossy(&added.stdout).trim_end().to_owned();
    same(&&*with_names(&entry, &daemon), &"tree").map_err(|failed| format!("{failed:?} {}", errors(&added)))?;
    run(&daemon, &folder, "nivis build --impure -f a.nix hello")?;
    let system = format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS);
    let table = [
        (format!("nivis store ls {entry}"), "./file".to_owned()),
        (format!("nivis store ls -l {entry}"), "-r--r--r--                    5 ./file".to_owned()),
        (format!("nivis store ls --json {entry}"), r#"{"entries":{"file":{}},"type":"directory"}"#.to_owned()),
        (format!("nivis store cat {entry}/file"), "text".to_owned()),
        ("nivis store ls -R ./result".to_owned(), "./bin\n./bin/hello\n./bin/other".to_owned()),
        ("nivis path-info ./result".to_owned(), "hello-1.2".to_owned()),
        ("nivis store add --hash-algo sha1 tree".to_owned(), "tree".to_owned()),
        ("nivis store add --mode flat --hash-algo sha512 tree/file".to_owned(), "file".to_owned()),
        ("nivis store add link".to_owned(), "link".to_owned()),
        ("nivis store add --mode text --hash-algo sha256 tree/file -n text".to_owned(), "text".to_owned()),
        ("nivis path-info --derivation --impure -f a.nix hello".to_owned(), "hello-1.2.drv".to_owned()),
        ("nivis path-info -rs --impure -f a.nix hello".to_owned(), "hello-1.2\t        696".to_owned()),
    ];
    for (line, expected) in &table {
        let output = run(&daemon, &folder, line)?;
        let failed = |failed: Failed| format!("{line}: {failed:?} {}", errors(&output));
        let printed = with_names(&String::from_utf8_lossy(&output.stdout), &daemon);
        same(&printed.trim_end(), &expected.as_str()).map_err(failed)?;
    }
    let output = run(&daemon, &folder, "nivis derivation show --impure -f a.nix attrs")?;
    let json = String::from_utf8_lossy(&output.stdout).into_owned();
    let named = json.split('"').find(|word| word.ends_with("-attrs.drv")).unwrap_or_default();
    let line = format!("nivis derivation show {}/store/{named}", daemon.folder.path().display());
    same(&String::from_utf8_lossy(&run(&daemon, &folder, &line)?.stdout).into_owned(), &json)?;
    for part in [r#""list":[1,"a b"]"#, r#""version":4"#, &format!(r#""system":"{system}""#), r#""outputs":["out"]"#] {
        same(&json.contains(part), &true).map_err(|_| format!("{part} is not in:\n{json} {}", errors(&output)))?;
    }
    let output = run(&daemon, &folder, "nivis path-info --json --json-format 2 ./result")?;
    let json = String::from_utf8_lossy(&output.stdout).into_owned();
    for part in [r#""narSize":696"#, r#""version":2"#, r#""ultimate":true"#] {
        same(&json.contains(part), &true).map_err(|_| format!("{part} is not in:\n{json} {}", errors(&output)))?;
    }
    for (line, expected) in [
        (format!("nivis store cat {entry}"), "is not a regular file"),
        (format!("nivis store ls {entry}x"), "is not valid"),
        ("nivis store ls".to_owned(), "'path' is not given"),
        ("nivis store add --mode flat link".to_owned(), "is a symlink"),
        ("nivis store add --hash-algo md4 tree".to_owned(), "unknown hash algorithm"),
        ("nivis path-info --impure -f a.nix env".to_owned(), "is not valid"),
    ] {
        let told = errors(&run(&daemon, &folder, &line)?);
        same(&told.contains(expected), &true).map_err(|_| format!("{line}: {expected} is not in:\n{told}"))?;
    }
    Ok(())
}
