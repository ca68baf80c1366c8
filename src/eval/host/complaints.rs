//! Errors and warnings about the text of a program.

use crate::codec::nix_string::attribute_name;
use crate::error::{Cause, Code, Details, Error, ErrorKind, LIST_ACCESS};
use crate::eval::Eval;
use crate::io::Message;
use crate::ir::Warning;
use crate::lower::{Complaints, LowerError, LowerMessage};
use crate::source::{Part, Place, SourceText};
use std::rc::Rc;

impl Eval<'_> {
    /// Shows the warnings before an error, and returns the error. The names up to there stay symbols.
    #[cold]
    pub(super) fn refusal(&self, source: &Rc<SourceText>, complaints: Complaints) -> Option<Error> {
        complaints.names.iter().for_each(|name| {
            self.intern(name);
        });
        self.tell_warnings(source, &complaints.warnings);
        complaints.error.map(|error| self.lower_error(source, &error))
    }

    /// Shows the warnings about a file when it is loaded.
    pub(in crate::eval) fn tell_warnings(&self, source: &Rc<SourceText>, warnings: &[Warning]) {
        for warning in warnings {
            let error = self.warning(source, warning);
            match warning {
                Warning::DottedNumber(..) | Warning::DroppedRec(..) => {
                    self.message(&Message::Advice(&error, self.sources()));
                }
                _ => self.warn(&error),
            }
        }
    }

    #[cold]
    fn warning(&self, source: &Rc<SourceText>, warning: &Warning) -> Error {
        match warning {
            Warning::Lint(offset, text) => Error::eval(text.as_str()).at(source.position(*offset)),
            Warning::DottedNumber(offset, base, number) => {
                let index = number.trim_start_matches('.');
                let notes = vec![format!(
                    "the element of a list is `builtins.elemAt {base} {index}`; if you mean the number, put a space \
                     before it: `{base} {number}`"
                )];
                Error::eval(format!("`{base}{number}` is {base} and the number {number}, not an element of a list"))
                    .at(source.position(*offset))
                    .with_details(Details { notes, topic: LIST_ACCESS, ..Details::default() })
            }
            Warning::DroppedRec(offset, name) => {
                let notes = vec![
                    "definitions of one name are merged, and the first decides whether the set is \
                     recursive"
                        .to_owned(),
                ];
                Error::eval(format!("`rec` has no effect here: `{name}` is already defined without it"))
                    .at(source.position(*offset))
                    .with_details(Details { notes, ..Details::default() })
            }
            Warning::CursedOr(offset, text) => {
                let place = self.show_position(source.position(*offset));
                Error::eval(format!(
                    "at {place}: This expression uses `or` as an identifier in a way that will change in a future Nix \
                     release.\nWrap this entire expression in parentheses to preserve its current meaning:\n    \
                     ({text})\nGive feedback at https://github.com/NixOS/nix/pull/11121"
                ))
            }
        }
    }

    #[cold]
    fn lower_error(&self, source: &Rc<SourceText>, first: &LowerError) -> Error {
        let error = match &first.message {
            LowerMessage::Text(text) => Error::from(ErrorKind::Syntax(text.clone())),
            LowerMessage::DuplicateFormal(name) => {
                let text = format!("duplicate formal function argument '{name}'");
                Error::from(ErrorKind::Syntax(text)).with_code(Code::DEFINED_TWICE).because(Cause::DuplicateFormal)
            }
            LowerMessage::Undefined(name, similar) => {
                let details = Details { similar: similar.clone(), ..Details::default() };
                let error =
                    Error::from(ErrorKind::UndefinedVariable(attribute_name(name.as_bytes()))).with_details(details);
                let part = if name == "or" { Part::Or } else { Part::Here };
                return error.at(Place::part(source.position(first.span.start), part));
            }
            LowerMessage::AlreadyDefined(name, earlier) => {
                let earlier = source.position(*earlier);
                let text = format!("attribute '{name}' already defined at {}", self.show_position(earlier));
                let details =
                    Details { related: vec![(earlier.into(), "first defined here".into())], ..Details::default() };
                let error = Error::from(ErrorKind::Syntax(text)).with_code(Code::DEFINED_TWICE).with_details(details);
                return error.at(source.position(first.span.start));
            }
        };
        error.at(source.position(first.span.start))
    }
}
