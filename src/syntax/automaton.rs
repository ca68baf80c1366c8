//! The states of the grammar's LALR(1) automaton.
//!
//! A state is a set of places in rules where the parser can be. After `{ a` the parser may be in a binding (`attrpath
//! . name`), or in the formals of a function (`{ formals , }`). The lookahead of an item is the set of tokens that
//! may follow when its rule is complete. Bison builds the same automaton, so the messages are the same.

use std::collections::HashMap;

use super::rules::{Grammar, Symbol};
use super::terminals::COUNT;

/// A set of terminals.
pub(super) type Terminals = u64;

/// A place in the symbols of the grammar, or the number of a rule, with the terminals that may follow the rule.
pub(super) type Item = (u16, Terminals);

/// A state of the automaton.
#[derive(Default)]
pub(super) struct State {
    /// The items that a transition leads to, by place.
    pub(super) kernel: Vec<Item>,
    /// The next state for each symbol that can come next.
    pub(super) transitions: Vec<(Symbol, u16)>,
    /// The rules that are complete here, in the order of the grammar, and the tokens that may follow them.
    pub(super) complete: Vec<Item>,
}

/// Builds the states. Parsing starts in the first one.
pub(super) fn states(grammar: &Grammar) -> Vec<State> {
    Builder::new(grammar).build()
}

struct Builder<'a> {
    grammar: &'a Grammar,
    /// For each nonterminal, the terminals it can start with, and whether it can be empty.
    first: Vec<(Terminals, bool)>,
    /// For each nonterminal, the places where its rules start.
    starts: Vec<Vec<u16>>,
    states: Vec<State>,
    numbers: HashMap<Vec<u16>, u16>,
    changed: Vec<u16>,
}

impl<'a> Builder<'a> {
    fn new(grammar: &'a Grammar) -> Self {
        let first = first_sets(grammar);
        let mut starts = vec![Vec::new(); grammar.nonterminals];
        for rule in &grammar.rules {
            starts[usize::from(rule.left) - COUNT].push(rule.start as u16);
        }
        Self { grammar, first, starts, states: Vec::new(), numbers: HashMap::new(), changed: Vec::new() }
    }

    fn build(mut self) -> Vec<State> {
        self.state(vec![(0, 0)]);
        while let Some(number) = self.changed.pop() {
            let items = self.closure(&self.states[usize::from(number)].kernel);
            let transitions = self.advance(items);
            self.states[usize::from(number)].transitions =
                transitions.into_iter().map(|(symbol, kernel)| (symbol, self.state(kernel))).collect();
        }
        for number in 0..self.states.len() {
            self.states[number].complete = self.complete(&self.states[number].kernel);
        }
        self.states
    }

    fn complete(&self, kernel: &[Item]) -> Vec<Item> {
        let items = self.closure(kernel).into_iter();
        let mut complete: Vec<Item> = items
            .filter(|item| self.grammar.symbols[usize::from(item.0)].is_none())
            .map(|(place, lookahead)| {
                let rule = self.grammar.rules.partition_point(|rule| rule.start <= usize::from(place)) - 1;
                (rule as u16, lookahead)
            })
            .collect();
        complete.sort_unstable();
        complete
    }

    /// The state with this kernel; new lookaheads are added to it.
    fn state(&mut self, kernel: Vec<Item>) -> u16 {
        let places = kernel.iter().map(|item| item.0).collect();
        let fresh = self.states.len() as u16;
        let number = *self.numbers.entry(places).or_insert(fresh);
        if number == fresh {
            self.states.push(State { kernel, ..State::default() });
            self.changed.push(number);
            return number;
        }
        let mut grown = false;
        for (old, new) in self.states[usize::from(number)].kernel.iter_mut().zip(kernel) {
            grown |= new.1 & !old.1 != 0;
            old.1 |= new.1;
        }
        if grown && !self.changed.contains(&number) {
            self.changed.push(number);
        }
        number
    }

    /// The items moved over their next symbol, by symbol.
    fn advance(&self, items: Vec<Item>) -> Vec<(Symbol, Vec<Item>)> {
        let mut moved: Vec<(Symbol, Vec<Item>)> = Vec::new();
        for (place, lookahead) in items {
            let Some(symbol) = self.grammar.symbols[usize::from(place)] else { continue };
            let item = (place + 1, lookahead);
            match moved.iter_mut().find(|(known, _)| *known == symbol) {
                Some((_, kernel)) => kernel.push(item),
                None => moved.push((symbol, vec![item])),
            }
        }
        for (_, kernel) in &mut moved {
            kernel.sort_unstable();
        }
        moved
    }

    fn closure(&self, kernel: &[Item]) -> Vec<Item> {
        let mut expected: Vec<Option<Terminals>> = vec![None; self.grammar.nonterminals];
        let mut pending: Vec<Item> = kernel.to_vec();
        while let Some(item) = pending.pop() {
            let Some((nonterminal, follow)) = self.after(item) else { continue };
            let known = &mut expected[nonterminal];
            if known.is_some_and(|known| follow & !known == 0) {
                continue;
            }
            let follow = known.unwrap_or_default() | follow;
            *known = Some(follow);
            pending.extend(self.starts[nonterminal].iter().map(|place| (*place, follow)));
        }
        let mut items = kernel.to_vec();
        for (starts, follow) in self.starts.iter().zip(expected) {
            items.extend(follow.into_iter().flat_map(|follow| starts.iter().map(move |place| (*place, follow))));
        }
        items
    }

    /// The nonterminal after an item's place, and the terminals that can follow it.
    fn after(&self, (place, lookahead): Item) -> Option<(usize, Terminals)> {
        let symbol = self.grammar.symbols[usize::from(place)]?;
        let nonterminal = usize::from(symbol).checked_sub(COUNT)?;
        let rest = &self.grammar.symbols[usize::from(place) + 1..];
        let (first, empty) = first_of(&self.first, rest);
        Some((nonterminal, first | if empty { lookahead } else { 0 }))
    }
}

/// The terminals that the symbols up to the end of a rule can start with, and whether they can be empty.
fn first_of(first: &[(Terminals, bool)], symbols: &[Option<Symbol>]) -> (Terminals, bool) {
    let mut set = 0;
    for symbol in symbols.iter().map_while(|symbol| *symbol) {
        let (starts, empty) = match usize::from(symbol).checked_sub(COUNT) {
            Some(nonterminal) => first[nonterminal],
            None => (1 << symbol, false),
        };
        set |= starts;
        if !empty {
            return (set, false);
        }
    }
    (set, true)
}

fn first_sets(grammar: &Grammar) -> Vec<(Terminals, bool)> {
    let mut first = vec![(0, false); grammar.nonterminals];
    loop {
        let before = first.clone();
        for rule in &grammar.rules {
            let (set, empty) = first_of(&first, &grammar.symbols[rule.start..]);
            let known = &mut first[usize::from(rule.left) - COUNT];
            *known = (known.0 | set, known.1 || empty);
        }
        if first == before {
            return first;
        }
    }
}
