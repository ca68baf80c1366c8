//! `cache`: shows what is kept from earlier runs, removes it, or tells why a run does not answer.

use crate::command_line::args::Arguments;
use crate::command_line::words::{lossy, usage};
use crate::config::engine_parts::EngineParts;
use crate::config::files;
use crate::config::settings::Configuration;
use crate::output::stdio;
use crate::tasks::kept_files;
use crate::tasks::kept_runs::KeptRun;
use crate::tasks::outcome::Outcome;
use nivis::cache::DiskCache;
use nivis::record::{Aspect, Change, Question};
use std::ffi::OsString;

/// Describes the cache, or empties it.
///
/// # Errors
/// Fails on words other than `info` and `clear`, without a place for a cache, and if files can't be removed or written.
pub(crate) fn perform(arguments: &Arguments) -> Outcome {
    let words: Vec<String> = arguments.common.inputs.iter().map(|word| lossy(Some(word.clone()))).collect();
    let folder =
        files::cache("ir").ok_or_else(|| usage("there is no cache, since neither XDG_CACHE_HOME nor HOME is set"))?;
    let cache = DiskCache::at(folder);
    match &words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] | ["info"] => Ok(stdio::print(info(&cache).as_bytes())?),
        ["clear"] => {
            kept_files::clear().map_err(|error| files::not_written(cache.folder(), &error))?;
            Ok(cache.clear().map_err(|error| files::not_written(cache.folder(), &error))?)
        }
        ["why"] => Err(usage("'cache why' needs a command: nivis cache why --eval file.nix").into()),
        _ => Err(usage(format!("'cache' takes 'info', 'clear' or 'why', not '{}'", words.join(" "))).into()),
    }
}

/// The command that `cache why COMMAND` asks about, as the words of a command line.
pub(crate) fn asked_why(words: &[OsString]) -> Option<Vec<OsString>> {
    match words {
        [program, cache, why, command @ ..] if cache == "cache" && why == "why" && !command.is_empty() => {
            Some([std::slice::from_ref(program), command].concat())
        }
        _ => None,
    }
}

/// Tells whether an earlier run of a command answers, and if not, what has changed since. Returns the exit status.
pub(crate) fn why(arguments: &Arguments, configuration: &Configuration, words: &[OsString]) -> i32 {
    let store = EngineParts::of(configuration).open_store(&configuration.settings);
    let Some(kept) = KeptRun::of(arguments, configuration, &*store, words) else {
        return stdio::print_or_fail(b"runs of this command are not kept\n");
    };
    let answer = match kept.change(&*store) {
        None => "no run of this command is kept".to_owned(),
        Some(None) => "nothing has changed: an earlier run answers".to_owned(),
        Some(Some(change)) => told(&change),
    };
    match stdio::say(&format!("{answer}\n")) {
        Ok(()) => 0,
        Err(error) => stdio::failure(&error),
    }
}

/// A change in words.
fn told(change: &Change) -> String {
    match change {
        Change::Missing(entry) => format!("the store lacks {}", lossy(Some(entry.to_vec()))),
        Change::Answer(Question { aspect, subject }) => {
            let what = lossy(Some(subject.to_vec()));
            match aspect {
                Aspect::Contents => format!("{what} has changed"),
                Aspect::Names => format!("{what} has other entries"),
                Aspect::Kind => format!("{what} was created, removed, or has another type"),
                Aspect::Target => format!("the link {what} leads elsewhere"),
                Aspect::Modified => format!("{what} has another time of change"),
                Aspect::Variable => format!("the variable {what} has another value"),
                Aspect::Location => format!("the store has gained or lost {what}"),
                Aspect::State => format!("{what} has changed"),
                Aspect::Before => "a download has become too old".to_owned(),
                Aspect::Message => "a message was shown".to_owned(),
            }
        }
    }
}

fn info(cache: &DiskCache) -> String {
    let census = cache.census();
    let (runs, bytes) = kept_files::census();
    let mebibytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    format!(
        "folder: {}\nfiles: {} lowered, in {} packs\nsize: {:.1} MiB\nruns: {runs} kept, {:.1} MiB\n",
        cache.folder().display(),
        census.entries,
        census.packs,
        mebibytes(census.bytes),
        mebibytes(bytes),
    )
}
