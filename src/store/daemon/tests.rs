//! A client against a daemon with a script: what it says, and where it breaks off.

use super::address::DaemonAddress;
use super::client::{Client, Listener};
use super::messages::Event;
use super::stream::Stream;
use super::types::{BuildMode, DerivedPath, Outputs, Version};
use super::wire::Encoder;
use crate::store::backend::NewEntry;
use crate::store::content::Method;
use std::cell::RefCell;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::rc::Rc;
use std::thread::JoinHandle;

const MAGIC: u64 = 0x6478_696f;
const LAST: u64 = 0x616c_7473;
const ERROR: u64 = 0x6378_7470;
const NEXT: u64 = 0x6f6c_6d67;

#[derive(Default)]
struct Heard(RefCell<Vec<Event>>);

impl Listener for Heard {
    fn event(&self, event: Event) {
        self.0.borrow_mut().push(event);
    }
}

fn connect(daemon: &Scripted, heard: Rc<Heard>) -> crate::error::Result<Client> {
    Client::connect(&daemon.address, Version::NEWEST, heard, Rc::new(|| false))
}

/// A daemon that says these bytes, whatever it is asked, and then reads until the client ends.
struct Scripted {
    _folder: tempfile::TempDir,
    address: DaemonAddress,
    heard: JoinHandle<Vec<u8>>,
}

impl Scripted {
    fn saying(bytes: Vec<u8>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("socket");
        let listener = UnixListener::bind(&path).expect("a socket");
        let heard = std::thread::spawn(move || {
            let (mut socket, _) = listener.accept().expect("a client");
            socket.write_all(&bytes).expect("a reader");
            socket.shutdown(std::net::Shutdown::Write).expect("an open socket");
            let mut heard = Vec::new();
            let _ = socket.read_to_end(&mut heard);
            heard
        });
        Self { _folder: folder, address: DaemonAddress::Socket(path), heard }
    }
}

/// The greeting of a daemon of this version.
fn greeting(version: Version) -> Encoder {
    let greeting = Encoder::default().number(MAGIC).number(version.encoded());
    let greeting = if version >= Version(38) { greeting.number(0) } else { greeting };
    let greeting = if version >= Version(33) { greeting.text("2.x") } else { greeting };
    let greeting = if version >= Version(35) { greeting.number(1) } else { greeting };
    greeting.number(LAST)
}

fn error_of(bytes: Vec<u8>, ask: impl FnOnce(&mut Client) -> crate::error::Result<()>) -> String {
    let daemon = Scripted::saying(bytes);
    let client = connect(&daemon, Rc::new(Heard::default()));
    client.and_then(|mut client| ask(&mut client)).map_or_else(|error| error.to_string(), |()| "no error".to_owned())
}

#[test]
fn both_sides_take_the_older_version() {
    for version in 18..=45 {
        let agreed = Version(version).min(Version::NEWEST);
        let daemon = Scripted::saying(greeting(Version(version)).number(LAST).flag(true).finish());
        let mut client = connect(&daemon, Rc::new(Heard::default())).expect("a daemon");
        assert_eq!(client.version(), agreed);
        assert_eq!(client.greeting().is_trusted, (agreed >= Version(35)).then_some(true));
        assert!(client.is_valid(b"/nix/store/x").expect("an answer"));
        drop(client);
        assert!(!daemon.heard.join().expect("a daemon").is_empty());
    }
}

#[test]
fn an_old_or_strange_daemon_is_refused() {
    let strange = Encoder::default().number(u64::from_le_bytes(*b"HTTP/1.1")).number(0).finish();
    assert_eq!(error_of(strange, |_| Ok(())), "protocol mismatch, got 'HTTP/1.1'");
    let old = error_of(greeting(Version(17)).finish(), |_| Ok(()));
    assert!(old.contains("version 1.17 is not supported"), "{old}");
}

#[test]
fn an_end_at_any_byte_is_an_error() {
    let session = greeting(Version(38)).number(NEXT).text("a line\n").number(LAST).texts([b"/nix/store/a"].iter());
    let session = session.finish();
    for end in 0..session.len() {
        let error = error_of(session[..end].to_vec(), |client| client.valid_paths(&[], false).map(|_| ()));
        assert_eq!(error, "Nix daemon disconnected unexpectedly (maybe it crashed?)", "after {end} bytes");
    }
}

#[test]
fn impossible_lengths_are_errors() {
    let long = greeting(Version(38)).number(LAST).number(1).number(u64::MAX).finish();
    let error = error_of(long, |client| client.valid_paths(&[], false).map(|_| ()));
    assert!(error.contains("18446744073709551615 bytes"), "{error}");
    let many = greeting(Version(38)).number(LAST).number(u64::MAX).finish();
    let error = error_of(many, |client| client.valid_paths(&[], false).map(|_| ()));
    assert!(error.contains("disconnected"), "{error}");
}

#[test]
fn errors_have_traces_without_escape_sequences() {
    let error =
        greeting(Version(38)).number(NEXT).text("building\n").number(ERROR).text("Error").number(0).text("Error");
    let error = error.text("\u{1b}[31mno\u{1b}[0m").number(0).number(2);
    let bytes = error.number(0).text("outer").number(0).text("inner").finish();
    let daemon = Scripted::saying(bytes);
    let heard = Rc::new(Heard::default());
    let mut client = connect(&daemon, heard.clone()).expect("a daemon");
    let error = client.ensure(b"/nix/store/x").expect_err("an error");
    assert_eq!(error.to_string(), "no");
    assert_eq!(error.trace().iter().map(|frame| frame.action.to_string()).collect::<Vec<_>>(), ["outer", "inner"]);
    assert_eq!(*heard.0.borrow(), [Event::Line(b"building\n".to_vec())]);
}

#[test]
fn a_refused_upload_ends_at_once() {
    let refusal = greeting(Version(38)).number(ERROR).text("Error").number(0).text("Error").text("disk full").number(0);
    let daemon = Scripted::saying(refusal.number(0).finish());
    let mut client = connect(&daemon, Rc::new(Heard::default())).expect("a daemon");
    let entry = NewEntry::alone(b"/nix/store/00000000000000000000000000000000-big", Method::Archive);
    let mut pieces = 0;
    let error = client.add(&entry, &mut |write| {
        for _ in 0..10_000 {
            pieces += 1;
            write(&[0; 64 << 10])?;
        }
        Ok(())
    });
    assert_eq!(error.expect_err("an error").to_string(), "disk full");
    assert!(pieces < 100, "{pieces} pieces were made");
}

#[test]
fn derived_paths_are_written_by_version() {
    let built = |outputs| DerivedPath::Built { derivation: b"/s/a.drv"[..].into(), outputs };
    let named = built(Outputs::Named(vec![b"out"[..].into(), b"dev"[..].into()]));
    assert_eq!(named.encoded(Version(30)), b"/s/a.drv!out,dev");
    assert_eq!(built(Outputs::All).encoded(Version(38)), b"/s/a.drv!*");
    assert_eq!(named.encoded(Version(29)), b"/s/a.drv");
}

#[test]
fn build_results_are_read_in_every_version() {
    for version in [34, 35, 37, 38].map(Version) {
        let result = greeting(version).number(LAST).number(1).text("/s/a.drv!out").number(0).text("");
        let result = result.number(1).flag(false).number(10).number(12);
        let result = if version >= Version(37) { result.number(1).number(5).number(0) } else { result };
        let result = result.number(1).text("sha256:00!out").text("{\"outPath\":\"x-a\"}");
        let daemon = Scripted::saying(result.finish());
        let mut client = connect(&daemon, Rc::new(Heard::default())).expect("a daemon");
        let results = client.build(&[], BuildMode::Normal).expect("results");
        assert!(results[0].status.is_success());
        assert_eq!(results[0].times, (10, 12));
        assert_eq!(results[0].outputs, [(b"out"[..].into(), b"x-a"[..].into())]);
    }
}

#[test]
fn many_small_answers_do_not_keep_requests_from_being_sent() {
    const LENGTH: usize = 1 << 20;
    let (ours, mut theirs) = UnixStream::pair().expect("a pair of sockets");
    // Reads nothing before its own bytes are read.
    let daemon = std::thread::spawn(move || {
        for _ in 0..LENGTH / 8 {
            theirs.write_all(&[0; 8]).expect("somebody reads");
        }
        let mut sent = vec![0; LENGTH];
        theirs.read_exact(&mut sent).expect("the request");
        sent.len()
    });
    let mut stream = Stream::of_socket(ours).expect("a connection");
    stream.send(&vec![1; LENGTH]).expect("is sent");
    assert_eq!(daemon.join().expect("the daemon ends"), LENGTH);
    stream.read(&mut vec![0; LENGTH]).expect("the answers");
}
