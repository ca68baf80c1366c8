//! The thread that lowers files.

use super::agenda::{Agenda, Work};
use super::series::{Folder, Found, Target};
use super::{Desk, Lowered, Options};
use crate::lower::{self, Steps, lower};
use crate::path::parent;
use crate::stack::KeptStack;
use crate::syntax;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

/// The thread's stack, in bytes. Files that are nested too deeply for it are left to the evaluation.
const STACK: usize = 16 << 20;

/// Starts the thread. `None` if there can be none.
pub(super) fn start(desk: Arc<Desk>, options: Options) -> Option<()> {
    let run = move || KeptStack::default().run(STACK, |stack_floor| Worker { desk, options, stack_floor }.run());
    thread::Builder::new().name("parser".to_owned()).stack_size(STACK).spawn(run).ok().map(drop)
}

struct Worker {
    desk: Arc<Desk>,
    options: Options,
    stack_floor: usize,
}

impl Worker {
    fn run(&self) {
        loop {
            match self.desk.wait_for(Agenda::next) {
                Work::Find(found) => {
                    let series = found.series();
                    self.desk.change(|agenda| (agenda.add(series), false));
                }
                Work::Lower(target) => {
                    // The evaluation may wait for this, so it comes to an end whatever happens.
                    let lowered = catch_unwind(AssertUnwindSafe(|| self.lowered(&target))).unwrap_or_default();
                    self.desk.change(|agenda| (agenda.done(lowered), true));
                }
                Work::End => return,
            }
        }
    }

    /// The file at a path, or the file `default.nix` in the folder there. `None` if it can't be read, or is not a valid
    /// program: the evaluation finds that out by itself.
    fn lowered(&self, target: &Target) -> Option<Lowered> {
        let read = self.options.read;
        let in_folder = |path: &[u8]| [path.strip_suffix(b"/").unwrap_or(path), b"/default.nix"].concat();
        let (text, folder) = match read(&target.place) {
            Some(text) => (text, [parent(&target.path), parent(&target.place)]),
            None => (read(&in_folder(&target.place))?, [&target.path[..], &target.place[..]]),
        };
        let parsed = syntax::parse(&text);
        if !parsed.errors.is_empty() {
            return None;
        }
        let unit = lower(&parsed, &text, self.lower_options(folder[0])).ok()?;
        let encoded = if self.options.encodes { unit.encode() } else { None };
        let [path, place] = folder.map(<[u8]>::to_vec);
        let found = Found::of(&unit, || Some(Folder { path, place, within: target.within.clone() }));
        Some(Lowered { text, unit, encoded, found })
    }

    fn lower_options<'a>(&'a self, directory: &'a [u8]) -> lower::Options<'a> {
        lower::Options {
            directory,
            home: self.options.home.as_deref(),
            pipe_operators: self.options.pipe_operators,
            lints: self.options.lints,
            scope: &self.options.names,
            stack_floor: self.stack_floor,
            steps: Steps::None,
        }
    }
}
