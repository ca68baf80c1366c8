//! Descriptions of attributes, in one sentence each, for completions. Nothing is evaluated but the set that has them.

use super::documentation::comment_at;
use super::peek::{Scope, as_it_is};
use nivis::heap::{PosId, Unpacked};
use nivis::{Eval, Result, Value};

/// The first sentence about each of these attributes of an expression's value; empty if there is none.
pub(crate) fn short_docs<'h>(
    cx: &mut Eval<'h>,
    scope: Scope<'_, 'h>,
    expression: &str,
    names: &[String],
) -> Result<Vec<String>> {
    let set = cx.eval_text(expression.into(), scope)?;
    let Some(set) = set.as_attrs() else { return Ok(Vec::new()) };
    let about = |name: &String| {
        let name = cx.intern(name.as_bytes());
        let value = as_it_is(set.get(name)?);
        description(cx, value).or_else(|| comment(cx, set.position(name)))
    };
    Ok(names.iter().map(|name| about(name).unwrap_or_default()).collect())
}

/// The description in a value.
fn description<'h>(cx: &Eval<'h>, value: Value<'h>) -> Option<String> {
    match value.unpack() {
        Unpacked::Builtin(id) => Some(first_sentence(cx.builtin(id).doc)),
        Unpacked::Attrs(set) => {
            let meta = as_it_is(set.get(cx.intern(b"meta"))?).as_attrs()?;
            let text = as_it_is(meta.get(cx.intern(b"description"))?).as_str()?;
            Some(first_sentence(&String::from_utf8_lossy(text.as_bytes())))
        }
        _ => None,
    }
}

/// The comment in front of a definition.
fn comment(cx: &Eval<'_>, position: PosId) -> Option<String> {
    comment_at(cx, position).map(|comment| first_sentence(&comment))
}

/// The first sentence of a text, in one line.
pub(crate) fn first_sentence(text: &str) -> String {
    let paragraph: Vec<&str> = text.trim().lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    let paragraph = paragraph.join(" ");
    match paragraph.split_once(". ") {
        Some((sentence, _)) => sentence.to_owned(),
        None => paragraph.trim_end_matches('.').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences() {
        let table = [("A b.\n\nC.", "A b"), ("A\n b. C", "A b"), ("", ""), ("\n one", "one")];
        for (text, expected) in table {
            assert_eq!(first_sentence(text), expected, "{text:?}");
        }
    }
}
