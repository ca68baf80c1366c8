//! Builtins that control evaluation and messages: errors, sequencing, traces.

use crate::codec::lossy;
use crate::error::{Error, ErrorKind, Ordinal, Purpose, Result};
use crate::eval::builtin::{Arguments, Builtin, row};
use crate::eval::{Coercion, Eval, Reason};
use crate::heap::{PosId, Value};
use crate::io::Message;
use crate::source::Place;
use crate::symbol::VALUE;

pub(super) const TABLE: &[Builtin] = &[
    row(
        "abort",
        &["s"],
        "Ends the evaluation with the message *s*. Unlike `throw`, nothing catches it.",
        abort,
    )
    .global()
    .forces_first()
    .example("builtins.length [ (abort \"nobody looks here\") ]", "1"),
    row(
        "addErrorContext",
        &["context", "value"],
        "*value*. If evaluating it fails, the trace of the error also says *context*, which is evaluated only then.",
        add_error_context,
    )
    .untraced()
    .example("builtins.addErrorContext \"while adding\" (1 + 1)", "2"),
    row("break", &["v"], "*v*. In a debugger, evaluation stops here first.", break_)
        .global()
        .example("break 1", "1"),
    row(
        "deepSeq",
        &["e1", "e2"],
        "*e2*, after evaluating *e1* with everything inside it: elements of lists, attributes of sets, and so on.",
        deep_seq,
    )
    .forces_first()
    .example("builtins.deepSeq [ 1 { a = 2; } ] 3", "3"),
    row(
        "seq",
        &["e1", "e2"],
        "*e2*, after evaluating *e1* as far as its type needs. What is inside a list or set stays unevaluated.",
        seq,
    )
    .forces_first()
    .example("builtins.seq [ (throw \"not reached\") ] 3", "3"),
    row(
        "throw",
        &["s"],
        "Fails with the message *s*. `tryEval` can catch it.",
        throw,
    )
    .global()
    .forces_first()
    .example("(builtins.tryEval (throw \"no\")).success", "false"),
    row(
        "trace",
        &["e1", "e2"],
        "*e2*, after printing *e1* to standard error. A string is printed unchanged; of another value, only what is\n\
         evaluated already.",
        trace,
    )
    .example("builtins.trace \"here\" 1", "1"),
    row(
        "traceVerbose",
        &["e1", "e2"],
        "Like `trace` if the setting `trace-verbose` is on; otherwise *e2*, and *e1* is not evaluated.",
        trace_verbose,
    )
    .example("builtins.traceVerbose (throw \"not reached\") 1", "1"),
    row(
        "tryEval",
        &["e"],
        "`{ success = true; value = e; }` if *e* can be evaluated as far as its type needs, and\n\
         `{ success = false; value = false; }` if that ends in a `throw` or a failed `assert`. Other errors pass through.",
        try_eval,
    )
    .example("builtins.tryEval (assert 1 == 2; 3)", "{ success = false; value = false; }"),
    row(
        "warn",
        &["e1", "e2"],
        "*e2*, after printing the string *e1* to standard error as a warning. With the setting `abort-on-warn` the\n\
         evaluation ends there, which shows where the warning came from.",
        warn,
    )
    .forces_first()
    .example("builtins.warn \"old\" 1", "1"),
];

fn throw<'h>(cx: &mut Eval<'h>, [message, ..]: Arguments<'h>) -> Result<Value<'h>> {
    // The phrase really has `builtin` here.
    let message = error_text(cx, message, "while evaluating the error message passed to builtin.throw")?;
    Err(ErrorKind::Throw(message).into())
}

fn abort<'h>(cx: &mut Eval<'h>, [message, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let message = error_text(cx, message, "while evaluating the error message passed to builtins.abort")?;
    Err(ErrorKind::Abort(message).into())
}

/// The text of an error value. The phrase is for values that are not text; an evaluation error has none.
fn error_text<'h>(cx: &mut Eval<'h>, message: Value<'h>, phrase: &str) -> Result<String> {
    Ok(lossy(cx.coerce_to_string(message, Coercion::interpolation(), phrase)?.as_bytes()))
}

fn add_error_context<'h>(cx: &mut Eval<'h>, [context, value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    match cx.force(value) {
        Ok(value) => Ok(value),
        Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::OutOfMemory) => Err(error),
        Err(error) => {
            let phrase = "while evaluating the error message passed to builtins.addErrorContext";
            let message = cx.force_text(context, phrase)?;
            Err(error.traced_always(PosId::NONE, lossy(message.as_bytes())))
        }
    }
}

fn break_<'h>(cx: &mut Eval<'h>, [value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    cx.stop_here(Reason::Break)?;
    cx.force(value)
}

fn try_eval<'h>(cx: &mut Eval<'h>, [value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let (success, value) = match cx.trying(|cx| cx.force(value)) {
        Ok(_) => (true, value.shortened()),
        Err(error) if error.kind().is_catchable() && !cx.has_ended() => {
            if cx.settings().trace_caught {
                tell_caught(cx, &error);
            }
            (false, Value::FALSE)
        }
        Err(error) => return Err(error),
    };
    let attrs = vec![(cx.intern(b"success"), Value::bool(success), PosId::NONE), (VALUE, value, PosId::NONE)];
    Ok(cx.attrs(attrs))
}

/// Reports a caught error and its position.
#[cold]
fn tell_caught(cx: &Eval<'_>, error: &Error) {
    let trace = error.trace();
    let steps = trace.iter().rev().map(|frame| frame.place);
    let place = Some(error.place()).into_iter().chain(steps).find(|place| *place != Place::NOWHERE);
    let place = place.map(|place| format!(" at {}", cx.show_position(place.position))).unwrap_or_default();
    cx.message(&Message::Trace(format!("tryEval catches: {error}{place}").as_bytes()));
}

fn seq<'h>(cx: &mut Eval<'h>, [first, second, ..]: Arguments<'h>) -> Result<Value<'h>> {
    cx.force(first)?;
    cx.force(second)
}

fn deep_seq<'h>(cx: &mut Eval<'h>, [first, second, ..]: Arguments<'h>) -> Result<Value<'h>> {
    cx.force_deep(first)?;
    cx.force(second)
}

fn trace<'h>(cx: &mut Eval<'h>, [shown, value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    match cx.force(shown)?.as_str() {
        Some(text) => cx.message(&Message::Trace(text.as_bytes())),
        None => cx.message(&Message::Trace(&crate::print::trace_text(cx, shown))),
    }
    if cx.settings().debugger_on_trace {
        cx.stop_here(Reason::Trace)?;
    }
    cx.force(value)
}

fn trace_verbose<'h>(cx: &mut Eval<'h>, arguments: Arguments<'h>) -> Result<Value<'h>> {
    if cx.settings().trace_verbose {
        return trace(cx, arguments);
    }
    let [_, value, ..] = arguments;
    cx.force(value)
}

fn warn<'h>(cx: &mut Eval<'h>, [message, value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let phrase = Purpose::DescribedArgument(Ordinal::First, "; the message passed to builtins.warn");
    let message = cx.force_string(message, phrase)?;
    cx.message(&Message::Warn(message.as_bytes()));
    if cx.settings().abort_on_warn {
        return Err(Error::eval("aborting to reveal stack trace of warning, as abort-on-warn is set"));
    }
    if cx.settings().debugger_on_trace || cx.settings().debugger_on_warn {
        cx.stop_here(Reason::Warning)?;
    }
    cx.force(value)
}
