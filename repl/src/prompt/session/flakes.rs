//! Flakes in a session: `:lf`, which adds all of one, and words of the command line, which add what they lead to.
//!
//! As in C++ Nix, `:lf` never changes a lock file, and a word of the command line writes one that is missing.

use super::log::{Event, quoted};
use super::{Reply, Session};
use crate::command_line::args::Arguments;
use crate::command_line::program::Program;
use crate::command_line::words::usage;
use crate::tasks::flake::command::{lock_advice, whole_flake};
use crate::tasks::flake::installable::{DefaultOutputs, Installable};
use nivis::codec::nix_string::attribute_name;
use nivis::eval::path_steps;
use nivis::flake::{LockOptions, Wanted, forget, lock};
use nivis::{Error, ErrorKind, Eval, Result, Value};

/// Schemes that only references to flakes have, up to `:`. The text after `+` is the transport.
const SCHEMES: [&str; 9] = ["flake", "path", "github", "gitlab", "sourcehut", "git", "hg", "tarball", "file"];

impl Session<'_> {
    /// Adds all that a flake has: its outputs, its inputs, and where it lies. If a folder's flake fails, it is tried
    /// again by the next `:r`.
    pub(crate) fn load_flake(&mut self, word: &str) -> Result<Reply> {
        let is_folder = word.starts_with(['.', '/', '~']);
        self.add_flake(word).inspect_err(|_| self.events.extend(is_folder.then(|| Event::Flake(word.to_owned()))))
    }

    fn add_flake(&mut self, word: &str) -> Result<Reply> {
        self.add(Event::Flake(word.to_owned()), |cx, _, _| {
            // Fetched again each time: the user may have changed it.
            forget(cx);
            whole(cx, word)
        })
    }

    /// The same when all is loaded again. If it fails, it is tried again by the next `:r`.
    pub(super) fn load_flake_again(&mut self, word: &str) -> Reply {
        let reply = self.add_flake(word).unwrap_or_else(|error| {
            self.events.push(Event::Flake(word.to_owned()));
            Reply::Error(error)
        });
        Reply::Several(vec![Reply::Notice(format!("Loading flake '{word}'...")), reply])
    }

    /// Adds what a word of the command line leads to in a flake. If it fails, it is tried again by the next `:r`.
    pub(super) fn load_installable(&mut self, word: &str) -> Reply {
        let arguments = self.arguments;
        let event = Event::Installable(word.to_owned());
        let mut name = None;
        let reply = self.add(event.clone(), |cx, _, _| {
            let installable = Installable::read(cx, arguments, word.as_bytes(), DefaultOutputs::All)?;
            let value = installable.value(cx, arguments)?;
            name = Some(installable.name());
            cx.force(value)
        });
        let reply = reply.unwrap_or_else(|error| {
            self.events.push(event);
            Reply::Error(error)
        });
        let loading = name.map(|name| Reply::Notice(format!("Loading installable '{name}'...")));
        Reply::Several(loading.into_iter().chain([reply]).collect())
    }

    /// True if a word of the command line names a flake, not a file. For `nix`, with flakes, all do.
    pub(super) fn names_flake(&mut self, word: &str) -> bool {
        let is_nix = self.arguments.program == Program::Nix;
        self.engine.enter(|cx| {
            if is_nix && cx.settings().has_feature("flakes") {
                return true;
            }
            let has = |path: &str| {
                let path = cx.absolute(path.as_bytes());
                matches!(cx.io().status(&path), Ok(Some(_)))
            };
            let folder = |file: &str| has(&format!("{word}/{file}"));
            match has(word) {
                true => folder("flake.nix") && !folder("default.nix"),
                false => word.contains('#') || begins_with_scheme(word),
            }
        })
    }
}

fn begins_with_scheme(word: &str) -> bool {
    let scheme = word.split_once(':').map(|(scheme, _)| scheme.split_once('+').map_or(scheme, |(kind, _)| kind));
    // `git://` and `file://` without `+` can be archives with files.
    let is_address = ["git://", "file://"].iter().any(|start| word.starts_with(start));
    scheme.is_some_and(|scheme| SCHEMES.contains(&scheme)) && !is_address
}

/// The error with advice, if there is no file with a name that registries could have.
pub(super) fn about_name(word: &str, error: Error) -> Error {
    let is_name = word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    match is_name && matches!(error.kind(), ErrorKind::Io(_)) {
        true => error.with_note(format!("a flake that a registry knows by this name is `flake:{word}`")),
        false => error,
    }
}

/// The value of everything that a flake has.
fn whole<'h>(cx: &mut Eval<'h>, word: &str) -> Result<Value<'h>> {
    if word.is_empty() {
        let text = "cannot use ':load-flake' without a path specified. (Use '.' for the current working directory.)";
        return Err(usage(text));
    }
    let reference = whole_flake(cx, word.as_bytes(), Wanted { may_be_missing: true, ..Wanted::default() })?;
    let is_pure = cx.settings().pure;
    if is_pure && !reference.is_locked(cx.settings().flakes.trust_forges)? {
        let problem = format!("cannot use ':load-flake' on unlocked flake reference '{word}'");
        return Err(ErrorKind::Eval(format!("{problem} (use --impure to override)")).into());
    }
    let advice = lock_advice(word);
    let options = LockOptions {
        may_update: false,
        use_registries: Some(!is_pure && cx.settings().flakes.use_registries),
        allow_unlocked: !is_pure,
        advice: Some(&advice),
        ..LockOptions::default()
    };
    let locked = lock(cx, &reference, &options)?;
    locked.value(cx)
}

/// Everything that a flake has, as an expression.
pub(super) fn flake_as_text(cx: &Eval<'_>, word: &str) -> String {
    let wanted = Wanted { may_be_missing: true, ..Wanted::default() };
    let url = whole_flake(cx, word.as_bytes(), wanted).map_or_else(|_| word.to_owned(), |reference| reference.url());
    got(&url)
}

fn got(url: &str) -> String {
    format!("builtins.getFlake {}", quoted(url))
}

/// The expression for a word of the command line that names a part of a flake.
pub(super) fn installable_as_text(cx: &Eval<'_>, arguments: &Arguments, word: &str) -> String {
    let Ok(installable) = Installable::read(cx, arguments, word.as_bytes(), DefaultOutputs::All) else {
        return got(word);
    };
    let selected = |path: &String| {
        let steps = path_steps(path.as_bytes()).unwrap_or_default();
        steps.iter().fold("outputs".to_owned(), |text, step| format!("{text}.{}", attribute_name(step)))
    };
    let choice = installable.paths().iter().map(selected).rev().reduce(|rest, better| format!("{better} or ({rest})"));
    format!("let inherit ({}) outputs; in {}", got(&installable.url()), choice.unwrap_or_else(|| "outputs".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_as_flakes_do() {
        let flakes = ["github:o/r", "git+file:///tmp/x", "flake:nixpkgs", "path:./x", "tarball+https://x/y.zip"];
        let files = ["https://example.org/x.tar.gz", "channel:nixos", "./x:y", "x.nix", "git://x", "file:///x.tar"];
        assert!(flakes.iter().all(|word| begins_with_scheme(word)));
        assert!(!files.iter().any(|word| begins_with_scheme(word)));
    }

    #[test]
    fn names_that_registries_could_have() {
        let is_told = |word: &str, kind: ErrorKind| {
            let error = about_name(word, kind.into());
            error.details().is_some_and(|details| details.notes.iter().any(|note| note.contains("`flake:")))
        };
        let missing = || ErrorKind::Io("path does not exist".to_owned());
        for word in ["nixpkgs", "my-flake", "A_1"] {
            assert!(is_told(word, missing()), "{word}");
            assert!(!is_told(word, ErrorKind::Eval("no".to_owned())), "{word}");
        }
        for word in ["./nixpkgs", "nixpkgs.nix", "/nixpkgs", "a/b", "-a", "1a", "", "a b", "github:a/b"] {
            assert!(!is_told(word, missing()), "{word}");
        }
    }
}
