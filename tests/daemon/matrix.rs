//! Everything that can be built, in every kind of store and every version of the protocol: same output paths and texts
//! as with the daemon's own client.

use super::{Daemon, Kind, shell};
use libtest_mimic::{Failed, Trial};
use nivis::io::SystemIo;
use nivis::store::daemon::DaemonStore;
use nivis::store::daemon::address::DaemonAddress;
use nivis::store::daemon::client::Deaf;
use nivis::store::daemon::types::{BuildMode, DerivedPath, Outputs, Version};
use nivis::{Engine, Settings};
use serde_json::Value as Json;
use std::path::Path;
use std::process::Output;
use std::rc::Rc;

/// The attributes that make outputs content-addressed.
const CONTENT_ADDRESSED: &str =
    "{ __contentAddressed = true; outputHashMode = \"recursive\"; outputHashAlgo = \"sha256\"; }";

/// The hash of `a`.
const HASH: &str = "sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=";

/// Programs with the derivation to build, with `N` in its name, and the text of the failure if there is one.
const CASES: &[(&str, &str)] = &[
    (r#"shell "simpleN" "echo 1 > $out""#, ""),
    (r#"shell "userN" "read x < ${shell "usedN" "echo 1 > $out"}; echo $x > $out""#, ""),
    (r#"fixed "fixedN" "printf a > $out""#, ""),
    (r#"shell "sourceN" "read x < ${./a.txt}; echo $x > $out""#, ""),
    (r#"shell "textN" "read x < ${builtins.toFile "tN" "text\n"}; echo $x > $out""#, ""),
    (r#"extended { outputs = [ "out" "dev" ]; } "twoN" "echo $dev > $out; echo 2 > $dev""#, ""),
    (r#"shell "readN" "echo ${builtins.readFile (shell "inN" "printf x > $out")} > $out""#, ""),
    (r#"shell "importN" "echo ${toString (import (shell "inN.nix" "echo 1 + 1 > $out"))} > $out""#, ""),
    (r#"shell "failingN" "echo no; exit 3""#, "exit code 3"),
    (r#"shell "dependentN" "read x < ${shell "brokenN" "echo no; exit 3"}""#, "fail"),
    (r#"fixed "wrongN" "printf b > $out""#, "hash mismatch"),
];

/// The same for a daemon that can make content-addressed outputs.
const CASES_BY_CONTENT: &[(&str, &str)] = &[
    (r#"content "caN" "echo 1 > $out""#, ""),
    (r#"content "ca-userN" "read x < ${content "ca-usedN" "echo 1 > $out"}; echo $x > $out""#, ""),
    (r#"shell "mixedN" "echo ${content "ca-usedN" "echo 1 > $out"} > $out""#, ""),
    (r#"shell "ca-readN" "echo ${builtins.readFile (content "ca-inN" "printf N > $out")} > $out""#, ""),
    (r#"content "ca-failingN" "echo no; exit 3""#, "exit code 3"),
];

pub(super) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("daemon/the matrix, in a store of its own", || against_its_client(Kind::Store)),
        Trial::test("daemon/the matrix, below a folder", || against_its_client(Kind::Root)),
        Trial::test("daemon/the matrix, in every version", in_every_version),
    ]
}

/// A program with a case's derivation.
fn program(case: &str, number: &str) -> String {
    let builder = "builder = \"/bin/sh\"; args = [ \"-c\" script ];";
    let content = format!("extended {CONTENT_ADDRESSED}");
    let fixed = format!("extended {{ outputHash = \"{HASH}\"; outputHashMode = \"flat\"; }}");
    let case = case.replace('N', number);
    format!(
        "let {} extended = more: name: script: derivation ({{ inherit name system; {builder} }} // more);
         content = {content}; fixed = {fixed}; in {case}",
        shell()
    )
}

fn cases(daemon: &Daemon) -> Vec<(&'static str, &'static str)> {
    let by_content = if daemon.knows_content_addresses() { CASES_BY_CONTENT } else { &[] };
    CASES.iter().chain(by_content).copied().collect()
}

fn against_its_client(kind: Kind) -> Result<(), Failed> {
    // The paths are the same only below a folder. Elsewhere there is one daemon, which builds for us first.
    let daemon = Daemon::of_kind(kind)?;
    let other = if kind == Kind::Root { Some(Daemon::of_kind(kind)?) } else { None };
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("a.txt"), "source\n")?;
    for (case, failure) in cases(&daemon) {
        let program = program(case, "7");
        let words = ["build", "--json", "--no-link", "--impure", "--expr", &program];
        let got = daemon.as_nix().args(words).current_dir(folder.path()).output()?;
        let client = other.as_ref().unwrap_or(&daemon).nix("nix").args(words).current_dir(folder.path()).output()?;
        let (mut got, wanted) = (outcome(&got), outcome(&client));
        if let (Ok(Json::Object(got)), Ok(Json::Object(wanted))) = (&mut got, &wanted) {
            // Old clients build only the first output.
            got.retain(|name, _| wanted.contains_key(name));
        }
        let is_expected = got.as_ref().map_or_else(|error| error.contains(failure), |_| failure.is_empty());
        if got != wanted || !is_expected {
            return Err(format!("{case}: got {got:?}, wanted {wanted:?}").into());
        }
    }
    Ok(())
}

/// The built outputs, or the error.
fn outcome(output: &Output) -> Result<Json, String> {
    if output.status.success() {
        let json: Json = serde_json::from_slice(&output.stdout).unwrap_or_default();
        return Ok(json[0]["outputs"].clone());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(errors.find("error:").map_or(&*errors, |start| &errors[start..]).to_owned())
}

fn in_every_version() -> Result<(), Failed> {
    let daemon = Daemon::of_kind(Kind::Store)?;
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("a.txt"), "source\n")?;
    for (case, failure) in cases(&daemon) {
        // Maps of outputs came with this version, and results that name outputs later.
        let oldest = if CASES_BY_CONTENT.contains(&(case, failure)) { Version(22) } else { Version::OLDEST };
        for minor in oldest.0..=daemon.newest()?.0 {
            let built = built(&daemon, Version(minor), folder.path(), &program(case, &minor.to_string()));
            let is_right = match &built {
                Ok(texts) => failure.is_empty() && texts.iter().all(|text| !text.is_empty()),
                Err(error) => !failure.is_empty() && error.contains(failure),
            };
            if !is_right {
                return Err(format!("1.{minor}: {case}: {built:?}").into());
            }
        }
    }
    Ok(())
}

/// The contents of all outputs of a program's derivation.
fn built(daemon: &Daemon, version: Version, folder: &Path, program: &str) -> Result<Vec<String>, String> {
    let address = DaemonAddress::Socket(daemon.socket());
    let store = DaemonStore::at(address, folder.join("staging"), Rc::new(Deaf)).with_newest_version(version);
    let store_dir = daemon.folder.path().join("store").display().to_string();
    let mut settings = Settings::default();
    (settings.store_dir, settings.read_only, settings.keep_derivations) = (store_dir, false, true);
    settings.features.push("ca-derivations".to_owned());
    let mut engine = Engine::with_io(settings, Box::new(SystemIo)).with_store(Rc::new(store));
    let program = format!("({}).drvPath", program.replace("./a.txt", &folder.join("a.txt").display().to_string()));
    let paths = engine.enter(|cx| {
        let value = cx.eval_text(program.into_bytes(), &[])?;
        let derivation = value.as_str().map(|text| text.as_bytes().to_vec()).unwrap_or_default();
        let target = DerivedPath::Built { derivation: derivation.clone().into(), outputs: Outputs::All };
        let results = cx.build_targets(&[target], BuildMode::Normal)?;
        if let Some(failed) = results.iter().find(|result| !result.status.is_success()) {
            return Err(nivis::Error::eval(failed.message.clone()));
        }
        cx.outputs_of(&derivation)
    });
    let paths = paths.map_err(|error| error.to_string())?;
    let read = |path: Option<Box<[u8]>>| {
        let path = path.ok_or("no path")?;
        std::fs::read_to_string(&*String::from_utf8_lossy(&path)).map_err(|error| error.to_string())
    };
    paths.into_iter().map(|(_, path)| read(path)).collect()
}
