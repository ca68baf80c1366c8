//! The last error of a program that ends because memory has run out.

use crate::output::stdio;
use crate::output::style::ErrorFormat;
use nivis::heap::GuardedAllocator;
use std::io::Write;
use std::sync::OnceLock;

#[global_allocator]
static ALLOCATOR: GuardedAllocator<mimalloc::MiMalloc> = GuardedAllocator::new(mimalloc::MiMalloc, leave);

static FORMAT: OnceLock<ErrorFormat> = OnceLock::new();

macro_rules! message {
    () => {
        "out of memory; the evaluation passed its memory limit, or the system has no more"
    };
}

/// Sets memory aside, so that evaluations can be stopped where an allocation fails. Without it, the program ends there.
pub(crate) fn prepare() {
    ALLOCATOR.guard();
}

/// Sets the format of errors.
pub(crate) fn speak(format: ErrorFormat) {
    let _ = FORMAT.set(format);
}

/// Ends the program with an error. Nothing here needs memory.
fn leave() {
    let text = text(FORMAT.get().copied().unwrap_or(ErrorFormat::Pretty));
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
    std::process::exit(stdio::FAILED)
}

/// The text of an error without a place.
fn text(format: ErrorFormat) -> &'static str {
    match format {
        ErrorFormat::Pretty => {
            concat!("error[E0044]: ", message!(), "\n = for more: nivis explain E0044\n")
        }
        ErrorFormat::Nix => concat!("error: ", message!(), "\n"),
        ErrorFormat::Json => concat!(
            r#"{"level":"error","code":"E0044","message":""#,
            message!(),
            r#"","spans":[],"suggestions":[],"hints":[],"notes":[],"trace":[]}"#,
            "\n"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::style::ErrorStyle;
    use crate::output::theme::Theme;
    use nivis::source::Sources;
    use nivis::{Error, ErrorKind};

    #[test]
    fn the_words_are_those_of_the_error() {
        for format in [ErrorFormat::Pretty, ErrorFormat::Nix, ErrorFormat::Json] {
            let style = ErrorStyle { format, colour: false, show_trace: false, warns: true, theme: Theme::Auto };
            let error = Error::from(ErrorKind::OutOfMemory);
            assert_eq!(text(format), style.render(&error, &Sources::default()) + "\n");
        }
    }
}
