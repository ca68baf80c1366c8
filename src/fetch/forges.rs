//! Repositories on servers that offer archives: `github`, `gitlab` and `sourcehut`.
//!
//! A branch or tag is first resolved to a commit. Then the archive of the commit, which never changes, is downloaded.

use super::Fetched;
use super::download::{Downloads, text_in};
use super::http::{Request, warn};
use crate::codec::base::encode_base16;
use crate::codec::hash::HashAlgorithm;
use crate::codec::hash_text::parse_hash;
use crate::codec::json::parse_json;
use crate::error::{Error, Result};
use crate::flake_ref::{InputAttr, InputAttrs, input_rev, input_url};
use serde_json::Value;

/// The common properties of servers of one kind.
struct Forge {
    /// The type of inputs.
    kind: &'static str,
    /// The default server.
    host: &'static str,
    /// The header for a token.
    header: fn(&Repository<'_>, &str) -> (String, String),
    /// Finds the commit of a branch or tag.
    resolve: fn(&Repository<'_>, &str) -> Result<String>,
    /// The address of a commit's archive.
    archive: fn(&Repository<'_>, &str) -> String,
}

const FORGES: &[Forge] = &[
    Forge {
        kind: "github",
        host: "github.com",
        header: |_, token| ("Authorization".to_owned(), format!("token {token}")),
        resolve: github_commit,
        archive: github_archive,
    },
    Forge {
        kind: "gitlab",
        host: "gitlab.com",
        header: gitlab_header,
        resolve: gitlab_commit,
        archive: gitlab_archive,
    },
    Forge {
        kind: "sourcehut",
        host: "git.sr.ht",
        header: |_, token| ("Authorization".to_owned(), format!("Bearer {token}")),
        resolve: sourcehut_commit,
        archive: |it, rev| format!("https://{}/{}/{}/archive/{rev}.tar.gz", it.host, it.owner, it.name),
    },
];

/// A repository on a server.
struct Repository<'r> {
    downloads: &'r Downloads<'r>,
    input: &'r InputAttrs,
    host: String,
    owner: String,
    name: String,
    headers: Vec<(String, String)>,
}

/// True if inputs of this type are fetched here.
pub fn is_forge(kind: &str) -> bool {
    FORGES.iter().any(|forge| forge.kind == kind)
}

/// Fetches the tree of a commit.
///
/// # Errors
///
/// Fails on network or disk errors, or if the server's answer cannot be understood.
pub fn fetch_forge(downloads: &Downloads<'_>, input: &InputAttrs) -> Result<Fetched> {
    let kind = text_in(input, "type").unwrap_or_default();
    let forge = FORGES.iter().find(|forge| forge.kind == kind);
    let forge = forge.ok_or_else(|| Error::fetch(format!("input type '{kind}' is not supported")))?;
    let repository = Repository::new(forge, downloads, input);
    let rev = match input_rev(input)? {
        Some(rev) => rev,
        None => (forge.resolve)(&repository, &text_in(input, "ref").unwrap_or_else(|| "HEAD".to_owned()))?,
    };
    let Repository { host, owner, name, headers, .. } = &repository;
    let request = Request { url: (forge.archive)(&repository, &rev), headers: headers.clone(), ..Request::default() };
    let question = [("type", &kind[..]), ("host", host), ("owner", owner), ("repo", name), ("rev", &rev)];
    let tree = downloads.fixed_tree(&question, &request)?;
    let mut attrs = input.clone();
    attrs.remove(&b"ref"[..]);
    attrs.insert(b"rev".to_vec(), InputAttr::String(rev.clone().into_bytes()));
    attrs.insert(b"lastModified".to_vec(), InputAttr::Int(tree.last_modified));
    Ok(Fetched { place: tree.place, selection: None, hash: Some(tree.hash), attrs, fingerprint: Some(rev) })
}

impl<'r> Repository<'r> {
    fn new(forge: &Forge, downloads: &'r Downloads<'r>, input: &'r InputAttrs) -> Self {
        let text = |name| text_in(input, name);
        let mut it = Self {
            downloads,
            input,
            host: text("host").unwrap_or_else(|| forge.host.to_owned()),
            owner: text("owner").unwrap_or_default(),
            name: text("repo").unwrap_or_default(),
            headers: Vec::new(),
        };
        if let Some(token) = it.token() {
            it.headers.push((forge.header)(&it, &token));
        }
        it
    }

    /// The token for the repository: the one for the longest matching prefix of its path, else the one for the host.
    fn token(&self) -> Option<String> {
        let path = format!("{}/{}/{}", self.host, self.owner, self.name);
        let is_beginning = |key: &str| {
            !key.is_empty() && path.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let tokens = &self.downloads.client.options().access_tokens;
        let found = tokens.iter().filter(|(key, token)| is_beginning(key) && !token.is_empty());
        found.max_by_key(|(key, _)| key.len()).map(|(_, token)| token.clone())
    }

    fn request(&self, url: String) -> Request {
        Request { url, headers: self.headers.clone(), ..Request::default() }
    }

    /// The commit that a server reports at an address; `about` is the name it was requested for.
    fn commit(&self, url: String, about: &str, read: &dyn Fn(&[u8]) -> Result<String>) -> Result<String> {
        let answer = self.downloads.said(&self.request(url), about, &|text| {
            let rev = read(text)?;
            Ok([(b"rev".to_vec(), InputAttr::String(rev.into_bytes()))].into())
        })?;
        Ok(text_in(&answer, "rev").unwrap_or_default())
    }

    /// The owner, encoded as one path segment.
    fn encoded_owner(&self) -> String {
        self.owner.replace('/', "%2F")
    }
}

fn digits(text: &str) -> Result<String> {
    let hash =
        parse_hash(text.as_bytes(), Some(HashAlgorithm::Sha1)).map_err(|error| Error::fetch(error.to_string()))?;
    Ok(encode_base16(&hash.bytes))
}

fn json(text: &[u8]) -> Result<Value> {
    serde_json::from_slice(text).map_err(|error| {
        let in_nix = parse_json(text).err().map(|error| error.to_string());
        let error = Error::fetch(format!("the server's answer is not JSON: {error}"));
        in_nix.map_or_else(|| error.clone(), |words| error.clone().in_nix_words(words))
    })
}

/// The name of a JSON value's type in C++ Nix's JSON reader.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn github_commit(it: &Repository<'_>, name: &str) -> Result<String> {
    let Repository { host, owner, name: repo, .. } = it;
    let url = match &host[..] {
        "github.com" => format!("https://api.{host}/repos/{owner}/{repo}/commits/{name}"),
        _ => format!("https://{host}/api/v3/repos/{owner}/{repo}/commits/{name}"),
    };
    it.commit(url, "rev", &|text| {
        let answer = json(text)?;
        let unexpected = || {
            let kind = answer.get("sha").map_or("null", kind);
            Error::fetch(format!("Unexpected response received from GitHub: {answer}"))
                .in_nix_words(format!("[json.exception.type_error.302] type must be string, but is {kind}"))
        };
        digits(answer.get("sha").and_then(Value::as_str).ok_or_else(unexpected)?)
    })
}

/// The address of an archive at GitHub. Without a token it is a public archive, which has no rate limit.
fn github_archive(it: &Repository<'_>, rev: &str) -> String {
    let Repository { host, owner, name, headers, .. } = it;
    match &host[..] {
        "github.com" if headers.is_empty() => format!("https://{host}/{owner}/{name}/archive/{rev}.tar.gz"),
        "github.com" => format!("https://api.{host}/repos/{owner}/{name}/tarball/{rev}"),
        _ => format!("https://{host}/api/v3/repos/{owner}/{name}/tarball/{rev}"),
    }
}

/// The header for a GitLab token. The token begins with its kind; an unknown kind is used as the name of a header.
fn gitlab_header(it: &Repository<'_>, token: &str) -> (String, String) {
    let (kind, value) = token.split_once(':').unwrap_or((token, token));
    match kind {
        "OAuth2" => ("Authorization".to_owned(), format!("Bearer {value}")),
        "PAT" => ("Private-token".to_owned(), value.to_owned()),
        _ => {
            warn(it.downloads.context, format!("Unrecognized GitLab token type {kind}"));
            (kind.to_owned(), value.to_owned())
        }
    }
}

fn gitlab_commit(it: &Repository<'_>, name: &str) -> Result<String> {
    let (host, owner, repo) = (&it.host, it.encoded_owner(), &it.name);
    let url = format!("https://{host}/api/v4/projects/{owner}%2F{repo}/repository/commits?ref_name={name}");
    it.commit(url, "rev", &|text| {
        let answer = json(text)?;
        if let Some(id) = answer.get(0).and_then(|commit| commit.get("id")).and_then(Value::as_str) {
            return digits(id);
        }
        Err(Error::fetch(match answer.as_array() {
            Some(commits) if commits.is_empty() => {
                "No commits returned by GitLab API -- does the git ref really exist?".to_owned()
            }
            _ => format!("Unexpected response received from GitLab: {answer}"),
        }))
    })
}

fn gitlab_archive(it: &Repository<'_>, rev: &str) -> String {
    let (host, owner, repo) = (&it.host, it.encoded_owner(), &it.name);
    format!("https://{host}/api/v4/projects/{owner}%2F{repo}/repository/archive.tar.gz?sha={rev}")
}

/// The commit of a name at SourceHut. There is no public API, so this reads the list of references that Git reads.
fn sourcehut_commit(it: &Repository<'_>, name: &str) -> Result<String> {
    let base = format!("https://{}/{}/{}", it.host, it.owner, it.name);
    let mut shown = it.input.clone();
    shown.insert(b"ref".to_vec(), InputAttr::String(name.as_bytes().to_vec()));
    let shown = input_url(&shown).unwrap_or_default();
    let names = match name {
        "HEAD" => {
            let problem = || Error::fetch(format!("in '{shown}', couldn't resolve HEAD ref '{name}'"));
            let head = it.downloads.said(&it.request(format!("{base}/HEAD")), "HEAD", &|text| {
                let text = String::from_utf8_lossy(text);
                let line = text.lines().next().unwrap_or_default();
                let target = line.strip_prefix("ref:").unwrap_or(line).trim_start_matches(' ');
                let is_name = !target.is_empty() && !target.contains(char::is_whitespace);
                let target = Some(target).filter(|_| is_name).ok_or_else(problem)?;
                Ok([(b"target".to_vec(), InputAttr::String(target.as_bytes().to_vec()))].into())
            })?;
            vec![text_in(&head, "target").unwrap_or_default()]
        }
        _ => ["heads", "tags"].map(|kind| format!("refs/{kind}/{name}")).into(),
    };
    it.commit(format!("{base}/info/refs"), &names.join(" "), &|text| {
        let text = String::from_utf8_lossy(text);
        let mut lines = text.lines().filter_map(|line| line.split_once('\t'));
        let found = lines.find(|(_, reference)| names.iter().any(|name| name == reference));
        let missing = || Error::fetch(format!("in '{shown}', couldn't find ref '{name}'"));
        digits(found.ok_or_else(missing)?.0)
    })
}
