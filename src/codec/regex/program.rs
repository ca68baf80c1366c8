//! Programs: the graph of states that the matcher walks, built by the parser.
//!
//! States are added in the order and number in which libstdc++ adds them, since its limit is on their number.

use rustc_hash::FxHashMap;

use super::bracket::ByteSet;
use super::cycles::EmptyCycles;
use super::parser::ParseError;

/// The number of states beyond which libstdc++ refuses a pattern.
const MOST_STATES: usize = 100_000;

pub(super) type StateId = u32;

/// A link that is not set: yet, or in a finished program of a state that nothing leads to.
pub(super) const OPEN: StateId = StateId::MAX;

/// The action of a state before its `next` state follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Instruction {
    /// Does nothing; removed from the finished program.
    Pass,
    Byte(u8),
    Set(u32),
    LineStart,
    LineEnd,
    GroupStart(u32),
    GroupEnd(u32),
    /// Tries both `first` and `next`, and takes the longer match.
    Either {
        first: StateId,
    },
    /// Tries `body` and, only if nothing matches that way, `next`. A body that can match nothing has a counter.
    Repeat {
        body: StateId,
        counter: Option<u32>,
    },
    Accept,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    pub(super) step: Instruction,
    pub(super) next: StateId,
}

/// A compiled pattern.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    pub(super) states: Vec<State>,
    pub(super) sets: Vec<ByteSet>,
    pub(super) start: StateId,
    pub(super) group_count: usize,
    pub(super) counter_count: usize,
    /// The bytes that can begin a match; `None` if the match can be empty.
    pub(super) first_bytes: Option<ByteSet>,
    pub(super) cycles: EmptyCycles,
}

/// A part of the graph whose last state has an open link.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) start: StateId,
    pub(super) end: StateId,
    /// True if it can match nothing.
    pub(super) nullable: bool,
}

impl Program {
    pub(super) fn state(&self, id: StateId) -> State {
        self.states[id as usize]
    }

    /// True if a state consumes this byte.
    pub(super) fn takes(&self, step: Instruction, byte: Option<u8>) -> bool {
        match (step, byte) {
            (Instruction::Byte(wanted), Some(byte)) => wanted == byte,
            (Instruction::Set(set), Some(byte)) => self.sets[set as usize].contains(byte),
            _ => false,
        }
    }

    pub(super) fn add(&mut self, step: Instruction) -> Result<Piece, ParseError> {
        let id = self.states.len() as StateId;
        self.states.push(State { step, next: OPEN });
        if self.states.len() > MOST_STATES {
            return Err(ParseError::TooLarge);
        }
        let nullable = !matches!(step, Instruction::Byte(_) | Instruction::Set(_));
        Ok(Piece { start: id, end: id, nullable })
    }

    pub(super) fn add_set(&mut self, set: ByteSet) -> Result<Piece, ParseError> {
        let index = self.sets.len() as u32;
        self.sets.push(set);
        self.add(Instruction::Set(index))
    }

    pub(super) fn add_repeat(&mut self, body: Piece) -> Result<Piece, ParseError> {
        self.add(Instruction::Repeat { body: body.start, counter: body.nullable.then_some(0) })
    }

    pub(super) fn link(&mut self, from: Piece, to: StateId) {
        self.states[from.end as usize].next = to;
    }

    pub(super) fn join(&mut self, first: Piece, second: Piece) -> Piece {
        self.link(first, second.start);
        Piece { start: first.start, end: second.end, nullable: first.nullable && second.nullable }
    }

    /// A copy of everything between the start and the end of a piece.
    pub(super) fn copy(&mut self, piece: Piece) -> Result<Piece, ParseError> {
        let mut copies: FxHashMap<StateId, StateId> = FxHashMap::default();
        let mut open = vec![piece.start];
        while let Some(id) = open.pop() {
            if copies.contains_key(&id) {
                continue;
            }
            let state = self.state(id);
            copies.insert(id, self.add(state.step)?.start);
            open.extend(branch(state.step));
            if id != piece.end && state.next != OPEN {
                open.push(state.next);
            }
        }
        let renamed = |id: StateId| copies.get(&id).copied().unwrap_or(OPEN);
        for (&id, &copied) in &copies {
            let State { step, next } = self.state(id);
            let next = if id == piece.end { OPEN } else { renamed(next) };
            self.states[copied as usize] = State { step: with_branch(step, renamed), next };
        }
        Ok(Piece { start: renamed(piece.start), end: renamed(piece.end), nullable: piece.nullable })
    }

    /// Removes states that do nothing, numbers the counters, and computes what helps the search.
    pub(super) fn finish(&mut self, start: StateId) {
        let states = std::mem::take(&mut self.states);
        let target = |mut id: StateId| {
            while let Some(State { step: Instruction::Pass, next }) = states.get(id as usize) {
                id = *next;
            }
            id
        };
        self.start = target(start);
        let resolve = |state: &State| State { step: with_branch(state.step, target), next: target(state.next) };
        self.states = states.iter().map(resolve).collect();
        for state in &mut self.states {
            if let Instruction::Repeat { counter: Some(counter), .. } = &mut state.step {
                *counter = self.counter_count as u32;
                self.counter_count += 1;
            }
        }
        self.first_bytes = self.find_first_bytes();
        self.cycles = EmptyCycles::of(&self.states);
    }

    fn find_first_bytes(&self) -> Option<ByteSet> {
        let mut bytes = ByteSet::default();
        let mut seen = vec![false; self.states.len()];
        let mut open = vec![self.start];
        while let Some(id) = open.pop() {
            if std::mem::replace(&mut seen[id as usize], true) {
                continue;
            }
            let state = self.state(id);
            match state.step {
                Instruction::Accept => return None,
                Instruction::Byte(byte) => bytes.insert(byte),
                Instruction::Set(set) => bytes.insert_all(&self.sets[set as usize]),
                step => open.extend(branch(step).into_iter().chain([state.next])),
            }
        }
        Some(bytes)
    }
}

/// The states that follow without consuming anything.
pub(super) fn empty_successors(state: State) -> impl Iterator<Item = StateId> {
    let consumes = matches!(state.step, Instruction::Byte(_) | Instruction::Set(_) | Instruction::Accept);
    let next = (!consumes).then_some(state.next);
    branch(state.step).into_iter().chain(next).filter(|id| *id != OPEN)
}

fn branch(step: Instruction) -> Option<StateId> {
    match step {
        Instruction::Either { first } => Some(first),
        Instruction::Repeat { body, .. } => Some(body),
        _ => None,
    }
}

fn with_branch(step: Instruction, rename: impl Fn(StateId) -> StateId) -> Instruction {
    match step {
        Instruction::Either { first } => Instruction::Either { first: rename(first) },
        Instruction::Repeat { body, counter } => Instruction::Repeat { body: rename(body), counter },
        step => step,
    }
}
