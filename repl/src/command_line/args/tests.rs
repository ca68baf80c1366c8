//! Command lines and what they mean.

use super::*;
use nivis::Result;

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
    assert_eq!((it.program, it.task, it.expressions), (Program::NixInstantiate, Task::Evaluate, true));
    assert_eq!((it.inputs, it.paths), (bytes(&["a", "b"]), bytes(&["x", "y"])));
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
    let found: Vec<_> = it.settings.iter().map(|it| (&it.name[..], &it.value[..])).collect();
    assert_eq!(found, expected);
    Ok(())
}

#[test]
fn bundles() -> Result<()> {
    assert!(parsed("nivis --eval -vE 1")?.expressions);
    let it = parsed("nivis --eval -j3 -- -E")?;
    assert_eq!((it.inputs, it.expressions), (bytes(&["-E"]), false));
    Ok(())
}

#[test]
fn mistakes() {
    let table = [
        ("nivis --foo", "unrecognised flag '--foo'"),
        ("nivis evla --expr", "'evla' is not a command; did you mean 'eval'?"),
        (
            "nivis develop .#x",
            "'develop' needs a builder, and Nivis only evaluates; 'nivis instantiate' prints the paths of \
             derivations",
        ),
        ("nix shell .#x", "'nix shell' is not part of this program, which has 'nix eval', 'nix flake' and 'nix repl'"),
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

#[test]
fn tasks() {
    let table = [
        ("nivis", Some(Task::Repl)),
        ("nivis --show-trace repl a b", Some(Task::Repl)),
        ("nivis --eval repl", Some(Task::Evaluate)),
        ("nivis --eval --parse", Some(Task::Parse)),
        ("nivis --eval --help", Some(Task::Help)),
        ("nivis instantiate -A x file", Some(Task::Instantiate)),
        ("nivis --drv-dir d -A x file", Some(Task::Instantiate)),
        ("nivis --drv-dir d --eval file", Some(Task::Evaluate)),
        ("nivis repl --drv-dir d", None),
        ("nivis --readonly-mode --store dummy:// --eval file", Some(Task::Evaluate)),
        ("nivis file", None),
        ("nivis -A x", None),
        ("nix-instantiate file", Some(Task::Instantiate)),
    ];
    for (words, task) in table {
        assert_eq!(parsed(words).ok().map(|it| it.task), task, "{words}");
    }
}

#[test]
fn ways_to_ask() -> Result<()> {
    let table = [
        ("nivis -h", Task::Help, Command::Classic),
        ("nivis help", Task::Help, Command::Classic),
        ("nivis help flake show", Task::Help, Command::FlakeShow),
        ("nix help eval", Task::Help, Command::Eval),
        ("nivis version", Task::Version, Command::Classic),
        ("nix-instantiate help", Task::Instantiate, Command::Classic),
        ("nivis --eval help", Task::Evaluate, Command::Classic),
    ];
    for (words, task, command) in table {
        let it = parsed(words)?;
        assert_eq!((it.task, it.command), (task, command), "{words}");
    }
    Ok(())
}
