//! Completions of the text before the cursor: commands, files, variables, attributes.
//!
//! Nothing that takes long is evaluated for it, nothing is printed, and errors end it: a value that isn't there within the
//! time has no completions yet.

use crate::config::home::home;
use crate::prompt::commands::{self, Takes};
use crate::prompt::highlight::{LONGEST, tokens};
use crate::prompt::session::{Names, Session};
use nivis::codec::nix_string::attribute_name;
use rnix::SyntaxKind::{self, *};
use std::collections::BTreeMap;
use std::path::Path;

/// Builtins told of with what they do; more would not fit the screen.
const MOST_DESCRIBED: usize = 12;
/// Sets of `with` that are looked into, from the innermost on.
const MOST_SETS: usize = 8;

/// Characters that a path can follow.
const BEFORE_PATHS: [char; 9] = [' ', '\t', '\n', '(', '[', '{', ';', '=', '"'];

/// Candidates, and where in the text what they replace begins.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Completions {
    pub(super) start: usize,
    /// The candidates: the text shown, and the text inserted.
    pub(super) candidates: Vec<(String, String)>,
}

/// The completions of this text.
pub(super) fn complete(session: &mut Session<'_>, line: &str) -> Completions {
    if line.len() > LONGEST {
        return Completions::default();
    }
    if line.starts_with(':') && !line.contains(char::is_whitespace) {
        let names = commands::names().filter(|name| name.starts_with(line));
        return plain(0, names.map(str::to_owned).collect());
    }
    let takes = line.split_whitespace().next().and_then(commands::find).map(|command| command.takes);
    let start = if takes.is_some() { line.find(char::is_whitespace).unwrap_or(0) } else { 0 };
    let argument = takes.and_then(|takes| argument(takes, line, start));
    let completions = argument.or_else(|| searched(session, line)).or_else(|| path(line));
    completions.unwrap_or_else(|| {
        let mut completions = attributes(session, &line[start..]);
        completions.start += start;
        completions
    })
}

/// The completions of a command's argument, which begins at `start`; `None` if it takes an expression.
fn argument(takes: Takes, line: &str, start: usize) -> Option<Completions> {
    let word = line.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    match takes {
        Takes::File => {
            // The rest is the file's name, with its spaces.
            let from = line.len() - line[start..].trim_start().len();
            Some(plain(from, files(&line[from..])))
        }
        Takes::Flake => Some(plain(word, flakes(&line[word..]))),
        Takes::OneOf(words) => {
            let begin = |text: &String| text.starts_with(&line[word..]);
            Some(plain(word, words(&line[start..word]).into_iter().filter(begin).collect()))
        }
        _ => None,
    }
}

/// The completions of a path in an expression; `None` if the last word is not one.
fn path(line: &str) -> Option<Completions> {
    let word = line.rfind(BEFORE_PATHS).map_or(0, |at| at + 1);
    if !line[word..].contains('/') || line[word..].contains("//") {
        return None;
    }
    let in_string = line[..word].ends_with('"');
    let suits = |file: &String| in_string || file.chars().all(|c| c.is_ascii_alphanumeric() || "/~._-+".contains(c));
    Some(plain(word, files(&line[word..]).into_iter().filter(suits).collect()))
}

/// `<nixp`: entries of the search path.
fn searched(session: &mut Session<'_>, line: &str) -> Option<Completions> {
    let start = line.rfind('<')?;
    let is_name = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    if !line[start + 1..].chars().all(is_name) {
        return None;
    }
    let entries = session.search_path_names().into_iter().map(|name| format!("<{name}>"));
    Some(plain(start, entries.filter(|entry| entry.starts_with(&line[start..])).collect()))
}

fn plain(start: usize, words: Vec<String>) -> Completions {
    Completions { start, candidates: words.into_iter().map(|word| (word.clone(), word)).collect() }
}

/// The beginnings of references to flakes.
const SCHEMES: [&str; 6] = ["flake:", "git+file://", "git+https://", "github:", "gitlab:", "path:"];

/// Folders whose names begin like this, perhaps after `path:`, and schemes that do.
fn flakes(prefix: &str) -> Vec<String> {
    let (scheme, path) = match prefix.strip_prefix("path:") {
        Some(path) => ("path:", path),
        None => ("", prefix),
    };
    let schemes = SCHEMES.iter().filter(|known| known.starts_with(prefix)).map(|known| (*known).to_owned());
    let folders = files(path).into_iter().filter(|file| file.ends_with('/'));
    schemes.chain(folders.map(|folder| format!("{scheme}{folder}"))).collect()
}

/// Files whose names begin like this, directories with a slash.
fn files(prefix: &str) -> Vec<String> {
    let (folder, name) = prefix.rsplit_once('/').map_or(("", prefix), |(folder, name)| (folder, name));
    let shown = &prefix[..prefix.len() - name.len()];
    let folder = match (folder, home().path.as_ref().and_then(|home| home.to_str())) {
        ("", _) if prefix.starts_with('/') => "/".to_owned(),
        ("", _) => ".".to_owned(),
        (folder, Some(home)) if folder == "~" || folder.starts_with("~/") => folder.replacen('~', home, 1),
        (folder, _) => folder.to_owned(),
    };
    let Ok(entries) = std::fs::read_dir(Path::new(&folder)) else { return Vec::new() };
    let mut found: Vec<String> = entries
        .flatten()
        .filter_map(|entry| {
            let file = entry.file_name().into_string().ok()?;
            let is_meant = file.starts_with(name) && (name.starts_with('.') || !file.starts_with('.'));
            let slash = if entry.path().is_dir() { "/" } else { "" };
            is_meant.then(|| format!("{shown}{file}{slash}"))
        })
        .collect();
    found.sort();
    found
}

/// A token and where it begins.
type Token<'l> = (SyntaxKind, &'l str, usize);

fn located(text: &str) -> Vec<Token<'_>> {
    let mut offset = 0;
    let place = |(kind, token): (SyntaxKind, &'_ str)| {
        offset += token.len();
        (kind, offset - token.len())
    };
    let places: Vec<_> = tokens(text).map(place).collect();
    let ends = places.iter().skip(1).map(|(_, start)| *start).chain([text.len()]);
    places.iter().zip(ends).map(|(&(kind, start), end)| (kind, &text[start..end], start)).collect()
}

/// Attributes after a dot, else variables.
fn attributes(session: &mut Session<'_>, line: &str) -> Completions {
    let tokens = located(line);
    let Some((start, partial, before)) = partial(&tokens, line.len()) else { return Completions::default() };
    let names = match before.last() {
        Some((TOKEN_DOT, _, dot)) => match base(&before[..before.len() - 1]) {
            Some(from) => selected_names(session, line, from, *dot),
            None => return Completions::default(),
        },
        _ => match inherited_from(line, before).or_else(|| called_with(line, before)) {
            Some(set) => session.attribute_names(&set),
            None => variables(session, &line[..start], before),
        },
    };
    let matching = names.into_iter().filter(|(name, _)| name.starts_with(&partial));
    let matching: Vec<_> = matching.map(|(name, doc)| (attribute_name(name.as_bytes()), doc)).collect();
    let describe = matching.len() <= MOST_DESCRIBED;
    let candidate = |(name, doc): (String, Option<&'static str>)| match doc.filter(|_| describe) {
        Some(doc) => (format!("{name:20} {}", first_sentence(doc)), name),
        None => (name.clone(), name),
    };
    Completions { start, candidates: matching.into_iter().map(candidate).collect() }
}

/// The attributes of the expression from `from` to `dot`, also if names in it are bound earlier in the line.
fn selected_names(session: &mut Session<'_>, line: &str, from: usize, dot: usize) -> Names {
    let names = session.attribute_names(&line[from..dot]);
    let whole = || {
        let begin = line[..from].find("let ").or_else(|| line[..from].find("with "))?;
        Some(&line[begin..dot])
    };
    match (names.is_empty(), whole()) {
        (true, Some(whole)) => session.attribute_names(whole),
        _ => names,
    }
}

/// `inherit (set) a b`: the set.
fn inherited_from(line: &str, tokens: &[Token<'_>]) -> Option<String> {
    let words = tokens.iter().rev().take_while(|(kind, ..)| matches!(kind, TOKEN_IDENT | TOKEN_WHITESPACE)).count();
    let rest = &tokens[..tokens.len() - words];
    let (before, open) = component(rest).filter(|_| matches!(rest.last(), Some((TOKEN_R_PAREN, ..))))?;
    let inherits = before.iter().rev().find(|(kind, ..)| *kind != TOKEN_WHITESPACE)?;
    let close = rest.last()?.2;
    (inherits.0 == TOKEN_INHERIT).then(|| line[open + 1..close].to_owned())
}

/// `f { a = 1; `: the arguments that the function before the brace takes, as a set.
fn called_with(line: &str, tokens: &[Token<'_>]) -> Option<String> {
    let open = open_brace(tokens)?;
    let is_name = tokens[open + 1..].iter().rev().find(|(kind, ..)| *kind != TOKEN_WHITESPACE);
    let is_name = is_name.is_none_or(|(kind, ..)| matches!(kind, TOKEN_SEMICOLON));
    let end = tokens[..open].iter().rposition(|(kind, ..)| *kind != TOKEN_WHITESPACE)? + 1;
    let from = base(&tokens[..end]).filter(|_| is_name)?;
    let function = &line[from..tokens[end..].first()?.2];
    if matches!(function.trim(), "rec" | "in" | "then" | "else" | "let") {
        return None;
    }
    Some(format!("let f = ({function}); in f.__functionArgs or (builtins.functionArgs f)"))
}

/// The index of the last brace that is not closed, if no other bracket after it is open.
fn open_brace(tokens: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0_usize;
    tokens.iter().rposition(|(kind, ..)| match kind {
        TOKEN_R_BRACE | TOKEN_R_PAREN | TOKEN_R_BRACK => {
            depth += 1;
            false
        }
        TOKEN_L_BRACE | TOKEN_L_PAREN | TOKEN_L_BRACK if depth > 0 => {
            depth -= 1;
            false
        }
        TOKEN_L_BRACE => true,
        _ => false,
    })
}

/// The name being typed at the end: where it begins, its text without quotes, and the text before it.
fn partial<'t, 'l>(tokens: &'t [Token<'l>], end: usize) -> Option<(usize, String, &'t [Token<'l>])> {
    match tokens {
        [] => Some((end, String::new(), tokens)),
        [before @ .., (TOKEN_STRING_START, "\"", start)] => Some((*start, String::new(), before)),
        [before @ .., (TOKEN_STRING_START, "\"", start), (TOKEN_STRING_CONTENT | TOKEN_ERROR, text, _)] => {
            Some((*start, (*text).to_owned(), before))
        }
        // Nothing that begins here would be a word of its own.
        [
            ..,
            (TOKEN_STRING_CONTENT | TOKEN_COMMENT | TOKEN_STRING_END | TOKEN_ERROR | TOKEN_INTEGER | TOKEN_FLOAT, ..),
        ] => None,
        [.., (TOKEN_WHITESPACE | TOKEN_DOT, ..)] => Some((end, String::new(), tokens)),
        [before @ .., (kind, text, start)] => match is_word(*kind) {
            true => Some((*start, (*text).to_owned(), before)),
            false => Some((end, String::new(), tokens)),
        },
    }
}

fn is_word(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        TOKEN_IDENT
            | TOKEN_ASSERT
            | TOKEN_ELSE
            | TOKEN_IF
            | TOKEN_IN
            | TOKEN_INHERIT
            | TOKEN_LET
            | TOKEN_OR
            | TOKEN_REC
            | TOKEN_THEN
            | TOKEN_WITH
    )
}

/// Where the expression that ends with these tokens begins, if it is a selection such as `a."b c".d` or `(…).a`.
fn base(tokens: &[Token<'_>]) -> Option<usize> {
    let (rest, start) = component(tokens)?;
    match rest {
        [before @ .., (TOKEN_DOT, ..)] => base(before),
        _ => Some(start),
    }
}

/// The tokens before the last component, and where that begins.
fn component<'t, 'l>(tokens: &'t [Token<'l>]) -> Option<(&'t [Token<'l>], usize)> {
    match tokens {
        [before @ .., (kind, _, start)] if is_word(*kind) => Some((before, *start)),
        [before @ .., (TOKEN_STRING_START, _, start), (TOKEN_STRING_CONTENT, ..), (TOKEN_STRING_END, ..)] => {
            Some((before, *start))
        }
        [.., (TOKEN_R_PAREN | TOKEN_INTERPOL_END, ..)] => bracketed(tokens),
        _ => None,
    }
}

/// The tokens before the bracket that the last token closes, and the offset of that bracket.
fn bracketed<'t, 'l>(tokens: &'t [Token<'l>]) -> Option<(&'t [Token<'l>], usize)> {
    let mut depth = 0;
    for (index, (kind, _, start)) in tokens.iter().enumerate().rev() {
        match kind {
            TOKEN_R_PAREN | TOKEN_INTERPOL_END => depth += 1,
            TOKEN_L_PAREN | TOKEN_INTERPOL_START => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&tokens[..index], *start));
        }
    }
    None
}

/// Names in scope, and the attributes of each `with` before.
fn variables(session: &mut Session<'_>, line: &str, tokens: &[Token<'_>]) -> BTreeMap<String, Option<&'static str>> {
    let mut names = session.variable_names();
    names.extend(local_names(tokens).map(|name| (name.to_owned(), None)));
    let withs = tokens.iter().enumerate().filter(|(_, (kind, ..))| *kind == TOKEN_WITH);
    for (index, (_, text, start)) in withs.rev().take(MOST_SETS) {
        let end = tokens[index..].iter().find(|(kind, ..)| *kind == TOKEN_SEMICOLON).map(|(.., end)| *end);
        if let Some(set) = end.and_then(|end| line.get(start + text.len()..end)) {
            names.extend(session.attribute_names(set));
        }
    }
    names
}

/// Names that the text itself binds, by `let` or as parameters.
fn local_names<'l>(tokens: &[Token<'l>]) -> impl Iterator<Item = &'l str> {
    let visible: Vec<_> = tokens.iter().filter(|(kind, ..)| *kind != TOKEN_WHITESPACE).collect();
    let names = visible.windows(2).filter(|pair| {
        let binds =
            matches!(pair[1].0, TOKEN_ASSIGN | TOKEN_COLON | TOKEN_COMMA | TOKEN_QUESTION | TOKEN_R_BRACE | TOKEN_AT);
        pair[0].0 == TOKEN_IDENT && binds
    });
    names.map(|pair| pair[0].1).collect::<Vec<_>>().into_iter()
}

fn first_sentence(doc: &str) -> &str {
    let line = doc.trim().lines().next().unwrap_or_default();
    line.split_once(". ").map_or(line, |(sentence, _)| sentence)
}

#[cfg(test)]
mod tests {
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
        let table = [
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
}
