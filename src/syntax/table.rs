//! The parser's decision for each state and token.
//!
//! As in bison's tables, a state that can complete a rule does so for every token it does not know ("default
//! reduction"). So a message may list too few tokens: `{ 1 = x; }` gives only `expecting 'inherit'`.

use rnix::SyntaxKind;
use std::sync::OnceLock;

use super::automaton::{Item, State, states};
use super::grammar::Associativity;
use super::rules::{Grammar, Rule, Symbol, associativity};
use super::terminals::COUNT;

/// The action in a state for the next token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// The default action of the state.
    Default,
    /// Take the token and go to a state.
    Shift(u16),
    /// Complete a rule.
    Reduce(u16),
    /// Never valid here: `a == b == c`.
    Error,
}

/// The decisions of one state.
pub(super) struct Row {
    pub(super) actions: [Action; COUNT],
    /// The rule to complete if the next token decides nothing.
    pub(super) default: Option<u16>,
    /// The rule that is completed for any next token.
    pub(super) settled: Option<u16>,
    /// For each nonterminal, the next state after it; 0 for none.
    pub(super) gotos: Vec<u16>,
}

/// The parser's table.
pub(super) struct Table {
    pub(super) rules: Vec<Rule>,
    pub(super) rows: Vec<Row>,
    gathered: Vec<Option<SyntaxKind>>,
}

impl Table {
    /// The kind of the node whose parts a symbol gathers.
    pub(super) fn gathered(&self, symbol: Symbol) -> Option<SyntaxKind> {
        usize::from(symbol).checked_sub(COUNT).and_then(|nonterminal| self.gathered[nonterminal])
    }
}

/// The table of the grammar of Nix, built when it is first needed.
pub(super) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let grammar = Grammar::new();
        let rows = states(&grammar).iter().map(|state| row(&grammar, state)).collect();
        Table { rules: grammar.rules, rows, gathered: grammar.gathered }
    })
}

fn row(grammar: &Grammar, state: &State) -> Row {
    let mut row =
        Row { actions: [Action::Default; COUNT], default: None, settled: None, gotos: vec![0; grammar.nonterminals] };
    for &(symbol, target) in &state.transitions {
        match usize::from(symbol).checked_sub(COUNT) {
            Some(nonterminal) => row.gotos[nonterminal] = target,
            None => row.actions[usize::from(symbol)] = Action::Shift(target),
        }
    }
    for &(rule, lookahead) in &state.complete {
        for terminal in (0..COUNT).filter(|terminal| lookahead >> terminal & 1 == 1) {
            row.actions[terminal] = decide(grammar, rule, terminal, row.actions[terminal]);
        }
    }
    row.use_default(&state.complete);
    row
}

/// Decides whether to take the token or to complete the rule first. In `a + b * c` the stronger operator wins; among
/// equals the associativity decides.
fn decide(grammar: &Grammar, rule: u16, terminal: usize, action: Action) -> Action {
    let (rule_level, level) = (grammar.rules[usize::from(rule)].level, grammar.levels[terminal]);
    match action {
        Action::Shift(_) if level > rule_level => action,
        Action::Shift(_) if level == rule_level && level > 0 => match associativity(level) {
            Associativity::Left => Action::Reduce(rule),
            Associativity::Right => action,
            Associativity::None => Action::Error,
        },
        Action::Default | Action::Shift(_) => Action::Reduce(rule),
        Action::Reduce(_) | Action::Error => action,
    }
}

impl Row {
    /// Makes the most frequent completion the default. Without one, the default is an error.
    fn use_default(&mut self, complete: &[Item]) {
        let mut most = 0;
        for &(rule, _) in complete {
            let count = self.actions.iter().filter(|action| **action == Action::Reduce(rule)).count();
            if count > most || complete.len() == 1 {
                most = count;
                self.default = Some(rule);
            }
        }
        for action in &mut self.actions {
            let is_default = match *action {
                Action::Reduce(rule) => self.default == Some(rule),
                Action::Error => self.default.is_none(),
                Action::Default | Action::Shift(_) => false,
            };
            if is_default {
                *action = Action::Default;
            }
        }
        self.settled = self.default.filter(|_| self.actions.iter().all(|action| *action == Action::Default));
    }

    /// The tokens that a message lists, unless there are too many.
    pub(super) fn expected(&self) -> Vec<usize> {
        let listed = |action: &Action| matches!(action, Action::Shift(_) | Action::Reduce(_));
        (0..COUNT).filter(|&terminal| listed(&self.actions[terminal])).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bison reports no conflicts that precedence does not decide. There must be none here either.
    #[test]
    fn no_conflicts() {
        let grammar = Grammar::new();
        for state in states(&grammar) {
            let mut seen = 0;
            for &(rule, lookahead) in &state.complete {
                assert_eq!(seen & lookahead, 0, "two rules complete");
                seen |= lookahead;
                for (symbol, _) in state.transitions.iter().filter(|(symbol, _)| usize::from(*symbol) < COUNT) {
                    let (level, rule) = (grammar.levels[usize::from(*symbol)], &grammar.rules[usize::from(rule)]);
                    let conflict = lookahead >> symbol & 1 == 1;
                    assert!(!conflict || (level > 0 && rule.level > 0), "{rule:?} or take {symbol}");
                }
            }
        }
    }
}
