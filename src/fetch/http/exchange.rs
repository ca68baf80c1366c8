//! One attempt at a transfer: requests along redirections, until a server sends the contents. Runs in its own thread.

use super::Received;
use super::address::{Address, basic};
use super::agent::Shared;
use super::body::{Counted, ENCODINGS, Sink, decoder, drain, error_body};
use super::failure::{Circumstances, Failure, Problem, problem_of};
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;
use ureq::http::Response;
use ureq::{Body, Proxy};

/// The largest number of redirections of one request, as in C++ Nix.
const MOST_REDIRECTIONS: usize = 10;

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Question {
    pub(super) url: String,
    /// Sent to the first server only.
    pub(super) headers: Vec<(String, String)>,
    /// The tag of the copy that is already here; empty if there is none.
    pub(super) etag: String,
    /// The tag of the file whose beginning is already in the sink; empty if it has no tag.
    pub(super) resumes: Option<String>,
}

/// The result of an attempt.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) result: Result<Received, Failure>,
    pub(super) sink: Sink,
    /// The tag of the whole file, if the rest can be requested alone.
    pub(super) resumable: Option<String>,
    /// The server's `Retry-After` header.
    pub(super) retry_after: Option<String>,
}

/// Runs one attempt.
pub(super) fn exchange(shared: &Shared, question: &Question, sink: Sink) -> Ended {
    let ended = Ended { result: Err(Problem::new(3, "").into()), sink, resumable: None, retry_after: None };
    let mut it =
        Exchange { shared, question, started: Instant::now(), links: None, urls: vec![question.url.clone()], ended };
    it.ended.result = it.run();
    it.ended
}

struct Exchange<'x> {
    shared: &'x Shared,
    question: &'x Question,
    started: Instant,
    links: Option<String>,
    urls: Vec<String>,
    ended: Ended,
}

impl Exchange<'_> {
    fn run(&mut self) -> Result<Received, Failure> {
        let rejected = |reason| Problem::new(3, format!("URL rejected: {reason}"));
        let first = Address::parse(&self.question.url).map_err(rejected)?;
        let mut address = first.clone();
        let mut user = first.user.clone();
        for _ in 0..=MOST_REDIRECTIONS {
            if !address.is_web() {
                return Err(Problem::new(1, format!("Protocol \"{}\" not supported", address.scheme)).into());
            }
            let response = self.ask(&first, &address, user.take().as_ref())?;
            let status = response.status().as_u16();
            self.read_headers(&response);
            let location = header(&response, "location").filter(|_| (300..400).contains(&status) && status != 304);
            let Some(location) = location else {
                return self.receive(response, &address);
            };
            let failed = |code| Failure { status: Some(status), problem: Some(Problem::new(code, "")), body: None };
            let next = if self.urls.len() > MOST_REDIRECTIONS {
                Err(failed(47))
            } else {
                next(&address, &location).map_err(failed)
            }?;
            user = next.user.clone();
            self.urls.push(next.text());
            address = next;
        }
        Err(Problem::new(47, "").into())
    }

    fn ask(
        &self,
        first: &Address,
        address: &Address,
        user: Option<&(String, String)>,
    ) -> Result<Response<Body>, Failure> {
        if address.scheme == "https"
            && let Some(problem) = &self.shared.no_trust
        {
            return Err(problem.clone().into());
        }
        let mut request = self.shared.agent.get(address.text());
        for (name, value) in self.headers(first, address, user) {
            request = request.header(name, value);
        }
        let answer = match self.shared.proxies.tunnel(address) {
            Some(proxy) => Proxy::new(&proxy).and_then(|proxy| request.config().proxy(Some(proxy)).build().call()),
            None => request.call(),
        };
        answer.map_err(|error| problem_of(&error, self.circumstances(address, false)).into())
    }

    /// The headers of a request. Credentials go only to the server they are meant for.
    fn headers(&self, first: &Address, address: &Address, user: Option<&(String, String)>) -> Vec<(String, String)> {
        let mut headers = vec![];
        let mut add = |name: &str, value: String| headers.push((name.to_owned(), value));
        if !self.question.etag.is_empty() {
            add("If-None-Match", self.question.etag.clone());
        }
        match &self.question.resumes {
            None => add("Accept-Encoding", ENCODINGS.to_owned()),
            Some(etag) => {
                add("Range", format!("bytes={}-", self.ended.sink.written));
                if !etag.is_empty() && !etag.starts_with("W/") {
                    add("If-Range", etag.clone());
                }
            }
        }
        let own: &[_] = if address.is_of_same_server(first) { &self.question.headers } else { &[] };
        let names_user = own.iter().any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        if !names_user && let Some(value) = self.authorization(address, user) {
            add("Authorization", value);
        }
        headers.extend_from_slice(own);
        headers
    }

    fn authorization(&self, address: &Address, user: Option<&(String, String)>) -> Option<String> {
        let netrc = |login| self.shared.netrc.find(address.host.trim_matches(['[', ']']), login);
        match user {
            Some((name, password)) if !password.is_empty() => Some(basic(name, password)),
            Some((name, _)) => Some(basic(name, netrc(Some(name)).map_or("", |(_, password)| password))),
            None => netrc(None).map(|(name, password)| basic(name, password)),
        }
    }

    /// Reads further headers of a response. An immutable link counts on any hop of the redirections.
    fn read_headers(&mut self, response: &Response<Body>) {
        let links = ["link", "x-amz-meta-link"].iter().filter_map(|name| header(response, name));
        self.links = links.filter_map(|link| immutable(&link)).next_back().or(self.links.take());
        self.ended.retry_after = header(response, "retry-after");
        let accepts_ranges = header(response, "accept-ranges").is_some_and(|it| it.eq_ignore_ascii_case("bytes"));
        let is_plain = header(response, "content-encoding").is_none_or(|it| matches!(&it[..], "" | "identity"));
        let etag = || header(response, "etag").unwrap_or_default();
        self.ended.resumable = (accepts_ranges && is_plain).then(etag);
    }

    fn receive(&mut self, mut response: Response<Body>, address: &Address) -> Result<Received, Failure> {
        let status = response.status().as_u16();
        let etag = header(&response, "etag").unwrap_or_default();
        let encoding = header(&response, "content-encoding").unwrap_or_default();
        let is_unchanged = status == 304 && !self.question.etag.is_empty();
        let length = header(&response, "content-length").and_then(|length| length.parse().ok());
        self.count(status, length)?;
        let circumstances = self.circumstances(address, true);
        let failed = |problem| Failure { status: Some(status), problem: Some(problem), body: None };
        let raw = Counted { inner: response.body_mut().as_reader(), count: Arc::clone(&self.ended.sink.count) };
        let mut body = decoder(&encoding, raw).map_err(failed)?;
        if !matches!(status, 200 | 201 | 204 | 206) && !is_unchanged {
            let body = Some(error_body(&mut body)).filter(|body| !body.is_empty());
            return Err(Failure { status: Some(status), problem: None, body });
        }
        let problem = |error: io::Error| reading_problem(error, circumstances, !encoding.is_empty());
        drain(&mut body, &mut self.ended.sink, problem)
            .map_err(|failure| Failure { status: Some(status), ..failure })?;
        drop(body);
        Ok(Received {
            etag,
            urls: std::mem::take(&mut self.urls),
            immutable_url: self.links.take(),
            is_unchanged,
            hash: self.ended.sink.hash(),
        })
    }

    /// Prepares the sink for the body, and records the total size. A server may send the whole file in response to a
    /// request for the rest.
    fn count(&mut self, status: u16, length: Option<u64>) -> Result<(), Failure> {
        let sink = &mut self.ended.sink;
        if self.question.resumes.is_none() || status != 206 {
            let failed = |error: io::Error| Problem::new(23, crate::io::reason(&error));
            sink.restart().map_err(failed)?;
        }
        let total = length.map_or(0, |length| length.saturating_add(sink.written));
        sink.count.done.store(sink.written, Ordering::Relaxed);
        sink.count.total.store(total, Ordering::Relaxed);
        Ok(())
    }

    fn circumstances<'a>(&self, address: &'a Address, has_begun: bool) -> Circumstances<'a> {
        Circumstances {
            host: &address.host,
            port: address.port_number(),
            elapsed: self.started.elapsed().as_millis(),
            patience: self.shared.patience,
            has_begun,
        }
    }
}

/// The target of a redirection, or the number of curl's error.
fn next(address: &Address, location: &str) -> Result<Address, u8> {
    let next = address.follow(location).ok_or(if location.contains("://") { 1 } else { 3 })?;
    if next.is_web() { Ok(next) } else { Err(1) }
}

fn header(response: &Response<Body>, name: &str) -> Option<String> {
    let value = response.headers().get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
}

/// The address in `<…>; rel="immutable"`.
fn immutable(link: &str) -> Option<String> {
    let (url, rest) = link.strip_prefix('<')?.split_once('>')?;
    rest.eq_ignore_ascii_case("; rel=\"immutable\"").then(|| url.to_owned())
}

/// The problem for a failure in the middle of a response: a network failure or damaged encoding.
fn reading_problem(error: io::Error, at: Circumstances<'_>, is_encoded: bool) -> Problem {
    let is_corrupt = matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData);
    if is_encoded && is_corrupt && error.get_ref().is_none_or(|inner| !inner.is::<ureq::Error>()) {
        return Problem::new(61, "");
    }
    problem_of(&ureq::Error::from(error), at)
}
