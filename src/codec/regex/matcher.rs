//! The matcher: finds the match of a program in a text that libstdc++ finds.
//!
//! A depth-first walk over the states, with its own stack of tasks for the end of a path. Each path that ends records
//! whether it was a match (`solved`). The best match so far is kept apart, since alternations continue to look for a
//! longer one. A long walk starts to remember where it has been: whether a match follows depends only on the state,
//! the place, and the counters at that place to whose repetitions a path can return there. Where several repetitions
//! are nested like that, the states without any way to a match are found first.

use rustc_hash::FxHashMap;

use super::program::{Instruction, Program, State, StateId};
use super::task::{GroupPlaces, MemoryKey, Rounds, Task};
use super::viable::Viable;
use super::{Match, Poll};

/// After this many steps an attempt starts to remember where it has been.
const STEPS_BEFORE_MEMORY: usize = 10_000;
/// The number of counters that fit in a memory key. On cycles with more of them, only the places where none has begun
/// are remembered.
const MOST_REMEMBERED_COUNTERS: usize = 32;
/// With more counters than this on its cycles, a state can be reached in many ways at one place.
const FEW_COUNTERS: usize = 2;
/// The number of tasks after which the caller is asked whether to go on.
const TASKS_BETWEEN_POLLS: usize = 4096;
/// The number of steps of a path after which it is left for a moment, so that the caller can be asked.
const STEPS_BETWEEN_POLLS: usize = 1 << 16;
/// The number of times that the body of a repetition may match nothing at one place.
const MOST_EMPTY_ROUNDS: u8 = 2;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Whole,
    Longest,
    LongestNonempty,
}

/// A program at work on a text; it can search any number of times.
#[derive(Clone, Debug)]
pub(super) struct Matcher<'program, 'text> {
    program: &'program Program,
    text: &'text [u8],
    mode: Mode,
    begin: usize,
    groups: GroupPlaces,
    best: GroupPlaces,
    best_end: Option<usize>,
    rounds: Vec<Rounds>,
    tasks: Vec<Task>,
    solved: bool,
    steps: usize,
    /// True if the path was left so that the caller can be asked whether to go on.
    is_poll_due: bool,
    memory: Option<FxHashMap<MemoryKey, bool>>,
    /// The states from which a match is possible, for expressions that need them.
    viable: Option<Viable>,
}

impl<'program, 'text> Matcher<'program, 'text> {
    pub(super) fn new(program: &'program Program, text: &'text [u8]) -> Self {
        let groups = GroupPlaces::new(program.group_count);
        Self {
            program,
            text,
            mode: Mode::Whole,
            begin: 0,
            best: groups.clone(),
            groups,
            best_end: None,
            rounds: vec![Rounds::default(); program.counter_count],
            tasks: Vec::new(),
            solved: false,
            steps: 0,
            is_poll_due: false,
            memory: None,
            viable: None,
        }
    }

    /// The match of the whole text.
    pub(super) fn full_match<E>(&mut self, poll: Poll<'_, E>) -> Result<Option<Match>, E> {
        self.reset(Mode::Whole);
        self.attempt(0, poll)
    }

    /// The leftmost match that begins at `from` or later.
    pub(super) fn search<E>(&mut self, from: usize, poll: Poll<'_, E>) -> Result<Option<Match>, E> {
        self.reset(Mode::Longest);
        let (text, program) = (self.text, self.program);
        let can_begin = |begin: usize| match &program.first_bytes {
            Some(bytes) => text.get(begin).is_some_and(|byte| bytes.contains(*byte)),
            None => true,
        };
        for begin in (from..=text.len()).filter(|begin| can_begin(*begin)) {
            if let Some(found) = self.attempt(begin, poll)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The match that begins at `begin` and is not empty.
    pub(super) fn nonempty_match_at<E>(&mut self, begin: usize, poll: Poll<'_, E>) -> Result<Option<Match>, E> {
        self.reset(Mode::LongestNonempty);
        self.attempt(begin, poll)
    }

    fn reset(&mut self, mode: Mode) {
        self.mode = mode;
        self.memory = None;
        self.tasks.clear();
        self.groups.clear();
        self.rounds.fill(Rounds::default());
    }

    fn attempt<E>(&mut self, begin: usize, poll: Poll<'_, E>) -> Result<Option<Match>, E> {
        self.begin = begin;
        self.best_end = None;
        self.steps = 0;
        self.walk(self.program.start, begin);
        let mut tasks_until_poll = TASKS_BETWEEN_POLLS;
        while let Some(task) = self.tasks.pop() {
            tasks_until_poll -= 1;
            if tasks_until_poll == 0 || std::mem::take(&mut self.is_poll_due) {
                tasks_until_poll = TASKS_BETWEEN_POLLS;
                poll(self.bytes())?;
            }
            // No match can be longer.
            if self.best_end == Some(self.text.len()) {
                break;
            }
            self.perform(task);
        }
        Ok(self.best_end.map(|end| Match { range: begin..end, groups: self.best.to_groups() }))
    }

    /// The bytes of the tables, or those that they will soon have: a table that is nearly full grows to twice its size, and
    /// the old one is there meanwhile.
    fn bytes(&self) -> usize {
        let remembered = self.memory.as_ref().map_or(0, |memory| {
            let is_full = memory.len() >= memory.capacity() - memory.capacity() / 8;
            memory.capacity() * (size_of::<(MemoryKey, bool)>() + 1) * if is_full { 3 } else { 1 }
        });
        remembered + self.tasks.capacity() * size_of::<Task>() + self.viable.as_ref().map_or(0, Viable::bytes)
    }

    fn perform(&mut self, task: Task) {
        match task {
            Task::Otherwise { .. } | Task::OtherwiseEarlier { .. } if self.solved => {}
            Task::Otherwise { state, at } => self.walk(state, at),
            Task::OtherwiseEarlier { state, low, high } => {
                let at = high - 1;
                if at > low {
                    self.tasks.push(Task::OtherwiseEarlier { state, low, high: at });
                }
                self.walk(state, at);
            }
            Task::Also { state, at } => {
                self.tasks.push(Task::OrBefore(self.solved));
                self.walk(state, at);
            }
            Task::OrBefore(solved) => self.solved |= solved,
            Task::RestoreStart { group, start } => self.groups.starts[group as usize] = start,
            Task::RestoreEnd { group, end } => self.groups.ends[group as usize] = end,
            Task::RestoreRounds { counter, rounds } => self.rounds[counter as usize] = rounds,
            Task::Remember(key) => {
                let solved = self.solved;
                self.memory.get_or_insert_default().insert(key, solved);
            }
        }
    }

    /// Follows one path to its end, and adds the other paths as tasks.
    fn walk(&mut self, mut id: StateId, mut at: usize) {
        self.solved = false;
        loop {
            self.steps += 1;
            if self.steps.is_multiple_of(STEPS_BETWEEN_POLLS) {
                // The path goes on after the caller was asked.
                self.is_poll_due = true;
                self.tasks.push(Task::Otherwise { state: id, at });
                return;
            }
            let State { step, next } = self.program.state(id);
            let goes_on = match step {
                Instruction::Byte(_) | Instruction::Set(_) => {
                    at += 1;
                    self.program.takes(step, self.text.get(at - 1).copied())
                }
                Instruction::LineStart => at == 0,
                Instruction::LineEnd => at == self.text.len(),
                Instruction::GroupStart(group) => self.start_group(group, at),
                Instruction::GroupEnd(group) => self.end_group(group, at),
                Instruction::Pass => true,
                Instruction::Accept => return self.accept(at),
                Instruction::Either { .. } | Instruction::Repeat { .. } if self.recall(id, at) => return,
                Instruction::Either { first } => {
                    self.tasks.push(Task::Also { state: next, at });
                    id = first;
                    continue;
                }
                Instruction::Repeat { body, .. } if self.is_run(id, body) => {
                    at = self.run(body, next, at);
                    true
                }
                Instruction::Repeat { body, counter } => {
                    id = if self.begin_round(counter, next, at) { body } else { next };
                    continue;
                }
            };
            if !goes_on {
                return;
            }
            id = next;
        }
    }

    /// True if a repetition is of a single byte. While places are remembered, its rounds are remembered too.
    fn is_run(&self, id: StateId, body: StateId) -> bool {
        let State { step, next } = self.program.state(body);
        next == id && self.memory.is_none() && matches!(step, Instruction::Byte(_) | Instruction::Set(_))
    }

    /// Repeats a single byte as often as possible, and adds the shorter runs as a task.
    fn run(&mut self, body: StateId, next: StateId, low: usize) -> usize {
        let step = self.program.state(body).step;
        let rest = &self.text[low..];
        let length = rest.iter().take_while(|byte| self.program.takes(step, Some(**byte))).count();
        if length > 0 {
            self.tasks.push(Task::OtherwiseEarlier { state: next, low, high: low + length });
        }
        low + length
    }

    /// Returns true if a repetition may have one more round here. Then the way without it is added as a task.
    fn begin_round(&mut self, counter: Option<u32>, next: StateId, at: usize) -> bool {
        let Some(counter) = counter else {
            self.tasks.push(Task::Otherwise { state: next, at });
            return true;
        };
        let rounds = self.rounds[counter as usize];
        let count = if rounds.at == at { rounds.count } else { 0 };
        if count == MOST_EMPTY_ROUNDS {
            return false;
        }
        self.tasks.push(Task::Otherwise { state: next, at });
        self.tasks.push(Task::RestoreRounds { counter, rounds });
        self.rounds[counter as usize] = Rounds { at, count: count + 1 };
        true
    }

    fn start_group(&mut self, group: u32, at: usize) -> bool {
        let start = std::mem::replace(&mut self.groups.starts[group as usize], at);
        self.tasks.push(Task::RestoreStart { group, start });
        true
    }

    fn end_group(&mut self, group: u32, at: usize) -> bool {
        let end = std::mem::replace(&mut self.groups.ends[group as usize], at);
        self.tasks.push(Task::RestoreEnd { group, end });
        true
    }

    fn accept(&mut self, at: usize) {
        self.solved = match self.mode {
            Mode::Whole => at == self.text.len(),
            Mode::Longest => true,
            Mode::LongestNonempty => at != self.begin,
        };
        if self.solved && self.best_end.is_none_or(|end| end < at) {
            self.best_end = Some(at);
            self.best.copy_from(&self.groups);
        }
    }

    /// Returns true if it is already known whether a match follows from here, and sets `solved`. If not, the result
    /// will be recorded. The fact that a match follows is enough: the match was kept when it was found, and no longer
    /// one can follow now.
    fn recall(&mut self, id: StateId, at: usize) -> bool {
        if self.steps < STEPS_BEFORE_MEMORY && self.memory.is_none() {
            return false;
        }
        if self.memory.is_none() {
            self.begin_memory();
        }
        if self.viable.as_ref().is_some_and(|viable| !viable.has(id, at)) {
            self.solved = false;
            return true;
        }
        let Some(key) = self.memory_key(id, at) else { return false };
        if let Some(solved) = self.memory.get_or_insert_default().get(&key) {
            self.solved = *solved;
            return true;
        }
        self.tasks.push(Task::Remember(key));
        false
    }

    fn begin_memory(&mut self) {
        self.memory = Some(FxHashMap::default());
        if self.viable.is_none() && self.program.cycles.most_counters() > FEW_COUNTERS {
            self.viable = Viable::new(self.program, self.text, self.mode == Mode::Whole);
        }
    }

    fn memory_key(&self, id: StateId, at: usize) -> Option<MemoryKey> {
        let counters = self.program.cycles.counters(id);
        let count = |counter: &u32| {
            let rounds = self.rounds[*counter as usize];
            if rounds.at == at { u64::from(rounds.count) } else { 0 }
        };
        if counters.len() > MOST_REMEMBERED_COUNTERS {
            return counters.iter().all(|counter| count(counter) == 0).then_some((id, at, 0));
        }
        Some((id, at, counters.iter().fold(0, |packed, counter| packed << 2 | count(counter))))
    }
}
