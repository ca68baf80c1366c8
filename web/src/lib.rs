//! Nivis in a web page: one function, from a request as JSON to an answer as JSON.
//!
//! The page writes a request to the memory at [`reserve`], and calls [`answer`]; the answer is at [`answer_start`]. These
//! four functions are the whole interface, so that no generator of glue code is needed.

mod graph;
mod lessons;
mod session;
/// Parts of the program that need no terminal.
#[allow(dead_code, unused_qualifications)]
#[path = "../../repl/src/prompt"]
mod prompt {
    pub(crate) mod highlight;
    #[path = "lessons/literal.rs"]
    pub(crate) mod literal;
    #[path = "lessons/pages.rs"]
    pub(crate) mod pages;
    #[path = "graph/reach.rs"]
    pub(crate) mod reach;
}

use session::Session;
use std::cell::RefCell;

thread_local! {
    static SESSION: RefCell<Session> = RefCell::new(Session::new());
    static REQUEST: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Makes room for a request of so many bytes, and returns its place.
#[expect(unsafe_code, reason = "the name of a symbol is all that is unsafe about it")]
#[unsafe(no_mangle)]
pub extern "C" fn reserve(length: usize) -> *mut u8 {
    REQUEST.with_borrow_mut(|request| {
        request.clear();
        request.resize(length, 0);
        request.as_mut_ptr()
    })
}

/// Answers the request, and returns the length of the answer.
#[expect(unsafe_code, reason = "the name of a symbol is all that is unsafe about it")]
#[unsafe(no_mangle)]
pub extern "C" fn answer() -> usize {
    let request = REQUEST.take();
    let text = SESSION.with_borrow_mut(|session| session.answer(&request));
    ANSWER.with_borrow_mut(|answer| {
        *answer = text.into_bytes();
        answer.len()
    })
}

/// The place of the answer.
#[expect(unsafe_code, reason = "the name of a symbol is all that is unsafe about it")]
#[unsafe(no_mangle)]
pub extern "C" fn answer_start() -> *const u8 {
    ANSWER.with_borrow(Vec::as_ptr)
}
