//! What packages and options say about themselves, for `:doc` and `:pos`.

use nivis::heap::Unpacked;
use nivis::print::{self, Options};
use nivis::{Eval, Value};
use std::fmt::Write as _;

/// Longer values of options are cut, in characters.
const LONGEST: usize = 300;

/// The page about a package or option; `None` for other values. What fails to evaluate is left out.
pub(super) fn page<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Option<String> {
    if text(cx, value, &["type"]).as_deref() == Some("derivation") {
        return Some(package(cx, value));
    }
    (text(cx, value, &["_type"]).as_deref() == Some("option")).then(|| option(cx, value))
}

/// The place that a package or option names: a file, and perhaps a line.
pub(super) fn position<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Option<String> {
    let of_package = text(cx, value, &["meta", "position"]);
    of_package.or_else(|| declarations(cx, value).into_iter().next())
}

fn package<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> String {
    let name = text(cx, value, &["pname"]).or_else(|| text(cx, value, &["name"])).unwrap_or_default();
    let version = text(cx, value, &["version"]).unwrap_or_default();
    let mut page = format!("Package **{name}** {version}").trim_end().to_owned();
    page.push('\n');
    for part in ["description", "longDescription"] {
        if let Some(words) = text(cx, value, &["meta", part]) {
            let _ = write!(page, "\n{}\n", words.trim());
        }
    }
    add_facts(&mut page, &package_facts(cx, value));
    page
}

fn package_facts<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    facts.extend(text(cx, value, &["meta", "homepage"]).map(|url| ("homepage", url)));
    facts.extend(license(cx, value).map(|license| ("licence", license)));
    facts.extend(text(cx, value, &["meta", "mainProgram"]).map(|program| ("program", format!("`{program}`"))));
    let outputs = texts(cx, value, &["outputs"]);
    facts.extend((outputs.len() > 1).then(|| ("outputs", outputs.join(", "))));
    for (flag, words) in [("broken", "marked as broken"), ("insecure", "has known vulnerabilities")] {
        facts.extend(is_true(cx, value, &["meta", flag]).then(|| ("note", words.to_owned())));
    }
    facts.extend(position(cx, value).map(|place| ("defined at", place)));
    facts
}

fn option<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> String {
    let path = texts(cx, value, &["loc"]).join(".");
    let mut page = format!("Option `{path}`\n");
    if let Some(words) = prose(cx, value, "description") {
        let _ = write!(page, "\n{}\n", words.trim());
    }
    let mut facts = Vec::new();
    facts.extend(text(cx, value, &["type", "description"]).map(|kind| ("type", kind)));
    let default = prose(cx, value, "defaultText").or_else(|| shown(cx, value, "default"));
    facts.extend(default.map(|default| ("default", as_code(&default))));
    let example = prose(cx, value, "example").or_else(|| shown(cx, value, "example"));
    facts.extend(example.map(|example| ("example", as_code(&example))));
    facts.extend(declarations(cx, value).into_iter().map(|file| ("declared in", file)));
    let files = texts(cx, value, &["files"]);
    facts.extend(files.into_iter().map(|file| ("set in", file)));
    add_facts(&mut page, &facts);
    page
}

fn add_facts(page: &mut String, facts: &[(&str, String)]) {
    if !facts.is_empty() {
        page.push('\n');
    }
    for (name, fact) in facts {
        let _ = writeln!(page, "- {name}: {fact}");
    }
}

fn as_code(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("`{line}`")
}

/// The licences of a package, by their short names.
fn license<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Option<String> {
    let license = at(cx, value, &["meta", "license"])?;
    let all = match license.unpack() {
        Unpacked::List(list) => list.iter().collect(),
        _ => vec![license],
    };
    let name = |license| {
        ["spdxId", "shortName", "fullName"]
            .iter()
            .find_map(|name| text(cx, license, &[name]))
            .or_else(|| text(cx, license, &[]))
    };
    let names: Vec<String> = all.into_iter().filter_map(name).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// The files that declare an option, with lines where they are known.
fn declarations<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Vec<String> {
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
fn prose<'h>(cx: &mut Eval<'h>, value: Value<'h>, name: &str) -> Option<String> {
    let field = at(cx, value, &[name])?;
    let is_default = matches!(name, "example");
    text(cx, field, &["text"]).or_else(|| if is_default { None } else { text(cx, field, &[]) })
}

/// A field of an option as it is printed.
fn shown<'h>(cx: &mut Eval<'h>, value: Value<'h>, name: &str) -> Option<String> {
    let field = at(cx, value, &[name])?;
    let options = Options { force: true, derivation_paths: true, max_depth: 3, max_items: 20, ..Options::default() };
    let shown = print::print(cx, field, &options).ok()?;
    let shown = String::from_utf8_lossy(&shown).into_owned();
    Some(match shown.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", &shown[..end]),
        None => shown,
    })
}

/// The value at a path of attributes, evaluated; `None` if something is missing or fails.
fn at<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: &[&str]) -> Option<Value<'h>> {
    let mut value = cx.force(value).ok()?;
    for name in path {
        let field = value.as_attrs()?.get(cx.intern(name.as_bytes()))?;
        value = cx.force(field).ok()?;
    }
    Some(value)
}

/// The text there, if it is a string or path.
fn text<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: &[&str]) -> Option<String> {
    match at(cx, value, path)?.unpack() {
        Unpacked::String(text) | Unpacked::Path(text) => Some(String::from_utf8_lossy(text.as_bytes()).into_owned()),
        _ => None,
    }
}

/// The texts in the list there.
fn texts<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: &[&str]) -> Vec<String> {
    let Some(list) = at(cx, value, path) else { return Vec::new() };
    let Unpacked::List(list) = list.unpack() else { return Vec::new() };
    let items: Vec<_> = list.iter().collect();
    items.into_iter().filter_map(|item| text(cx, item, &[])).collect()
}

fn is_true<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: &[&str]) -> bool {
    at(cx, value, path) == Some(Value::TRUE)
}
