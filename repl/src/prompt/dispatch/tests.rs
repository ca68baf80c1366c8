//! Inputs and what the session replies.

use crate::command_line::args::Arguments;
use crate::command_line::program::Program;
use crate::config::settings::Configuration;
use crate::output::style::{ErrorFormat, ErrorStyle};
use crate::output::theme::Theme;
use crate::prompt::host::Host;
use crate::prompt::session::{Reply, Session};
use crate::prompt::steps::listed;
use nivis::Settings;
use nivis::codec::palette::Look;
use nivis::io::MemoryIo;
use std::rc::Rc;

fn arguments(words: &str) -> Arguments {
    let words = words.split(' ').map(Into::into).collect();
    Arguments::parse(Program::Nivis, words).expect("a command line")
}

fn session(arguments: &Arguments) -> Session<'_> {
    let errors =
        ErrorStyle { format: ErrorFormat::Nix, colour: false, show_trace: false, warns: true, theme: Theme::Auto };
    let configuration = Configuration::with(Settings::default(), errors);
    let io = || -> Box<dyn nivis::io::Io> {
        Box::new(
            MemoryIo::default()
                .with_file("/set.nix", "{ a = 1; \"b c\" = 2; }")
                .with_file("/function.nix", "{ n ? 1 }: { inherit n; }")
                .with_file("/wrong.nix", "{ a = ; }")
                .with_file("/number.nix", "1"),
        )
    };
    let host = Host::in_memory(Rc::new(io));
    Session::new(arguments, configuration, host, false).expect("a session")
}

/// The reply as a transcript would have it.
fn text(session: &Session<'_>, reply: Reply) -> String {
    match reply {
        Reply::Nothing => String::new(),
        Reply::Incomplete => "(incomplete)".to_owned(),
        Reply::Value(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Reply::Bound(bound) => format!("({})", bound.names.join(", ")),
        Reply::Output(text) | Reply::Notice(text) | Reply::Drawn(text, _) => text,
        Reply::Steps(done) => listed(&done, Look { palette: None, width: None }),
        Reply::Slides(slides) => format!("({} slides)", slides.len()),
        Reply::Explored(explored) => explored.kind.clone(),
        Reply::Error(error) => session
            .show(&error)
            .lines()
            .map(str::trim)
            .rfind(|line| line.starts_with("error: "))
            .unwrap_or("error")
            .to_owned(),
        Reply::Several(replies) => replies.into_iter().map(|reply| text(session, reply)).collect::<Vec<_>>().join("\n"),
        Reply::Edit(document) => format!("(edit {})", document.line),
        Reply::Resume(_) | Reply::Quit => "(quit)".to_owned(),
    }
}

/// Feeds the inputs to one session.
fn check(words: &str, table: &[(&str, &str)]) {
    let arguments = arguments(words);
    let mut session = session(&arguments);
    for (input, expected) in table {
        let reply = session.feed(input);
        assert_eq!(text(&session, reply), *expected, "{input:?}");
    }
}

#[test]
fn expressions() {
    check(
        "nivis",
        &[
            ("", ""),
            ("1 + 1", "2"),
            ("{ a.b = 1; c = throw \"no\"; }", "{\n  a = { ... };\n  c = «error: no»;\n}"),
            ("[ [ 1 ] ]", "[\n  [ ... ]\n]"),
            ("throw \"no\"", "error: no"),
            ("nope", "error: undefined variable 'nope'"),
            ("1 +", "(incomplete)"),
            ("1 + )", "error: syntax error, unexpected ')'"),
            ("3", "3"),
        ],
    );
}

#[test]
fn numbered_results() {
    let table = [
        ("1 + 1", "2"),
        ("x = 5", "(x)"),
        ("out1 + x", "7"),
        ("_1 + out3", "14"),
        ("out2", "error: undefined variable 'out2'"),
        ("out4 + it", "28"),
        ("out1 = 9", "(out1)"),
        ("out1", "9"),
    ];
    check("nivis", &table);
}

#[test]
fn numbered_prompts() {
    let arguments = arguments("nivis");
    let mut session = session(&arguments);
    assert_eq!(session.prompt(), "nix-repl> ");
    session.feed(":set format pretty");
    session.feed(":set numbers on");
    session.feed("# a remark");
    assert_eq!(session.prompt(), "nix-repl 3> ");
    let Reply::Error(error) = session.feed("1 + true") else { panic!("that is an error") };
    assert!(session.show(&error).contains("«input 3»:1:"));
}

#[test]
fn bindings() {
    check(
        "nivis",
        &[
            ("x = 1", "(x)"),
            ("f = y: x + y", "(f)"),
            ("x = x + 1;", "(x)"),
            ("x", "2"),
            ("f 10", "11"),
            ("a.b = 1; a.c = 2; s = { inherit x; }", "(a, s)"),
            ("a.b + a.c", "3"),
            ("inherit (s) x", "(x)"),
            ("inherit (s) nope", "(nope)"),
            ("nope", "error: attribute 'nope' missing"),
            ("late = throw \"late\"", "(late)"),
            ("x = 1; x = 2", "error: attribute 'x' already defined at «string»:1:1"),
            ("x", "2"),
            ("self = self", "error: undefined variable 'self'"),
        ],
    );
}

#[test]
fn commands() {
    check(
        "nivis",
        &[
            (":t 1", "an integer"),
            (":t x: x", "a function"),
            (":p { a.b.c = 1; }", "{\n  a = {\n    b = { c = 1; };\n  };\n}"),
            (":p \"a\\nb\"", "a\nb"),
            (":a { x = 1; y = 2; }", "Added 2 variables.\nx, y"),
            ("x + y", "3"),
            (":ll", "x\ny"),
            (":te", "showing error traces"),
            (":te false", "not showing error traces"),
            (":te maybe", "error: unexpected argument 'maybe' to :te"),
            (":foo 1", "error: unknown command ':foo'"),
            (":a 1", "error: expected a set but found an integer: 1"),
            (":p", "error: usage: :p <expr>"),
            (":q", "(quit)"),
        ],
    );
}

#[test]
fn files() {
    check(
        "nivis --argstr n seven",
        &[
            (":ll", "error: nothing is loaded"),
            (":l set.nix", "Added 2 variables.\na, \"b c\""),
            ("a", "1"),
            (":l function.nix", "Added 1 variables.\nn"),
            ("n", "\"seven\""),
            (":l wrong.nix", "error: syntax error, unexpected ';'"),
            (":l number.nix", "error: expected a set but found an integer: 1"),
            (":l nowhere.nix", "error: path '/nowhere.nix' does not exist"),
            ("z = 1", "(z)"),
            (
                ":r",
                "Loading \"set.nix\"...\nAdded 2 variables.\na, \"b c\"\nLoading \"function.nix\"...\nAdded 1 \
                 variables.\nn\nLoading \"wrong.nix\"...\nerror: syntax error, unexpected ';'\nLoading \
                 \"number.nix\"...\nerror: expected a set but found an integer: 1\nerror: path '/nowhere.nix' does not \
                 exist",
            ),
            ("n", "\"seven\""),
            ("z", "1"),
            (
                ":r!",
                "Loading \"set.nix\"...\nAdded 2 variables.\na, \"b c\"\nLoading \"function.nix\"...\nAdded 1 \
                 variables.\nn\nLoading \"wrong.nix\"...\nerror: syntax error, unexpected ';'\nLoading \
                 \"number.nix\"...\nerror: expected a set but found an integer: 1\nerror: path '/nowhere.nix' does not \
                 exist",
            ),
            ("z", "error: undefined variable 'z'"),
        ],
    );
}

#[test]
fn many_names_are_cut() {
    let arguments = arguments("nivis");
    let mut session = session(&arguments);
    let set = "builtins.listToAttrs (map (n: { name = toString n; value = n; }) (builtins.genList (n: n) 23))";
    let reply = session.feed(&format!(":a {set}"));
    let text = text(&session, reply);
    assert!(text.starts_with("Added 23 variables.\n\"0\", \"1\", \"10\","), "{text}");
    assert!(text.ends_with("\"6\"\n... and 3 more; view with :ll"), "{text}");
}

#[test]
fn evaluation_can_be_stopped() {
    let arguments = arguments("nivis --max-call-depth 4000000000");
    let mut session = session(&arguments);
    let stop = session.stop();
    let stopper = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(300));
        stop.now();
    });
    let reply = session.feed("let f = n: builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: f n) 100); in f 1");
    let ended = text(&session, reply);
    stopper.join().expect("the thread ends");
    assert!(ended.contains("error: "), "{ended}");
    let reply = session.feed("1");
    assert_eq!(text(&session, reply), "1");
}

/// Inputs with advice for the user, a part of that, and inputs that only look like them.
struct Hint {
    hits: &'static [&'static str],
    says: &'static str,
    misses: &'static [&'static str],
}

const HINTS: &[Hint] = &[
    Hint {
        hits: &["help", "h"],
        says: "':?' lists the commands, ':learn' the lessons",
        misses: &["helper", "(help)", "{ help = 1; }.h", "h.elp", "help: help", "help = 1", "\"help\""],
    },
    Hint {
        hits: &["exit", "quit", "q", "bye"],
        says: "':q' or Ctrl-D quits",
        misses: &["quit = 5", "exited", "q q", "{ exit = 1; }.exit", "[ quit ]", "1 + bye"],
    },
    Hint {
        hits: &["it", "_1", "_9"],
        says: "are the last result",
        misses: &["item", "_10", "_0", "_", "1", "it = 2", "{ }.it"],
    },
    Hint {
        hits: &[":x", ":frobnicate", ":"],
        says: "':?' lists the commands",
        misses: &[":hlep", ":Q", ":p 1", ":?", "x", "1 :x"],
    },
    Hint {
        hits: &[":hlep", ":relaod", ":P 1"],
        says: "did you mean",
        misses: &[":x", ":p 1", ":ab", "hlep", ":frobnicate"],
    },
    Hint {
        hits: &[":p x = 1", ":time x = 1;", ":p a.b = 1"],
        says: "binds a name",
        misses: &[":p x == 1", ":p { x = 1; }", ":p let x = 1; in x", ":p x = ;", ":p", ":t 1 +", "x = 1"],
    },
];

/// The advice of an error reply.
fn advice(reply: Reply) -> String {
    let Reply::Error(error) = reply else { return String::new() };
    let notes = error.details().map_or(String::new(), |details| details.notes.join("\n"));
    let similar = if error.suggestions().is_empty() { "" } else { "did you mean" };
    [error.to_string(), notes, similar.to_owned()].join("\n")
}

#[test]
fn hints_say_nothing_of_what_only_looks_like_it() {
    let arguments = arguments("nivis");
    let said = |input: &str| advice(session(&arguments).feed(input));
    for hint in HINTS {
        for hit in hint.hits {
            assert!(said(hit).contains(hint.says), "{hit}: {}", said(hit));
        }
        for miss in hint.misses {
            assert!(!said(miss).contains(hint.says), "{miss}: {}", said(miss));
        }
    }
}
