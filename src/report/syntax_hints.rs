//! Hints for texts that are not valid Nix.

mod other_languages;

use super::characters;
use super::phrasing::in_backticks;
use crate::source::Span;
use crate::syntax::Fault;
use crate::syntax::brackets::Brackets;
use crate::syntax::recovery::{Edit, Mended, token_before, tokens_up_to};
use other_languages::{
    arrow, backslash, comment, condition_form, defined_otherwise, dollar, double_sign, element_sign, inherit_path,
    json, quotes, repetition, shorthand, sign,
};

/// A syntax error and its surroundings.
pub(super) struct ErrorSite<'t> {
    pub(super) text: &'t [u8],
    pub(super) mended: &'t Mended,
    /// The pairs before it.
    pub(super) brackets: Brackets,
    /// The unexpected token.
    pub(super) token: &'t str,
    pub(super) at_end: bool,
}

impl<'t> ErrorSite<'t> {
    pub(super) fn new(text: &'t [u8], mended: &'t Mended) -> Self {
        let span = mended.error.span;
        let at_end = mended.error.is_at_end();
        let brackets = Brackets::before(text, span.start);
        let mut found = Self { text, mended, brackets, token: "", at_end };
        found.token = found.slice(span);
        found
    }

    pub(super) fn slice(&self, span: Span) -> &'t str {
        let bytes = self.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    pub(super) fn text_from(&self, offset: u32) -> &'t [u8] {
        self.text.get(offset as usize..).unwrap_or_default()
    }

    pub(super) fn token_before(&self, offset: u32) -> Option<Span> {
        token_before(self.text, offset)
    }

    /// The unexpected character, if no token begins with it.
    fn character(&self) -> Option<char> {
        let mut characters = self.token.chars();
        let first = characters.next().filter(|_| self.mended.error.unexpected() == Some("invalid token"));
        first.filter(|_| characters.next().is_none())
    }

    /// The token in a form that people know.
    pub(super) fn shown(&self) -> String {
        if let Some(named) = self.character().and_then(characters::named) {
            return named;
        }
        let first_line = self.token.lines().next().unwrap_or_default();
        if first_line.is_empty() { "character".to_owned() } else { in_backticks(first_line) }
    }

    /// The closing form of a bracket or quote.
    pub(super) fn closing(&self, open: Span) -> &'static str {
        match self.slice(open) {
            "(" => ")",
            "[" => "]",
            "\"" => "\"",
            "''" => "''",
            _ => "}",
        }
    }

    /// True if a name was read, so that a definition must follow.
    fn expects_definition(&self) -> bool {
        self.mended.error.expected() == ["'.'", "'='"]
    }

    /// The keyword that was used as a name.
    pub(super) fn keyword(&self) -> Option<&'t str> {
        let is_quoted = matches!(self.mended.edit, Some(Edit::Replace(_, quoted)) if quoted.starts_with('"'));
        is_quoted.then_some(self.token)
    }

    /// True at the `=` of a definition that is not in a set.
    pub(super) fn is_bare_definition(&self) -> bool {
        self.token == "=" && self.brackets.open().is_empty() && self.mended.error.expected() == ["end of file"]
    }

    /// The tokens before the error.
    fn tokens_before(&self) -> Vec<Span> {
        tokens_up_to(self.text, self.mended.error.span.start)
    }

    fn innermost(&self) -> &'t str {
        self.brackets.innermost().map_or("", |pair| self.slice(pair.open))
    }

    pub(super) fn before(&self) -> &'t str {
        self.token_before(self.mended.error.span.start).map_or("", |span| self.slice(span))
    }
}

/// A rule: returns its hint, if it applies.
type Rule = fn(&ErrorSite<'_>) -> Option<String>;

/// Rules with their names.
macro_rules! rules {
    ($($rule:ident,)*) => { &[$((stringify!($rule), $rule)),*] };
}

const RULES: &[(&str, Rule)] = rules![
    quotes,
    dollar,
    backslash,
    sign,
    character,
    json,
    inherit_path,
    arrow,
    defined_otherwise,
    repetition,
    comment,
    double_sign,
    element_sign,
    separator,
    else_if,
    safe_access,
    choice,
    condition_form,
    shorthand,
    dotted_number,
    negative_number,
    function,
    definition,
    keyword,
    or,
    link,
    ending,
];

/// True if the hint for an error explains all further errors of the text too.
pub(super) fn explains_all(found: &ErrorSite<'_>) -> bool {
    other_languages::explains_all(found)
}

/// The hints for an error.
pub(super) fn hints(found: &ErrorSite<'_>) -> Vec<String> {
    let mut hints: Vec<String> = RULES.iter().find_map(|(_, rule)| rule(found)).into_iter().collect();
    if else_if(found).is_none() {
        hints.extend(condition(found));
    }
    hints
}

/// Characters that look like others, or are invisible. Applies to a character that cannot begin a token.
fn character(found: &ErrorSite<'_>) -> Option<String> {
    found.character().and_then(characters::advice).map(str::to_owned)
}

/// `or` as a variable. Applies if there is no selection before it.
fn or(found: &ErrorSite<'_>) -> Option<String> {
    (found.token == "or")
        .then(|| "`or` goes between a selection and its default, `a.b or c`; it can't name a variable".into())
}

/// Commas and semicolons that separate nothing. Applies in brackets if the parser can continue when the sign is
/// removed or replaced.
fn separator(found: &ErrorSite<'_>) -> Option<String> {
    if found.mended.error.expected() == ["'else'"] {
        return None;
    }
    let is_extra = matches!(found.mended.edit, Some(Edit::Remove(_)));
    let hint = match (found.token, found.innermost()) {
        ("," | ";", "[") if is_extra => "elements of a list are separated by spaces: `[ 1 2 ]`",
        (",", "{") if matches!(found.mended.edit, Some(Edit::Replace(..))) => {
            "attributes end with `;`: `{ a = 1; b = 2; }`"
        }
        (",", "(") => "arguments are separated by spaces, and functions are called without parentheses: `f a b`",
        (":", "{") if found.expects_definition() => "attributes are defined with `=`: `{ a = 1; }`",
        _ => return None,
    };
    Some(hint.to_owned())
}

/// `elif`. Applies if another language's word for it is between this `then` and the one before.
fn else_if(found: &ErrorSite<'_>) -> Option<String> {
    const WORDS: [&str; 3] = ["elif", "elsif", "elseif"];
    let before = found.text.get(..found.mended.error.span.start as usize)?;
    let before = String::from_utf8_lossy(before);
    let mut words = before.rsplit(|letter: char| !letter.is_alphanumeric()).take_while(|word| *word != "then");
    let word = words.find(|word| WORDS.contains(word)).filter(|_| found.token == "then")?;
    Some(format!("`{word}` is written `else if`: `if a then 1 else if b then 2 else 3`"))
}

/// `a?.b`, `a ?? b`. Applies if these signs touch each other.
fn safe_access(found: &ErrorSite<'_>) -> Option<String> {
    let start = found.mended.error.span.start;
    let touches = found.token_before(start).is_some_and(|before| before.end == start && found.slice(before) == "?");
    match found.token {
        "." if touches => Some("select an attribute that may be missing with a default: `a.b or null`".to_owned()),
        "?" if touches => Some(
            "a default for an attribute that may be missing is `a.b or c`; for `null` it is `if a == null then b \
             else a`"
                .to_owned(),
        ),
        _ => None,
    }
}

/// `a ? b : c`. Applies if no name comes after `?`, or a `:` after a `?` in the same line.
fn choice(found: &ErrorSite<'_>) -> Option<String> {
    let expects_name = found.mended.error.expected().starts_with(&["identifier", "'or'"]);
    let line = found.text.get(..found.mended.error.span.start as usize).unwrap_or_default();
    let line = line.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_colon = found.token == ":" && line.windows(3).any(|three| three == b" ? ") && found.innermost() != "{";
    ((expects_name && found.before() == "?") || is_colon)
        .then(|| "`a ? b` asks whether a set has an attribute; to choose, write `if c then a else b`".to_owned())
}

/// `xs.-1`. Applies if a number or bracket comes after a dot.
fn dotted_number(found: &ErrorSite<'_>) -> Option<String> {
    let is_index = found.token.starts_with(|first: char| first.is_ascii_digit() || "-[(".contains(first));
    if found.before() != "." || !is_index {
        return None;
    }
    let dot = found.token_before(found.mended.error.span.start)?;
    let base = found.token_before(dot.start).map(|span| found.slice(span)).filter(|base| is_name(base));
    let base = base.unwrap_or("xs");
    Some(format!("a dot selects an attribute of a set; an element of a list is `builtins.elemAt {base} 0`"))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// `[ -1 ]`. Applies if a `-` is directly in a list.
fn negative_number(found: &ErrorSite<'_>) -> Option<String> {
    (found.token == "-" && found.innermost() == "[")
        .then(|| "a negative number in a list needs parentheses: `[ (-1) ]`".to_owned())
}

/// `x => x`, `f x: x`, `(+)`. Applies if the parser can continue with a colon, if a colon comes after a name, or an
/// operator after `(`.
fn function(found: &ErrorSite<'_>) -> Option<String> {
    let before = found.before();
    if matches!(found.mended.edit, Some(Edit::Replace(_, ":"))) {
        let name = if is_name(before) { before } else { "x" };
        return Some(format!("a function is written with a colon: `{name}: …`"));
    }
    if found.token == ":" && is_name(before) && !found.expects_definition() {
        return Some(format!("a function as an argument needs parentheses: `({before}: …)`"));
    }
    let is_operator = matches!(found.token, "+" | "*" | "/" | "++" | "//" | "==" | "&&" | "||" | "<" | ">");
    (is_operator && before == "(")
        .then(|| format!("an operator is not a function by itself; write `(a: b: a {} b)`", found.token))
}

/// `=` in expressions, `==` and `:=` in definitions. Applies if the file's expression ends before `=`, or the parser
/// can continue with `==`; and if `=` is expected in place of `==` or `:=`.
fn definition(found: &ErrorSite<'_>) -> Option<String> {
    if found.token == "==" && found.expects_definition() {
        return Some("`=` defines, `==` compares".to_owned());
    }
    if found.token == ":" && found.expects_definition() {
        return Some("`=` alone defines: `a = 1;`".to_owned());
    }
    if found.token != "=" {
        return None;
    }
    if found.is_bare_definition() {
        return Some(
            "a file is one expression; definitions go into a set, `{ a = 1; }`, or a `let`: `let a = 1; in a`"
                .to_owned(),
        );
    }
    matches!(found.mended.edit, Some(Edit::Replace(_, "=="))).then(|| "`=` defines, `==` compares".to_owned())
}

/// `{ in = 1; }`. Applies if the surroundings of the word show that it is meant as a name.
fn keyword(found: &ErrorSite<'_>) -> Option<String> {
    let after = found.text_from(found.mended.error.span.end).trim_ascii_start();
    let is_name = found.before() == "." || after.first().is_some_and(|next| b"=.;,?}".contains(next));
    let word = found.keyword().filter(|_| is_name)?;
    Some(format!("`{word}` is a keyword; as an attribute name it needs quotes: `\"{word}\"`"))
}

/// A URL without quotes that is cut off by a `#`.
pub(super) fn cut_link(found: &ErrorSite<'_>) -> Option<Span> {
    let is_cut = |span: &Span| found.text_from(span.end).starts_with(b"#") && found.slice(*span).contains("://");
    found.token_before(found.mended.error.span.start).filter(is_cut)
}

fn link(found: &ErrorSite<'_>) -> Option<String> {
    let before = cut_link(found)?;
    Some(format!("`#` begins a comment; put the URL in quotes: `\"{}#…\"`", found.slice(before)))
}

/// The text after the end of a file's expression.
fn ending(found: &ErrorSite<'_>) -> Option<String> {
    if found.mended.error.fault == Fault::TrailingSlash {
        return Some("a path has no slash at its end; the root is `/.`".to_owned());
    }
    if found.token == "/" {
        return None;
    }
    if matches!(found.token, ")" | "]") && found.innermost() != opening(found.token) {
        return Some(format!(
            "there is no open {} here for {} to close",
            in_backticks(opening(found.token)),
            in_backticks(found.token)
        ));
    }
    if !found.brackets.open().is_empty() || found.mended.error.expected() != ["end of file"] {
        return None;
    }
    match found.token {
        ";" => Some("`;` ends definitions; a value after `in`, or a whole file, has none".to_owned()),
        "}" | ")" | "]" => Some(format!("there is nothing open here for {} to close", in_backticks(found.token))),
        _ => None,
    }
}

fn opening(end: &str) -> &'static str {
    match end {
        ")" => "(",
        "]" => "[",
        _ => "{",
    }
}

/// `if` without `else`. Applies if only an `else` is possible here, or the parser can continue with it.
fn condition(found: &ErrorSite<'_>) -> Option<String> {
    let expects_else = found.mended.error.expected().first() == Some(&"'else'");
    let lacks_else = matches!(found.mended.edit, Some(Edit::Insert(_, " else null ")));
    (expects_else || lacks_else).then(|| "every `if` needs an `else`: `if c then a else b`".to_owned())
}

#[cfg(test)]
mod tests;
