//! The numbered symbols and rules of the grammar, read from its text.
//!
//! Example: `application ::= «APPLY application selection »` becomes a rule of two symbols with one group over both.

use rnix::SyntaxKind;

use super::grammar::{Associativity, GATHERED, PRECEDENCE, RULES};
use super::terminals::{COUNT, TERMINALS};

/// A terminal (below [`COUNT`]) or a nonterminal (from [`COUNT`] on).
pub(super) type Symbol = u8;

/// The tree element for a group of the grammar text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A node of this kind.
    Node(SyntaxKind),
    /// `NODE_IDENT`, with its token made an identifier even if it is `or`.
    Identifier,
    /// `NODE_CUR_POS` for `__curPos`, else `NODE_IDENT`.
    Variable,
    /// The node kind for the kind of the first token.
    Path,
}

/// Adjacent symbols of a rule that become one node.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) shape: Shape,
    pub(super) first: usize,
    pub(super) last: usize,
}

/// One rule of the grammar.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) left: Symbol,
    /// The start of its symbols in [`Grammar::symbols`].
    pub(super) start: usize,
    pub(super) length: usize,
    /// Inner groups before outer ones, later ones before earlier ones.
    pub(super) groups: Vec<Group>,
    /// Its precedence; 0 for none.
    pub(super) level: u8,
}

/// The rules and the precedences of the grammar.
pub(super) struct Grammar {
    pub(super) rules: Vec<Rule>,
    /// The right sides of all rules, each followed by `None`.
    pub(super) symbols: Vec<Option<Symbol>>,
    /// The number of nonterminals.
    pub(super) nonterminals: usize,
    /// The precedence of each terminal; 0 for none.
    pub(super) levels: [u8; COUNT],
    /// For each nonterminal that gathers parts of a node, the kind of that node.
    pub(super) gathered: Vec<Option<SyntaxKind>>,
}

impl Grammar {
    /// Reads the grammar text. Rule 0 is added: the start symbol, followed by the end of the text.
    pub(super) fn new() -> Self {
        let mut names: Vec<&str> = TERMINALS[..COUNT].iter().map(|terminal| terminal.0).collect();
        let lines = || RULES.lines().filter_map(|line| line.split_once(" ::="));
        names.push("accept");
        for (left, _) in lines() {
            if !names.contains(&left) {
                names.push(left);
            }
        }
        let kind = |name: &&str| GATHERED.iter().find(|(gathered, _)| gathered == name).map(|(_, kind)| *kind);
        let mut grammar = Self {
            rules: Vec::new(),
            symbols: Vec::new(),
            nonterminals: names.len() - COUNT,
            levels: levels(),
            gathered: names[COUNT..].iter().map(kind).collect(),
        };
        grammar.add(&names, "accept", "start end");
        for (left, right) in lines() {
            grammar.add(&names, left, right);
        }
        grammar
    }

    fn add(&mut self, names: &[&str], left: &str, right: &str) {
        let number = |name: &str| names.iter().position(|known| *known == name).unwrap_or_default();
        let start = self.symbols.len();
        let (mut open, mut groups, mut level) = (Vec::new(), Vec::new(), 0);
        for word in right.split_whitespace() {
            let position = self.symbols.len() - start;
            if let Some(name) = word.strip_prefix('«') {
                open.push((shape(name), position));
            } else if word == "»" {
                let group = open.pop().map(|(shape, first)| Group { shape, first, last: position - 1 });
                groups.extend(group);
            } else if let Some(name) = word.strip_prefix('%') {
                level = self.levels[number(name)];
            } else {
                let symbol = number(word);
                level = self.levels.get(symbol).copied().unwrap_or(level);
                self.symbols.push(Some(symbol as Symbol));
            }
        }
        groups.sort_by_key(|group| (std::cmp::Reverse(group.first), group.last));
        let length = self.symbols.len() - start;
        self.symbols.push(None);
        self.rules.push(Rule { left: number(left) as Symbol, start, length, groups, level });
    }
}

fn shape(name: &str) -> Shape {
    match name {
        "IDENT" => Shape::Identifier,
        "VARIABLE" => Shape::Variable,
        "PATH" => Shape::Path,
        _ => Shape::Node(format!("NODE_{name}").parse().unwrap_or(SyntaxKind::NODE_ERROR)),
    }
}

fn levels() -> [u8; COUNT] {
    let mut levels = [0; COUNT];
    for (index, (_, operators)) in PRECEDENCE.iter().enumerate() {
        for operator in operators.split(' ') {
            if let Some(terminal) = TERMINALS[..COUNT].iter().position(|terminal| terminal.0 == operator) {
                levels[terminal] = index as u8 + 1;
            }
        }
    }
    levels
}

/// The grouping of the operators of a precedence level.
pub(super) fn associativity(level: u8) -> Associativity {
    PRECEDENCE[usize::from(level) - 1].0
}
