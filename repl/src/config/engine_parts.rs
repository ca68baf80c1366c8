//! The parts that the program's engines share and keep between runs: lowered files, the store and the fetcher.

use crate::config::files;
use crate::config::settings::Configuration;
use crate::config::store_place::StorePlace;
use crate::output::builds::BuildDisplay;
use nivis::cache::DiskCache;
use nivis::fetch::Fetch;
use nivis::fetch::system::SystemFetcher;
use nivis::io::{Console, Io};
use nivis::store::backend::Store;
use nivis::{Engine, Settings};
use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// The cache of lowered files, the store and the fetcher.
#[derive(Clone, Debug, Default)]
pub(crate) struct EngineParts {
    cache: Option<Rc<DiskCache>>,
    store: StorePlace,
    builds: BuildDisplay,
    /// The fetcher of all engines; `None` if none is configured.
    fetcher: Option<Rc<SystemFetcher>>,
    saved: Cell<Option<Instant>>,
}

impl EngineParts {
    /// The parts that the configuration asks for.
    pub(crate) fn of(configuration: &Configuration) -> Self {
        let folder = configuration.keeps_files.then(|| files::cache("ir")).flatten();
        Self {
            cache: folder.map(|folder| Rc::new(DiskCache::at(folder))),
            store: configuration.store_place.clone(),
            builds: BuildDisplay::new(configuration.client_options(), configuration.verbosity, configuration.logs),
            fetcher: Some(Rc::new(SystemFetcher::new(configuration.fetch_options().clone()))),
            saved: Cell::new(None),
        }
    }

    /// The store that the configuration asks for.
    pub(crate) fn open_store(&self, settings: &Settings) -> Rc<dyn Store> {
        self.store.open(settings, &self.builds)
    }

    /// The store at an address, as the target of copies; `None` if nothing can be added to it here.
    pub(crate) fn open_target(&self, url: &str, settings: &Settings) -> Option<Rc<dyn Store>> {
        StorePlace::of_url(url).open_as_target(settings, &self.builds)
    }

    /// An engine that uses these parts.
    pub(crate) fn engine(&self, settings: Settings, io: Box<dyn Io>, console: Rc<dyn Console>) -> Engine {
        let store = self.open_store(&settings);
        self.engine_with(store, settings, io, console)
    }

    /// An engine that uses these parts, but this store.
    pub(crate) fn engine_with(
        &self,
        store: Rc<dyn Store>,
        settings: Settings,
        io: Box<dyn Io>,
        console: Rc<dyn Console>,
    ) -> Engine {
        let mut engine = Engine::with_io(settings, io).with_console(console).with_store(store);
        if let Some(fetcher) = &self.fetcher {
            engine = engine.with_fetcher(Rc::clone(fetcher) as Rc<dyn Fetch>);
        }
        match &self.cache {
            Some(cache) => engine.with_cache(Rc::clone(cache) as Rc<dyn nivis::cache::Cache>),
            None => engine,
        }
    }

    /// Writes what is new. Failures are ignored: the next run does the work again.
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
