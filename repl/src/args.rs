//! The command line: words in, [`Arguments`] out. Nothing is read, opened or evaluated here.
//!
//! The grammar is that of `nix-instantiate`, not the usual one, and so is not left to clap: `-E` takes no value but makes
//! all words expressions; `--arg` and `--option` take two values; every setting of Nix is a flag, with `--no-` in front
//! of a switch and `--extra-` in front of a list; `-vE` is `-v -E`, but `-j3` is `-j 3`. What clap would add, the help
//! text and the order of checks, comes from the table in `flags.rs`.

#[cfg(test)]
mod tests;

use crate::flags::{self, Flag};
use crate::setting_names::{Kind, kind_of};
use crate::style::ErrorFormat;
use nivis::{Error, ErrorKind, Result};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// The name the program was started under. It decides what happens without flags, and how errors look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// `nivis`
    Nivis,
    /// `nix-instantiate`
    NixInstantiate,
}

impl Program {
    /// The program that the first word names.
    pub(crate) fn of(words: &[OsString]) -> Self {
        let path = words.first().map(|word| word.as_bytes()).unwrap_or_default();
        if path.rsplit(|&byte| byte == b'/').next() == Some(b"nix-instantiate") {
            Self::NixInstantiate
        } else {
            Self::Nivis
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nivis => "nivis",
            Self::NixInstantiate => "nix-instantiate",
        }
    }
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Evaluate and print.
    Evaluate,
    /// Evaluate, and print the paths of derivations.
    Instantiate,
    /// Print the program without its sugar.
    Parse,
    /// Look up names in the search path.
    FindFile,
    /// Talk.
    Repl,
    /// Print what flags there are.
    Help,
    /// Print the version.
    Version,
}

/// How values are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// As Nix text.
    #[default]
    Plain,
    /// A string's bytes and nothing else.
    Raw,
    /// As JSON.
    Json,
    /// As XML.
    Xml,
}

/// Where the value of an argument comes from that functions are called with automatically.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Automatic {
    /// `--arg`: an expression.
    Expression(Vec<u8>),
    /// `--argstr`: a string.
    Text(Vec<u8>),
    /// `--arg-from-file`: the contents of a file.
    File(Vec<u8>),
    /// `--arg-from-stdin`: standard input.
    Stdin,
}

/// A command line, understood.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) program: Program,
    pub(crate) task: Task,
    /// Files, expressions or names: the words that are neither flags nor their values.
    pub(crate) inputs: Vec<Vec<u8>>,
    /// The inputs are expressions.
    pub(crate) expressions: bool,
    /// `-`: standard input is a file too, the first.
    pub(crate) stdin: bool,
    /// Attribute paths to print.
    pub(crate) paths: Vec<Vec<u8>>,
    pub(crate) format: Format,
    pub(crate) strict: bool,
    /// Positions in XML.
    pub(crate) location: bool,
    pub(crate) automatic: BTreeMap<String, Automatic>,
    /// Entries of the search path, before all others.
    pub(crate) includes: Vec<Vec<u8>>,
    /// Local copies of what programs fetch, as `WHAT=PATH`.
    pub(crate) sources: Vec<Vec<u8>>,
    /// Where to write the derivations that are computed.
    pub(crate) drv_dir: Option<Vec<u8>>,
    /// Names and values of settings, in order.
    pub(crate) settings: Vec<(String, String)>,
    pub(crate) error_format: Option<ErrorFormat>,
    /// Tasks asked for by flags.
    pub(crate) asked: Vec<Task>,
    /// A flag that makes sense only when something is evaluated.
    pub(crate) batch_flag: Option<&'static str>,
}

impl Arguments {
    fn new(program: Program) -> Self {
        Self {
            program,
            task: Task::Repl,
            inputs: Vec::new(),
            expressions: false,
            stdin: false,
            paths: Vec::new(),
            format: Format::Plain,
            strict: false,
            location: true,
            automatic: BTreeMap::new(),
            includes: Vec::new(),
            sources: Vec::new(),
            drv_dir: None,
            settings: Vec::new(),
            error_format: None,
            asked: Vec::new(),
            batch_flag: None,
        }
    }

    /// Understands a command line, the program's name included.
    ///
    /// # Errors
    /// A flag that is none, lacks values, or doesn't go with the others.
    pub(crate) fn parse(program: Program, words: Vec<OsString>) -> Result<Self> {
        let mut arguments = Self::new(program);
        let mut words = Words { rest: words.into_iter().skip(1).map(OsString::into_vec).rev().collect() };
        let mut only_inputs = false;
        while let Some(word) = words.next() {
            if only_inputs || !word.starts_with(b"-") {
                arguments.inputs.push(word);
            } else if word == b"--" {
                only_inputs = true;
            } else {
                let word = words.unbundle(word);
                arguments.flag(&word, &mut words)?;
            }
        }
        arguments.decide()?;
        Ok(arguments)
    }

    fn flag(&mut self, word: &[u8], words: &mut Words) -> Result<()> {
        let word = String::from_utf8_lossy(word);
        if let Some(flag) = flags::find(&word) {
            let values = words.take(&word, flag.values.len())?;
            return self.apply(flag, values);
        }
        let unknown = || usage(format!("unrecognised flag '{word}'"));
        let name = word.strip_prefix("--").ok_or_else(unknown)?;
        let (name, value) = match (kind_of(name), name.strip_prefix("no-")) {
            (Some(Kind::Switch), _) => (name, "true".to_owned()),
            (Some(Kind::Value), _) => (name, lossy(words.take(&word, 1)?.pop())),
            (None, Some(positive)) if kind_of(positive) == Some(Kind::Switch) => (positive, "false".to_owned()),
            _ => return Err(unknown()),
        };
        self.settings.push((name.to_owned(), value));
        Ok(())
    }

    fn apply(&mut self, flag: &'static Flag, values: Vec<Vec<u8>>) -> Result<()> {
        if flag.batch {
            self.batch_flag = flag.names.first().copied();
        }
        (flag.apply)(self, values)
    }

    /// Finds out what is to be done.
    fn decide(&mut self) -> Result<()> {
        let order = [Task::Help, Task::Version, Task::FindFile, Task::Parse, Task::Evaluate];
        self.task = match order.into_iter().find(|task| self.asked.contains(task)) {
            Some(task) => task,
            None if self.program == Program::NixInstantiate => Task::Instantiate,
            None => self.command()?,
        };
        if self.paths.is_empty() {
            self.paths.push(Vec::new());
        }
        Ok(())
    }

    /// `nivis`, `nivis repl FILES` and `nivis instantiate FILES`. The last is what `--drv-dir` alone asks for too.
    fn command(&mut self) -> Result<Task> {
        let said = self.inputs.first().is_some_and(|word| word == b"repl");
        let instantiate = self.inputs.first().is_some_and(|word| word == b"instantiate");
        if said || instantiate {
            self.inputs.remove(0);
        }
        if instantiate || (self.drv_dir.is_some() && !said) {
            return Ok(Task::Instantiate);
        }
        let stray = self.inputs.first().filter(|_| !said).map(|word| lossy(Some(word.clone())));
        match self.batch_flag.map(str::to_owned).or(stray) {
            None => Ok(Task::Repl),
            Some(word) => {
                Err(usage(format!("'{word}' goes with '--eval': 'nivis --eval' prints values, 'nivis repl' talks")))
            }
        }
    }
}

/// The words not looked at yet, last first.
struct Words {
    rest: Vec<Vec<u8>>,
}

impl Words {
    fn next(&mut self) -> Option<Vec<u8>> {
        self.rest.pop()
    }

    /// The next `count` words, as values of a flag.
    fn take(&mut self, flag: &str, count: usize) -> Result<Vec<Vec<u8>>> {
        let found = self.rest.len();
        if found < count {
            let message = format!("flag '{flag}' requires {count} argument(s), but only {found} were given");
            return Err(usage(message));
        }
        Ok(self.rest.drain(found - count..).rev().collect())
    }

    /// The first of the flags that a word such as `-vE` or `-j3` stands for. The others become the next words.
    fn unbundle(&mut self, word: Vec<u8>) -> Vec<u8> {
        if word.len() <= 2 || !word[1].is_ascii_alphabetic() {
            return word;
        }
        let letters = word[2..].iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (letters, value) = word[2..].split_at(letters);
        if !value.is_empty() {
            self.rest.push(value.to_vec());
        }
        self.rest.extend(letters.iter().rev().map(|&letter| vec![b'-', letter]));
        word[..2].to_vec()
    }
}

/// An error of the command line.
pub(crate) fn usage(message: impl Into<String>) -> Error {
    ErrorKind::Usage(message.into()).into()
}

/// A word as text; what is not UTF-8 in it is lost.
pub(crate) fn lossy(word: Option<Vec<u8>>) -> String {
    String::from_utf8_lossy(&word.unwrap_or_default()).into_owned()
}
