//! The lines of an earlier run, which `--against` names.

use super::line::joined;
use super::path::Path;
use super::protocol::{member, text, texts};
use nivis::codec::json::{Json, parse_json};
use nivis::{ErrorKind, Result};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

/// An attribute of the earlier run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Job {
    /// The path of the derivation; `None` if there was an error.
    pub(super) derivation: Option<String>,
    /// The derivations it uses, if the line has them.
    pub(super) inputs: Option<Vec<String>>,
}

/// The attributes of the earlier run.
pub(super) type Earlier = BTreeMap<Path, Job>;

/// Reads a file of lines. Of several lines for one attribute, the last counts.
///
/// # Errors
/// Fails if the file can't be read, or has another line.
pub(super) fn read(file: &[u8]) -> Result<Earlier> {
    let shown = String::from_utf8_lossy(file);
    let failed = |reason: String| ErrorKind::Io(format!("cannot compare with '{shown}': {reason}"));
    let contents = fs::read(OsStr::from_bytes(file)).map_err(|error| failed(nivis::io::reason(&error)))?;
    let mut jobs = Earlier::new();
    for (index, line) in contents.split(|&byte| byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let json = parse_json(line).ok();
        let read = json.as_ref().and_then(job);
        let (path, job) = read.ok_or_else(|| failed(format!("line {} is not a line of 'nivis jobs'", index + 1)))?;
        jobs.insert(path, job);
    }
    Ok(jobs)
}

/// The path and the facts of a line, also of one that says how something differed.
pub(super) fn job(json: &Json) -> Option<(Path, Job)> {
    let path = texts(member(json, "attrPath")?)?;
    let derivation = member(json, "drvPath").and_then(text);
    member(json, "error").map(drop).or(derivation.as_ref().map(drop))?;
    let inputs = match member(json, "inputDrvs") {
        Some(Json::Object(members)) => {
            Some(members.iter().map(|(path, _)| String::from_utf8_lossy(path).into_owned()).collect())
        }
        _ => None,
    };
    Some((path, Job { derivation, inputs }))
}

/// Its name in messages.
pub(super) fn name(path: &Path) -> String {
    if path.is_empty() { "(the root)".to_owned() } else { joined(path) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> Option<(Path, Job)> {
        job(&parse_json(line.as_bytes()).ok()?)
    }

    #[test]
    fn lines() {
        let path = || vec!["a".to_owned(), "b".to_owned()];
        let derivation = || Some("/nix/store/x.drv".to_owned());
        let plain = r#"{"attrPath":["a","b"],"drvPath":"/nix/store/x.drv"}"#;
        assert_eq!(found(plain), Some((path(), Job { derivation: derivation(), inputs: None })));
        let failed = r#"{"attrPath":["a","b"],"error":"error: no"}"#;
        assert_eq!(found(failed), Some((path(), Job::default())));
        let inputs = r#"{"attrPath":["a","b"],"drvPath":"/nix/store/x.drv","inputDrvs":{"i.drv":["out"]}}"#;
        assert_eq!(found(inputs), Some((path(), Job { derivation: derivation(), inputs: Some(vec!["i.drv".into()]) })));
        for other in ["1", "{}", r#"{"attrPath":["a"]}"#, r#"{"attrPath":[1],"drvPath":"x"}"#, r#"{"drvPath":"x"}"#] {
            assert_eq!(found(other), None, "{other}");
        }
    }
}
