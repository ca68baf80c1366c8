//! `--incremental`: the answers of the last run, each with a record of what it depended on. One whose record still holds
//! is given again.

use super::line::strings;
use super::protocol::{Answer, Reply, Request, member, text};
use super::worker_pool::WorkerId;
use crate::command_line::args::Arguments;
use crate::config::engine_parts::EngineParts;
use crate::config::settings::Configuration;
use crate::tasks::kept_parts::KeptParts;
use nivis::codec::json::parse_json;
use nivis::record::Hearing;
use nivis::store::backend::Store;
use nivis::store::path::StorePath;
use std::collections::{BTreeSet, HashMap};

/// The answers of the last run, and those of this one.
pub(super) struct KeptAnswers {
    parts: KeptParts,
    /// The derivations of the last run that the store no longer has.
    missing: BTreeSet<StorePath>,
    /// The sets that each live worker has told.
    hearings: HashMap<usize, (u64, Hearing)>,
}

impl KeptAnswers {
    /// The answers of the last run of the same command.
    pub(super) fn of(arguments: &Arguments, configuration: &Configuration) -> Self {
        let store = EngineParts::of(configuration).open_store(&configuration.settings);
        let parts = KeptParts::of("jobs", arguments, configuration, &*store);
        let missing = if configuration.settings.keep_derivations { missing(&parts, &*store) } else { BTreeSet::new() };
        Self { parts, missing, hearings: HashMap::new() }
    }

    /// The answer of the last run to a request, if it would be the same now.
    pub(super) fn answer(&mut self, request: &Request) -> Option<Answer> {
        let Request::Look(path) = request else { return None };
        let asked = strings(path);
        let answer = Reply::read(self.parts.earlier(&asked)?)?.answer;
        if derivation(&answer).is_some_and(|derivation| self.missing.contains(&derivation)) {
            return None;
        }
        self.parts.repeat(&asked);
        Some(answer)
    }

    /// Keeps a worker's answer to a request.
    pub(super) fn hear(&mut self, worker: WorkerId, request: &Request, reply: &Reply) {
        let (generation, hearing) = self.hearings.entry(worker.seat).or_default();
        if *generation != worker.generation {
            (*generation, *hearing) = (worker.generation, Hearing::default());
        }
        let part = self.parts.hear(hearing, &reply.asked);
        if let (Request::Look(path), Answer::Job(_) | Answer::Failed(..) | Answer::Names(_)) = (request, &reply.answer)
        {
            self.parts.put(strings(path), written(&reply.answer), part);
        }
    }

    /// Keeps all answers for the next run, and returns what to say about them.
    pub(super) fn keep(&self) -> String {
        self.parts.keep("paths")
    }
}

fn written(answer: &Answer) -> Vec<u8> {
    Reply { answer: answer.clone(), is_last: false, asked: Vec::new() }.write()
}

/// The derivation in an answer.
fn derivation(answer: &Answer) -> Option<StorePath> {
    let Answer::Job(line) = answer else { return None };
    let path = text(member(&parse_json(line).ok()?, "drvPath")?)?;
    Some(StorePath::from(path.as_bytes()))
}

/// The derivations of the last run that a store lacks; all of them if it can't be asked.
fn missing(parts: &KeptParts, store: &dyn Store) -> BTreeSet<StorePath> {
    let answers = parts.all_earlier().filter_map(Reply::read);
    let all: Vec<StorePath> = answers.filter_map(|reply| derivation(&reply.answer)).collect();
    let missing = if all.is_empty() { Ok(Vec::new()) } else { store.missing(&all) };
    missing.unwrap_or(all).into_iter().collect()
}
