//! `:find`: names and descriptions in which a text occurs. Nothing is evaluated.

use super::documented_words;
use super::peek::as_it_is;
use super::short_docs::first_sentence;
use crate::output::wrap::add_wrapped;
use crate::prompt::lessons::LESSONS;
use crate::prompt::session::{Reply, Session};
use nivis::heap::Unpacked;
use nivis::value::attrs::by_name;
use nivis::{Result, builtins};
use std::collections::BTreeMap;

/// Results that are listed.
const MOST: usize = 40;

pub(super) fn find(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    let wanted = text.to_lowercase();
    let mut found: BTreeMap<(bool, String), String> = BTreeMap::new();
    let mut add = |name: String, about: &str| {
        let in_name = name.to_lowercase().contains(&wanted);
        if in_name || about.to_lowercase().contains(&wanted) {
            found.entry((!in_name, name)).or_insert_with(|| first_sentence(about));
        }
    };
    builtins::all()
        .filter(|builtin| !builtin.name.starts_with("__"))
        .for_each(|builtin| add(format!("builtins.{}", builtin.name), builtin.doc));
    documented_words::all().for_each(|(word, about)| add(word.to_owned(), about));
    LESSONS.iter().for_each(|lesson| add(format!(":learn {}", lesson.name), lesson.title()));
    for (name, inner) in names(session)? {
        match inner {
            None => add(name, ""),
            Some(inner) => add(format!("{name}.{inner}"), ""),
        }
    }
    let (count, width) = (found.len(), session.look().width.unwrap_or(usize::MAX));
    let mut lines = String::new();
    for ((_, name), about) in found.into_iter().take(MOST) {
        add_wrapped(&mut lines, &format!("{name:28} "), &about, width);
    }
    if count > MOST {
        lines.push_str(&format!("… and {} more", count - MOST));
    }
    let told = if count == 0 { format!("nothing in scope has '{text}' in its name or description") } else { lines };
    Ok(Reply::Output(told.trim_end().to_owned()))
}

/// The names in scope, and those of the sets among them that are evaluated.
fn names(session: &mut Session<'_>) -> Result<Vec<(String, Option<String>)>> {
    session.inside(|cx, scope| {
        let mut names = Vec::new();
        for (name, slot) in scope {
            names.push(((*name).to_owned(), None));
            if let Unpacked::Attrs(set) = as_it_is(*slot).unpack() {
                let inner = by_name(cx.scope(), set).into_iter();
                names.extend(inner.map(|(inner, ..)| {
                    ((*name).to_owned(), Some(String::from_utf8_lossy(cx.symbol_text(inner)).into_owned()))
                }));
            }
        }
        Ok(names)
    })
}
