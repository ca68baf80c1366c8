//! From a value to the derivations in it, as `nix-instantiate` finds them, and their paths on standard output.
//!
//! A derivation is taken; a set or list is looked into. Of a set's attributes only those are looked into further that are
//! sets with `recurseForDerivations = true`; in lists everything is. Nothing is written to a store.

use crate::config::store_dir::canonical;
use nivis::error::{Action, ResultExt};
use nivis::eval::{AutoArguments, Coercion};
use nivis::heap::{Attrs, List, ScratchSet, ScratchVec, Unpacked};
use nivis::store::path::{DERIVATION_SUFFIX, entry};
use nivis::value::attrs::by_name;
use nivis::{Error, Eval, Result, Value};

/// The derivations in a value, in the order in which they are found.
///
/// # Errors
/// Fails if a value on the way can't be evaluated, or has no derivations.
pub(crate) fn derivations<'h>(
    cx: &mut Eval<'h>,
    value: Value<'h>,
    automatic: &AutoArguments,
) -> Result<ScratchVec<'h, Attrs<'h>>> {
    let mut search = Search { automatic, seen: cx.scope().scratch_set(), found: cx.scope().gather([]) };
    search.gather(cx, value)?;
    Ok(search.found)
}

/// The line for a derivation: its path, and the output that is meant if it isn't `out`.
pub(crate) fn line(path: &[u8], output: &[u8]) -> Vec<u8> {
    match output {
        b"out" => [path, b"\n"].concat(),
        name => [path, b"!", name, b"\n"].concat(),
    }
}

/// The output that is meant by a derivation with this path.
///
/// # Errors
/// Fails if the set doesn't say.
pub(crate) fn output_name<'h>(cx: &mut Eval<'h>, derivation: Attrs<'h>, path: &[u8]) -> Result<&'h [u8]> {
    let name = match derivation.get(cx.intern(b"outputName")) {
        Some(name) => cx.force_plain_string(name, "while evaluating the output name of a derivation")?.as_bytes(),
        None => b"",
    };
    if name.is_empty() {
        let path = String::from_utf8_lossy(path);
        return Err(Error::eval(format!("derivation '{path}' lacks an 'outputName' attribute")));
    }
    Ok(name)
}

struct Search<'a, 'h> {
    automatic: &'a AutoArguments,
    /// Derivations that were taken: `rec { a = …; b = a; }` has one.
    seen: ScratchSet<'h, Attrs<'h>>,
    found: ScratchVec<'h, Attrs<'h>>,
}

impl<'h> Search<'_, 'h> {
    /// Takes a derivation, or all there are in a set or list.
    fn gather(&mut self, cx: &mut Eval<'h>, value: Value<'h>) -> Result<()> {
        cx.deeper(|cx| {
            let value = cx.auto_call(value, self.automatic)?;
            match self.take(cx, value)?.map(Value::unpack) {
                None => Ok(()),
                Some(Unpacked::Attrs(set)) => self.gather_set(cx, set),
                Some(Unpacked::List(list)) => self.gather_list(cx, list),
                Some(_) => {
                    Err(Error::type_error("expression does not evaluate to a derivation (or a set or list of those)"))
                }
            }
        })
    }

    fn gather_set(&mut self, cx: &mut Eval<'h>, set: Attrs<'h>) -> Result<()> {
        let everything = set.contains(cx.intern(b"_combineChannels"));
        for (symbol, value, position) in by_name(cx.scope(), set) {
            let name = cx.symbol_text(symbol);
            if !is_plain_name(name) {
                continue;
            }
            let gathered = if everything { self.gather(cx, value) } else { self.gather_attribute(cx, value) };
            gathered.traced(position, || Action::Attribute(String::from_utf8_lossy(name).into()))?;
        }
        Ok(())
    }

    fn gather_attribute(&mut self, cx: &mut Eval<'h>, value: Value<'h>) -> Result<()> {
        let Some(value) = self.take(cx, value)? else { return Ok(()) };
        match value.as_attrs() {
            Some(set) if is_to_recurse(cx, set)? => self.gather(cx, value),
            _ => Ok(()),
        }
    }

    fn gather_list(&mut self, cx: &mut Eval<'h>, list: List<'h>) -> Result<()> {
        for item in list.iter() {
            if self.take(cx, item)?.is_some() {
                self.gather(cx, item)?;
            }
        }
        Ok(())
    }

    /// Takes the value if it is a derivation. Else gives it back, evaluated.
    fn take(&mut self, cx: &mut Eval<'h>, value: Value<'h>) -> Result<Option<Value<'h>>> {
        let value = cx.force(value)?;
        let Some(set) = value.as_attrs() else { return Ok(Some(value)) };
        if !cx.is_derivation(set)? {
            return Ok(Some(value));
        }
        if self.seen.insert(set) {
            derivation_name(cx, set)?;
            self.found.push(set);
        }
        Ok(None)
    }
}

fn is_to_recurse<'h>(cx: &mut Eval<'h>, set: Attrs<'h>) -> Result<bool> {
    let symbol = cx.intern(b"recurseForDerivations");
    let Some(value) = set.get(symbol) else { return Ok(false) };
    let position = set.position(symbol);
    let forced = cx.force(value);
    let truth = forced.and_then(|value| value.as_bool().ok_or_else(|| cx.mismatch("a Boolean", value).at(position)));
    truth.traced(position, || "while evaluating the attribute `recurseForDerivations`")
}

/// True for names that an attribute path can have without quotes.
fn is_plain_name(name: &[u8]) -> bool {
    let is_first = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
    let is_later = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_+".contains(byte);
    name.split_first().is_some_and(|(first, rest)| is_first(first) && rest.iter().all(is_later))
}

/// The name of a derivation.
///
/// # Errors
/// Fails if it has no name.
pub(crate) fn derivation_name<'h>(cx: &mut Eval<'h>, derivation: Attrs<'h>) -> Result<&'h [u8]> {
    let missing = || Error::type_error("derivation name missing");
    let name = derivation.get(cx.intern(b"name")).ok_or_else(missing)?;
    Ok(cx.force_plain_string(name, "while evaluating the 'name' attribute of a derivation")?.as_bytes())
}

/// The path of a derivation's `.drv` file.
///
/// # Errors
/// Fails if it has no such path.
pub(crate) fn derivation_path<'h>(cx: &mut Eval<'h>, derivation: Attrs<'h>) -> Result<Vec<u8>> {
    let symbol = cx.intern(b"drvPath");
    let missing = || Error::eval("derivation does not contain a 'drvPath' attribute");
    let value = derivation.get(symbol).ok_or_else(missing)?;
    let value = cx.force(value)?;
    checked_derivation_path(cx, value)
        .traced(derivation.position(symbol), || "while evaluating the 'drvPath' attribute of a derivation")
}

/// The path of a `.drv` file directly in the store.
fn checked_derivation_path<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<Vec<u8>> {
    let path = store_path(cx, value, "")?;
    if path.ends_with(DERIVATION_SUFFIX) {
        return Ok(path);
    }
    let base = String::from_utf8_lossy(&path[cx.settings().store_dir.len() + 1..]).into_owned();
    Err(Error::eval(format!("store path '{base}' is not a valid derivation path")))
}

/// The path directly in the store that a value stands for. `phrase` gives the purpose, for errors.
///
/// # Errors
/// Fails if the value is not such a path.
pub(crate) fn store_path<'h>(cx: &mut Eval<'h>, value: Value<'h>, phrase: &str) -> Result<Vec<u8>> {
    let text = cx.coerce_to_string(value, Coercion::plain(), phrase)?.as_bytes();
    let store_dir = &cx.settings().store_dir;
    let path = canonical(text).filter(|path| entry(store_dir, path).is_ok_and(|entry| entry == path));
    path.ok_or_else(|| Error::eval(format!("path '{}' is not in the Nix store", String::from_utf8_lossy(text))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use nivis::{Engine, Settings};

    /// The names of the derivations in a value, and the outputs meant.
    fn found(text: &str) -> Result<String> {
        let derivation = "derivation { inherit name; system = \"s\"; builder = \"b\"; outputs = [ \"out\" \"dev\" ]; }";
        let text = format!("let d = name: {derivation}; in {text}");
        Engine::new(Settings::default()).enter(|cx| {
            let value = cx.eval_text(text.into_bytes(), &[])?;
            let mut names = Vec::new();
            for derivation in derivations(cx, value, &AutoArguments::default())? {
                let path = derivation_path(cx, derivation)?;
                let line = line(&path, output_name(cx, derivation, &path)?);
                let line = String::from_utf8_lossy(&line).into_owned();
                names.push(line.trim_end().rsplit('-').next().unwrap_or_default().replace(".drv", ""));
            }
            Ok(names.join(" "))
        })
    }

    #[test]
    fn where_derivations_are_found() -> Result<()> {
        let table = [
            ("(d \"a\").dev", "a!dev"),
            ("rec { b = d \"b\"; a = d \"a\"; same = a; \"c.d\" = d \"no\"; x = 1; f = { }: d \"no\"; }", "a b"),
            ("{ l = [ (d \"no\") ]; n = { z = d \"no\"; }; m = { recurseForDerivations = true; z = d \"z\"; }; }", "z"),
            ("[ (d \"a\") [ { y = d \"y\"; x = d \"x\"; n = { k = d \"no\"; }; } ] ({ q ? \"q\" }: d q) ]", "a x y q"),
            ("{ _combineChannels = [ ]; a = { x = d \"x\"; }; }", "x"),
        ];
        for (text, expected) in table {
            assert_eq!(found(text)?, expected, "{text}");
        }
        Ok(())
    }

    #[test]
    fn mistakes() {
        let path = "\"/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-x";
        let set = |rest: &str| format!("{{ type = \"derivation\"; name = \"x\"; {rest} }}");
        let table = [
            ("[ 1 ]".to_owned(), "expression does not evaluate to a derivation (or a set or list of those)"),
            ("{ type = \"derivation\"; }".to_owned(), "derivation name missing"),
            (set(""), "derivation does not contain a 'drvPath' attribute"),
            (set("drvPath = \"/foo\";"), "path '/foo' is not in the Nix store"),
            (
                set(&format!("drvPath = {path}\";")),
                "store path 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-x' is not a valid derivation path",
            ),
            (
                set(&format!("drvPath = {path}.drv\";")),
                "derivation '/nix/store/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-x.drv' lacks an 'outputName' attribute",
            ),
        ];
        for (text, message) in table {
            assert_eq!(found(&text).map_err(|error| error.to_string()), Err(message.to_owned()), "{text}");
        }
    }
}
