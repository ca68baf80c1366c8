//! Notes on a path after `#` that leads to a list: there it can't go on, elsewhere it can.

use nivis::codec::nix_string::attribute_name;

/// The reading of the path, and a correction. The step at `at` leads into a list; `reference` is the text before
/// `#`, and `dot` the dot that may stand before the path.
pub(super) fn notes(reference: &str, dot: &str, steps: &[String], at: usize) -> Vec<String> {
    let Some(step) = steps.get(at) else { return Vec::new() };
    let list = joined(&steps[..at]);
    if number(step).is_none() {
        return vec![format!("`{list}` is a list, which has elements and no attributes")];
    }
    let variable = steps[..at].last().filter(|name| is_variable(name)).map_or("xs", String::as_str);
    let picked = steps[at..].iter().fold(variable.to_owned(), |text, step| picked(&text, step));
    vec![
        format!("`{list}` is a list; after `#`, `{step}` is a name, and only with -f, --expr or -A an index"),
        format!("an element is `nivis eval {reference}#{dot}{list} --apply '{variable}: {picked}'`"),
    ]
}

/// The number of an element, as C++ Nix reads it.
fn number(step: &str) -> Option<u32> {
    step.parse().ok()
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && attribute_name(name.as_bytes()) == *name
}

fn joined(steps: &[String]) -> String {
    let names: Vec<_> = steps
        .iter()
        .map(|step| if number(step).is_some() { step.clone() } else { attribute_name(step.as_bytes()) })
        .collect();
    names.join(".")
}

/// An expression for a part of what an expression gives.
fn picked(text: &str, step: &str) -> String {
    let whole = if text.contains(' ') { format!("({text})") } else { text.to_owned() };
    match number(step) {
        Some(index) => format!("builtins.elemAt {whole} {index}"),
        None => format!("{whole}.{}", attribute_name(step.as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_write() {
        let table = [
            ("xs.0", 1, "nivis eval .#xs --apply 'xs: builtins.elemAt xs 0'"),
            ("lib.all.1.name", 2, "nivis eval .#lib.all --apply 'all: (builtins.elemAt all 1).name'"),
            ("a b.2.0", 1, "nivis eval .#\"a b\" --apply 'xs: builtins.elemAt (builtins.elemAt xs 2) 0'"),
        ];
        for (path, at, expected) in table {
            let steps: Vec<_> = path.split('.').map(str::to_owned).collect();
            assert_eq!(notes(".", "", &steps, at)[1], format!("an element is `{expected}`"));
        }
        assert_eq!(notes(".", "", &["xs".to_owned(), "a".to_owned()], 1).len(), 1);
    }
}
