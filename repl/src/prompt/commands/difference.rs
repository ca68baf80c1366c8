//! `:diff a b`: what differs between two values.

use crate::command_line::words::usage;
use crate::prompt::session::{Reply, Session};
use nivis::codec::nix_string::attribute_name;
use nivis::heap::{Attrs, List, Unpacked};
use nivis::print;
use nivis::value::attrs::by_name;
use nivis::{Error, Eval, Result, Value};
use std::collections::BTreeSet;

/// Lines shown; where there is more, it is said.
const MOST_LINES: usize = 60;
/// Levels of sets and lists that are looked into.
const DEEPEST: usize = 12;

pub(super) fn diff(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    session.inside(|cx, scope| {
        let pair = cx.eval_text(format!("[ {text}\n]").into(), scope)?;
        let pair = cx.force_list(pair, "while reading what to compare")?;
        let [left, right] = pair.iter().collect::<Vec<_>>()[..] else {
            return Err(usage("':diff' compares two expressions; put each in parentheses"));
        };
        let mut difference = Difference::default();
        difference.values(cx, left, right)?;
        Ok(Reply::Output(difference.text()))
    })
}

/// The difference, while it is looked for.
#[derive(Default)]
struct Difference {
    /// The attribute path of the values that are compared.
    path: Vec<String>,
    lines: Vec<String>,
    more: bool,
}

impl Difference {
    fn text(mut self) -> String {
        if self.lines.is_empty() {
            return "No difference.".to_owned();
        }
        if self.more {
            self.lines.push("... and more".to_owned());
        }
        self.lines.join("\n")
    }

    fn line(&mut self, text: &str) {
        if self.lines.len() == MOST_LINES {
            self.more = true;
            return;
        }
        let place = if self.path.is_empty() { String::new() } else { format!("{}: ", self.path.join(".")) };
        self.lines.push(format!("{place}{text}"));
    }

    fn values<'h>(&mut self, cx: &mut Eval<'h>, left: Value<'h>, right: Value<'h>) -> Result<()> {
        if self.more {
            return Ok(());
        }
        match (forced(cx, left)?, forced(cx, right)?) {
            (Ok(left), Ok(right)) => return self.forced_values(cx, left, right),
            (Err(left), Err(right)) if left.to_string() == right.to_string() => {}
            (left, right) => self.line(&format!("{} -> {}", shown(cx, &left), shown(cx, &right))),
        }
        Ok(())
    }

    fn forced_values<'h>(&mut self, cx: &mut Eval<'h>, left: Value<'h>, right: Value<'h>) -> Result<()> {
        match (left.unpack(), right.unpack()) {
            (Unpacked::Attrs(left), Unpacked::Attrs(right)) if self.path.len() < DEEPEST => {
                cx.deeper(|cx| self.sets(cx, left, right))
            }
            (Unpacked::List(left), Unpacked::List(right)) if self.path.len() < DEEPEST => {
                cx.deeper(|cx| self.lists(cx, left, right))
            }
            _ => {
                if !cx.equal(left, right)? {
                    self.line(&format!("{} -> {}", print::excerpt(cx, left), print::excerpt(cx, right)));
                }
                Ok(())
            }
        }
    }

    /// Derivations are compared by what they are made from, and only if they differ.
    fn sets<'h>(&mut self, cx: &mut Eval<'h>, left: Attrs<'h>, right: Attrs<'h>) -> Result<()> {
        if !(cx.is_derivation(left)? && cx.is_derivation(right)?) {
            return self.members(cx, left, right);
        }
        let (drv_path, drv_attrs) = (cx.intern(b"drvPath"), cx.intern(b"drvAttrs"));
        let before = self.lines.len();
        if let (Some(left), Some(right)) = (left.get(drv_path), right.get(drv_path)) {
            self.path.push("drvPath".to_owned());
            self.values(cx, left, right)?;
            self.path.pop();
        }
        if self.lines.len() == before {
            return Ok(());
        }
        match (left.get(drv_attrs), right.get(drv_attrs)) {
            (Some(left), Some(right)) => self.values(cx, left, right),
            _ => Ok(()),
        }
    }

    fn members<'h>(&mut self, cx: &mut Eval<'h>, left: Attrs<'h>, right: Attrs<'h>) -> Result<()> {
        let names = |set: Attrs<'h>| {
            by_name(cx.scope(), set).into_iter().map(|(name, ..)| cx.symbol_text(name)).collect::<Vec<_>>()
        };
        let all: BTreeSet<&[u8]> = names(left).into_iter().chain(names(right)).collect();
        for name in all {
            cx.poll()?;
            let symbol = cx.intern(name);
            self.path.push(attribute_name(name));
            match (left.get(symbol), right.get(symbol)) {
                (Some(left), Some(right)) => self.values(cx, left, right)?,
                (Some(left), None) => self.line(&format!("only left: {}", print::excerpt(cx, left))),
                (None, Some(right)) => self.line(&format!("only right: {}", print::excerpt(cx, right))),
                (None, None) => {}
            }
            self.path.pop();
        }
        Ok(())
    }

    fn lists<'h>(&mut self, cx: &mut Eval<'h>, left: List<'h>, right: List<'h>) -> Result<()> {
        if left.len() != right.len() {
            self.line(&format!("{} elements -> {} elements", left.len(), right.len()));
        }
        for (index, (left, right)) in left.iter().zip(right.iter()).enumerate() {
            cx.poll()?;
            self.path.push(index.to_string());
            self.values(cx, left, right)?;
            self.path.pop();
        }
        Ok(())
    }
}

/// A value, or the error that it has instead. Only what stops everything, as Ctrl-C, is an error of the comparison.
fn forced<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<std::result::Result<Value<'h>, Error>> {
    match cx.force(value) {
        Err(error) if error.kind().is_recoverable() => Err(error),
        result => Ok(result),
    }
}

fn shown<'h>(cx: &Eval<'h>, value: &std::result::Result<Value<'h>, Error>) -> String {
    match value {
        Ok(value) => print::excerpt(cx, *value),
        Err(error) => format!("error: {}", error.to_string().lines().next().unwrap_or_default()),
    }
}
