//! Flakes: the specs in `tests/flakes`.
//!
//! A program is the `flake.nix` of the folder that is the first word after `nix`; options follow:
//!
//! | word | meaning |
//! |---|---|
//! | `lock`, `recreate`, `no-update`, `no-write`, `commit` | like the flags of `nix flake` |
//! | `update:a/b`, `override:a/b=REFERENCE` | inputs to update, or to replace |
//! | `impure` | evaluation is not pure, and inputs need not be locked |
//! | `global:FILE`, `user:FILE`, `flag:NAME=REFERENCE` | registries |
//! | `tree:URL=FOLDER` | the tree that is fetched from an address |
//! | `warn-dirty=false`, `allow-dirty-locks` | settings |
//!
//! Files are in memory, without modification times, which count as 1970. The fences after a program are `lock` (the
//! written lock file), `commit` (its commit message), `messages`, `error` (with its trace), and `output`: the value
//! of `result` among the outputs.

use crate::markdown::{self, Case, CaseIo};
use crate::support::{files, project};
use libtest_mimic::{Failed, Trial};
use nivis::fetch::cache::FetchCache;
use nivis::fetch::{Downloaded, Fetch, FetchContext, Fetched, NoFetch, path};
use nivis::flake::{self, LockOptions, LockWrite, LockWriter, Wanted};
use nivis::flake_ref::{FlakeRef, InputAttr, InputAttrs, RegistryEntry, input_url};
use nivis::io::Message;
use nivis::{Engine, Error, Eval, Settings};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// One trial per case; when accepting, one per file.
pub(crate) fn trials() -> Vec<Trial> {
    let paths = files(&project().join("tests/flakes"), ".md");
    paths.iter().flat_map(|path| markdown::trials(&format!("flakes/{}", markdown::stem(path)), path, run)).collect()
}

/// A fetcher of local trees, by their addresses.
#[derive(Debug)]
struct Here(Vec<(String, String)>);

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

impl Fetch for Here {
    fn is_connected(&self) -> bool {
        true
    }

    fn tree(&self, context: &FetchContext<'_>, input: &InputAttrs) -> nivis::Result<Fetched> {
        let text = |text: &str| InputAttr::String(text.as_bytes().to_vec());
        let mut plain = input.clone();
        plain.retain(|name, _| !matches!(name.as_slice(), b"narHash" | b"rev" | b"lastModified"));
        let url = input_url(&plain).map_err(|error| Error::eval(error.to_string()))?;
        let Some((_, folder)) = self.0.iter().find(|(known, _)| *known == url) else {
            return NoFetch.tree(context, input);
        };
        let here = InputAttrs::from([(b"type".to_vec(), text("path")), (b"path".to_vec(), text(folder))]);
        let mut fetched = path::fetch(context, &here)?;
        fetched.attrs.clone_from(input);
        fetched.attrs.entry(b"lastModified".to_vec()).or_insert(InputAttr::Int(86_400));
        if !matches!(input.get(&b"type"[..]), Some(InputAttr::String(kind)) if kind == b"tarball" || kind == b"file") {
            fetched.attrs.entry(b"rev".to_vec()).or_insert(text(COMMIT));
            fetched.attrs.remove(&b"ref"[..]);
        }
        Ok(fetched)
    }

    fn file(&self, context: &FetchContext<'_>, url: &str, name: &[u8]) -> nivis::Result<Downloaded> {
        NoFetch.file(context, url, name)
    }

    fn cache(&self) -> Option<&FetchCache> {
        None
    }
}

/// Records the written lock files.
#[derive(Default)]
struct Written(RefCell<Vec<LockWrite>>);

impl LockWriter for Written {
    fn write(&self, write: &LockWrite) -> nivis::Result<()> {
        self.0.borrow_mut().push(write.clone());
        Ok(())
    }
}

fn settings(words: &[String]) -> nivis::Result<(Settings, Here)> {
    let (mut settings, mut here) = (Settings::default(), Here(Vec::new()));
    settings.features.push("flakes".into());
    settings.pure = true;
    let flakes = &mut settings.flakes;
    for word in words {
        match word.split_once(':') {
            None if word == "impure" => settings.pure = false,
            None if word == "warn-dirty=false" => flakes.warn_dirty = false,
            None if word == "allow-dirty-locks" => flakes.allow_dirty_locks = true,
            Some(("global", file)) => flakes.global_registry = file.to_owned(),
            Some(("user", file)) => flakes.user_registry = Some(file.into()),
            Some(("flag", pair)) => {
                let (from, to) = pair.split_once('=').unwrap_or((pair, ""));
                let (from, to) = (FlakeRef::parse(from.as_bytes())?, FlakeRef::parse(to.as_bytes())?);
                flakes.flag_registry.push(RegistryEntry { from: from.attrs, to, exact: false });
            }
            Some(("tree", pair)) => {
                let (url, folder) = pair.split_once('=').unwrap_or((pair, ""));
                here.0.push((url.to_owned(), folder.to_owned()));
            }
            _ => {}
        }
    }
    Ok((settings, here))
}

/// Locks the flake, and returns the value of `result` if it is wanted.
fn evaluate(cx: &mut Eval<'_>, words: &[String], written: &Written, wants_value: bool) -> nivis::Result<String> {
    let (mut updates, mut overrides) = (BTreeSet::new(), BTreeMap::new());
    let mut options = LockOptions { writer: Some(written), ..LockOptions::default() };
    let folder = words.first().map(String::as_str).unwrap_or_default();
    for word in &words[1..] {
        match word.split_once(':') {
            None if word == "lock" => options.fail_on_unlocked = true,
            None if word == "recreate" => options.recreate = true,
            None if word == "no-update" => options.may_update = false,
            None if word == "no-write" => options.may_write = false,
            None if word == "commit" => options.commit = true,
            Some(("update", path)) => drop(updates.insert(flake::parse_input_path(path)?)),
            Some(("override", pair)) => {
                let (path, text) = pair.split_once('=').unwrap_or((pair, ""));
                let wanted = Wanted { may_be_missing: true, ..Wanted::default() };
                let (reference, _) = flake::find_flake(cx, text.as_bytes(), b"/", wanted)?;
                overrides.insert(flake::parse_input_path(path)?, reference);
            }
            _ => {}
        }
    }
    (options.updates, options.overrides) = (Some(&updates), Some(&overrides));
    let (reference, _) = flake::find_flake(cx, folder.as_bytes(), b"/", Wanted::default())?;
    let locked = flake::lock(cx, &reference, &options)?;
    if !wants_value {
        return Ok(String::new());
    }
    let outputs = locked.outputs(cx)?;
    let outputs = cx.force_attrs(outputs, "while evaluating outputs")?;
    let result = outputs.get(cx.intern(b"result")).unwrap_or(nivis::Value::NULL);
    cx.force_deep(result)?;
    nivis::print::ambiguous(cx, result).map(|text| String::from_utf8_lossy(&text).into_owned())
}

fn plain(message: &Message<'_>) -> Vec<u8> {
    message.plain(false)
}

fn run(case: &Case, kind: &str) -> Result<String, Failed> {
    let mut case = case.clone();
    let folder = case.words.first().cloned().unwrap_or_default();
    // The folder of the flake, if the reference names one.
    let file = format!("{}/flake.nix", folder.trim_start_matches("path:").replace("?dir=", "/"));
    case.files.push((file, case.program.clone()));
    let io = CaseIo::new(&case, plain);
    let (settings, here) = settings(&case.words)?;
    let mut engine =
        Engine::with_io(settings, Box::new(io.clone())).with_console(Rc::new(io.clone())).with_fetcher(Rc::new(here));
    let written = Written::default();
    let result = engine.enter(|cx| evaluate(cx, &case.words, &written, !matches!(kind, "lock" | "commit")));
    let write = written.0.into_inner().pop();
    match (kind, result) {
        ("error", Err(error)) => Ok(nivis::report::plain(&error, engine.sources(), false, false)),
        ("error", Ok(_)) => Err("no error".into()),
        ("messages", _) => Ok(io.messages().join("\n")),
        (_, Err(error)) => Err(format!("failed: {error}").into()),
        ("output", Ok(value)) => Ok(value),
        ("lock", Ok(_)) => Ok(write.map(|write| write.contents).unwrap_or_default()),
        ("commit", Ok(_)) => Ok(write.and_then(|write| write.commit_message).unwrap_or_default()),
        (other, _) => Err(format!("unknown fence {other}").into()),
    }
}
