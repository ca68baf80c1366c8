//! The cache of downloads, and its expiry.

use super::server::{Server, answer};
use super::{Outcome, Place, check};
use std::fs;
use std::sync::Arc;
use std::thread;

type Case = (&'static str, fn() -> Outcome);

pub(super) const CASES: &[Case] = &[
    ("what is young is not asked for", young),
    ("what is old is asked for with its tag", conditional),
    ("what is gone from the store is downloaded again", gone),
    ("what is old is better than nothing", better_than_nothing),
    ("offline all is young, and nothing is tried twice", offline),
    ("two who want the same ask once", together),
    ("where a redirection leads is known then too", along),
];

/// A server of a file with a tag that changes with a number.
fn tagged() -> Server {
    Server::new(|asked| {
        if asked.header("if-none-match") == Some("\"t\"") {
            super::server::raw("304 Not Modified", &["ETag: \"t\""], b"")
        } else {
            answer("200 OK", &["ETag: \"t\""], format!("version {}", asked.before).as_bytes())
        }
    })
}

fn young() -> Outcome {
    let (server, mut place) = (tagged(), Place::new()?);
    let url = server.url("/x");
    for now in [0, 1, 3600] {
        place.world.now.set(now);
        check(place.text(&url), "version 0".to_owned())?;
    }
    check(server.asked().len(), 1)?;
    place.options.tarball_ttl = 0;
    check(place.text(&url), "version 0".to_owned())?;
    check(server.asked().len(), 2)
}

fn conditional() -> Outcome {
    let (server, mut place) = (tagged(), Place::new()?);
    let url = server.url("/x");
    check(place.text(&url), "version 0".to_owned())?;
    place.world.now.set(3601);
    check(place.text(&url), "version 0".to_owned())?;
    check(server.asked()[1].header("if-none-match").map(str::to_owned), Some("\"t\"".to_owned()))?;
    place.world.now.set(7000);
    check(place.text(&url), "version 0".to_owned())?;
    check(server.asked().len(), 2)?;
    place.options.refresh = true;
    check(place.text(&url), "version 0".to_owned())?;
    check(server.asked().len(), 3)
}

fn gone() -> Outcome {
    let (server, place) = (tagged(), Place::new()?);
    let url = server.url("/x");
    let first = place.file(&url)?;
    fs::remove_file(super::path(&first.place))?;
    check(place.text(&url), "version 1".to_owned())?;
    check(server.asked()[1].header("if-none-match").map(str::to_owned), None)
}

fn better_than_nothing() -> Outcome {
    let server = Server::new(|asked| match asked.before {
        0 => answer("200 OK", &[], b"old"),
        _ => answer("404 Not Found", &[], b""),
    });
    let place = Place::new()?;
    let url = server.url("/x");
    check(place.text(&url), "old".to_owned())?;
    place.world.now.set(4000);
    check(place.text(&url), "old".to_owned())?;
    let warning = format!("warning: unable to download '{url}': HTTP error 404; using cached version");
    check(place.world.messages.borrow().clone(), vec![warning])
}

fn offline() -> Outcome {
    let (server, mut place) = (tagged(), Place::new()?);
    check(place.text(&server.url("/x")), "version 0".to_owned())?;
    place.options.offline = true;
    place.world.now.set(1 << 40);
    check(place.text(&server.url("/x")), "version 0".to_owned())?;
    check(server.asked().len(), 1)?;
    let nowhere = "unable to download 'http://127.0.0.1:1/y': Could not connect to server (7)";
    check(place.text("http://127.0.0.1:1/y").starts_with(nowhere), true)?;
    check(place.world.messages.borrow().len(), 0)
}

fn together() -> Outcome {
    let server = Server::new(|_| [vec![super::server::Piece::Pause(300)], answer("200 OK", &[], b"x")].concat());
    let place = Place::new()?;
    let (url, options) = (server.url("/x"), place.options.clone());
    let folder = Arc::new(place.folder);
    let ask = || {
        let (url, options, folder) = (url.clone(), options.clone(), Arc::clone(&folder));
        move || {
            use nivis::fetch::{Fetch, FetchContext};
            let world = super::World::default();
            let store = nivis::store::folder::FolderStore::at(folder.path().join("root"), "/nix/store");
            let context =
                FetchContext { io: &world, console: &world, store: &store, store_dir: "/nix/store", stop: &|| false };
            let fetcher = nivis::fetch::system::SystemFetcher::new(options);
            fetcher.file(&context, &url, b"x").map(|it| it.place).map_err(|error| error.to_string())
        }
    };
    let threads: Vec<_> = (0..4).map(|_| thread::spawn(ask())).collect();
    let places: Vec<_> = threads.into_iter().map(|it| it.join().expect("no panic")).collect();
    check(places.iter().all(|place| place.is_ok() && *place == places[0]), true)?;
    check(server.asked().len(), 1)
}

fn along() -> Outcome {
    let server = Server::new(|asked| match &asked.target[1..] {
        "end" => answer("200 OK", &[], b"end"),
        _ => answer("302 Found", &["Location: /end"], b""),
    });
    let place = Place::new()?;
    check(place.text(&server.url("/x")), "end".to_owned())?;
    check(place.text(&server.url("/end")), "end".to_owned())?;
    check(server.asked().len(), 2)
}
