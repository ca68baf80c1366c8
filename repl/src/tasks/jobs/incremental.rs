//! `--incremental`: the answers of the last run, each with a record of what it depends on. One whose record still holds
//! is given again.

use super::line::strings;
use super::path::Path;
use super::protocol::{Answer, Reply, Request, member, text, texts};
use super::worker_pool::WorkerId;
use crate::command_line::args::Arguments;
use crate::config::engine_parts::EngineParts;
use crate::config::settings::Configuration;
use crate::tasks::kept_files::KeptFile;
use crate::tasks::kept_runs::{identity, keeps_results};
use nivis::codec::json::parse_json;
use nivis::io::SystemIo;
use nivis::record::{Adoption, Hearing, PartRecords, SetId, Telling};
use nivis::store::backend::Store;
use nivis::store::path::StorePath;
use std::collections::{BTreeSet, HashMap};

/// The answers for paths, with what they depend on.
#[derive(Default)]
struct Answers {
    records: PartRecords,
    of: HashMap<Path, (Answer, SetId)>,
}

/// The answers of the last run, and those of this one.
pub(super) struct KeptAnswers {
    file: Option<KeptFile>,
    earlier: Answers,
    /// The questions that have other answers since the last run.
    changed: SetId,
    /// The derivations of the last run that the store no longer has.
    missing: BTreeSet<StorePath>,
    adoption: Adoption,
    now: Answers,
    /// The sets that each live worker has told.
    hearings: HashMap<usize, (u64, Hearing)>,
    /// The number of answers that were given again, and of others.
    again: usize,
    evaluated: usize,
}

impl KeptAnswers {
    /// The answers of the last run of the same command.
    pub(super) fn of(arguments: &Arguments, configuration: &Configuration) -> Self {
        let store = EngineParts::of(configuration).open_store(&configuration.settings);
        let words: Vec<_> = std::env::args_os().skip(1).collect();
        let identity = identity(arguments, configuration, &*store, &words);
        let identity = identity.filter(|_| keeps_results(arguments));
        let file = identity.and_then(|text| KeptFile::of(&[b"jobs ", &text[..]].concat()));
        let bytes = file.as_ref().and_then(KeptFile::get);
        let mut earlier = bytes.and_then(|bytes| Answers::from_bytes(&bytes)).unwrap_or_default();
        let changed = earlier.records.changed(&SystemIo, &*store);
        let missing = if configuration.settings.keep_derivations { earlier.missing(&*store) } else { BTreeSet::new() };
        Self {
            file,
            earlier,
            changed,
            missing,
            adoption: Adoption::default(),
            now: Answers::default(),
            hearings: HashMap::new(),
            again: 0,
            evaluated: 0,
        }
    }

    /// The answer of the last run to a request, if it would be the same now.
    pub(super) fn answer(&mut self, request: &Request) -> Option<Answer> {
        let Request::Look(path) = request else { return None };
        let (answer, part) = self.earlier.of.get(path)?;
        let is_there = || derivation(answer).is_none_or(|derivation| !self.missing.contains(&derivation));
        if self.earlier.records.depends_on(*part, self.changed) || !is_there() {
            return None;
        }
        let part = self.now.records.adopt(&mut self.adoption, &self.earlier.records, *part);
        self.now.of.insert(path.clone(), (answer.clone(), part));
        self.again += 1;
        Some(answer.clone())
    }

    /// Keeps a worker's answer to a request.
    pub(super) fn hear(&mut self, worker: WorkerId, request: &Request, reply: &Reply) {
        let (generation, hearing) = self.hearings.entry(worker.seat).or_default();
        if *generation != worker.generation {
            (*generation, *hearing) = (worker.generation, Hearing::default());
        }
        let part = self.now.records.hear(hearing, &reply.asked);
        let (Request::Look(path), Answer::Job(_) | Answer::Failed(..) | Answer::Names(_)) = (request, &reply.answer)
        else {
            return;
        };
        self.evaluated += 1;
        if let Some(part) = part {
            self.now.of.insert(path.clone(), (reply.answer.clone(), part));
        }
    }

    /// Keeps all answers for the next run, and returns what to say about them.
    pub(super) fn keep(&self) -> String {
        if let Some(file) = &self.file {
            file.put(&self.now.to_bytes());
        }
        let (evaluated, all) = (self.evaluated, self.evaluated + self.again);
        format!("{evaluated} of {all} paths evaluated, the others as in the last run")
    }
}

/// The derivation in an answer.
fn derivation(answer: &Answer) -> Option<StorePath> {
    let Answer::Job(line) = answer else { return None };
    let path = text(member(&parse_json(line).ok()?, "drvPath")?)?;
    Some(StorePath::from(path.as_bytes()))
}

impl Answers {
    /// The derivations that a store lacks; all of them if it can't be asked.
    fn missing(&self, store: &dyn Store) -> BTreeSet<StorePath> {
        let all: Vec<StorePath> = self.of.values().filter_map(|(answer, _)| derivation(answer)).collect();
        let missing = if all.is_empty() { Ok(Vec::new()) } else { store.missing(&all) };
        missing.unwrap_or(all).into_iter().collect()
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut telling = Telling::default();
        let mut bytes = Vec::new();
        for (path, (answer, part)) in &self.of {
            let reply = Reply { answer: answer.clone(), is_last: false, asked: Vec::new() };
            for field in [strings(path), reply.write(), self.records.tell(&mut telling, *part)] {
                bytes.extend_from_slice(&(field.len() as u64).to_le_bytes());
                bytes.extend_from_slice(&field);
            }
        }
        bytes
    }

    fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let (mut answers, mut hearing) = (Self::default(), Hearing::default());
        while !bytes.is_empty() {
            let path = texts(&parse_json(field(&mut bytes)?).ok()?)?;
            let answer = Reply::read(field(&mut bytes)?)?.answer;
            let part = answers.records.hear(&mut hearing, field(&mut bytes)?)?;
            answers.of.insert(path, (answer, part));
        }
        Some(answers)
    }
}

/// Takes a text with its length in front.
fn field<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (field, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    *bytes = rest;
    Some(field)
}
