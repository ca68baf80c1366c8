//! Units with one fault each are refused, and what lowering makes is not.

use super::is_sound;
use crate::ir::{Code, CodeId, Constant, Expr, ExprId, Name, Operand, OperandKind, Unit, Words};
use crate::source::Origin;
use crate::{Engine, Settings};

/// A program with a function, captures, a path, a set, a `let`, a `with`, and computed names.
const PROGRAM: &str = "let f = { a, b ? a }: y: [ a b g ]; g = x: f (x - 1) (x.y.${x} or 1); in
    with g; { n = nope; ${g 1} = -f 2; }";

fn lowered(program: &str) -> Unit {
    let mut engine = Engine::new(Settings::default());
    engine
        .enter(|cx| cx.lower_text(Origin::String, program.into(), b"/dir"))
        .unwrap_or_else(|error| panic!("{program}: {error}"))
}

/// The index of the first such node.
fn node(unit: &Unit, is_it: impl Fn(&Expr) -> bool) -> usize {
    unit.exprs.iter().position(is_it).expect("the program has such a node")
}

/// A code of a function with a pattern.
fn function(unit: &mut Unit) -> &mut Code {
    let has_pattern = |code: &&mut Code| code.lambda.as_ref().is_some_and(|lambda| lambda.pattern.is_some());
    unit.codes.iter_mut().find(has_pattern).expect("the program has such a function")
}

/// Replaces the first node that `replacement` has something for.
fn replace(unit: &mut Unit, replacement: impl Fn(Expr) -> Option<Expr>) {
    let at = node(unit, |expr| replacement(*expr).is_some());
    unit.exprs[at] = replacement(unit.exprs[at]).expect("it was just there");
}

#[test]
fn what_lowering_makes_is_sound() {
    for path in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/ir")).into_iter().flatten().flatten() {
        let path = path.path();
        if path.extension().is_some_and(|extension| extension == "nix") {
            let unit = lowered(&std::fs::read_to_string(&path).expect("readable"));
            assert!(is_sound(&unit, usize::MAX), "{}", path.display());
        }
    }
    assert!(is_sound(&lowered(PROGRAM), usize::MAX));
}

/// A fault by name, and the change that makes it.
type Fault<'f> = (&'f str, &'f dyn Fn(&mut Unit));

#[test]
fn one_fault_is_enough() {
    const FAR: u32 = Operand::LIMIT - 1;
    let far = |source: fn(u32) -> OperandKind| Operand::new(source(FAR));
    let last = |unit: &Unit| ExprId(unit.exprs.len() as u32 - 1);
    let faults: &[Fault<'_>] = &[
        ("no code", &|unit| unit.codes.clear()),
        ("the entry is a function", &|unit| unit.codes[0].lambda = function(unit).lambda.clone()),
        ("the entry captures", &|unit| unit.codes[0].captures = Words { start: 0, len: 1 }),
        ("a body is no node", &|unit| unit.codes[0].body = Operand::new(OperandKind::Expr(ExprId(FAR)))),
        ("a slot that is not there", &|unit| unit.codes[0].body = far(OperandKind::Local)),
        ("a capture that is not there", &|unit| unit.codes[0].body = far(OperandKind::Capture)),
        ("a constant that is not there", &|unit| unit.codes[0].body = far(OperandKind::Constant)),
        ("slots without end", &|unit| unit.codes[0].slots = u32::MAX),
        ("captures from nowhere", &|unit| unit.codes[1].captures = Words { start: u32::MAX, len: u32::MAX }),
        ("a function without parameters", &|unit| {
            function(unit).lambda.as_mut().expect("a function").parameters.clear();
        }),
        ("a function without a name of the unit", &|unit| {
            function(unit).lambda.as_mut().expect("a function").name = Some(Name(FAR));
        }),
        ("a formal outside the frame", &|unit| {
            let pattern = function(unit).lambda.as_mut().and_then(|lambda| lambda.pattern.as_mut());
            pattern.expect("a pattern").formals[0].slot = u32::MAX;
        }),
        ("a default that is not there", &|unit| {
            let pattern = function(unit).lambda.as_mut().and_then(|lambda| lambda.pattern.as_mut());
            pattern.expect("a pattern").formals[0].default = Some(far(OperandKind::Constant));
        }),
        ("a node that needs itself", &|unit| {
            let at = node(unit, |expr| matches!(expr, Expr::Negate(_)));
            unit.exprs[at] = Expr::Negate(Operand::new(OperandKind::Expr(ExprId(at as u32))));
        }),
        ("a node that needs a later one", &|unit| {
            unit.exprs[0] = Expr::Not(Operand::new(OperandKind::Expr(last(unit))));
        }),
        ("a thunk of no code", &|unit| {
            replace(unit, |expr| matches!(expr, Expr::Thunk(_)).then_some(Expr::Thunk(CodeId(FAR))));
        }),
        ("a function of no code", &|unit| {
            replace(unit, |expr| matches!(expr, Expr::Lambda(_)).then_some(Expr::Lambda(CodeId(FAR))));
        }),
        ("work ahead that ends in no thunk", &|unit| {
            let at = node(unit, |expr| matches!(expr, Expr::Speculate { .. }));
            let Expr::Speculate { ahead, .. } = unit.exprs[at] else { return };
            unit.exprs[at] = Expr::Speculate { ahead, late: ahead };
        }),
        ("a member of what must be computed", &|unit| {
            *unit.exprs.last_mut().expect("a node") =
                Expr::Member { set: Operand::new(OperandKind::Expr(ExprId(0))), name: Name(0) };
        }),
        ("overrides of no slot", &|unit| unit.exprs[0] = Expr::Overrides { slot: u32::MAX }),
        ("a set of no shape", &|unit| {
            replace(unit, |expr| match expr {
                Expr::Attrs { values, .. } => Some(Expr::Attrs { shape: FAR, values }),
                _ => None,
            });
        }),
        ("a set of no values", &|unit| {
            replace(unit, |expr| match expr {
                Expr::Attrs { shape, .. } => Some(Expr::Attrs { shape, values: u32::MAX }),
                _ => None,
            });
        }),
        ("computed names that are no triples", &|unit| {
            replace(unit, |expr| match expr {
                Expr::DynamicAttrs { base, entries } => {
                    Some(Expr::DynamicAttrs { base, entries: Words { len: entries.len - 1, ..entries } })
                }
                _ => None,
            });
        }),
        ("bindings that are no pairs", &|unit| {
            replace(unit, |expr| match expr {
                Expr::Let { bindings, body } => {
                    Some(Expr::Let { bindings: Words { len: bindings.len - 1, ..bindings }, body })
                }
                _ => None,
            });
        }),
        ("a `with` in no slot", &|unit| {
            replace(unit, |expr| match expr {
                Expr::With { namespace, body, .. } => Some(Expr::With { slot: u32::MAX, namespace, body }),
                _ => None,
            });
        }),
        ("a lookup of no name", &|unit| {
            replace(unit, |expr| match expr {
                Expr::WithLookup { namespaces, .. } => Some(Expr::WithLookup { name: Name(FAR), namespaces }),
                _ => None,
            });
        }),
        ("a path longer than all words", &|unit| {
            let at = node(unit, |expr| matches!(expr, Expr::SelectOr { .. }));
            let Expr::SelectOr { path, .. } = unit.exprs[at] else { return };
            unit.words[path.0 as usize] = u32::MAX;
        }),
        ("a list longer than all words", &|unit| {
            replace(unit, |expr| match expr {
                Expr::List(run) => Some(Expr::List(Words { len: u32::MAX, ..run })),
                _ => None,
            });
        }),
        ("a call of no builtin", &|unit| {
            unit.exprs[0] = Expr::CallBuiltin { builtin: FAR, arguments: Words { start: 0, len: 0 } };
        }),
        ("a step of a debugger", &|unit| {
            let nothing = Operand::new(OperandKind::Constant(0));
            unit.exprs[0] = Expr::Step { environment: nothing, body: nothing, step: 0 };
        }),
        ("a shape of no name", &|unit| unit.shapes.push([(Name(FAR), 0)])),
        ("a global of no name", &|unit| unit.constants.push(Constant::Global(Name(FAR)))),
        ("a builtin of no name", &|unit| unit.constants.push(Constant::Builtin(Name(FAR)))),
    ];
    for (fault, damage) in faults {
        let mut unit = lowered(PROGRAM);
        damage(&mut unit);
        assert!(!is_sound(&unit, 1 << 16), "{fault}");
    }
}
