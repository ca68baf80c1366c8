//! Commands that show a value.

use crate::prompt::session::{Reply, Session};
use nivis::heap::Unpacked;
use nivis::value::attrs::by_name;
use nivis::{Eval, Result, Value};
use std::time::Instant;

/// The most names that are listed of a big set.
const MOST_NAMES: usize = 8;

pub(super) fn print(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    session.print_all(argument)
}

pub(super) fn type_of(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    session.inside(|cx, scope| {
        let value = cx.eval_text(text.into(), scope)?;
        Ok(Reply::Output(format!("{}{}", cx.show_type(value), summary(cx, value))))
    })
}

/// The size of a set or list, with a space in front. Nothing is forced.
fn summary<'h>(cx: &Eval<'h>, value: Value<'h>) -> String {
    match value.unpack() {
        Unpacked::List(list) => format!(" of {} elements", list.len()),
        Unpacked::Attrs(set) if set.len() > MOST_NAMES => {
            let names = by_name(cx.scope(), set).into_iter().take(MOST_NAMES);
            let names: Vec<_> =
                names.map(|(name, ..)| String::from_utf8_lossy(cx.symbol_text(name)).into_owned()).collect();
            format!(" of {} attributes: {}, ...", set.len(), names.join(", "))
        }
        _ => String::new(),
    }
}

pub(super) fn time(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    let (before, start) = (session.heap_bytes(), Instant::now());
    let reply = session.print(text)?;
    let (seconds, bytes) = (start.elapsed().as_secs_f64(), session.heap_bytes().saturating_sub(before));
    let time = if seconds < 1.0 { format!("{:.3} ms", seconds * 1e3) } else { format!("{seconds:.3} s") };
    let told = format!("{time}, {:.1} MiB", bytes as f64 / f64::from(1 << 20));
    Ok(Reply::Several(vec![reply, Reply::Output(told)]))
}
