//! `flake metadata`: where a flake comes from, and its inputs.

use super::command;
use super::verbosity::Verbosity;
use crate::command_line::args::Arguments;
use crate::command_line::options::Format;
use crate::output::stdio;
use crate::output::style::{BOLD, PLAIN, wants_colour};
use crate::tasks::outcome::Outcome;
use nivis::codec::base::encode_base16;
use nivis::codec::date::Moment;
use nivis::flake::{Edge, LockFile, LockedFlake, NodeId, show_input_path};
use nivis::flake_ref::{InputAttr, InputAttrs, attrs_to_json};
use nivis::{Eval, Result};
use serde_json::{Map, Value as Json};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::io;

/// Prints the metadata of a flake.
///
/// # Errors
/// Fails if the output can't be written.
pub(super) fn print(cx: &Eval<'_>, locked: &LockedFlake, arguments: &Arguments, telling: Verbosity) -> Outcome {
    if arguments.common.format == Format::Json {
        return Ok(stdio::print(&command::json_text(&json(cx, locked)?, arguments))?);
    }
    // C++ Nix writes escapes also where no terminal is.
    let is_coloured = telling.is_nix() || wants_colour(&io::stdout());
    Ok(stdio::print(text(cx, locked, is_coloured)?.as_bytes())?)
}

fn json(cx: &Eval<'_>, locked: &LockedFlake) -> Result<Json> {
    let flake = &locked.flake;
    let attrs = flake.locked.to_attrs();
    let mut object = Map::new();
    let mut put = |name: &str, value: Json| drop(object.insert(name.to_owned(), value));
    if let Some(description) = &flake.description {
        put("description", description.as_str().into());
    }
    put("originalUrl", flake.original.url().into());
    put("original", attrs_to_json(&flake.original.to_attrs()));
    put("resolvedUrl", flake.resolved.url().into());
    put("resolved", attrs_to_json(&flake.resolved.to_attrs()));
    put("url", flake.locked.url().into());
    put("locked", attrs_to_json(&attrs));
    commit(&attrs).for_each(|(name, value)| put(name, value));
    put("path", String::from_utf8_lossy(locked.tree(&cx.settings().store_dir)).into_owned().into());
    put("locks", locked.lock_file.to_json().json);
    if let Some(fingerprint) = locked.fingerprint(cx)? {
        put("fingerprint", encode_base16(&fingerprint.bytes).into());
    }
    Ok(Json::Object(object))
}

/// The known facts about the commit of a flake.
fn commit(attrs: &InputAttrs) -> impl Iterator<Item = (&'static str, Json)> {
    let text = |name, attr| (name, text_of(attrs, attr).map(Json::from));
    let number = |name| (name, number_of(attrs, name).map(Json::from));
    let facts =
        [text("revision", "rev"), text("dirtyRevision", "dirtyRev"), number("revCount"), number("lastModified")];
    facts.into_iter().filter_map(|(name, value)| Some((name, value?)))
}

fn text_of(attrs: &InputAttrs, name: &str) -> Option<String> {
    match attrs.get(name.as_bytes()) {
        Some(InputAttr::String(text)) => Some(String::from_utf8_lossy(text).into_owned()),
        _ => None,
    }
}

fn number_of(attrs: &InputAttrs, name: &str) -> Option<u64> {
    match attrs.get(name.as_bytes()) {
        Some(InputAttr::Int(number)) => Some(*number),
        _ => None,
    }
}

fn text(cx: &Eval<'_>, locked: &LockedFlake, is_coloured: bool) -> Result<String> {
    let (flake, attrs) = (&locked.flake, locked.flake.locked.to_attrs());
    let mut page = Page { text: String::new(), is_coloured };
    page.line("Resolved URL:", &flake.resolved.url());
    if flake.is_locked(cx)? {
        page.line("Locked URL:", &flake.locked.url());
    }
    if let Some(description) = &flake.description {
        page.line("Description:", description);
    }
    page.line("Path:", &String::from_utf8_lossy(locked.tree(&cx.settings().store_dir)));
    page.commit(&attrs);
    if let Some(fingerprint) = locked.fingerprint(cx)? {
        page.line("Fingerprint:", &encode_base16(&fingerprint.bytes));
    }
    if !locked.lock_file.root().inputs.is_empty() {
        page.line("Inputs:", "");
    }
    page.inputs(&locked.lock_file, NodeId::ROOT, "", &mut HashSet::from([NodeId::ROOT]));
    Ok(page.text)
}

/// The page under construction.
struct Page {
    text: String,
    is_coloured: bool,
}

impl Page {
    fn bold(&self, text: &str) -> String {
        if self.is_coloured { format!("{BOLD}{text}{PLAIN}") } else { text.to_owned() }
    }

    fn line(&mut self, label: &str, value: &str) {
        let padding = if value.is_empty() { 0 } else { 15_usize.saturating_sub(label.len()) };
        let _ = writeln!(self.text, "{}{}{value}", self.bold(label), " ".repeat(padding));
    }

    /// Prints the known facts about the flake's commit.
    fn commit(&mut self, attrs: &InputAttrs) {
        for digits in [text_of(attrs, "rev"), text_of(attrs, "dirtyRev")].into_iter().flatten() {
            self.line("Revision:", &digits);
        }
        if let Some(count) = number_of(attrs, "revCount") {
            self.line("Revisions:", &count.to_string());
        }
        if let Some(seconds) = number_of(attrs, "lastModified") {
            self.line("Last modified:", &Moment::of(seconds.cast_signed()).text());
        }
    }

    /// The inputs of a node, those of each node once.
    fn inputs(&mut self, file: &LockFile, node: NodeId, lead: &str, seen: &mut HashSet<NodeId>) {
        let inputs = &file.node(node).inputs;
        for (index, (name, edge)) in inputs.iter().enumerate() {
            let is_last = index + 1 == inputs.len();
            let (branch, below) = if is_last { ("└───", "    ") } else { ("├───", "│   ") };
            let name = self.bold(name);
            match edge {
                Edge::Follows(target) => {
                    let _ = writeln!(self.text, "{lead}{branch}{name} follows input '{}'", show_input_path(target));
                }
                Edge::Node(child) => {
                    let _ = writeln!(self.text, "{lead}{branch}{name}: {}", locked_text(file, *child));
                    if seen.insert(*child) {
                        self.inputs(file, *child, &format!("{lead}{below}"), seen);
                    }
                }
            }
        }
    }
}

/// The URL of a locked input, and its time.
fn locked_text(file: &LockFile, node: NodeId) -> String {
    let lock = file.node(node).lock.as_ref();
    let url = lock.map(|lock| lock.locked.url()).unwrap_or_default();
    let time = lock.and_then(|lock| lock.locked.last_modified());
    let time = time.map(|seconds| format!(" ({})", Moment::of(seconds.cast_signed()).text()));
    url + &time.unwrap_or_default()
}
