//! `:graph`: a picture of what can be reached from a value.

use super::peek::{Peeked, peek};
use crate::command_line::words::usage;
use crate::prompt::graph::{dot, reach, svg};
use crate::prompt::session::{Reply, Session};
use nivis::Result;

pub(super) fn graph(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    let misused = || usage("':graph' needs an expression and a file, such as :graph xs picture.svg");
    let (text, file) = argument.rsplit_once(char::is_whitespace).ok_or_else(misused)?;
    let is_svg = file.ends_with(".svg");
    if !is_svg && !file.ends_with(".dot") {
        return Err(usage(format!("':graph' draws .svg and .dot files, not '{file}'")));
    }
    let text = text.trim();
    let graph = session.inside(|cx, scope| {
        let slot = match peek(cx, scope, text) {
            Peeked::Slot(slot) => slot,
            _ => cx.eval_text(text.into(), scope)?,
        };
        Ok(reach(cx, text, slot))
    })?;
    let picture = is_svg.then(|| svg(&graph));
    let contents = picture.as_ref().map_or_else(|| dot(&graph), |picture| picture.text.clone());
    session.write(file, contents)?;
    let (nodes, more) = (graph.nodes.len(), if graph.is_cut { ", and there is more" } else { "" });
    let things = if nodes == 1 { "1 thunk or value".to_owned() } else { format!("{nodes} thunks and values") };
    Ok(Reply::Drawn(format!("Drew {things} in {file}{more}."), picture))
}
