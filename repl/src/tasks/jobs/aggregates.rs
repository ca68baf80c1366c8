//! Aggregates that name their parts: which jobs are meant, and in which order aggregates can be computed that have others
//! as parts. In: the lines of all jobs. Out: what a worker is asked for.

use super::glob;
use super::path::Path;
use super::protocol::{Aggregate, member, text, texts};
use nivis::codec::json::{Json, parse_json};
use std::collections::{BTreeMap, BTreeSet};

/// The facts to keep about a job.
#[derive(Debug, Default)]
struct Job {
    path: Path,
    error: Option<String>,
    /// Names of its parts, or patterns of such names.
    names: Vec<String>,
    patterns: bool,
}

/// All jobs by name.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    jobs: BTreeMap<String, Job>,
}

/// Work for a worker, and messages for people.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) aggregates: Vec<Aggregate>,
    pub(super) complaints: Vec<String>,
}

/// The parts of an aggregate that were found, and errors for the others.
#[derive(Debug, Default)]
struct Parts {
    found: BTreeSet<String>,
    broken: BTreeMap<String, String>,
}

impl Ledger {
    /// Remembers the line of a job. True if it can't be printed yet, as it names its parts.
    pub(super) fn note(&mut self, line: &[u8]) -> bool {
        let Ok(json) = parse_json(line) else { return false };
        let list = |name| member(&json, name).and_then(texts).unwrap_or_default();
        let job = Job {
            path: list("attrPath"),
            error: member(&json, "error").and_then(text),
            names: list("namedConstituents"),
            patterns: matches!(member(&json, "globConstituents"), Some(Json::Bool(true))),
        };
        let waits = !job.names.is_empty();
        self.jobs.insert(member(&json, "attr").and_then(text).unwrap_or_default(), job);
        waits
    }

    /// The plan for the jobs whose lines were not printed.
    pub(super) fn plan(&self) -> Plan {
        let mut plan = Plan::default();
        let waiting = self.jobs.iter().filter(|(_, job)| !job.names.is_empty());
        let parts: BTreeMap<&str, Parts> =
            waiting.map(|(name, job)| (&**name, self.parts(name, job, &mut plan.complaints))).collect();
        match in_order(&parts) {
            Ok(order) => plan.aggregates = order.iter().map(|name| self.aggregate(name, &parts[name])).collect(),
            Err((a, b)) => {
                plan.complaints.push(format!("Found dependency cycle between jobs '{a}' and '{b}'"));
                let all = parts.keys().map(|name| self.in_cycle(name, a, b));
                plan.aggregates = all.collect();
            }
        }
        plan
    }

    fn parts(&self, own: &str, job: &Job, complaints: &mut Vec<String>) -> Parts {
        let mut parts = Parts::default();
        for name in &job.names {
            if self.jobs.contains_key(name) {
                self.add(own, name, &mut parts, complaints);
            } else if !job.patterns {
                complaints.push(format!("aggregate job '{own}' references non-existent job '{name}'"));
                parts.broken.insert(name.clone(), "does not exist".to_owned());
            } else {
                let matching = self.jobs.keys().filter(|other| *other != own && glob::matches(name, other));
                let added = matching.filter(|other| self.add(own, other, &mut parts, complaints)).count();
                if added == 0 {
                    let what = format!("references constituent glob pattern '{name}' with no matches");
                    complaints.push(format!("aggregate job '{own}' {what}"));
                    parts.broken.insert(name.clone(), "constituent glob pattern had no matches".to_owned());
                }
            }
        }
        parts
    }

    /// Adds a job to the parts, unless it has no value.
    fn add(&self, own: &str, name: &str, parts: &mut Parts, complaints: &mut Vec<String>) -> bool {
        match self.jobs.get(name).and_then(|job| job.error.as_ref()) {
            None => {
                parts.found.insert(name.to_owned());
                true
            }
            Some(error) => {
                complaints.push(format!("aggregate job '{own}' references broken job '{name}': {error}"));
                parts.broken.insert(name.to_owned(), error.clone());
                false
            }
        }
    }

    fn path(&self, name: &str) -> Path {
        self.jobs.get(name).map(|job| job.path.clone()).unwrap_or_default()
    }

    fn aggregate(&self, name: &str, parts: &Parts) -> Aggregate {
        let errors: String = parts.broken.iter().map(|(part, error)| format!("{part}: {error}\n")).collect();
        Aggregate {
            path: self.path(name),
            parts: parts.found.iter().map(|part| self.path(part)).collect(),
            error: (!errors.is_empty()).then_some(errors),
            names: false,
        }
    }

    fn in_cycle(&self, name: &str, a: &str, b: &str) -> Aggregate {
        let error = match name == a || name == b {
            true => format!("Dependency cycle: {a} <-> {b}"),
            false => "Skipping aggregate because of a dependency cycle".to_owned(),
        };
        Aggregate { path: self.path(name), parts: Vec::new(), error: Some(error), names: true }
    }
}

/// The names so that each comes after those that are its parts; or two that are part of each other.
fn in_order<'n>(parts: &'n BTreeMap<&'n str, Parts>) -> Result<Vec<&'n str>, (&'n str, &'n str)> {
    let mut search = Search { parts, done: BTreeSet::new(), open: Vec::new(), order: Vec::new() };
    parts.keys().try_for_each(|name| search.visit(name))?;
    Ok(search.order)
}

struct Search<'n> {
    parts: &'n BTreeMap<&'n str, Parts>,
    done: BTreeSet<&'n str>,
    open: Vec<&'n str>,
    order: Vec<&'n str>,
}

impl<'n> Search<'n> {
    fn visit(&mut self, name: &'n str) -> Result<(), (&'n str, &'n str)> {
        if self.open.contains(&name) {
            return Err((name, self.open.last().copied().unwrap_or(name)));
        }
        if !self.done.insert(name) {
            return Ok(());
        }
        self.open.push(name);
        let parts = self.parts;
        for part in parts.get(name).into_iter().flat_map(|parts| &parts.found) {
            if part != name && parts.contains_key(&**part) {
                self.visit(part)?;
            }
        }
        self.open.pop();
        self.order.push(name);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(jobs: &[(&str, &str, bool)]) -> Ledger {
        let mut ledger = Ledger::default();
        for (name, rest, waits) in jobs {
            let line = format!(r#"{{"attr":"{name}","attrPath":["{name}"]{rest}}}"#);
            assert_eq!(ledger.note(line.as_bytes()), *waits);
        }
        ledger
    }

    /// Each aggregate as `name=part,part` or `name!error`.
    fn planned(jobs: &[(&str, &str, bool)]) -> Vec<String> {
        let show = |aggregate: Aggregate| match aggregate.error {
            Some(error) => format!("{}!{}", aggregate.path.concat(), error.trim_end()),
            None => format!("{}={}", aggregate.path.concat(), aggregate.parts.concat().join(",")),
        };
        ledger(jobs).plan().aggregates.into_iter().map(show).collect()
    }

    #[test]
    fn parts_come_first() {
        let jobs = [
            ("a", r#","namedConstituents":["z","x"]"#, true),
            ("x", "", false),
            ("y", r#","error":"no""#, false),
            ("z", r#","namedConstituents":["x"]"#, true),
        ];
        assert_eq!(planned(&jobs), ["z=x", "a=x,z"]);
    }

    #[test]
    fn patterns_and_what_is_broken() {
        let jobs = [
            ("a", r#","globConstituents":true,"namedConstituents":["t*"]"#, true),
            ("b", r#","globConstituents":true,"namedConstituents":["u*"]"#, true),
            ("c", r#","namedConstituents":["t1","t?","t3"]"#, true),
            ("t1", "", false),
            ("t2", "", false),
            ("t3", r#","error":"no""#, false),
        ];
        let expected = ["a!t3: no", "b!u*: constituent glob pattern had no matches", "c!t3: no\nt?: does not exist"];
        assert_eq!(planned(&jobs), expected);
    }

    #[test]
    fn cycles() {
        let names = |name: &str| format!(r#","namedConstituents":["{name}"]"#);
        let (a, b, c) = (names("b"), names("a"), names("x"));
        let jobs = [("a", &*a, true), ("b", &*b, true), ("c", &*c, true), ("x", "", false)];
        let skipped = "c!Skipping aggregate because of a dependency cycle";
        assert_eq!(planned(&jobs), ["a!Dependency cycle: a <-> b", "b!Dependency cycle: a <-> b", skipped]);
    }
}
