//! What engines keep between runs, and share: lowered files, the store, and who fetches. The command that tells of what is
//! kept of evaluations, and removes it.

use crate::command_line::args::{Arguments, lossy, usage};
use crate::config::files;
use crate::config::settings::Configuration;
use crate::config::store_place::StorePlace;
use crate::output::stdio;
use crate::tasks::flake::kept_values;
use crate::tasks::work::Outcome;
use nivis::cache::DiskCache;
use nivis::fetch::Fetch;
use nivis::fetch::system::SystemFetcher;
use nivis::io::Io;
use nivis::{Engine, Settings};
use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// What is kept for the next run, unless nothing shall be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    cache: Option<Rc<DiskCache>>,
    store: StorePlace,
    /// Who fetches, for all engines; nobody if that was not configured.
    fetcher: Option<Rc<SystemFetcher>>,
    saved: Cell<Option<Instant>>,
}

impl Kept {
    /// What the configuration says.
    pub(crate) fn of(configuration: &Configuration) -> Self {
        let folder = configuration.keeps_files.then(|| files::cache("ir")).flatten();
        Self {
            cache: folder.map(|folder| Rc::new(DiskCache::at(folder))),
            store: configuration.store_place.clone(),
            fetcher: Some(Rc::new(SystemFetcher::new(configuration.fetch_options().clone()))),
            saved: Cell::new(None),
        }
    }

    /// An engine that uses it, and the store.
    pub(crate) fn engine(&self, settings: Settings, io: Box<dyn Io>) -> Engine {
        let store = self.store.open(&settings);
        let mut engine = Engine::with_io(settings, io).with_store(store);
        if let Some(fetcher) = &self.fetcher {
            engine = engine.with_fetcher(Rc::clone(fetcher) as Rc<dyn Fetch>);
        }
        match &self.cache {
            Some(cache) => engine.with_cache(Rc::clone(cache) as Rc<dyn nivis::cache::Cache>),
            None => engine,
        }
    }

    /// Writes what is new. That it can't be written is no reason to say anything: the next run does the work again.
    pub(crate) fn save(&self) {
        let _ = self.cache.as_ref().map_or(Ok(()), |cache| cache.save());
    }

    /// The same the first time, and when it is a while since the last.
    pub(crate) fn save_now_and_then(&self) {
        const WHILE: Duration = Duration::from_secs(1);
        if self.saved.get().is_none_or(|time| time.elapsed() > WHILE) {
            self.save();
            self.saved.set(Some(Instant::now()));
        }
    }
}

/// Tells of the cache, or empties it.
///
/// # Errors
/// Other words than `info` and `clear`; that there is no place for a cache; those of removing and writing.
pub(crate) fn perform(arguments: &Arguments) -> Outcome {
    let words: Vec<String> = arguments.inputs.iter().map(|word| lossy(Some(word.clone()))).collect();
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
