//! The descriptions in packages and options, for `:doc` and `:pos`.

use super::fields::{at, is_true, text, texts};
use super::option_page;
use nivis::heap::Unpacked;
use nivis::{Eval, Value};
use std::fmt::Write as _;

/// The page about a package or option; `None` for other values. What fails to evaluate is left out.
pub(super) fn page<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Option<String> {
    if text(cx, value, &["type"]).as_deref() == Some("derivation") {
        return Some(package(cx, value));
    }
    option_page::is_option(cx, value).then(|| option_page::page(cx, value))
}

/// The place that a package or option names: a file, and perhaps a line.
pub(super) fn position<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Option<String> {
    let of_package = text(cx, value, &["meta", "position"]);
    of_package.or_else(|| option_page::declarations(cx, value).into_iter().next())
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

/// Adds a list of facts.
pub(super) fn add_facts<N: AsRef<str>>(page: &mut String, facts: &[(N, String)]) {
    if !facts.is_empty() {
        page.push('\n');
    }
    for (name, fact) in facts {
        let _ = writeln!(page, "- {}: {fact}", name.as_ref());
    }
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
