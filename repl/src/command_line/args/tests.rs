//! Command lines and what they mean.

use super::*;
use crate::command_line::options::Automatic;
use nivis::Result;
use std::ffi::OsString;

fn parsed(words: &str) -> Result<Arguments> {
    let words: Vec<OsString> = words.split(' ').map(OsString::from).collect();
    Arguments::parse(Program::of(&words), words)
}

fn bytes(words: &[&str]) -> Vec<Vec<u8>> {
    words.iter().map(|word| word.as_bytes().to_vec()).collect()
}

#[test]
fn a_whole_command_line() -> Result<()> {
    let it = parsed("/bin/nix-instantiate --eval -E a b -A x --strict --arg n 1 --argstr s t -I p --attr y")?;
    let Task::Classic(Action::Evaluate, options) = it.task else { panic!("another task") };
    let (program, it) = (it.program, it.common);
    assert_eq!((program, it.expressions), (Program::NixInstantiate, true));
    assert_eq!((it.inputs, options.paths), (bytes(&["a", "b"]), bytes(&["x", "y"])));
    assert_eq!(it.includes, bytes(&["p"]));
    assert_eq!(it.automatic.get("n"), Some(&Automatic::Expression(b"1".to_vec())));
    assert_eq!(it.automatic.get("s"), Some(&Automatic::Text(b"t".to_vec())));
    Ok(())
}

#[test]
fn settings_are_flags() -> Result<()> {
    let it = parsed("nivis --show-trace --no-pure-eval --max-call-depth 5 --extra-experimental-features x --impure")?;
    let expected = [
        ("show-trace", "true"),
        ("pure-eval", "false"),
        ("max-call-depth", "5"),
        ("extra-experimental-features", "x"),
        ("pure-eval", "false"),
    ];
    let found: Vec<_> = it.common.settings.iter().map(|it| (&it.name[..], &it.value[..])).collect();
    assert_eq!(found, expected);
    Ok(())
}

#[test]
fn bundles() -> Result<()> {
    assert!(parsed("nivis --eval -vE 1")?.common.expressions);
    let it = parsed("nivis --eval -j3 -- -E")?;
    assert_eq!((it.common.inputs, it.common.expressions), (bytes(&["-E"]), false));
    Ok(())
}

#[test]
fn mistakes() {
    let table = [
        ("nivis --foo", "unrecognised flag '--foo'"),
        ("nivis evla --expr", "'evla' is not a command; did you mean 'eval'?"),
        (
            "nivis why-depends .#x",
            "'why-depends' is not a command of Nivis, which evaluates and builds: 'nivis build' builds, 'nivis instantiate' \
             prints the paths of derivations",
        ),
        ("nix profile .#x", "'nix profile' is not part of this program; 'nivis --help' lists its commands"),
        ("nix-instantiate -h", "unrecognised flag '-h'"),
        ("nivis --foo=3", "unrecognised flag '--foo=3'"),
        ("nivis --no-max-call-depth", "unrecognised flag '--no-max-call-depth'"),
        ("nivis --max-call-depth x --foo", "setting 'max-call-depth' has invalid value 'x'"),
        ("nix --eval", "unrecognised flag '--eval'"),
        ("nix --show-trace", "no subcommand specified"),
        ("nix-instantiate -- -x", "unexpected argument '-x'"),
        ("nix-instantiate -A", "'-A' requires an argument"),
        ("nivis repl --expr 1 --file f", "'--file' and '--expr' are exclusive"),
        ("nivis --arg a", "flag '--arg' requires 2 argument(s), but only 1 were given"),
        ("nivis --error-format x", "'x' is not an error format; use 'pretty', 'nix' or 'json'"),
    ];
    for (words, message) in table {
        assert_eq!(parsed(words).map(|_| ()).map_err(|error| error.to_string()), Err(message.to_owned()), "{words}");
    }
}

fn name(task: &Task) -> &'static str {
    match task {
        Task::Classic(Action::Evaluate, _) => "evaluate",
        Task::Classic(Action::Instantiate, _) => "instantiate",
        Task::Classic(Action::Parse, _) => "parse",
        Task::Repl(_) => "repl",
        Task::Help => "help",
        Task::Version => "version",
        _ => "another",
    }
}

#[test]
fn tasks() {
    let table = [
        ("nivis", Some("repl")),
        ("nivis --show-trace repl a b", Some("repl")),
        ("nivis --eval repl", Some("evaluate")),
        ("nivis --eval --parse", Some("parse")),
        ("nivis --eval --help", Some("help")),
        ("nivis instantiate -A x file", Some("instantiate")),
        ("nivis --drv-dir d -A x file", Some("instantiate")),
        ("nivis --drv-dir d --eval file", Some("evaluate")),
        ("nivis repl --drv-dir d", None),
        ("nivis --readonly-mode --store dummy:// --eval file", Some("evaluate")),
        ("nivis file", None),
        ("nivis -A x", None),
        ("nix-instantiate file", Some("instantiate")),
    ];
    for (words, task) in table {
        assert_eq!(parsed(words).ok().map(|it| name(&it.task)), task, "{words}");
    }
}

#[test]
fn ways_to_ask() -> Result<()> {
    let table = [
        ("nivis -h", "help", Command::Classic),
        ("nivis help", "help", Command::Classic),
        ("nivis help flake show", "help", Command::FlakeShow),
        ("nix help eval", "help", Command::Eval),
        ("nivis version", "version", Command::Classic),
        ("nix-instantiate help", "instantiate", Command::Classic),
        ("nivis --eval help", "evaluate", Command::Classic),
    ];
    for (words, task, command) in table {
        let it = parsed(words)?;
        assert_eq!((name(&it.task), it.command), (task, command), "{words}");
    }
    Ok(())
}
