//! Limited address space: a value or the program's own error, never an abort.

use crate::support;
use libtest_mimic::{Failed, Trial};
use std::path::Path;
use std::process::Output;

/// Limits of the address space, in MiB.
const LIMITS: [usize; 7] = [60, 90, 150, 260, 420, 640, 900];

/// Each needs more memory than the smallest limits allow; some need more than any.
const PROGRAMS: [(&str, &str); 50] = [
    ("concatStringsSep", r#"builtins.stringLength (builtins.concatStringsSep "" (builtins.genList (x: LONG) 100000))"#),
    ("string that doubles", "builtins.stringLength (DOUBLED 24)"),
    (
        "string that grows",
        r#"builtins.stringLength (builtins.foldl' (a: b: a + LONG + a) "" (builtins.genList (x: x) 20))"#,
    ),
    ("string that is printed", "DOUBLED 23"),
    ("string that is printed as JSON", "JSON DOUBLED 23"),
    ("string that is printed as XML", "XML DOUBLED 23"),
    ("strings in a list", "STRICT builtins.genList (x: DOUBLED 18) 60"),
    ("toJSON", "builtins.stringLength (builtins.toJSON (builtins.genList (x: DOUBLED 18) 40))"),
    ("toXML", "builtins.stringLength (builtins.toXML (builtins.genList (x: DOUBLED 18) 40))"),
    ("toString", "builtins.stringLength (toString (builtins.genList (x: DOUBLED 18) 40))"),
    ("list", "builtins.length (builtins.genList (x: x) 20000000)"),
    ("list that doubles", "builtins.length (builtins.foldl' (a: b: a ++ a) [ 1 ] (builtins.genList (x: x) 25))"),
    ("list that grows", "builtins.length (builtins.foldl' (a: b: a ++ [ b ]) [ ] (builtins.genList (x: x) 20000))"),
    ("list of lists", "builtins.deepSeq (builtins.genList (x: builtins.genList (y: y) 1000) 2000) 1"),
    ("concatLists", "builtins.length (builtins.concatLists (builtins.genList (x: MANY) 100))"),
    ("concatMap", "builtins.length (builtins.concatMap (x: MANY) (builtins.genList (x: x) 100))"),
    ("map", "builtins.length (builtins.map (x: x) (builtins.genList (x: x) 5000000))"),
    ("filter", "builtins.length (builtins.filter (x: x != 1) (builtins.genList (x: x) 3000000))"),
    ("partition", "builtins.length (builtins.partition (x: x > 9) (builtins.genList (x: x) 2000000)).right"),
    ("groupBy", "builtins.length (builtins.groupBy (x: \"a\") (builtins.genList (x: x) 2000000)).a"),
    ("sort", "builtins.length (builtins.sort builtins.lessThan (builtins.genList (x: -x) 1500000))"),
    ("sort by a function", "builtins.length (builtins.sort (a: b: a < b) (builtins.genList (x: -x) 300000))"),
    ("set", "builtins.length (builtins.attrNames NAMED)"),
    ("set laid over another", "builtins.length (builtins.attrNames (builtins.mapAttrs (n: v: v) NAMED // NAMED))"),
    ("zipAttrsWith", "builtins.length (builtins.attrNames (builtins.zipAttrsWith (n: v: v) [ NAMED NAMED NAMED ]))"),
    ("intersectAttrs", "builtins.length (builtins.attrNames (builtins.intersectAttrs NAMED NAMED))"),
    ("removeAttrs", "builtins.length (builtins.attrNames (builtins.removeAttrs NAMED (builtins.attrNames NAMED)))"),
    ("names", "builtins.stringLength (builtins.concatStringsSep \" \" (builtins.attrNames NAMED))"),
    ("split", r#"builtins.length (builtins.split "a" (DOUBLED 18))"#),
    ("match", r#"builtins.match "(a|b)*" (DOUBLED 16)"#),
    ("match of much", r#"builtins.match ".*(x).*" (DOUBLED 20)"#),
    ("replaceStrings", r#"builtins.stringLength (builtins.replaceStrings [ "a" ] [ LONG ] (DOUBLED 18))"#),
    ("replaceStrings of nothing", r#"builtins.stringLength (builtins.replaceStrings [ "" ] [ "b" ] (DOUBLED 22))"#),
    (
        "splitVersion",
        r#"builtins.length (builtins.splitVersion (builtins.replaceStrings [ "a" ] [ "1." ] (DOUBLED 17)))"#,
    ),
    ("substring", "builtins.stringLength (builtins.substring 1 100000000 (DOUBLED 23))"),
    ("hash", r#"builtins.hashString "sha256" (DOUBLED 22)"#),
    (
        "fromJSON",
        r#"builtins.length (builtins.fromJSON "[${builtins.concatStringsSep "," (builtins.genList (x: "[1]") 700000)}]")"#,
    ),
    ("fromJSON of a string", r#"builtins.stringLength (builtins.fromJSON (builtins.toJSON (DOUBLED 22)))"#),
    ("fromTOML", r#"builtins.fromTOML "a=[${builtins.concatStringsSep "," (builtins.genList (x: "1") 300000)}]""#),
    ("derivation", r#"(derivation { name = "n"; system = "s"; builder = "b"; text = DOUBLED 22; }).drvPath"#),
    ("toFile", r#"builtins.toFile "n" (DOUBLED 22)"#),
    ("throw", "throw (DOUBLED 22)"),
    ("trace", "builtins.trace (DOUBLED 21) 1"),
    ("missing attribute", "{ }.${DOUBLED 21}"),
    ("dynamic attribute", "builtins.attrNames { ${DOUBLED 22} = 1; }"),
    ("equality", "builtins.genList (x: x) 3000000 == builtins.genList (x: x) 3000000"),
    ("thunks", "builtins.isAttrs (builtins.foldl' (a: b: { inherit a b; }) { } (builtins.genList (x: x) 1000000))"),
    (
        "closures",
        "builtins.length (builtins.genericClosure { startSet = [ { key = 0; } ]; operator = x: [ { key = x.key + 1; } ]; })",
    ),
    ("text of a megabyte", "FILE"),
    ("long strings", "STRICT builtins.genList (x: toString x + LONG) 600000"),
];

/// Programs that fail with their own error if there is enough memory.
const FAILING: [&str; 2] = ["throw", "missing attribute"];

/// One trial per program, each with three of the limits.
pub(crate) fn trials() -> Vec<Trial> {
    // The memory use of the program itself differs elsewhere.
    if !cfg!(all(target_os = "linux", target_pointer_width = "64")) {
        return Vec::new();
    }
    let trials = PROGRAMS.iter().enumerate().map(|(index, (name, program))| {
        Trial::test(format!("memory/{name}"), move || {
            LIMITS.iter().skip(index % 3).step_by(3).try_for_each(|limit| lives(name, program, *limit))
        })
    });
    trials.collect()
}

fn lives(name: &str, program: &str, limit: usize) -> Result<(), Failed> {
    let (flag, program) = match program.split_once(' ') {
        Some(("JSON", rest)) => ("--json", rest),
        Some(("XML", rest)) => ("--xml", rest),
        Some(("STRICT", rest)) => ("--strict", rest),
        _ => ("", program),
    };
    support::with_files(&[("program.nix".to_owned(), written_out(program))], |folder| {
        let output = run(limit, flag, folder)?;
        let text = String::from_utf8_lossy(&output.stdout);
        match output.status.code() {
            Some(0) => Ok(()),
            Some(1) if text.contains("error[E0044]: out of memory") || FAILING.contains(&name) => Ok(()),
            _ => {
                let start: String = text.chars().take(400).collect();
                Err(format!("{limit} MiB: {}\n{start}", output.status).into())
            }
        }
    })
}

/// The program with its abbreviations expanded.
fn written_out(program: &str) -> String {
    if program == "FILE" {
        return format!("[ {} ]", r#"{ a = x: "${x}"; b.c = [ 1 2 ]; } "#.repeat(30_000));
    }
    let named = "builtins.listToAttrs (builtins.genList (x: { name = \"n${toString x}\"; value = x; }) 200000)";
    let doubled = "n: builtins.foldl' (a: _: a + a) \"aaaaaaaa\" (builtins.genList (x: x) n)";
    format!(
        "let LONG = \"{}\"; MANY = builtins.genList (x: x) 50000; NAMED = {named}; DOUBLED = {doubled}; in {program}",
        "a".repeat(300)
    )
}

/// Runs it. The output has only its standard error.
fn run(limit: usize, flag: &str, folder: &Path) -> std::io::Result<Output> {
    let limits = format!("ulimit -c 0; ulimit -t 60; ulimit -v {}", limit << 10);
    support::shell(&format!("{limits}; exec nivis --eval {flag} program.nix 2>&1 >/dev/null"), folder).output()
}
