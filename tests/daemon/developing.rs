//! `develop` and `print-dev-env`: the environment of a build, in a shell and as text.

use super::commands::{errors, run};
use super::{Daemon, same, with_names};
use libtest_mimic::Failed;
use serde_json::Value as Json;
use std::fs;
use std::path::{Path, PathBuf};

/// The setup of the derivations.
const SETUP: &str = r#"
export PATH=/bin:/usr/bin
declare -a list=(1 "two words" $'new\nline')
declare -A map=([k]="it's")
plain=$'a\tb\x01\e[0m"\\'
say() { echo "said: $1"; }
runHook() { if declare -f "$1" > /dev/null; then "$1"; fi; }
buildPhase() { echo "builds in ${PWD##*/}"; }
"#;

/// A folder with derivations that bash builds, and a flake with shells.
fn with_environments(daemon: &Daemon) -> Result<PathBuf, Failed> {
    let folder = daemon.folder.path().join("t");
    fs::create_dir(&folder)?;
    fs::write(folder.join("setup.sh"), SETUP)?;
    let system = format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS);
    let programs = format!(
        r#"let
            system = "{system}";
            bash = name: script: {{ inherit name system; builder = "/bin/bash"; args = [ "-c" script ]; }};
            stdenv = derivation (bash "stdenv" "/bin/mkdir $out; /bin/cp ${{./setup.sh}} $out/setup; :");
            mk = name: more: derivation (bash name "exit 1" // {{ inherit stdenv; }} // more);
        in rec {{
            plain = mk "plain" {{ x = "it's x"; shellHook = "echo hook"; }};
            two = mk "two" {{
                outputs = [ "out" "dev" ]; sub = "${{placeholder "dev"}}/sub"; disallowedReferences = [ "out" ];
            }};
            attrs = mk "attrs" {{
                __structuredAttrs = true; numbers = [ 1 2 ]; set.k = "v"; outputChecks.out.disallowedReferences = [ "out" ];
            }};
            fixed = mk "fixed" {{ outputHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="; }};
            needs = mk "needs" {{ dep = derivation (bash "dep" "echo built > $out"); }};
            wrong = mk "wrong" {{ builder = "/bin/sh"; }};
            broken = mk "broken" {{ stdenv = "/nowhere"; }};
        }}"#
    );
    fs::write(folder.join("a.nix"), programs)?;
    let outputs = format!(
        "devShells.{system} = {{ default = a.plain; other = a.two; }}; packages.{system} = {{ default = a.needs; inherit (a) needs; }};"
    );
    fs::write(folder.join("flake.nix"), format!("{{ outputs = _: let a = import ./a.nix; in {{ {outputs} }}; }}"))?;
    Ok(folder)
}

pub(super) fn shells() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let folder = with_environments(&daemon)?;
    let inside = |flags: &str, script: &str| {
        fs::write(folder.join("script"), script)?;
        let output = run(&daemon, &folder, &format!("nivis develop {flags} -c bash script"))?;
        let text = String::from_utf8_lossy(&output.stdout).trim_end().replace(&*folder.to_string_lossy(), "");
        Ok::<_, Failed>((text, errors(&output)))
    };
    let table = [
        ("--impure -f a.nix plain", "echo $x $IN_NIX_SHELL ${plain-none}", "hook\nit's x impure none"),
        (
            "--impure -f a.nix two",
            "echo $out $dev $sub ${disallowedReferences-}",
            "/outputs/out /outputs/dev /outputs/dev/sub",
        ),
        ("--impure -f a.nix attrs", "source $NIX_ATTRS_SH_FILE; echo ${numbers[1]} ${outputs[out]}", "2 /outputs/out"),
        ("--impure -f a.nix fixed", "echo $name", "fixed-env"),
        ("--impure -f a.nix needs", "cat $dep", "built"),
        ("path:.", "echo $x", "hook\nit's x"),
        ("path:.#other", "echo ${sub##*/}", "sub"),
        ("path:.#needs", "cat $dep", "built"),
        ("path:. -i -k HOME -s Y y", "echo ${HOME+home} $Y ${NIX_CONF_DIR-none}", "hook\nhome y none"),
        ("path:. -u HOME", "echo ${HOME-none}", "hook\nnone"),
    ];
    for (flags, script, expected) in table {
        let (text, told) = inside(flags, script)?;
        same(&&*text, &expected).map_err(|failed| format!("{flags}: {failed:?} {told}"))?;
    }
    let output = run(&daemon, &folder, "nivis develop --impure -f a.nix plain --build")?;
    same(&&*String::from_utf8_lossy(&output.stdout), &"hook\nbuilds in t\n")
        .map_err(|it| format!("{it:?} {}", errors(&output)))?;
    for (line, expected) in [
        ("nivis develop --impure -f a.nix wrong", "only works on derivations that use 'bash' as their builder"),
        ("nivis develop --impure -f a.nix broken", "broken-env.drv"),
        ("nivis develop --build -c true", "you cannot use both '--command' and '--phase'"),
        ("nivis develop -s A 1 -s A 2 path:.", "Duplicate definition of environment variable 'A'"),
        ("nivis develop -s A 1 -u A path:.", "Cannot unset environment variable 'A'"),
        ("nivis develop path:. path:.", "unexpected argument 'path:.'"),
    ] {
        let told = errors(&run(&daemon, &folder, line)?);
        same(&told.contains(expected), &true).map_err(|_| format!("{line}: {expected} is not in:\n{told}"))?;
    }
    Ok(())
}

pub(super) fn printed() -> Result<(), Failed> {
    let daemon = Daemon::start()?;
    let folder = with_environments(&daemon)?;
    let output = run(&daemon, &folder, "nivis print-dev-env --json --impure -f a.nix plain")?;
    let json: Json = serde_json::from_slice(&output.stdout).map_err(|error| format!("{error} {}", errors(&output)))?;
    let variable = |name: &str| json["variables"][name].clone();
    let text = |kind: &str, value: &str| serde_json::json!({ "type": kind, "value": value });
    same(&variable("x"), &text("exported", "it's x"))?;
    same(&variable("plain"), &text("var", "a\tb\u{1}\u{1b}[0m\"\\"))?;
    same(&variable("list"), &serde_json::json!({ "type": "array", "value": ["1", "two words", "new\nline"] }))?;
    same(&variable("map"), &serde_json::json!({ "type": "associative", "value": { "k": "it's" } }))?;
    same(&json["bashFunctions"]["say"], &Json::String(" \n    echo \"said: $1\"\n".to_owned()))?;
    // The text does in another shell what the environment is for.
    let script = run(&daemon, &folder, "nivis print-dev-env --impure -f a.nix plain --profile p")?;
    fs::write(folder.join("env"), &script.stdout)?;
    fs::write(folder.join("use"), "source ./env; say \"${list[1]}\"; echo ${map[k]} $x\n")?;
    let used = std::process::Command::new("bash").arg("use").current_dir(&folder).output()?;
    same(&&*String::from_utf8_lossy(&used.stdout), &"hook\nsaid: two words\nit's it's x\n")?;
    profiles(&daemon, &folder)
}

/// A profile has a link for each environment, and is one itself.
fn profiles(daemon: &Daemon, folder: &Path) -> Result<(), Failed> {
    for _ in 0..2 {
        run(daemon, folder, "nivis develop --impure -f a.nix two --profile p -c true")?;
    }
    let target = |link: &str| fs::read_link(folder.join(link)).map(|target| target.to_string_lossy().into_owned());
    same(&&*with_names(&target("p-2-link")?, daemon), &"two-env")?;
    same(&(target("p")?.as_str(), target("p-3-link").is_err()), &("p-2-link", true))?;
    let output = run(daemon, folder, "nivis develop ./p -c printenv name")?;
    same(&&*String::from_utf8_lossy(&output.stdout), &"two-env\n")
        .map_err(|it| format!("{it:?} {}", errors(&output)))?;
    let roots = daemon.nix("nix-store").args(["--gc", "--print-roots"]).output()?;
    let roots = String::from_utf8_lossy(&roots.stdout).into_owned();
    same(&roots.contains("p-1-link"), &true)
}
