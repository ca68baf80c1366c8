//! From a pattern to its program.

use super::bracket::ByteSet;
use super::program::{Instruction, Piece, Program};
use super::scanner::{Scanner, Token};

/// The reason why a pattern has no program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ParseError {
    Invalid,
    TooLarge,
}

/// A group, or the whole pattern, that is not closed yet.
struct OpenGroup {
    /// The state that marks its start.
    start: Piece,
    /// The alternatives that are complete.
    alternatives: Option<Piece>,
    /// The current alternative.
    sequence: Option<Piece>,
    index: u32,
}

struct Parser<'pattern> {
    scanner: Scanner<'pattern>,
    token: Token,
    program: Program,
    open: Vec<OpenGroup>,
    /// The number of groups so far, including the whole match.
    groups: u32,
}

/// Compiles a pattern.
pub(super) fn parse(pattern: &[u8]) -> Result<Program, ParseError> {
    let mut scanner = Scanner::new(pattern);
    let token = scanner.next_token()?;
    let mut parser = Parser { scanner, token, program: Program::default(), open: Vec::new(), groups: 0 };
    let mut current = parser.open_group()?;
    while parser.token != Token::End || !parser.open.is_empty() {
        current = parser.step(current)?;
    }
    let whole = parser.close_group(current)?;
    let accept = parser.program.add(Instruction::Accept)?;
    parser.program.link(whole, accept.start);
    parser.program.group_count = parser.groups as usize - 1;
    parser.program.finish(whole.start);
    Ok(parser.program)
}

impl Parser<'_> {
    fn advance(&mut self) -> Result<Token, ParseError> {
        let next = self.scanner.next_token()?;
        Ok(std::mem::replace(&mut self.token, next))
    }

    /// Reads one token, or an atom with its repetitions, into the innermost open group.
    fn step(&mut self, mut group: OpenGroup) -> Result<OpenGroup, ParseError> {
        match self.advance()? {
            Token::Or => self.end_alternative(&mut group)?,
            Token::GroupStart => {
                self.open.push(group);
                return self.open_group();
            }
            Token::GroupEnd => {
                let atom = self.close_group(group)?;
                group = self.open.pop().ok_or(ParseError::Invalid)?;
                self.append_atom(&mut group, atom)?;
            }
            Token::LineStart => self.append_step(&mut group, Instruction::LineStart)?,
            Token::LineEnd => self.append_step(&mut group, Instruction::LineEnd)?,
            token => {
                let atom = self.atom(token)?;
                self.append_atom(&mut group, atom)?;
            }
        }
        Ok(group)
    }

    fn atom(&mut self, token: Token) -> Result<Piece, ParseError> {
        match token {
            Token::Byte(byte) => self.program.add(Instruction::Byte(byte)),
            Token::AnyByte => self.program.add_set(ByteSet::any_byte_but_nul()),
            Token::Set(set) => self.program.add_set(*set),
            // A repetition with nothing before it, or the end within a group.
            _ => Err(ParseError::Invalid),
        }
    }

    fn open_group(&mut self) -> Result<OpenGroup, ParseError> {
        let index = self.groups;
        self.groups += 1;
        let start = self.program.add(Instruction::GroupStart(index))?;
        Ok(OpenGroup { start, alternatives: None, sequence: None, index })
    }

    fn close_group(&mut self, mut group: OpenGroup) -> Result<Piece, ParseError> {
        self.end_alternative(&mut group)?;
        let end = self.program.add(Instruction::GroupEnd(group.index))?;
        let body = group.alternatives.map_or(group.start, |body| self.program.join(group.start, body));
        Ok(self.program.join(body, end))
    }

    fn append_step(&mut self, group: &mut OpenGroup, step: Instruction) -> Result<(), ParseError> {
        let piece = self.program.add(step)?;
        self.append(group, piece);
        Ok(())
    }

    fn append_atom(&mut self, group: &mut OpenGroup, mut atom: Piece) -> Result<(), ParseError> {
        while let Some(repeated) = self.repetition(atom)? {
            atom = repeated;
        }
        self.append(group, atom);
        Ok(())
    }

    fn append(&mut self, group: &mut OpenGroup, piece: Piece) {
        group.sequence = Some(match group.sequence {
            Some(sequence) => self.program.join(sequence, piece),
            None => piece,
        });
    }

    fn end_alternative(&mut self, group: &mut OpenGroup) -> Result<(), ParseError> {
        self.append_step(group, Instruction::Pass)?;
        let Some(last) = group.sequence.take() else {
            return Ok(());
        };
        group.alternatives = Some(match group.alternatives {
            None => last,
            Some(first) => {
                let end = self.program.add(Instruction::Pass)?;
                self.program.link(first, end.start);
                self.program.link(last, end.start);
                let either = self.program.add(Instruction::Either { first: first.start })?;
                self.program.link(either, last.start);
                Piece { start: either.start, end: end.end, nullable: first.nullable || last.nullable }
            }
        });
        Ok(())
    }

    /// The atom, repeated as the next token requires; `None` if that is not a repetition.
    fn repetition(&mut self, atom: Piece) -> Result<Option<Piece>, ParseError> {
        let repeated = match self.token {
            Token::ZeroOrMore => self.zero_or_more(atom),
            Token::OneOrMore => self.zero_or_more(atom).map(|repeat| Piece { start: atom.start, ..repeat }),
            Token::ZeroOrOne => self.zero_or_one(atom),
            Token::Interval(least, most) => self.interval(atom, least, most),
            _ => return Ok(None),
        }?;
        let nullable = match self.token {
            Token::OneOrMore => atom.nullable,
            Token::Interval(least, _) => atom.nullable || least == 0,
            _ => true,
        };
        self.advance()?;
        Ok(Some(Piece { nullable, ..repeated }))
    }

    fn zero_or_more(&mut self, atom: Piece) -> Result<Piece, ParseError> {
        let repeat = self.program.add_repeat(atom)?;
        self.program.link(atom, repeat.start);
        Ok(repeat)
    }

    fn zero_or_one(&mut self, atom: Piece) -> Result<Piece, ParseError> {
        let end = self.program.add(Instruction::Pass)?;
        let repeat = self.program.add_repeat(atom)?;
        self.program.link(atom, end.start);
        self.program.link(repeat, end.start);
        Ok(Piece { start: repeat.start, ..end })
    }

    fn interval(&mut self, atom: Piece, least: i32, most: Option<i32>) -> Result<Piece, ParseError> {
        let mut all = self.program.add(Instruction::Pass)?;
        for _ in 0..least {
            let copy = self.program.copy(atom)?;
            all = self.program.join(all, copy);
        }
        let Some(most) = most else {
            let copy = self.program.copy(atom)?;
            let repeat = self.zero_or_more(copy)?;
            return Ok(self.program.join(all, repeat));
        };
        if most < least {
            return Err(ParseError::Invalid);
        }
        let end = self.program.add(Instruction::Pass)?;
        for _ in least..most {
            let copy = self.program.copy(atom)?;
            let repeat = self.program.add_repeat(copy)?;
            self.program.link(all, repeat.start);
            self.program.link(repeat, end.start);
            all = Piece { start: all.start, ..copy };
        }
        Ok(self.program.join(all, end))
    }
}
