//! `cache`: shows what is kept from earlier runs, or removes it.

use crate::command_line::args::Arguments;
use crate::command_line::words::{lossy, usage};
use crate::config::files;
use crate::output::stdio;
use crate::tasks::flake::kept_values;
use crate::tasks::outcome::Outcome;
use nivis::cache::DiskCache;

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
            kept_values::clear().map_err(|error| files::not_written(cache.folder(), &error))?;
            Ok(cache.clear().map_err(|error| files::not_written(cache.folder(), &error))?)
        }
        _ => Err(usage(format!("'cache' takes 'info' or 'clear', not '{}'", words.join(" "))).into()),
    }
}

fn info(cache: &DiskCache) -> String {
    let census = cache.census();
    format!(
        "folder: {}\nfiles: {} lowered, in {} packs\nsize: {:.1} MiB\n",
        cache.folder().display(),
        census.entries,
        census.packs,
        census.bytes as f64 / f64::from(1 << 20)
    )
}
