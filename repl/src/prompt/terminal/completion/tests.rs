//! Tests of completions.

use super::*;
use crate::command_line::args::Arguments;
use crate::command_line::program::Program;
use crate::prompt::terminal::feeding::session;

#[test]
fn what_follows() {
    let arguments = Arguments::parse(Program::Nivis, vec!["nivis".into()]).expect("a command line");
    let mut session = session(&arguments);
    session.feed("set = { one = 1; two = 2; \"a b\" = 3; }");
    session.feed("nested.key = set; key = \"key\"");
    session.feed("options = { web = { _type = \"\"; enable = 1; log = 2; }; }");
    let table = [
        (":option w", 8, "web"),
        (":option web.", 12, "enable log"),
        (":option options.web.e", 20, "enable"),
        (":option nothing.", 16, ""),
        (":set ed", 5, "editing"),
        (":set editing v", 13, "vi"),
        (":set trace on ", 14, ""),
        (":te f", 4, "false"),
        (":learn lazi", 7, "laziness"),
        (":explain list-", 9, "list-access"),
        (":lf git+h", 4, "git+https://"),
        (":hel", 0, ":help"),
        ("set.t", 4, "two"),
        ("set.", 4, "\"a b\" one two"),
        (":p set.o", 7, "one"),
        ("with set; tw", 10, "two"),
        ("\"${set.o", 7, "one"),
        ("let inner = 1; in inn", 18, "inner"),
        ("{ param, ... }: par", 16, "param"),
        ("inner: inn", 7, "inner"),
        ("let s = { aa = 1; }; in s.", 26, "aa"),
        ("{ inherit (set) t", 16, "two"),
        ("f = { abc, abd ? 1 }: abc; x = 1", 0, ""),
        ("({ abc, abd ? 1 }: abc) { a", 26, "abc abd"),
        ("({ abc, abd ? 1 }: abc) { abc = 1; a", 35, "abc abd"),
        ("<ni", 0, "<nix>"),
        ("set.nothing.", 0, ""),
        ("set.ü", 0, ""),
        ("set.tü", 0, ""),
        ("12", 0, ""),
        ("nested.${key}.o", 14, "one"),
        ("nested.${\"k${\"ey\"}\"}.o", 21, "one"),
    ];
    for (line, start, expected) in table {
        let found = complete(&mut session, line);
        let words: Vec<_> = found.candidates.iter().map(|(_, inserted)| inserted.as_str()).collect();
        assert_eq!(words.join(" "), expected, "{line}");
        assert!(words.is_empty() || found.start == start, "{line}: {}", found.start);
    }
}

#[test]
fn where_a_selection_begins() {
    let table =
        [("a.b.", Some(0)), ("f a.", Some(2)), ("(f a).b.", Some(0)), ("x (f a).\"b c\".", Some(2)), ("1.", None)];
    for (line, expected) in table {
        let tokens = located(line);
        let found = match &tokens[..] {
            [before @ .., (TOKEN_DOT, ..)] => base(before),
            _ => None,
        };
        assert_eq!(found, expected, "{line}");
    }
}
