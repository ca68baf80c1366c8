//! The cycles of a program that consume no text: the repetitions in which a path can come back to the same state at
//! the same place.
//!
//! How often a repetition has begun at a place matters only where the path can return to it without consuming
//! anything. These are the states of its strongly connected component in the graph without the consuming states.

use super::program::{Instruction, State, StateId, empty_successors};

/// The counters on the empty cycles of a program.
#[derive(Clone, Debug, Default)]
pub(super) struct EmptyCycles {
    /// For each state the index of its cycles; the first is for states on none.
    of_state: Vec<u32>,
    counters: Vec<Vec<u32>>,
}

impl EmptyCycles {
    pub(super) fn of(states: &[State]) -> Self {
        let mut search = Search::new(states);
        for root in 0..states.len() as StateId {
            search.visit(root);
        }
        search.cycles
    }

    /// The counters of the repetitions to which a path can return from a state without consuming anything.
    pub(super) fn counters(&self, id: StateId) -> &[u32] {
        &self.counters[self.of_state[id as usize] as usize]
    }

    /// The largest number of counters on one state's cycles.
    pub(super) fn most_counters(&self) -> usize {
        self.counters.iter().map(Vec::len).max().unwrap_or(0)
    }
}

/// Tarjan's algorithm, with a stack of its own.
struct Search<'states> {
    states: &'states [State],
    cycles: EmptyCycles,
    /// The order in which states were found, from 1; 0 for a state not found yet.
    found: Vec<u32>,
    /// The earliest found state that is reachable; `DONE` once the component is known.
    lowest: Vec<u32>,
    count: u32,
    component: Vec<StateId>,
    /// The states of the current path, each with the number of its successors already followed.
    path: Vec<(StateId, usize)>,
}

/// The component of the state is complete.
const DONE: u32 = u32::MAX;

impl<'states> Search<'states> {
    fn new(states: &'states [State]) -> Self {
        let cycles = EmptyCycles { of_state: vec![0; states.len()], counters: vec![Vec::new()] };
        let (found, lowest) = (vec![0; states.len()], vec![0; states.len()]);
        Self { states, cycles, found, lowest, count: 0, component: Vec::new(), path: Vec::new() }
    }

    fn visit(&mut self, root: StateId) {
        self.begin(root);
        while let Some((id, followed)) = self.path.pop() {
            let state = self.states[id as usize];
            if let Some(next) = empty_successors(state).nth(followed) {
                self.path.push((id, followed + 1));
                self.begin(next);
                continue;
            }
            // All successors are complete, or on the path.
            let below =
                empty_successors(state).map(|next| self.lowest[next as usize]).filter(|lowest| *lowest != DONE).min();
            let lowest = self.lowest[id as usize].min(below.unwrap_or(DONE));
            self.lowest[id as usize] = lowest;
            if lowest == self.found[id as usize] {
                self.end_component(id);
            }
        }
    }

    fn begin(&mut self, id: StateId) {
        let Some(0) = self.found.get(id as usize) else { return };
        self.count += 1;
        self.found[id as usize] = self.count;
        self.lowest[id as usize] = self.count;
        self.component.push(id);
        self.path.push((id, 0));
    }

    fn end_component(&mut self, first: StateId) {
        let start = self.component.iter().rposition(|id| *id == first).unwrap_or(0);
        let members = self.component.split_off(start);
        let counter = |id: &StateId| match self.states[*id as usize].step {
            Instruction::Repeat { counter, .. } => counter,
            _ => None,
        };
        let counters: Vec<u32> = members.iter().filter_map(counter).collect();
        let is_cycle = members.len() > 1 && !counters.is_empty();
        for id in members {
            self.lowest[id as usize] = DONE;
            if is_cycle {
                self.cycles.of_state[id as usize] = self.cycles.counters.len() as u32;
            }
        }
        if is_cycle {
            self.cycles.counters.push(counters);
        }
    }
}
