//! The states from which a match is possible at each place, whatever the counters say.
//!
//! The counters of repetitions only forbid ways. So where no way leads to a match without them, none does with them.

use super::program::{Instruction, OPEN, Program, StateId, empty_successors};

/// The number of pairs of a state and a place beyond which the table is not worth its time and memory.
const MOST_PAIRS: usize = 1 << 24;

/// A bit for each place and state.
#[derive(Clone, Debug)]
pub(super) struct Viable {
    bits: Vec<u64>,
    state_count: usize,
}

impl Viable {
    /// The table for a text; `None` if it would be too large. `whole` means that a match must reach the end.
    pub(super) fn new(program: &Program, text: &[u8], whole: bool) -> Option<Self> {
        let state_count = program.states.len();
        let pairs = state_count.checked_mul(text.len() + 1).filter(|pairs| *pairs <= MOST_PAIRS)?;
        let mut table = Self { bits: vec![0; pairs.div_ceil(64)], state_count };
        let before = states_before(program);
        let mut open: Vec<StateId> = Vec::new();
        for at in (0..=text.len()).rev() {
            let begins = |id: &StateId| {
                let state = program.state(*id);
                match state.step {
                    Instruction::Accept => !whole || at == text.len(),
                    // A piece whose copies are repeated in its place: it leads nowhere itself.
                    _ if state.next == OPEN => false,
                    step => program.takes(step, text.get(at).copied()) && table.has(state.next, at + 1),
                }
            };
            open.extend((0..state_count as StateId).filter(begins));
            while let Some(id) = open.pop() {
                if !table.has(id, at) {
                    table.add(id, at);
                    open.extend(before[id as usize].iter().filter(|id| passes(program, **id, at, text.len())));
                }
            }
        }
        Some(table)
    }

    /// The size of the table.
    pub(super) fn bytes(&self) -> usize {
        self.bits.len() * 8
    }

    /// True if a match is possible from a state at a place.
    pub(super) fn has(&self, id: StateId, at: usize) -> bool {
        let index = at * self.state_count + id as usize;
        self.bits[index / 64] >> (index % 64) & 1 == 1
    }

    fn add(&mut self, id: StateId, at: usize) {
        let index = at * self.state_count + id as usize;
        self.bits[index / 64] |= 1 << (index % 64);
    }
}

/// For each state those that lead to it without consuming anything.
fn states_before(program: &Program) -> Vec<Vec<StateId>> {
    let mut before = vec![Vec::new(); program.states.len()];
    for (id, state) in (0..).zip(&program.states) {
        empty_successors(*state).for_each(|next| before[next as usize].push(id));
    }
    before
}

fn passes(program: &Program, id: StateId, at: usize, end: usize) -> bool {
    match program.state(id).step {
        Instruction::LineStart => at == 0,
        Instruction::LineEnd => at == end,
        _ => true,
    }
}
