//! Hints for texts that would be right in another language: JSON, shells, Haskell, Python, JavaScript.

use super::ErrorSite;
use crate::source::Span;

/// `{ "a": 1 }`. Applies if a colon comes after a string in braces.
pub(super) fn json(found: &ErrorSite<'_>) -> Option<String> {
    (found.token == ":" && found.innermost() == "{" && found.before() == "\"").then(|| {
        "this looks like JSON; in Nix it is `{ a = 1; b = [ 1 2 ]; }`, and `builtins.fromJSON` reads JSON from a string"
            .to_owned()
    })
}

/// `'hello'`, `` `hello` ``. Applies if a quote begins no token.
pub(super) fn quotes(found: &ErrorSite<'_>) -> Option<String> {
    let quote = found.character().filter(|character| matches!(character, '\'' | '`'))?;
    let line = line_from(found, found.mended.error.span.end);
    let text = line.split_once(quote).map_or("…", |(text, _)| text);
    let text = if text.contains(['"', '`', '\\', '$']) || text.len() > 40 { "…" } else { text };
    Some(format!("strings need double quotes: `\"{text}\"`; two single quotes, `''…''`, begin one of several lines"))
}

/// `$x`, `$(command)`, `${x}`. Applies outside of strings.
pub(super) fn dollar(found: &ErrorSite<'_>) -> Option<String> {
    let rest = line_from(found, found.mended.error.span.end);
    if found.token == "${" {
        let name = rest.split_once('}').map_or("x", |(name, _)| name.trim());
        let name = if is_word(name) { name } else { "x" };
        let says = format!("`${{…}}` goes inside strings, paths and attribute names; elsewhere write `{name}`");
        return (!rest.is_empty()).then_some(says);
    }
    if found.character() != Some('$') {
        return None;
    }
    if rest.starts_with('(') {
        return Some("`$(…)` is shell syntax; Nix runs no commands while it evaluates".to_owned());
    }
    let name = leading_word(rest);
    let name = if name.is_empty() { "x" } else { name };
    Some(format!("a variable has no `$`: `{name}`; in a string, `\"${{{name}}}\"`"))
}

/// `\x -> x`. Applies to a backslash outside of strings.
pub(super) fn backslash(found: &ErrorSite<'_>) -> Option<String> {
    if found.character() != Some('\\') {
        return None;
    }
    let rest = line_from(found, found.mended.error.span.end);
    let head = ["->", ":", "=>", "."].iter().filter_map(|sign| rest.split_once(sign)).map(|(head, _)| head);
    let names = head.min_by_key(|head| head.len()).map(names_in).filter(|names| !names.is_empty());
    let names = names.unwrap_or_else(|| vec!["x"]);
    Some(format!("a function is written `{}`", parameters(&names)))
}

/// `10 % 3`, `2 ^ 3`, `a & b`. Applies to signs that no token begins with.
pub(super) fn sign(found: &ErrorSite<'_>) -> Option<String> {
    let rest = line_from(found, found.mended.error.span.end);
    let doubled = found.character().is_some_and(|sign| rest.starts_with(sign));
    let text = match (found.character()?, doubled) {
        ('%', _) => "there is no `%`; nixpkgs has `lib.mod 10 3`, and `a - b * (a / b)` is the same",
        ('^', _) => "there is no `^`; multiply instead, and for bits there is `builtins.bitXor a b`",
        ('&', _) => "and is `&&`; for bits there is `builtins.bitAnd a b`",
        ('|', _) => "or is `||`; for bits there is `builtins.bitOr a b`",
        ('~', _) => "a path in the home directory begins with `~/`; not is `!`",
        _ => return None,
    };
    Some(text.to_owned())
}

/// `a ** b`, `a += 1`, `a === b`, `a <> b`, `i++`. Applies if two signs that touch make one of another language.
pub(super) fn double_sign(found: &ErrorSite<'_>) -> Option<String> {
    let start = found.mended.error.span.start;
    let touching = found.token_before(start).filter(|before| before.end == start).map(|span| found.slice(span));
    let text = match (touching?, found.token) {
        ("*", "*") => "there is no power sign; multiply instead",
        ("+" | "-" | "*" | "/" | "++", "=") => "names never change; bind a new one: `let next = old + 1; in …`",
        ("==", "=") => "`==` compares",
        ("!=", "=") => "`!=` is the opposite of `==`",
        (":", "=") => "`=` alone defines: `a = 1;`",
        ("<", ">") => "different is `!=`",
        _ => return None,
    };
    Some(text.to_owned())
}

/// `xs !! 0`. Applies if two `!` that touch come after a value, except among the elements of a list.
pub(super) fn element_sign(found: &ErrorSite<'_>) -> Option<String> {
    let is_sign = found.token == "!" && line_from(found, found.mended.error.span.end).starts_with('!');
    (is_sign && is_value_end(found) && found.innermost() != "[")
        .then(|| "an element of a list is `builtins.elemAt xs 0`; the first is 0".to_owned())
}

/// `inherit lib.x`. Applies if a dot comes after the names of an `inherit`.
pub(super) fn inherit_path(found: &ErrorSite<'_>) -> Option<String> {
    if found.token != "." {
        return None;
    }
    let tokens = found.tokens_before();
    let names = tokens.iter().rev().take_while(|token| is_name_or_from(found, **token)).count();
    let keyword = tokens.len().checked_sub(names + 1).and_then(|at| tokens.get(at))?;
    if found.slice(*keyword) != "inherit" {
        return None;
    }
    let rest = line_from(found, found.mended.error.span.start);
    let path = rest.split(|letter: char| !(is_part(letter) || letter == '.')).next().unwrap_or_default();
    let path = format!("{}{path}", found.before());
    let (set, name) = path.rsplit_once('.')?;
    let name = if name.is_empty() { "x" } else { name };
    Some(format!("`inherit` takes names; from a set it is `inherit ({set}) {name};`"))
}

fn is_name_or_from(found: &ErrorSite<'_>, token: Span) -> bool {
    is_word(found.slice(token)) && found.slice(token) != "inherit"
}

/// Words that name nothing.
const KEYWORDS: [&str; 9] = ["if", "then", "else", "assert", "with", "let", "in", "rec", "inherit"];

/// Words that begin definitions in other languages.
const DEFINES: [&str; 15] = [
    "def", "fn", "fun", "func", "function", "lambda", "let", "var", "const", "val", "local", "export", "set", "my",
    "static",
];

/// `f x = …`, `def f(x):`, `var x = 1`. Applies if the text around the error has the form of such a definition.
pub(super) fn defined_otherwise(found: &ErrorSite<'_>) -> Option<String> {
    let is_sign = matches!(found.token, "=" | ":" | "{" | "," | ".") || found.at_end;
    let is_in_head = is_word(found.token) || matches!(found.token, "(" | "\"");
    if !is_sign && !is_in_head {
        return None;
    }
    let head = heads(found).find_map(Head::of)?;
    let Head { name, parameters: names, .. } = head;
    Some(match (name, names.is_empty()) {
        ("", _) => format!("a function is written `{}`", parameters(&names)),
        (_, true) => format!("a definition is `{name} = …;`, in a `let … in` or a set"),
        (_, false) => format!("a function is defined with `{name} = {};`", parameters(&names)),
    })
}

/// `(x, y) => …`, `(x) -> …`. Applies if names in parentheses come before an arrow.
pub(super) fn arrow(found: &ErrorSite<'_>) -> Option<String> {
    let is_place = matches!(found.token, "," | "=" | ":") || (found.token == ">" && found.before() == "=");
    let line = line_of(found, found.mended.error.span.start);
    let (before, _) = line.split_once("=>").or_else(|| line.split_once("->"))?;
    let inside = before.trim_end().strip_suffix(')')?.rsplit_once('(')?.1;
    let names = names_in(inside);
    (is_place && !names.is_empty()).then(|| format!("a function is written `{}`", parameters(&names)))
}

/// `if c { a } else { b }`, `if c: a`, `a if c else b`. Applies where a `then` is missing.
pub(super) fn condition_form(found: &ErrorSite<'_>) -> Option<String> {
    if found.token == "if" && !matches!(found.before(), "" | "=" | "(" | "[" | "{" | "," | ".") && is_value_end(found) {
        return Some("the condition comes first: `if c then a else b`".to_owned());
    }
    let is_open = has_open_if(found);
    let is_braced = is_open && found.innermost() == "{" && opens_branch(found);
    let expects_then = found.mended.error.expected() == ["'then'"];
    if !is_open || (!is_braced && !expects_then) || matches!(found.token, "=" | "then") {
        return None;
    }
    let without = if is_braced || found.before() == "}" { ", without braces" } else { "" };
    Some(format!("a condition is written `if c then a else b`{without}"))
}

/// `for x in xs: …`, `[ x for x in xs ]`, `while c { … }`. Applies if such a word stands before the error.
pub(super) fn repetition(found: &ErrorSite<'_>) -> Option<String> {
    let tokens = found.tokens_before();
    let recent = &tokens[tokens.len().saturating_sub(6)..];
    let is_loop = |pair: &[Span]| {
        let [word, next] = [pair[0], pair[1]].map(|token| found.slice(token));
        matches!(word, "for" | "while" | "foreach") && (is_word(next) || next == "(")
    };
    (matches!(found.token, "in" | "{" | ":" | ";" | "=" | "do") || found.at_end || found.innermost() == "{")
        .then(|| recent.windows(2).any(is_loop))
        .filter(|is_loop| *is_loop)
        .map(|_| "Nix has no loops: `map (x: …) xs` makes a list of results, `builtins.foldl'` one value".to_owned())
}

/// `// …`, `-- …`. Applies at the start of a line.
pub(super) fn comment(found: &ErrorSite<'_>) -> Option<String> {
    let line = line_of(found, found.mended.error.span.start).trim_start();
    let begins = ["//", "--", ";;"].iter().find(|sign| line.starts_with(**sign))?;
    (found.token == "//" || found.before() == "-" || found.token == ";")
        .then(|| format!("a comment begins with `#`, not with `{begins}`"))
}

/// The names of a set without values: `{ a, b }`. Applies at its end if it is no pattern.
pub(super) fn shorthand(found: &ErrorSite<'_>) -> Option<String> {
    let is_pattern = found.before() == "}" && found.mended.error.expected() == ["':'", "'@'"];
    if !is_pattern {
        return None;
    }
    let line = line_of(found, found.token_before(found.mended.error.span.start)?.start);
    let inside = line.rsplit_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(inside, _)| inside)?;
    let names = names_in(inside);
    (!names.is_empty()).then(|| format!("a set of variables is `{{ inherit {}; }}`", names.join(" ")))
}

/// True if one of these hints explains all further errors of the text too.
pub(super) fn explains_all(found: &ErrorSite<'_>) -> bool {
    [json, defined_otherwise, condition_form, repetition, backslash, quotes].iter().any(|rule| rule(found).is_some())
}

/// The beginning of a definition in another language.
struct Head<'t> {
    name: &'t str,
    parameters: Vec<&'t str>,
}

impl<'t> Head<'t> {
    /// Reads the beginning of a statement up to the sign that ends it.
    fn of(text: &'t str) -> Option<Self> {
        let mut rest = text.trim_start();
        let first = leading_word(rest);
        let has_keyword = DEFINES.contains(&first);
        if has_keyword {
            rest = rest[first.len()..].trim_start();
        }
        let takes_no_name = matches!(first, "lambda" | "fun" | "fn" | "function");
        let name = leading_word(rest);
        rest = &rest[name.len()..];
        let in_parentheses = rest.strip_prefix('(').filter(|_| has_keyword || !name.is_empty());
        let (parameters, after) = match in_parentheses.and_then(|inside| inside.split_once(')')) {
            Some((inside, after)) => (parameter_names(inside)?, after.trim_start()),
            None => words_until_sign(rest),
        };
        let is_end = |signs: &[&str]| signs.iter().any(|sign| after.starts_with(sign)) && !after.starts_with("==");
        let (name, parameters) = match takes_no_name && is_end(&["->", "=>", ":"]) && in_parentheses.is_none() {
            true => ("", [name].into_iter().chain(parameters).filter(|name| !name.is_empty()).collect()),
            false => (name, parameters),
        };
        let is_meant = match (has_keyword, in_parentheses.is_some(), parameters.is_empty()) {
            (true, true, _) => is_end(&["=", ":", "{", "->", "=>"]) || after.is_empty(),
            (true, false, true) => first != "let" && is_end(&["=", ":"]),
            (true, false, false) => is_end(&["=", ":", "->", "=>"]),
            (false, _, false) => is_end(&["="]) && !after.starts_with("=>"),
            (false, _, true) => false,
        };
        let is_named = (!name.is_empty() || !parameters.is_empty())
            && !parameters.iter().chain([&name]).any(|word| KEYWORDS.contains(word));
        (is_meant && is_named).then_some(Self { name, parameters })
    }
}

/// The names of parameters between parentheses; `None` if there is something else.
fn parameter_names(inside: &str) -> Option<Vec<&str>> {
    let parts = inside.split(',').map(str::trim).filter(|part| !part.is_empty());
    // A type or a default may follow the name.
    let names = parts.map(|part| Some(leading_word(part)).filter(|name| !name.is_empty()));
    names.collect()
}

/// The words before the first sign, and the text from there on.
fn words_until_sign(text: &str) -> (Vec<&str>, &str) {
    let mut rest = text.trim_start();
    let mut words = Vec::new();
    loop {
        let word = leading_word(rest);
        if word.is_empty() {
            return (words, rest);
        }
        words.push(word);
        rest = rest[word.len()..].trim_start();
    }
}

/// The statement around the error, and then its whole line.
fn heads<'t>(found: &ErrorSite<'t>) -> impl Iterator<Item = &'t str> {
    let at = found.mended.error.span.start;
    let tokens = found.tokens_before();
    let is_start = |token: &&Span| matches!(found.slice(**token), ";" | "{" | "in" | "let");
    let start = tokens.iter().rev().find(is_start).map_or(0, |token| token.end);
    let statement = str_from(found, start).lines().find(|line| !line.trim().is_empty());
    let whole = line_of(found, at);
    statement.into_iter().chain([whole])
}

/// True if an `if` before the error has no `then` yet.
fn has_open_if(found: &ErrorSite<'_>) -> bool {
    let mut thens = 0_usize;
    for token in found.tokens_before().iter().rev() {
        match found.slice(*token) {
            "then" => thens += 1,
            "if" if thens == 0 => return true,
            "if" => thens -= 1,
            _ => {}
        }
    }
    false
}

/// True if the innermost brace comes after the condition of an `if`, or after its `else`.
fn opens_branch(found: &ErrorSite<'_>) -> bool {
    let Some(brace) = found.brackets.innermost() else { return false };
    let tokens = found.tokens_before();
    let before = tokens.iter().rev().find(|token| token.end <= brace.open.start).map(|token| found.slice(*token));
    before.is_some_and(|token| is_word(token) || matches!(token, ")" | "\"") || token.ends_with(char::is_numeric))
        && !matches!(before, Some("if" | "then" | "rec" | "in" | "let"))
}

/// True if a value ends before the error.
fn is_value_end(found: &ErrorSite<'_>) -> bool {
    let before = found.before();
    let is_keyword =
        matches!(before, "then" | "else" | "in" | "let" | "with" | "assert" | "rec" | "inherit" | "if" | ";" | ":");
    !is_keyword && (before.ends_with(is_part) || matches!(before, "\"" | "''" | "}" | "]" | ")"))
}

/// `x: y: …`
fn parameters(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("{name}:")).collect();
    format!("{} …", names.join(" "))
}

/// The names in a text, if it has nothing else but spaces and commas.
fn names_in(text: &str) -> Vec<&str> {
    let words: Vec<_> =
        text.split(|letter: char| letter.is_whitespace() || letter == ',').filter(|word| !word.is_empty()).collect();
    if words.iter().all(|word| is_word(word)) { words } else { Vec::new() }
}

fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | '\'')
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && leading_word(text) == text
}

/// The name at the start of a text, perhaps empty.
fn leading_word(text: &str) -> &str {
    let starts = text.starts_with(|first: char| first.is_alphabetic() || first == '_');
    let end = text.find(|letter: char| !is_part(letter)).unwrap_or(text.len());
    // `x->` ends before the arrow.
    let word = &text[..end];
    let word = if text[end..].starts_with('>') { word.strip_suffix('-').unwrap_or(word) } else { word };
    if starts { word } else { "" }
}

fn str_from<'t>(found: &ErrorSite<'t>, offset: u32) -> &'t str {
    let bytes = found.text_from(offset);
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}

/// The rest of the line from an offset on.
fn line_from<'t>(found: &ErrorSite<'t>, offset: u32) -> &'t str {
    str_from(found, offset).lines().next().unwrap_or_default()
}

/// The whole line around an offset.
fn line_of<'t>(found: &ErrorSite<'t>, offset: u32) -> &'t str {
    let before = found.text.get(..offset as usize).unwrap_or_default();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    line_from(found, start as u32)
}
