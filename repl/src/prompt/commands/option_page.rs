//! The page of an option of a module system.

use super::described::add_facts;
use super::fields::{at, text, texts};
use nivis::heap::Unpacked;
use nivis::print::{self, ErrorDisplay, Options};
use nivis::{Error, Eval, Result, Value};
use std::fmt::Write as _;

/// Longer values of options are cut, in characters.
const LONGEST: usize = 300;

/// True for an option.
pub(super) fn is_option<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> bool {
    text(cx, value, &["_type"]).as_deref() == Some("option")
}

/// The page about an option.
pub(super) fn page<'h>(cx: &mut Eval<'h>, option: Value<'h>) -> String {
    let (mut page, mut facts) = described(cx, option);
    let files = texts(cx, option, &["files"]);
    facts.extend(files.into_iter().map(|file| ("set in".to_owned(), file)));
    add_facts(&mut page, &facts);
    page
}

/// The page about an option, with its value and what defines it. An option of a submodule has the value that a `member`
/// of the set or list has, if there is one.
pub(super) fn full_page<'h>(cx: &mut Eval<'h>, option: Value<'h>, member: Option<Result<Option<Value<'h>>>>) -> String {
    let (mut page, mut facts) = described(cx, option);
    let is_own = member.is_none();
    let value = match member {
        Some(value) => value.map_or_else(|error| Some(failed(&error)), |value| value.map(|value| printed(cx, value))),
        None => at(cx, option, &["isDefined"]).map(|_| shown_or_error(cx, option)),
    };
    facts.extend(value.map(|value| ("value".to_owned(), as_code(&value))));
    if is_own {
        facts.extend(definitions(cx, option));
    }
    add_facts(&mut page, &facts);
    page
}

/// The beginning of the page, and what the option says itself.
fn described<'h>(cx: &mut Eval<'h>, option: Value<'h>) -> (String, Vec<(String, String)>) {
    let path = texts(cx, option, &["loc"]).join(".");
    let mut page = format!("Option `{path}`\n");
    if let Some(words) = prose(cx, option, "description") {
        let _ = write!(page, "\n{}\n", words.trim());
    }
    let mut facts = Vec::new();
    let mut add = |name: &str, fact: Option<String>| facts.extend(fact.map(|fact| (name.to_owned(), fact)));
    add("type", text(cx, option, &["type", "description"]));
    let default = prose(cx, option, "defaultText").or_else(|| shown(cx, option, "default"));
    add("default", default.map(|default| as_code(&default)));
    let example = prose(cx, option, "example").or_else(|| shown(cx, option, "example"));
    add("example", example.map(|example| as_code(&example)));
    declarations(cx, option).into_iter().for_each(|file| add("declared in", Some(file)));
    (page, facts)
}

/// The files that define the option, each with its value there, and why others give way to them.
fn definitions<'h>(cx: &mut Eval<'h>, option: Value<'h>) -> Vec<(String, String)> {
    let Some(priority) = at(cx, option, &["highestPrio"]).and_then(|priority| match priority.unpack() {
        Unpacked::Int(priority) => Some(priority),
        _ => None,
    }) else {
        return Vec::new();
    };
    if priority >= OF_DEFAULT {
        return vec![("defined in".to_owned(), "nowhere: the value is the default".to_owned())];
    }
    let list = at(cx, option, &["definitionsWithLocations"]);
    let list = list.and_then(|list| list.as_list().map(|list| list.iter().collect::<Vec<_>>())).unwrap_or_default();
    let mut facts = Vec::new();
    for definition in list {
        let file = text(cx, definition, &["file"]).unwrap_or_default();
        let value = shown(cx, definition, "value").map_or_else(String::new, |value| format!(": {}", as_code(&value)));
        facts.push(("defined in".to_owned(), format!("{file}{value}")));
    }
    facts.extend(rank(priority).map(|rank| ("priority".to_owned(), rank)));
    facts
}

/// The priority of an option's own default.
const OF_DEFAULT: i64 = 1500;

/// The function that gives definitions this priority; `None` for the usual one.
fn rank(priority: i64) -> Option<String> {
    let name = match priority {
        100 => return None,
        1000 => "`mkDefault`: a definition without it wins",
        50 => "`mkForce`: wins over definitions without it",
        10 => "`mkVMOverride`: wins over `mkForce` too",
        _ => return Some(format!("{priority} (usual definitions have 100; the lowest wins)")),
    };
    Some(name.to_owned())
}

/// The option's value, or why there is none.
fn shown_or_error<'h>(cx: &mut Eval<'h>, option: Value<'h>) -> String {
    let value = option.as_attrs().and_then(|set| set.get(cx.intern(b"value")));
    value.map_or_else(String::new, |value| printed(cx, value))
}

/// A value as it is printed, errors in place of what fails.
fn printed<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> String {
    let options = Options {
        force: true,
        derivation_paths: true,
        max_depth: 2,
        max_items: 20,
        max_attributes: 40,
        errors: ErrorDisplay::ThrowAtTop,
        ..Options::default()
    };
    let forced = cx.force(value);
    match forced.and_then(|value| print::print(cx, value, &options)) {
        Ok(text) => shortened(&String::from_utf8_lossy(&text)),
        Err(error) => failed(&error),
    }
}

fn failed(error: &Error) -> String {
    format!("error: {}", error.to_string().lines().next().unwrap_or_default())
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text.to_owned(),
    }
}

fn as_code(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("`{line}`")
}

/// The files that declare an option, with lines where they are known.
pub(super) fn declarations<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Vec<String> {
    let positions = at(cx, value, &["declarationPositions"]).and_then(|list| match list.unpack() {
        Unpacked::List(list) => Some(list.iter().collect::<Vec<_>>()),
        _ => None,
    });
    let place = |position| {
        let file = text(cx, position, &["file"])?;
        let line = at(cx, position, &["line"]).and_then(|line| match line.unpack() {
            Unpacked::Int(line) => Some(line),
            _ => None,
        });
        Some(line.map_or(file.clone(), |line| format!("{file}:{line}")))
    };
    let places: Vec<String> = positions.unwrap_or_default().into_iter().filter_map(place).collect();
    if places.is_empty() { texts(cx, value, &["declarations"]) } else { places }
}

/// A text of an option, perhaps in a set that says in which language it is.
pub(super) fn prose<'h>(cx: &mut Eval<'h>, value: Value<'h>, name: &str) -> Option<String> {
    let field = at(cx, value, &[name])?;
    let is_default = matches!(name, "example");
    let words = text(cx, field, &["text"]).or_else(|| if is_default { None } else { text(cx, field, &[]) });
    words.map(|words| without_roles(&words))
}

/// Markdown without the roles that nixpkgs writes before code, such as `{option}`.
fn without_roles(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(end) = rest.find("}`") {
        let start = rest[..end].rfind('{').filter(|start| rest[start + 1..end].chars().all(|c| c.is_ascii_lowercase()));
        out.push_str(&rest[..start.unwrap_or(end + 1)]);
        rest = &rest[end + 1..];
    }
    out + rest
}

/// A field of an option as it is printed.
fn shown<'h>(cx: &mut Eval<'h>, value: Value<'h>, name: &str) -> Option<String> {
    let field = at(cx, value, &[name])?;
    let options = Options { force: true, derivation_paths: true, max_depth: 3, max_items: 20, ..Options::default() };
    let shown = print::print(cx, field, &options).ok()?;
    Some(shortened(&String::from_utf8_lossy(&shown)))
}
