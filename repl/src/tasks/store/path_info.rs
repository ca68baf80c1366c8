//! `path-info`: what the store knows about entries.

use super::{base_name, targets_of, text};
use crate::command_line::args::Arguments;
use crate::command_line::options::{Format, StoreOptions};
use crate::output::stdio;
use crate::tasks::build::entries;
use crate::tasks::build::plan::{self, size_in_units};
use crate::tasks::flake::json_text;
use crate::tasks::log::derivation;
use crate::tasks::outcome::Outcome;
use nivis::codec::hash::HashAlgorithm;
use nivis::codec::hash_format::HashFormat;
use nivis::codec::hash_text::{hash_to_text, parse_digits};
use nivis::codec::lossy;
use nivis::eval::AutoArguments;
use nivis::store::daemon::types::{DerivedPath, PathInfo};
use nivis::store::path::StorePath;
use nivis::{ErrorKind, Eval, Result};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// Prints what is known of the entries that the command line names.
///
/// # Errors
/// Fails if something can't be evaluated, or if the store lacks an entry.
pub(super) fn perform(
    cx: &mut Eval<'_>,
    arguments: &Arguments,
    options: &StoreOptions,
    automatic: &AutoArguments,
) -> Outcome {
    let mut targets = targets_of(cx, arguments, options, automatic)?;
    if options.derivations {
        let derivations = targets.iter().map(|target| derivation(cx, target).map(DerivedPath::Opaque));
        targets = derivations.collect::<Result<_>>()?;
        cx.save_before_build(&targets.iter().map(|target| target.base().clone()).collect::<Vec<_>>())?;
    }
    if cx.can_build() {
        plan::tell(cx, &targets)?;
    }
    let mut known = Known { cx, infos: BTreeMap::new() };
    let mut paths = Vec::new();
    for target in &targets {
        paths.extend(entries(known.cx, target)?.into_iter().map(|(_, path)| path));
    }
    if options.recursive {
        paths = known.closure(&paths)?;
    }
    if arguments.common.format == Format::Json {
        let json = known.json(&paths, options)?;
        return Ok(stdio::print(&json_text(&json, arguments))?);
    }
    let longest = paths.iter().map(|path| path.len()).max().unwrap_or_default();
    for path in &paths {
        stdio::print(known.line(path, longest, options)?.as_bytes())?;
    }
    Ok(())
}

/// The store's answers so far.
struct Known<'c, 'h> {
    cx: &'c Eval<'h>,
    infos: BTreeMap<StorePath, Option<PathInfo>>,
}

impl Known<'_, '_> {
    fn find(&mut self, path: &StorePath) -> Result<Option<PathInfo>> {
        if let Some(known) = self.infos.get(path) {
            return Ok(known.clone());
        }
        let info = self.cx.entry_info(path)?;
        self.infos.insert(path.clone(), info.clone());
        Ok(info)
    }

    fn get(&mut self, path: &StorePath) -> Result<PathInfo> {
        let missing = || ErrorKind::Store(format!("path '{}' is not valid", lossy(path))).into();
        self.find(path)?.ok_or_else(missing)
    }

    /// Entries with all that they refer to, each after those.
    fn closure(&mut self, paths: &[StorePath]) -> Result<Vec<StorePath>> {
        let (mut ordered, mut seen) = (Vec::new(), std::collections::BTreeSet::new());
        // An entry, and whether those that it refers to are done.
        let mut pending: Vec<(StorePath, bool)> = paths.iter().rev().map(|path| (path.clone(), false)).collect();
        while let Some((path, is_next)) = pending.pop() {
            if is_next {
                ordered.push(path);
                continue;
            }
            if seen.insert(path.clone()) {
                let references = self.get(&path)?.references;
                pending.push((path, true));
                pending.extend(references.into_iter().rev().map(|path| (path, false)));
            }
        }
        Ok(ordered)
    }

    fn closure_size(&mut self, path: &StorePath) -> Result<u64> {
        let all = self.closure(std::slice::from_ref(path))?;
        let mut size = 0;
        for path in &all {
            size += self.get(path)?.archive_size;
        }
        Ok(size)
    }

    fn line(&mut self, path: &StorePath, longest: usize, options: &StoreOptions) -> Result<String> {
        let info = self.get(path)?;
        let mut line = lossy(path);
        let has_columns = options.sizes || options.closure_sizes || options.signatures;
        if has_columns {
            line.push_str(&" ".repeat(longest - path.len()));
        }
        let shown = |size: u64| match options.human_readable {
            true => format!("\t{}", size_in_units(size)),
            false => format!("\t{size:11}"),
        };
        if options.sizes {
            line.push_str(&shown(info.archive_size));
        }
        if options.closure_sizes {
            line.push_str(&shown(self.closure_size(path)?));
        }
        if options.signatures {
            let ultimate = info.is_ultimate.then(|| "ultimate".to_owned());
            let address = info.content_address.map(|address| format!("ca:{address}"));
            let words: Vec<_> = ultimate.into_iter().chain(address).chain(info.signatures).collect();
            line.push_str(&format!("\t{}", words.join(" ")));
        }
        line.push('\n');
        Ok(line)
    }

    fn json(&mut self, paths: &[StorePath], options: &StoreOptions) -> Result<Json> {
        let version = options.json_format.unwrap_or_else(|| {
            stdio::eprint_warning(
                "'--json' without '--json-format' is deprecated; please specify '--json-format 1' or '--json-format 2'. \
                 This will become an error in a future release.",
            );
            1
        });
        let form = Form { version, store_dir: self.cx.settings().store_dir.clone() };
        let mut all = Map::new();
        for path in paths {
            let mut json = self.find(path)?.map_or(Json::Null, |info| form.info(&info));
            if let (true, Json::Object(members)) = (options.closure_sizes, &mut json) {
                members.insert("closureSize".to_owned(), self.closure_size(path)?.into());
            }
            all.insert(form.key(path), json);
        }
        Ok(match version {
            1 => Json::Object(all),
            _ => json!({ "version": version, "storeDir": form.store_dir, "info": all }),
        })
    }
}

/// A version of the form.
struct Form {
    version: u8,
    store_dir: String,
}

impl Form {
    fn key(&self, path: &[u8]) -> String {
        if self.version == 1 { lossy(path) } else { base_name(path) }
    }

    fn info(&self, info: &PathInfo) -> Json {
        let digits = parse_digits(info.archive_hash.as_bytes(), HashAlgorithm::Sha256, HashFormat::Base16);
        let hash = digits.map_or_else(|_| info.archive_hash.clone(), |hash| hash_to_text(&hash, HashFormat::Sri, true));
        let path = |path: &StorePath| Json::String(self.key(path));
        json!({
            "version": self.version,
            "storeDir": self.store_dir,
            "narHash": hash,
            "narSize": info.archive_size,
            "references": info.references.iter().map(path).collect::<Vec<_>>(),
            "ca": info.content_address.as_ref().map(|address| self.address(address)),
            "deriver": info.deriver.as_ref().map(path),
            "registrationTime": Some(info.registered).filter(|time| *time > 0),
            "ultimate": info.is_ultimate,
            "signatures": info.signatures.iter().map(|signature| self.signature(signature)).collect::<Vec<_>>(),
        })
    }

    /// A content address: as it is, or taken apart.
    fn address(&self, address: &str) -> Json {
        if self.version == 1 {
            return text(address.as_bytes());
        }
        let (kind, rest) = address.split_once(':').unwrap_or(("", address));
        let mut words: Vec<&str> = rest.split(':').collect();
        let (digits, algorithm) = (words.pop().unwrap_or_default(), words.pop().unwrap_or_default());
        let method = match (kind, words.pop()) {
            ("text", _) => "text",
            (_, Some("r")) => "nar",
            (_, Some(method)) => method,
            (_, None) => "flat",
        };
        let known = HashAlgorithm::from_name(algorithm.as_bytes()).ok();
        let hash = known.and_then(|known| parse_digits(digits.as_bytes(), known, HashFormat::Nix32).ok());
        let hash = hash.map_or_else(|| digits.to_owned(), |hash| hash_to_text(&hash, HashFormat::Sri, true));
        json!({ "method": method, "hash": hash })
    }

    fn signature(&self, signature: &str) -> Json {
        match signature.split_once(':').filter(|_| self.version == 3) {
            Some((name, bytes)) => json!({ "keyName": name, "sig": bytes }),
            None => text(signature.as_bytes()),
        }
    }
}
