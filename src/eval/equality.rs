//! `==` and `<`.
//!
//! Members of sets and lists that are the same thunk or function are equal without evaluation. C++ Nix compares
//! pointers there, so `let f = x: x; in [ f ] == [ f ]` is true while `f == f` is false.

use super::Eval;
use crate::error::{Action, Cause, Code, Comparison, Error, ErrorKind, Result, ResultExt};
use crate::heap::{Attrs, AttrsForm, List, PosId, Shape, Symbol, Unpacked, Value};
use crate::source::path_text;
use crate::symbol;

impl<'h> Eval<'h> {
    /// `==` on members of sets and lists.
    pub fn equal(&mut self, a: Value<'h>, b: Value<'h>) -> Result<bool> {
        let (known_a, known_b) = (a.shortened(), b.shortened());
        if let Some(are_equal) = plainly_equal(known_a, known_b) {
            return self.deeper_for_a_leaf(PosId::NONE).map(|()| are_equal);
        }
        self.deeper(|cx| {
            let (forced_a, forced_b) = (cx.force(a)?, cx.force(b)?);
            if a.at_home() == b.at_home() { Ok(true) } else { cx.equal_inside(forced_a, forced_b) }
        })
    }

    /// `==` on two evaluated values without a common home.
    pub(super) fn equal_results(&mut self, a: Value<'h>, b: Value<'h>) -> Result<bool> {
        match plainly_equal(a, b) {
            Some(are_equal) => self.deeper_for_a_leaf(PosId::NONE).map(|()| are_equal),
            None => self.deeper(|cx| cx.equal_inside(a, b)),
        }
    }

    fn equal_inside(&mut self, a: Value<'h>, b: Value<'h>) -> Result<bool> {
        match (a.unpack(), b.unpack()) {
            (Unpacked::Int(a), Unpacked::Int(b)) => Ok(a == b),
            (Unpacked::Int(a), Unpacked::Float(b)) => Ok(a as f64 == b),
            (Unpacked::Float(a), Unpacked::Int(b)) => Ok(a == b as f64),
            (Unpacked::Float(a), Unpacked::Float(b)) => Ok(a == b),
            (Unpacked::Bool(a), Unpacked::Bool(b)) => Ok(a == b),
            (Unpacked::Null, Unpacked::Null) => Ok(true),
            (Unpacked::String(a), Unpacked::String(b)) | (Unpacked::Path(a), Unpacked::Path(b)) => {
                Ok(a.as_bytes() == b.as_bytes())
            }
            (Unpacked::List(a), Unpacked::List(b)) => self.equal_lists(a, b),
            (Unpacked::Attrs(a), Unpacked::Attrs(b)) => self.equal_sets(a, b),
            _ => Ok(false),
        }
    }

    fn equal_lists(&mut self, a: List<'h>, b: List<'h>) -> Result<bool> {
        if a.len() != b.len() {
            return Ok(false);
        }
        for (a, b) in a.iter().zip(b.iter()) {
            if !self.equal(a, b)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn equal_sets(&mut self, a: Attrs<'h>, b: Attrs<'h>) -> Result<bool> {
        if let Some((a, b)) = self.both_derivations(a, b)? {
            return self.equal(a, b);
        }
        if a.len() != b.len() {
            return Ok(false);
        }
        if let (AttrsForm::Flat(names), AttrsForm::Flat(others)) = (a.form(), b.form()) {
            return self.equal_flat_sets((a, names), (b, others));
        }
        for ((name, left, _), (other, right, _)) in a.iter().zip(b.iter()) {
            if name != other || !self.equal(left, right)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn equal_flat_sets(&mut self, a: (Attrs<'h>, Shape<'h>), b: (Attrs<'h>, Shape<'h>)) -> Result<bool> {
        for index in 0..a.1.len() {
            let (Some(left), Some(right)) = (a.0.value_at(index), b.0.value_at(index)) else { return Ok(false) };
            if a.1.key(index) != b.1.key(index) || !self.equal(left, right)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The `outPath`s, if both sets are derivations with one.
    fn both_derivations(&mut self, a: Attrs<'h>, b: Attrs<'h>) -> Result<Option<(Value<'h>, Value<'h>)>> {
        if !self.is_derivation(a)? || !self.is_derivation(b)? {
            return Ok(None);
        }
        Ok(a.get(symbol::OUT_PATH).zip(b.get(symbol::OUT_PATH)))
    }

    /// True for a set whose `type` is `"derivation"`.
    pub fn is_derivation(&mut self, attrs: Attrs<'h>) -> Result<bool> {
        let Some(kind) = attrs.get(symbol::TYPE) else { return Ok(false) };
        Ok(self.force(kind)?.as_str().is_some_and(|kind| kind.as_bytes() == b"derivation"))
    }

    /// `a < b` as an operator, which counts as a call.
    pub(super) fn less_than_as_call(&mut self, a: Value<'h>, b: Value<'h>) -> Result<bool> {
        let may_nest = a.as_list().is_some() && b.as_list().is_some();
        if may_nest { self.deeper(|cx| cx.less_than(a, b)) } else { self.less_than(a, b) }
    }

    /// `a < b`: numbers, strings and paths by bytes, lists by their first difference.
    pub fn less_than(&mut self, a: Value<'h>, b: Value<'h>) -> Result<bool> {
        let (a, b) = (self.force(a)?, self.force(b)?);
        Ok(match (a.unpack(), b.unpack()) {
            (Unpacked::Int(a), Unpacked::Int(b)) => a < b,
            (Unpacked::Int(a), Unpacked::Float(b)) => (a as f64) < b,
            (Unpacked::Float(a), Unpacked::Int(b)) => a < b as f64,
            (Unpacked::Float(a), Unpacked::Float(b)) => a < b,
            (Unpacked::String(a), Unpacked::String(b)) => a.as_bytes() < b.as_bytes(),
            (Unpacked::Path(a), Unpacked::Path(b)) => path_text(a.as_bytes()) < path_text(b.as_bytes()),
            (Unpacked::List(a), Unpacked::List(b)) => return self.list_less_than(a, b),
            _ => return Err(self.incomparable(a, b)),
        })
    }

    /// Nested lists take no call depth, except for comparing their equal elements.
    fn list_less_than(&mut self, a: List<'h>, b: List<'h>) -> Result<bool> {
        self.check_stack()?;
        for (index, right) in b.iter().enumerate() {
            let Some(left) = a.get(index) else { return Ok(true) };
            if !self.equal(left, right)? {
                return self
                    .less_than(left, right)
                    .map_err(|error| error.traced(PosId::NONE, Action::Comparison(Comparison::Elements)));
            }
        }
        Ok(false)
    }

    #[cold]
    fn incomparable(&self, a: Value<'h>, b: Value<'h>) -> Error {
        let (kind_a, kind_b) = (self.show_type(a), self.show_type(b));
        let (shown_a, shown_b) = (self.excerpt_of_held(a), self.excerpt_of_held(b));
        let same = std::mem::discriminant(&a.unpack()) == std::mem::discriminant(&b.unpack());
        let both_functions = a.is_function() && b.is_function();
        let is_one_type = same || both_functions;
        let error = Error::eval(if is_one_type {
            format!(
                "cannot compare {kind_a} with {kind_b}; values of that type are incomparable (values are {shown_a} and {shown_b})"
            )
        } else {
            format!("cannot compare {kind_a} with {kind_b}; values are {shown_a} and {shown_b}")
        });
        let cause = Cause::Incomparable { types: [kind_a, kind_b].map(Into::into), is_one_type };
        error.with_code(Code::NOT_COMPARABLE).because(cause).showing([&shown_a, &shown_b])
    }

    /// Fails with the difference between two values that [`Eval::equal_results`] found to differ. `position` is that
    /// of the `==`.
    #[cold]
    pub(super) fn assert_equal(&mut self, a: Value<'h>, b: Value<'h>, position: PosId) -> Result<()> {
        self.deeper_at(position, |cx| cx.assert_equal_inside(a, b, position))
    }

    fn assert_equal_inside(&mut self, a: Value<'h>, b: Value<'h>, position: PosId) -> Result<()> {
        let (a, b) = (self.force(a)?, self.force(b)?);
        match (a.unpack(), b.unpack()) {
            (Unpacked::Int(_) | Unpacked::Float(_), Unpacked::Int(_) | Unpacked::Float(_)) => {
                self.assert_other(a, b, "with")
            }
            (Unpacked::Bool(_), Unpacked::Bool(_)) => self.assert_leaf(a, b, "boolean"),
            (Unpacked::String(_), Unpacked::String(_)) => self.assert_leaf(a, b, "string"),
            (Unpacked::Path(_), Unpacked::Path(_)) => self.assert_leaf(a, b, "path"),
            (Unpacked::Null, Unpacked::Null) => Ok(()),
            (Unpacked::List(left), Unpacked::List(right)) => self.assert_lists(left, right, position),
            (Unpacked::Attrs(left), Unpacked::Attrs(right)) => self.assert_sets(left, right, position),
            _ if a.is_function() && b.is_function() => Err(assertion(
                "distinct functions and immediate comparisons of identical functions compare as unequal".to_owned(),
                [],
            )),
            _ => self.assert_other(a, b, "of"),
        }
    }

    fn assert_other(&mut self, a: Value<'h>, b: Value<'h>, word: &str) -> Result<()> {
        if self.equal_results(a, b)? {
            return Ok(());
        }
        let (kind_a, kind_b) = (self.show_type(a), self.show_type(b));
        let (a, b) = (self.excerpt(a), self.excerpt(b));
        Err(assertion(format!("{kind_a} {word} value '{a}' is not equal to {kind_b} {word} value '{b}'"), [&a, &b]))
    }

    fn assert_leaf(&mut self, a: Value<'h>, b: Value<'h>, kind: &str) -> Result<()> {
        if self.equal_results(a, b)? {
            return Ok(());
        }
        let (a, b) = (self.excerpt(a), self.excerpt(b));
        Err(assertion(format!("{kind} '{a}' is not equal to {kind} '{b}'"), [&a, &b]))
    }

    fn assert_lists(&mut self, left: List<'h>, right: List<'h>, position: PosId) -> Result<()> {
        if left.len() != right.len() {
            let (a, b) = (self.excerpt(left.into()), self.excerpt(right.into()));
            let text = format!(
                "list of size '{}' is not equal to list of size '{}', left hand side is '{a}', right hand side is '{b}'",
                left.len(),
                right.len()
            );
            return Err(assertion(text, [&a, &b]));
        }
        for (index, (a, b)) in left.iter().zip(right.iter()).enumerate() {
            self.assert_members(a, b, position).traced(position, || Action::Comparison(Comparison::Element(index)))?;
        }
        Ok(())
    }

    fn assert_members(&mut self, a: Value<'h>, b: Value<'h>, position: PosId) -> Result<()> {
        if a == b { self.force(a).map(drop) } else { self.assert_equal(a, b, position) }
    }

    fn assert_sets(&mut self, left: Attrs<'h>, right: Attrs<'h>, position: PosId) -> Result<()> {
        if let Some((a, b)) = self.both_derivations(left, right)? {
            let action = || Action::Comparison(Comparison::Derivation);
            return self.assert_members(a, b, position).traced(position, action);
        }
        if left.len() != right.len() {
            let (a, b) = (self.excerpt(left.into()), self.excerpt(right.into()));
            let text = format!("attribute names of attribute set '{a}' differs from attribute set '{b}'");
            return Err(assertion(text, [&a, &b]));
        }
        for ((name, value, defined), (other, other_value, other_defined)) in left.iter().zip(right.iter()) {
            if name != other {
                return Err(self.different_names(left, right, name, other));
            }
            self.assert_members(value, other_value, position).map_err(|error| {
                let name = self.shown_name(name);
                let sides = [(other_defined, Comparison::RightSide), (defined, Comparison::LeftSide)];
                let known = sides.into_iter().filter(|(side, _)| *side != PosId::NONE);
                let error = known.fold(error, |error, (place, side)| error.traced(place, Action::Comparison(side)));
                error.traced(position, Action::Comparison(Comparison::Attribute(name.into())))
            })?;
        }
        Ok(())
    }

    /// The error for two sets of the same size with different names: `name` of the left one is where the right one
    /// has `other`.
    fn different_names(&self, left: Attrs<'h>, right: Attrs<'h>, name: Symbol, other: Symbol) -> Error {
        let (a, b) = (self.excerpt(left.into()), self.excerpt(right.into()));
        let text = if right.contains(name) {
            format!("attribute name '{}' is missing in '{a}', but is contained in '{b}'", self.shown_name(other))
        } else {
            format!("attribute name '{}' is contained in '{a}', but not in '{b}'", self.shown_name(name))
        };
        assertion(text, [&a, &b])
    }
}

/// `==` on the most common types: strings, small integers, Booleans and `null`. `None` for other types, or if a value
/// is not evaluated.
#[inline]
fn plainly_equal<'h>(a: Value<'h>, b: Value<'h>) -> Option<bool> {
    if let (Some(a), Some(b)) = (a.as_str(), b.as_str()) {
        return Some(a.as_bytes() == b.as_bytes());
    }
    if let (Some(a), Some(b)) = (a.as_small_int(), b.as_small_int()) {
        return Some(a == b);
    }
    // Each of these values exists once.
    let is_unique = |value: Value<'h>| value.is_null() || value.as_bool().is_some();
    ((is_unique(a) || is_unique(b)) && a.is_evaluated() && b.is_evaluated()).then(|| a == b)
}

#[cold]
fn assertion<const N: usize>(message: String, values: [&String; N]) -> Error {
    Error::from(ErrorKind::Assertion(message)).showing(values)
}
