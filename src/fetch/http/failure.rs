//! The reasons of failed transfers, in C++ Nix's words, which are curl's.

use crate::io::reason;
use std::io;
use ureq::Timeout;

/// A failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// The status of the response, if one began.
    pub(super) status: Option<u16>,
    /// curl's error; `None` if only the status is bad.
    pub(super) problem: Option<Problem>,
    /// The body of an error response.
    pub(super) body: Option<Vec<u8>>,
}

/// One of curl's errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) code: u8,
    /// Details beyond the error's own text.
    pub(super) detail: String,
}

/// curl's errors that this client reports: the number, the text, and whether a retry is useless.
const PROBLEMS: &[(u8, &str, bool)] = &[
    (1, "Unsupported protocol", true),
    (3, "URL using bad/illegal format or missing URL", true),
    (5, "Could not resolve proxy name", false),
    (6, "Could not resolve hostname", false),
    (7, "Could not connect to server", false),
    (18, "Transferred a partial file", false),
    (23, "Failed writing received data to disk/application", true),
    (28, "Timeout was reached", false),
    (35, "SSL connect error", false),
    (37, "Could not read a file:// file", true),
    (47, "Number of redirects hit maximum amount", true),
    (52, "Server returned nothing (no headers, no data)", false),
    (56, "Failure when receiving data from the peer", false),
    (60, "SSL peer certificate or SSH remote key was not OK", false),
    (61, "Unrecognized or bad HTTP Content or Transfer-Encoding", true),
    (63, "Maximum file size exceeded", true),
    (77, "Problem with the SSL CA cert (path? access rights?)", true),
];

impl Problem {
    pub(super) fn new(code: u8, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    fn row(&self) -> (&'static str, bool) {
        let row = PROBLEMS.iter().find(|(code, ..)| *code == self.code);
        row.map_or(("", true), |(_, text, is_hopeless)| (*text, *is_hopeless))
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self { status: None, problem: Some(problem), body: None }
    }
}

/// The longest error body that is shown, in bytes.
const LONGEST_BODY: usize = 1024;

impl Failure {
    /// True if a retry may help.
    pub(super) fn is_transient(&self) -> bool {
        let is_hopeless_status = |status| {
            let is_client_error = (400..500).contains(&status) && !matches!(status, 408 | 429);
            is_client_error || matches!(status, 501 | 505 | 511)
        };
        !self.status.is_some_and(is_hopeless_status) && !self.problem.as_ref().is_some_and(|problem| problem.row().1)
    }

    /// True if the server reports too many requests.
    pub(super) fn is_of_too_many(&self) -> bool {
        matches!(self.status, Some(429 | 503))
    }

    /// The whole message for the requested address.
    pub(super) fn text(&self, url: &str) -> String {
        let url = super::address::shown(url);
        let mut text = match (self.status, &self.problem) {
            (Some(status), None) => format!("unable to download '{url}': HTTP error {status}"),
            (Some(status), Some(problem)) => {
                format!("unable to download '{url}': HTTP error {status} (curl error: {})", problem.row().0)
            }
            (None, Some(problem)) => {
                let Problem { code, detail } = problem;
                format!("unable to download '{url}': {} ({code}) {detail}", problem.row().0)
            }
            (None, None) => format!("unable to download '{url}'"),
        };
        if let Some(body) = &self.body {
            let body = String::from_utf8_lossy(body);
            if body.len() < LONGEST_BODY || body.contains("<html>") {
                text.push_str("\n\nresponse body:\n\n");
                text.push_str(body.trim_end_matches([' ', '\n', '\r', '\t']));
            }
        }
        text
    }
}

/// The state of a transfer when it failed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances<'c> {
    pub(super) host: &'c str,
    pub(super) port: u16,
    /// Milliseconds since the start.
    pub(super) elapsed: u128,
    /// The timeout in seconds.
    pub(super) patience: u64,
    /// True if a response has begun.
    pub(super) has_begun: bool,
}

/// curl's error for an error of the agent.
pub(super) fn problem_of(error: &ureq::Error, at: Circumstances<'_>) -> Problem {
    let Circumstances { host, port, elapsed, .. } = at;
    match error {
        ureq::Error::HostNotFound => Problem::new(6, format!("Could not resolve host: {host}")),
        ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => {
            Problem::new(28, format!("Connection timed out after {elapsed} milliseconds"))
        }
        ureq::Error::Timeout(_) => {
            let seconds = at.patience;
            let detail = format!("Operation too slow. Less than 1 bytes/sec transferred the last {seconds} seconds");
            Problem::new(28, detail)
        }
        ureq::Error::Io(error) => problem_of_io(error, at),
        ureq::Error::Http(_) | ureq::Error::BadUri(_) => {
            Problem::new(3, "URL rejected: Malformed input to a URL function")
        }
        ureq::Error::ConnectionFailed => Problem::new(7, not_connected(host, port, elapsed)),
        ureq::Error::ConnectProxyFailed(text) => Problem::new(7, format!("CONNECT tunnel failed, {text}")),
        ureq::Error::InvalidProxyUrl => Problem::new(5, ""),
        ureq::Error::Rustls(error) => problem_of_tls(&error.to_string()),
        ureq::Error::Tls(text) => problem_of_tls(text),
        other if at.has_begun => Problem::new(56, other.to_string()),
        _ => Problem::new(1, "Received HTTP/0.9 when not allowed"),
    }
}

fn problem_of_io(error: &io::Error, at: Circumstances<'_>) -> Problem {
    use io::ErrorKind as Kind;
    let Circumstances { host, port, elapsed, has_begun, .. } = at;
    match error.kind() {
        Kind::ConnectionRefused
        | Kind::HostUnreachable
        | Kind::NetworkUnreachable
        | Kind::NetworkDown
        | Kind::AddrNotAvailable => Problem::new(7, not_connected(host, port, elapsed)),
        Kind::UnexpectedEof if has_begun => Problem::new(18, ""),
        Kind::UnexpectedEof => Problem::new(52, "Empty reply from server"),
        Kind::InvalidData => problem_of_tls(&error.to_string()),
        _ if error.to_string().starts_with("failed to lookup address") => {
            Problem::new(6, format!("Could not resolve host: {host}"))
        }
        _ => Problem::new(56, format!("Recv failure: {}", reason(error))),
    }
}

fn problem_of_tls(text: &str) -> Problem {
    Problem::new(if text.contains("certificate") { 60 } else { 35 }, text)
}

fn not_connected(host: &str, port: u16, elapsed: u128) -> String {
    format!("Failed to connect to {host}:{port} after {elapsed} ms: Could not connect to server")
}
