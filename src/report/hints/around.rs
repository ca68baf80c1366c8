//! Redundant steps: those around the primary label.

use super::Label;
use crate::error::{Action, Purpose, TraceFrame};
use crate::report::places::Places;
use crate::source::Span;
use rnix::SyntaxKind::NODE_ATTRPATH_VALUE;
use std::rc::Rc;

/// True if a step only says that the selection, operand or definition around the primary label was being evaluated.
pub(crate) fn is_around(frame: &TraceFrame, primary: Option<&Label>, places: &Places<'_>) -> bool {
    let (Some((location, span, _)), Some((here, range))) = (primary, places.range(frame.place)) else { return false };
    let around = match &frame.action {
        Action::Definition(_) => {
            let path = places.outline(&here.source);
            let path = path.path_to(here.offset);
            path.iter().rev().find(|node| node.kind() == NODE_ATTRPATH_VALUE).map(|node| node.span())
        }
        Action::Attribute(_) => Some(range),
        Action::Needed(Purpose::AssertCondition) => Some(range),
        Action::Needed(Purpose::Operand(operand)) if !operand.is_number() => Some(range),
        _ => None,
    };
    let contains = |around: Span| around.start <= span.start && span.end <= around.end;
    Rc::ptr_eq(&location.source, &here.source) && around.is_some_and(contains)
}
