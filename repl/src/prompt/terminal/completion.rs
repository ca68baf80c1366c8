//! Completions of the text before the cursor: commands, files, variables, attributes.
//!
//! Nothing that takes long is evaluated for it, nothing is printed, and errors end it: a value that isn't there within the
//! time has no completions yet.

mod files;
#[cfg(test)]
mod tests;
mod tokens;

use crate::output::wrap::cut;
use crate::prompt::commands::{self, Takes, first_sentence, option_names, short_docs};
use crate::prompt::highlight::LONGEST;
use crate::prompt::session::{Names, Session};
use files::{files, flakes};
use nivis::codec::nix_string::attribute_name;
use nivis::codec::terminal::visible;
use rnix::SyntaxKind::*;
use std::collections::BTreeMap;
use tokens::{Token, base, component, local_names, located, open_brace, partial};

/// The most builtins that are listed with descriptions; more would not fit the screen.
const MOST_DESCRIBED: usize = 12;
/// The width where there is no terminal.
const USUAL: usize = 80;
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
    let argument = takes.and_then(|takes| argument(session, takes, line, start));
    let completions = argument.or_else(|| searched(session, line)).or_else(|| path(line));
    completions.unwrap_or_else(|| {
        let mut completions = attributes(session, &line[start..]);
        completions.start += start;
        completions
    })
}

/// The completions of a command's argument, which begins at `start`; `None` if it takes an expression.
fn argument(session: &mut Session<'_>, takes: Takes, line: &str, start: usize) -> Option<Completions> {
    let word = line.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    match takes {
        Takes::File => {
            // The rest is the file's name, with its spaces.
            let from = line.len() - line[start..].trim_start().len();
            Some(plain(from, files(&line[from..])))
        }
        Takes::Option => Some(options(session, line, word)),
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

/// The options that the path being typed may lead to.
fn options(session: &mut Session<'_>, line: &str, word: usize) -> Completions {
    let start = line.rfind('.').map_or(word, |dot| (dot + 1).max(word));
    let path = line[word..start].trim_end_matches('.');
    let names = session.at_once(line, |cx, scope| option_names(cx, scope, path));
    let mut matching: Vec<_> = names.into_iter().filter(|(name, _)| name.starts_with(&line[start..])).collect();
    matching.sort();
    matching.dedup();
    let describe = matching.len() <= MOST_DESCRIBED;
    let width = session.look().width.unwrap_or(USUAL).saturating_sub(2);
    let candidate = |(name, about): (String, String)| match describe && !about.is_empty() {
        true => (cut(&visible(&format!("{name:20} {about}"), false), width), name),
        false => (name.clone(), name),
    };
    Completions { start, candidates: matching.into_iter().map(candidate).collect() }
}

fn plain(start: usize, words: Vec<String>) -> Completions {
    Completions { start, candidates: words.into_iter().map(|word| (word.clone(), word)).collect() }
}

/// Attributes after a dot, else variables.
fn attributes(session: &mut Session<'_>, line: &str) -> Completions {
    let tokens = located(line);
    let Some((start, partial, before)) = partial(&tokens, line.len()) else { return Completions::default() };
    let (set, names) = match before.last() {
        Some((TOKEN_DOT, _, dot)) => match base(&before[..before.len() - 1]) {
            Some(from) => selected_names(session, line, from, *dot),
            None => return Completions::default(),
        },
        _ => match inherited_from(line, before).or_else(|| called_with(line, before)) {
            Some(set) => {
                let names = session.attribute_names(&set);
                (Some(set), names)
            }
            None => (None, variables(session, &line[..start], before)),
        },
    };
    let matching: Vec<_> = names.into_iter().filter(|(name, _)| name.starts_with(&partial)).collect();
    Completions { start, candidates: described(session, set.as_deref(), matching) }
}

/// A name, and what it is if that is known.
type Matching = (String, Option<&'static str>);

/// Candidates: a few with what they are, in a line each. Those in a set are looked up there.
fn described(session: &mut Session<'_>, set: Option<&str>, matching: Vec<Matching>) -> Vec<(String, String)> {
    let quoted = |name: &String| attribute_name(name.as_bytes());
    if matching.len() > MOST_DESCRIBED {
        return matching.iter().map(|(name, _)| (quoted(name), quoted(name))).collect();
    }
    let names: Vec<String> = matching.iter().map(|(name, _)| name.clone()).collect();
    let found = set.map(|set| session.at_once(set, |cx, scope| short_docs(cx, scope, set, &names)));
    let mut found = found.unwrap_or_default().into_iter();
    let width = session.look().width.unwrap_or(USUAL).saturating_sub(2);
    let candidate = |(name, doc): Matching| {
        let about = found.next().filter(|about| !about.is_empty()).or_else(|| doc.map(first_sentence));
        let name = quoted(&name);
        match about {
            Some(about) => (cut(&visible(&format!("{name:20} {about}"), false), width), name),
            None => (name.clone(), name),
        }
    };
    matching.into_iter().map(candidate).collect()
}

/// The attributes of the expression from `from` to `dot`, also if names in it are bound earlier in the line; and the
/// expression that has them.
fn selected_names(session: &mut Session<'_>, line: &str, from: usize, dot: usize) -> (Option<String>, Names) {
    let set = &line[from..dot];
    let names = session.attribute_names(set);
    let whole = || {
        let begin = line[..from].find("let ").or_else(|| line[..from].find("with "))?;
        Some(&line[begin..dot])
    };
    match (names.is_empty(), whole()) {
        (true, Some(whole)) => (Some(whole.to_owned()), session.attribute_names(whole)),
        _ => (Some(set.to_owned()), names),
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
