//! Answers of servers, and failures of networks.

use super::server::{Asked, Piece, Server, answer, raw};
use super::{Outcome, Place, check};
use nivis::ErrorKind;
use nivis::fetch::Fetch;
use std::fs;

type Case = (&'static str, fn() -> Outcome);

pub(super) const CASES: &[Case] = &[
    ("a file comes as it is", plain),
    ("statuses are told as C++ Nix tells them", statuses),
    ("redirections are followed, but not everywhere", redirections),
    ("a transfer that is cut anywhere goes on", cuts),
    ("what goes on is still the same", changed_between),
    ("too short an answer is none", short),
    ("who says nothing is left", silence),
    ("servers that are busy are asked again", busy),
    ("bodies in pieces, and without a length", framing),
    ("encoded bodies", encodings),
    ("names and passwords are for their hosts alone", secrets),
    ("too much is too much", size_limit),
    ("proxies are asked, where they should be", proxies),
    ("a download can be stopped", stopping),
    ("files of this machine", local_files),
];

fn prefix(server: &Server, path: &str) -> String {
    format!("unable to download '{}': ", server.url(path))
}

fn plain() -> Outcome {
    let (server, place) = (Server::new(|_| answer("200 OK", &[], b"hello")), Place::new()?);
    let downloaded = place.file(&server.url("/a?b=c%20d"))?;
    check(fs::read(super::path(&downloaded.place))?, b"hello".to_vec())?;
    check(downloaded.hash, nivis::codec::hash::hash_bytes(nivis::codec::hash::HashAlgorithm::Sha256, b"hello"))?;
    let asked = server.asked();
    check(asked[0].target.clone(), "/a?b=c%20d".to_owned())?;
    check(asked[0].header("user-agent").is_some_and(|name| name.starts_with("Nivis/")), true)
}

fn statuses() -> Outcome {
    let server = Server::new(|asked| match &asked.target[1..] {
        "long" => answer("404 Not Found", &[], &[b'x'; 2000]),
        "page" => answer("404 Not Found", &[], &[&b"<html>"[..], &[b'x'; 2000]].concat()),
        status => answer(&format!("{status} X"), &[], b"why\n\n"),
    });
    let mut place = Place::new()?;
    place.options.attempts = 2;
    for (status, requests) in [
        ("400", 1),
        ("401", 1),
        ("403", 1),
        ("404", 1),
        ("410", 1),
        ("501", 1),
        ("408", 2),
        ("429", 2),
        ("500", 2),
        ("503", 2),
    ] {
        let path = format!("/{status}");
        let expected = format!("{}HTTP error {status}\n\nresponse body:\n\nwhy", prefix(&server, &path));
        check(place.text(&server.url(&path)), expected.clone())?;
        check(server.asked().iter().filter(|it| it.target == path).count(), requests)?;
        if requests > 1 {
            let warning = place.world.messages.borrow_mut().pop().unwrap_or_default();
            check(warning, format!("warning: {expected}; retrying in 0 ms (attempt 1/2)"))?;
        }
    }
    check(place.text(&server.url("/long")), format!("{}HTTP error 404", prefix(&server, "/long")))?;
    check(place.text(&server.url("/page")).contains("\n\nresponse body:\n\n<html>xx"), true)
}

fn redirections() -> Outcome {
    let server = Server::new(|asked| match &asked.target[1..] {
        "end" => answer("200 OK", &[], b"end"),
        "loop" => answer("302 Found", &["Location: /loop"], b""),
        "file" => answer("302 Found", &["Location: file:///etc/passwd"], b""),
        "nowhere" => answer("302 Found", &[], b"why"),
        "relative/" => answer("302 Found", &["Location: ../end"], b"ignored"),
        "more" => answer("301 Moved", &["Location: /307"], b""),
        status if status.parse::<u16>().is_ok() => answer(&format!("{status} X"), &["Location: /end"], b""),
        chain => match chain.strip_prefix("chain").and_then(|left| left.parse::<u32>().ok()) {
            Some(0) => answer("200 OK", &[], b"end"),
            Some(left) => answer("302 Found", &[&format!("Location: /chain{}", left - 1)], b""),
            None => answer("404 Not Found", &[], b""),
        },
    });
    let mut place = Place::new()?;
    place.options.attempts = 1;
    for path in ["/301", "/302", "/303", "/307", "/308", "/relative/", "/more", "/chain10"] {
        check(place.text(&server.url(path)), "end".to_owned())?;
    }
    let table = [
        ("/loop", "HTTP error 302 (curl error: Number of redirects hit maximum amount)"),
        ("/chain11", "HTTP error 302 (curl error: Number of redirects hit maximum amount)"),
        ("/file", "HTTP error 302 (curl error: Unsupported protocol)"),
        ("/nowhere", "HTTP error 302\n\nresponse body:\n\nwhy"),
    ];
    for (path, message) in table {
        check(place.text(&server.url(path)), format!("{}{message}", prefix(&server, path)))?;
    }
    check(server.asked().iter().filter(|it| it.target == "/loop").count(), 11)
}

const LENGTH: usize = 1000;

fn contents() -> Vec<u8> {
    (0..LENGTH).map(|index| b'a' + (index % 23) as u8).collect()
}

/// A server of one file that cuts the first answer off after some bytes.
fn cutting(end: usize, ranges: bool, changes: bool) -> Server {
    Server::new(move |asked| {
        let mut whole = contents();
        if changes && asked.before > 0 {
            whole.reverse();
        }
        let etag = format!("ETag: \"{}\"", if changes { asked.before } else { 0 });
        let is_same = asked.header("if-range").is_none_or(|tag| etag.ends_with(tag));
        let start =
            asked.header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
        let start: usize = start.filter(|_| ranges && is_same).unwrap_or(0);
        let stop = if asked.before == 0 { end } else { LENGTH };
        let ranged = if ranges { "Accept-Ranges: bytes" } else { "X: y" };
        let length = format!("Content-Length: {}", LENGTH - start);
        let range = format!("Content-Range: bytes {start}-{}/{LENGTH}", LENGTH - 1);
        let status = if start > 0 { "206 Partial Content" } else { "200 OK" };
        raw(status, &[&etag, ranged, &length, &range], &whole[start..stop])
    })
}

fn cuts() -> Outcome {
    for ranges in [false, true] {
        for tenth in 0..10 {
            let (server, place) = (cutting(tenth * LENGTH / 10, ranges, false), Place::new()?);
            let url = server.url("/x");
            check(place.text(&url), String::from_utf8_lossy(&contents()).into_owned())?;
            let offset =
                if ranges && tenth > 0 { format!("from offset {} ", tenth * LENGTH / 10) } else { String::new() };
            let problem = "HTTP error 200 (curl error: Transferred a partial file)";
            let warning =
                format!("warning: {}{problem}; retrying {offset}in 0 ms (attempt 1/5)", prefix(&server, "/x"));
            check(place.world.messages.borrow().clone(), vec![warning])?;
            let range = server.asked()[1].header("range").map(str::to_owned);
            check(range, (!offset.is_empty()).then(|| format!("bytes={}-", tenth * LENGTH / 10)))?;
        }
    }
    Ok(())
}

fn changed_between() -> Outcome {
    let (server, place) = (cutting(300, true, true), Place::new()?);
    let reversed: Vec<u8> = contents().into_iter().rev().collect();
    check(place.text(&server.url("/x")), String::from_utf8_lossy(&reversed).into_owned())
}

fn short() -> Outcome {
    let server = Server::new(|asked| match &asked.target[1..] {
        "short" => raw("200 OK", &["Content-Length: 9"], b"abc"),
        "chunk" => raw("200 OK", &["Transfer-Encoding: chunked"], b"5\r\nabc"),
        "bad-chunk" => raw("200 OK", &["Transfer-Encoding: chunked"], b"zz\r\nabc"),
        "nothing" => vec![],
        _ => vec![Piece::Bytes(b"hello\r\n\r\n".to_vec())],
    });
    let mut place = Place::new()?;
    place.options.attempts = 1;
    let table = [
        ("/short", "HTTP error 200 (curl error: Transferred a partial file)"),
        ("/chunk", "HTTP error 200 (curl error: Transferred a partial file)"),
        ("/bad-chunk", "HTTP error 200 (curl error: Failure when receiving data from the peer)"),
        ("/nothing", "Server returned nothing (no headers, no data) (52) Empty reply from server"),
    ];
    for (path, message) in table {
        check(place.text(&server.url(path)), format!("{}{message}", prefix(&server, path)))?;
    }
    let garbage = format!("{}Unsupported protocol (1) Received HTTP/0.9 when not allowed", prefix(&server, "/garbage"));
    check(place.text(&server.url("/garbage")), garbage)
}

fn silence() -> Outcome {
    let server = Server::new(|asked| match &asked.target[1..] {
        "begun" => [raw("200 OK", &["Content-Length: 9"], b"abc"), vec![Piece::Pause(60_000)]].concat(),
        "slow" => {
            let bytes = |_| [Piece::Pause(300), Piece::Bytes(b"a".to_vec())];
            [raw("200 OK", &["Content-Length: 5"], b""), (0..5).flat_map(bytes).collect()].concat()
        }
        _ => vec![Piece::Pause(60_000)],
    });
    let mut place = Place::new()?;
    place.options.attempts = 1;
    place.options.stalled_timeout = 1;
    check(place.text(&server.url("/slow")), "aaaaa".to_owned())?;
    let too_slow = "Timeout was reached (28) Operation too slow. Less than 1 bytes/sec transferred the last 1 seconds";
    check(place.text(&server.url("/never")), format!("{}{too_slow}", prefix(&server, "/never")))?;
    let broken = "HTTP error 200 (curl error: Timeout was reached)";
    check(place.text(&server.url("/begun")), format!("{}{broken}", prefix(&server, "/begun")))?;
    check(place.world.progress.borrow().iter().any(|(done, _)| *done > 0), true)?;
    check(place.world.progress.borrow().last().map(|(_, is_finished)| *is_finished), Some(true))
}

fn busy() -> Outcome {
    let server = Server::new(|asked| match (asked.before, &asked.target[1..]) {
        (0, status) => answer(&format!("{status} X"), &["Retry-After: 0"], b""),
        (1, _) => vec![],
        _ => answer("200 OK", &[], b"at last"),
    });
    let place = Place::new()?;
    check(place.text(&server.url("/503")), "at last".to_owned())?;
    check(place.text(&server.url("/429")), "at last".to_owned())?;
    check(place.world.messages.borrow().len(), 4)
}

fn framing() -> Outcome {
    let server = Server::new(|asked| match &asked.target[1..] {
        "chunks" => raw("200 OK", &["Transfer-Encoding: chunked"], b"3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nX: y\r\n\r\n"),
        "until-end" => raw("200 OK", &["X: y"], b"hello"),
        "empty" => answer("204 No Content", &[], b""),
        _ => answer("200 OK", &[], b""),
    });
    let place = Place::new()?;
    for (path, expected) in [("/chunks", "hello"), ("/until-end", "hello"), ("/empty", ""), ("/nothing", "")] {
        check(place.text(&server.url(path)), expected.to_owned())?;
    }
    Ok(())
}

const GZIP: &[u8] = &[31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 203, 72, 205, 201, 201, 7, 0, 134, 166, 16, 54, 5, 0, 0, 0];
const ZLIB: &[u8] = &[120, 156, 203, 72, 205, 201, 201, 7, 0, 6, 44, 2, 21];

fn encodings() -> Outcome {
    let server = Server::new(|asked| match &asked.target[1..] {
        "gzip" => answer("200 OK", &["Content-Encoding: gzip"], GZIP),
        "x-gzip" => answer("200 OK", &["Content-Encoding: X-Gzip"], GZIP),
        "zlib" => answer("200 OK", &["Content-Encoding: deflate"], ZLIB),
        "deflate" => answer("200 OK", &["Content-Encoding: deflate"], &ZLIB[2..ZLIB.len() - 4]),
        "cut" if asked.before == 0 => {
            let length = format!("Content-Length: {}", GZIP.len());
            raw("200 OK", &["Content-Encoding: gzip", "Accept-Ranges: bytes", &length], &GZIP[..15])
        }
        "cut" => answer("200 OK", &["Content-Encoding: gzip"], GZIP),
        "bad" => answer("200 OK", &["Content-Encoding: gzip"], b"no gzip at all"),
        _ => answer("200 OK", &["Content-Encoding: rot13"], b"uryyb"),
    });
    let place = Place::new()?;
    for path in ["/gzip", "/x-gzip", "/zlib", "/deflate", "/cut"] {
        check(place.text(&server.url(path)), "hello".to_owned())?;
    }
    check(server.asked().iter().all(|asked| asked.header("range").is_none()), true)?;
    for path in ["/bad", "/rot13"] {
        let message = "HTTP error 200 (curl error: Unrecognized or bad HTTP Content or Transfer-Encoding)";
        check(place.text(&server.url(path)), format!("{}{message}", prefix(&server, path)))?;
    }
    Ok(())
}

fn secrets() -> Outcome {
    let other = Server::new(|_| answer("200 OK", &[], b"other"));
    let port = other.port;
    let server = Server::new(move |asked| match &asked.target[1..] {
        "away" => answer("302 Found", &[&format!("Location: http://localhost:{port}/")], b""),
        "here" => answer("302 Found", &["Location: /end"], b""),
        _ => answer("200 OK", &[], b"end"),
    });
    let mut place = Place::new()?;
    let netrc = place.folder.path().join("netrc");
    fs::write(&netrc, "machine 127.0.0.1 login u password p")?;
    place.options.netrc_file = Some(netrc.clone());
    let of =
        |asked: Vec<Asked>| asked.iter().map(|it| it.header("authorization").map(str::to_owned)).collect::<Vec<_>>();
    let basic = Some("Basic dTpw".to_owned());
    check(place.text(&server.url("/here")), "end".to_owned())?;
    check(place.text(&server.url("/away")), "other".to_owned())?;
    check(of(server.asked()), vec![basic.clone(), basic.clone(), basic])?;
    check(of(other.asked()), vec![None])?;
    fs::write(&netrc, "default login d password e")?;
    check(place.text(&format!("http://u:p@127.0.0.1:{}/away", server.port)), "other".to_owned())?;
    check(of(other.asked())[1].clone(), Some("Basic ZDpl".to_owned()))
}

fn size_limit() -> Outcome {
    let server = Server::new(|_| answer("200 OK", &[], &[b'x'; 1001]));
    let mut place = Place::new()?;
    place.options.size_limit = 1000;
    let message = "HTTP error 200 (curl error: Maximum file size exceeded)";
    check(place.text(&server.url("/x")), format!("{}{message}", prefix(&server, "/x")))?;
    check(server.asked().len(), 1)
}

fn proxies() -> Outcome {
    let server = Server::new(|_| answer("200 OK", &[], b"direct"));
    let proxy = Server::new(|_| answer("200 OK", &[], b"by proxy"));
    let mut place = Place::new()?;
    place.options.attempts = 1;
    let memory = std::mem::take(&mut place.world.memory);
    let address = format!("127.0.0.1:{}", proxy.port);
    place.world.memory = memory.with_variable("http_proxy", &address).with_variable("no_proxy", "127.0.0.1");
    check(place.text(&server.url("/x")), "direct".to_owned())?;
    check(place.text("http://host.invalid/y"), "by proxy".to_owned())?;
    check(proxy.asked()[0].target.clone(), "http://host.invalid/y".to_owned())?;
    check(proxy.asked()[0].header("host").map(str::to_owned), Some("host.invalid".to_owned()))
}

fn stopping() -> Outcome {
    let server = Server::new(|_| [raw("200 OK", &["Content-Length: 9"], b"abc"), vec![Piece::Pause(600_000)]].concat());
    let place = Place::new()?;
    let asked = || !server.asked().is_empty();
    let result = place.with_stop(&asked, |context| place.fetcher().file(context, &server.url("/x"), b"x"));
    check(result.err().map(|error| error.kind().clone()), Some(ErrorKind::Interrupted))?;
    let left = fs::read_dir(place.folder.path().join("root/nix/var/nivis/staging"))?.count();
    check(left, 0)
}

fn local_files() -> Outcome {
    let place = Place::new()?;
    let file = place.folder.path().join("a b");
    fs::write(&file, "local")?;
    let base = format!("file://{}", place.folder.path().display());
    check(place.text(&format!("{base}/a%20b")), "local".to_owned())?;
    let missing = format!("Could not read a file:// file (37) Could not open file {}/c", place.folder.path().display());
    check(place.text(&format!("{base}/c")), format!("unable to download '{base}/c': {missing}"))
}
