//! A local web server with scripted answers that records its requests.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A request.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) target: String,
    /// Names in lower case, and values.
    pub(super) headers: Vec<(String, String)>,
    /// The number of earlier requests for the target.
    pub(super) before: usize,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| &value[..])
    }
}

/// A piece of an answer.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Bytes(Vec<u8>),
    /// A pause of this many milliseconds, or until the server ends.
    Pause(u64),
}

/// An answer with a status, header lines and a body, including its length.
pub(super) fn answer(status: &str, headers: &[&str], body: &[u8]) -> Vec<Piece> {
    let length = format!("Content-Length: {}", body.len());
    let headers: Vec<&str> = headers.iter().copied().chain([&length[..]]).collect();
    raw(status, &headers, body)
}

/// The same without a length.
pub(super) fn raw(status: &str, headers: &[&str], body: &[u8]) -> Vec<Piece> {
    let head = format!("HTTP/1.1 {status}\r\n{}\r\nConnection: close\r\n\r\n", headers.join("\r\n"));
    vec![Piece::Bytes(head.replace("\r\n\r\nConnection", "\r\nConnection").into_bytes()), Piece::Bytes(body.to_vec())]
}

type Handler = dyn Fn(&Asked) -> Vec<Piece> + Send + Sync;

/// The server. It ends when this is dropped.
pub(super) struct Server {
    pub(super) port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    ended: Arc<AtomicBool>,
}

impl Server {
    pub(super) fn new(handler: impl Fn(&Asked) -> Vec<Piece> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = Self { port, asked: Arc::default(), ended: Arc::default() };
        let (asked, ended) = (Arc::clone(&server.asked), Arc::clone(&server.ended));
        let handler: Arc<Handler> = Arc::new(handler);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ended.load(Ordering::Relaxed) {
                    break;
                }
                let (handler, asked, ended) = (Arc::clone(&handler), Arc::clone(&asked), Arc::clone(&ended));
                thread::spawn(move || serve(stream, &*handler, &asked, &ended));
            }
        });
        server
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // Wakes the thread that waits for connections.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn serve(stream: TcpStream, handler: &Handler, all: &Mutex<Vec<Asked>>, ended: &AtomicBool) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let target = lines.next()?.ok()?.split(' ').nth(1)?.to_owned();
    let headers = lines.map_while(Result::ok).take_while(|line| !line.is_empty());
    let headers = headers
        .filter_map(|line| line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())));
    let mut asked = Asked { target, headers: headers.collect(), before: 0 };
    {
        let mut all = all.lock().ok()?;
        asked.before = all.iter().filter(|it| it.target == asked.target).count();
        all.push(asked.clone());
    }
    for piece in handler(&asked) {
        match piece {
            Piece::Bytes(bytes) => (&stream).write_all(&bytes).ok()?,
            Piece::Pause(time) => {
                for _ in 0..time / 10 {
                    if !ended.load(Ordering::Relaxed) {
                        thread::sleep(Duration::from_millis(10));
                    }
                }
            }
        }
    }
    stream.shutdown(Shutdown::Write).ok()?;
    // Waits for the other side: otherwise unread bytes would be lost.
    let _ = (&stream).take(1 << 10).read_to_end(&mut Vec::new());
    Some(())
}
