//! POSIX extended regular expressions: whether and where one matches a text, with groups.
//!
//! Nix matches with `std::regex` of libstdc++, whose results differ from both POSIX and Perl. A repetition takes as
//! much as it can while some match follows. All branches of an alternation are tried and the longest match wins, the
//! first of equally long ones. A repeated group that can be empty matches once more at the end, so that it is left
//! empty. No existing engine has these rules, so this is a backtracking matcher with the same search order. It
//! remembers dead ends, which keeps it polynomial.
//!
//! It rejects what libstdc++ rejects: escapes of ordinary characters (`\d`, `\n`, `\/`), a repetition with nothing
//! before it, `{,n}`, ranges that start with a class, a `-` inside brackets that is neither first, last nor in a
//! range. Characters are bytes; classes contain ASCII only; ranges compare signed bytes.
//!
//! Known divergence: a long text that makes libstdc++ exhaust its stack, or run forever, gives a result here. Only
//! many nested repetitions that can be empty, one directly in the other, may still take exponential time. The caller
//! can stop any search.

mod bracket;
mod cycles;
mod matcher;
mod parser;
mod program;
mod scanner;
mod task;
mod viable;

use std::convert::Infallible;
use std::fmt;
use std::ops::Range;

use matcher::Matcher;
use program::Program;

/// The place of each group of an expression, in order of the opening parentheses; `None` for a group that takes no
/// part in the match.
pub type Groups = Vec<Option<Range<usize>>>;

/// A function that a search calls now and then with the number of bytes that it holds; its failure stops the search.
pub type Poll<'p, E> = &'p mut dyn FnMut(usize) -> Result<(), E>;

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Regex {
    program: Program,
}

/// The reason why a pattern cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegexError {
    /// The pattern is not an extended regular expression.
    Invalid(String),
    /// The pattern, with its intervals written out, has too many states.
    TooLarge(String),
}

impl fmt::Display for RegexError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(pattern) => write!(formatter, "invalid regular expression '{pattern}'"),
            Self::TooLarge(pattern) => {
                write!(formatter, "memory limit exceeded by regular expression '{pattern}'")
            }
        }
    }
}

impl std::error::Error for RegexError {}

/// One match within a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The place of the whole match.
    pub range: Range<usize>,
    /// The places of its groups.
    pub groups: Groups,
}

impl Regex {
    /// Compiles `pattern`.
    ///
    /// # Errors
    ///
    /// Fails if the pattern is not an extended regular expression, or if it has too many states.
    pub fn new(pattern: &[u8]) -> Result<Self, RegexError> {
        let text = || String::from_utf8_lossy(pattern).into_owned();
        match parser::parse(pattern) {
            Ok(program) => Ok(Self { program }),
            Err(parser::ParseError::Invalid) => Err(RegexError::Invalid(text())),
            Err(parser::ParseError::TooLarge) => Err(RegexError::TooLarge(text())),
        }
    }

    /// The number of groups, which is the length of every [`Groups`] of this expression.
    pub fn group_count(&self) -> usize {
        self.program.group_count
    }

    /// The groups of a match of the whole of `text`, if there is one (`builtins.match`).
    ///
    /// # Errors
    ///
    /// Fails as `poll` does, which is called now and then.
    pub fn full_match<E>(&self, text: &[u8], poll: Poll<'_, E>) -> Result<Option<Groups>, E> {
        let found = Matcher::new(&self.program, text).full_match(poll)?;
        Ok(found.map(|found| found.groups))
    }

    /// True if there is a match somewhere in `text`.
    pub fn occurs_in(&self, text: &[u8]) -> bool {
        matches!(self.matches(text).next(&mut |_| Ok::<(), Infallible>(())), Ok(Some(_)))
    }

    /// All matches in order, each the leftmost one after the previous one (`builtins.split`). After an empty match
    /// comes the nonempty one at the same place if there is one; otherwise the search continues one byte further. An
    /// empty match may directly follow a nonempty one.
    pub fn matches<'regex, 'text>(&'regex self, text: &'text [u8]) -> Matches<'regex, 'text> {
        Matches { matcher: Matcher::new(&self.program, text), previous: None, done: false }
    }
}

/// The matches of [`Regex::matches`].
#[derive(Clone, Debug)]
pub struct Matches<'regex, 'text> {
    matcher: Matcher<'regex, 'text>,
    previous: Option<Range<usize>>,
    done: bool,
}

impl Matches<'_, '_> {
    /// The next match.
    ///
    /// # Errors
    ///
    /// Fails as `poll` does, which is called now and then.
    pub fn next<E>(&mut self, poll: Poll<'_, E>) -> Result<Option<Match>, E> {
        if self.done {
            return Ok(None);
        }
        let found = self.search(poll)?;
        self.done = found.is_none();
        self.previous = found.as_ref().map(|found| found.range.clone());
        Ok(found)
    }

    fn search<E>(&mut self, poll: Poll<'_, E>) -> Result<Option<Match>, E> {
        let Some(previous) = &self.previous else {
            return self.matcher.search(0, poll);
        };
        if !previous.is_empty() {
            return self.matcher.search(previous.end, poll);
        }
        match self.matcher.nonempty_match_at(previous.end, poll)? {
            Some(found) => Ok(Some(found)),
            None => self.matcher.search(previous.end + 1, poll),
        }
    }
}

#[cfg(test)]
mod tests;
