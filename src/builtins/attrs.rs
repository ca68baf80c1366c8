//! Builtins that take sets apart and select their attributes. Builtins that create sets are in [`build`].

mod build;

pub(super) use build::grouped;

use crate::error::{Details, Error, Ordinal, Purpose, Result, ResultExt};
use crate::eval::Eval;
use crate::eval::builtin::{Arguments, Builtin, row};
use crate::heap::{Attrs, AttrsForm, List, PosId, Symbol, Value};
use crate::value::attrs::{Attr, by_name};

pub(super) const TABLE: &[Builtin] = &[
    row("attrNames", &["set"], "The names of the attributes of *set*, sorted by their bytes.", attr_names)
        .forces_first()
        .example("builtins.attrNames { y = 1; x = 2; }", "[ \"x\" \"y\" ]"),
    row("attrValues", &["set"], "The values of the attributes of *set*, in the order of `attrNames`.", attr_values)
        .forces_first()
        .example("builtins.attrValues { y = 1; x = 2; }", "[ 2 1 ]"),
    row(
        "catAttrs",
        &["attr", "list"],
        "The values of the attribute named *attr* of all sets in *list* that have one.",
        cat_attrs,
    )
    .forces_first()
    .example("builtins.catAttrs \"a\" [ { a = 1; } { b = 2; } { a = 3; } ]", "[ 1 3 ]"),
    row(
        "getAttr",
        &["s", "set"],
        "The value of the attribute of *set* whose name is the string *s*. An error if there is none.",
        get_attr,
    )
    .forces_first()
    .example("builtins.getAttr \"a\" { a = 1; }", "1"),
    row("hasAttr", &["s", "set"], "Whether *set* has an attribute whose name is the string *s*.", has_attr)
        .forces_first()
        .example("builtins.hasAttr \"b\" { a = 1; }", "false"),
    row("intersectAttrs", &["e1", "e2"], "The attributes of *e2* whose names *e1* has too.", intersect_attrs)
        .forces_first()
        .example("builtins.intersectAttrs { a = 1; b = 2; } { b = 3; c = 4; }", "{ b = 3; }"),
    row(
        "listToAttrs",
        &["e"],
        "A set from the list *e* of sets `{ name = …; value = …; }`. If several have the same name, the first wins.",
        build::list_to_attrs,
    )
    .forces_first()
    .example("builtins.listToAttrs [ { name = \"a\"; value = 1; } { name = \"a\"; value = 2; } ]", "{ a = 1; }"),
    row(
        "mapAttrs",
        &["f", "attrset"],
        "A set with the names of *attrset* and, for each, *f* called with the name and the value.\n\
         No call happens before its result is needed.",
        build::map_attrs,
    )
    .example("builtins.mapAttrs (name: value: name + toString value) { a = 1; b = 2; }", "{ a = \"a1\"; b = \"b2\"; }"),
    row(
        "removeAttrs",
        &["set", "list"],
        "The attributes of *set* whose names are not in *list*. Names that *set* lacks do not matter.",
        remove_attrs,
    )
    .global()
    .forces_first()
    .example("removeAttrs { a = 1; b = 2; } [ \"b\" \"c\" ]", "{ a = 1; }"),
    row(
        "unsafeGetAttrPos",
        &["s", "set"],
        "Where the attribute of *set* named *s* was written, as `{ column = …; file = …; line = …; }`, or `null` if that is\n\
         not known. Unsafe because the result changes with the layout of the program.",
        unsafe_get_attr_pos,
    )
    .forces_first()
    .example("builtins.unsafeGetAttrPos \"b\" { a = 1; }", "null"),
    row(
        "zipAttrsWith",
        &["f", "list"],
        "A set with each name that a set in *list* has and, for each, *f* called with the name and the list of its values.\n\
         No call happens before its result is needed.",
        build::zip_attrs_with,
    )
    .forces_first()
    .example("builtins.zipAttrsWith (name: values: values) [ { a = 1; } { a = 2; b = 3; } ]", "{ a = [ 1 2 ]; b = [ 3 ]; }"),
];

/// A required attribute.
pub(super) fn required<'h>(cx: &Eval<'h>, attrs: Attrs<'h>, name: Symbol) -> Result<Value<'h>> {
    attrs.get_again(cx.scope(), name).ok_or_else(|| missing(cx, attrs, name))
}

/// The error `attribute 'x' missing`. C++ Nix suggests nothing here.
#[cold]
fn missing<'h>(cx: &Eval<'h>, attrs: Attrs<'h>, name: Symbol) -> Error {
    let error = cx.missing_attribute(attrs, name);
    let similar = error.suggestions().to_vec();
    let details = Details { similar, ..error.details().cloned().unwrap_or_default() };
    error.with_suggestions(Vec::new()).with_details(details)
}

/// The attribute of a name, with its position.
fn lookup<'h>(attrs: Attrs<'h>, name: Symbol) -> Option<Attr<'h>> {
    let (layer, index) = attrs.find(name)?;
    let AttrsForm::Flat(shape) = layer.form() else { return None };
    Some((name, layer.value_at(index)?, shape.position(index)))
}

fn attr_names<'h>(cx: &mut Eval<'h>, [set, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let set = cx.force_attrs(set, Purpose::Argument(Ordinal::Only, "builtins.attrNames"))?;
    let scope = cx.scope();
    let names = by_name(scope, set);
    Ok(List::from_values(scope, names.into_iter().map(|attr| scope.symbol_name(attr.0).into())).into())
}

fn attr_values<'h>(cx: &mut Eval<'h>, [set, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let set = cx.force_attrs(set, Purpose::Argument(Ordinal::Only, "builtins.attrValues"))?;
    let scope = cx.scope();
    let values = by_name(scope, set);
    Ok(List::from_values(scope, values.into_iter().map(|attr| attr.1)).into())
}

fn get_attr<'h>(cx: &mut Eval<'h>, [name, set, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let name = cx.force_symbol(name, Purpose::Argument(Ordinal::First, "builtins.getAttr"))?;
    let set = cx.force_attrs(set, Purpose::Argument(Ordinal::Second, "builtins.getAttr"))?;
    let value = required(cx, set, name).traced(PosId::NONE, || "in the attribute set under consideration")?;
    if value.is_evaluated() {
        return Ok(value);
    }
    let forced = cx.force(value)?;
    if let Some((layer, index)) = set.find_again(cx.scope(), name) {
        layer.write_back(index, value.shortened());
    }
    Ok(forced)
}

fn has_attr<'h>(cx: &mut Eval<'h>, [name, set, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let name = cx.force_symbol(name, Purpose::Argument(Ordinal::First, "builtins.hasAttr"))?;
    let set = cx.force_attrs(set, Purpose::Argument(Ordinal::Second, "builtins.hasAttr"))?;
    Ok(Value::bool(set.find_again(cx.scope(), name).is_some()))
}

fn unsafe_get_attr_pos<'h>(cx: &mut Eval<'h>, [name, set, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let name = cx.force_symbol(name, Purpose::Argument(Ordinal::First, "builtins.unsafeGetAttrPos"))?;
    let set = cx.force_attrs(set, Purpose::Argument(Ordinal::Second, "builtins.unsafeGetAttrPos"))?;
    Ok(cx.position_value(set.position(name)))
}

fn remove_attrs<'h>(cx: &mut Eval<'h>, [set, names, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let set = cx.force_attrs(set, Purpose::Argument(Ordinal::First, "builtins.removeAttrs"))?;
    let names = cx.force_list(names, Purpose::Argument(Ordinal::Second, "builtins.removeAttrs"))?;
    let phrase = Purpose::Member("builtins.removeAttrs");
    let removed = names.iter().map(|name| cx.force_symbol(name, phrase)).collect::<Result<Vec<_>>>();
    let mut removed = removed?;
    removed.retain(|name| set.contains(*name));
    if removed.is_empty() {
        // C++ Nix creates a separate set except for `{ }`, and printing shows repeated sets.
        return Ok(if set.is_empty() { cx.attrs_of(&[]) } else { cx.same_attrs(set).into() });
    }
    removed.sort_unstable();
    removed.dedup();
    Ok(cx.remove_attrs(set, &removed).into())
}

/// Iterates over the smaller set and searches the other: often a few names meet many thousands.
fn intersect_attrs<'h>(cx: &mut Eval<'h>, [names, set, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let names = cx.force_attrs(names, Purpose::Argument(Ordinal::First, "builtins.intersectAttrs"))?;
    let set = cx.force_attrs(set, Purpose::Argument(Ordinal::Second, "builtins.intersectAttrs"))?;
    let are_many = names.len_upper_bound() >= set.len_upper_bound();
    let common: Vec<_> = if are_many {
        set.iter().filter(|attr| names.contains(attr.0)).collect()
    } else {
        names.iter().filter_map(|(name, _, _)| lookup(set, name)).collect()
    };
    let is_emptied = common.is_empty() && !names.is_empty() && !set.is_empty();
    Ok(if is_emptied { cx.emptied_attrs().into() } else { cx.sorted_attrs(&common) })
}

fn cat_attrs<'h>(cx: &mut Eval<'h>, [name, list, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let name = cx.force_symbol(name, Purpose::Argument(Ordinal::First, "builtins.catAttrs"))?;
    let list = cx.force_list(list, Purpose::Argument(Ordinal::Second, "builtins.catAttrs"))?;
    let phrase = "while evaluating an element in the list passed as second argument to builtins.catAttrs";
    let mut found = cx.scope().gather([]);
    for (index, element) in list.iter().enumerate() {
        let set = cx.force_attrs(element, phrase)?;
        list.write_back(index, set.into());
        found.extend(set.get(name));
    }
    Ok(cx.list(&found))
}
