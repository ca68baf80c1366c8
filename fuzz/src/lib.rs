//! What several fuzz targets need: engines with limits, and archives unpacked in memory.

use nivis::cache::Cache;
use nivis::codec::palette::{Look, Palette};
use nivis::heap::StopFlags;
use nivis::io::MemoryIo;
use nivis::{Engine, Settings, report};
use std::fs;
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

/// How long an evaluation may take before it is interrupted.
const PATIENCE: Duration = Duration::from_millis(300);

/// An engine without a world, and with little of everything else.
pub fn engine(cache: Option<Rc<dyn Cache>>) -> Engine {
    let mut settings = Settings::default();
    (settings.max_call_depth, settings.memory_limit, settings.stack_size) = (200, 64 << 20, 16 << 20);
    settings.features = ["flakes", "pipe-operators", "fetch-tree"].map(str::to_owned).to_vec();
    let io = MemoryIo::default().with_file("/a.nix", "{ a = 1; }").with_file("/lib.nix", "x: [ x ]");
    let engine = Engine::with_io(settings, Box::new(io));
    match cache {
        Some(cache) => engine.with_cache(cache),
        None => engine,
    }
}

/// Evaluates a text, or a file, and shows its value or its error in all ways.
pub fn evaluate(engine: &mut Engine, run: impl FnOnce(&mut Engine) -> nivis::Result<nivis::Root>) {
    watch(Some(engine.stop_flags()));
    let result = run(engine).and_then(|value| engine.render(&value));
    watch(None);
    if let Err(error) = result {
        report::plain(&error, engine.sources(), true, false);
        report::pretty(&error, engine.sources(), Look { palette: Some(Palette::DARK), width: Some(40) }, true);
        report::json(&error, engine.sources());
    }
}

/// Begins to watch an evaluation, or ends it.
fn watch(flags: Option<StopFlags>) {
    type Watched = Arc<Mutex<Option<(Instant, StopFlags)>>>;
    static WATCHED: OnceLock<Watched> = OnceLock::new();
    let watched = WATCHED.get_or_init(|| {
        let watched = Watched::default();
        let shared = Arc::clone(&watched);
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(PATIENCE / 10);
                if let Some((begun, flags)) = &*shared.lock().expect("nobody panics meanwhile")
                    && begun.elapsed() > PATIENCE
                {
                    flags.interrupt();
                }
            }
        });
        watched
    });
    *watched.lock().expect("nobody panics meanwhile") = flags.map(|flags| (Instant::now(), flags));
}

/// Unpacks an archive into a folder of its own. Nothing appears beside that folder.
pub fn unpack(archive: &[u8]) {
    // In memory, where the system has such a place.
    let shared = Path::new("/dev/shm");
    let place = if shared.is_dir() { tempfile::tempdir_in(shared) } else { tempfile::tempdir() };
    let place = place.expect("a folder can be made");
    let (file, into) = (place.path().join("archive"), place.path().join("into"));
    fs::write(&file, archive).expect("the archive can be written");
    fs::create_dir(&into).expect("a folder can be made");
    // What unpacks to a lot is stopped.
    let begun = Instant::now();
    let _ = nivis::fetch::archives::unpack(&file, &into, &|| begun.elapsed() > PATIENCE);
    assert_eq!(fs::read_dir(place.path()).expect("the folder is there").count(), 2, "something is beside the folder");
}
