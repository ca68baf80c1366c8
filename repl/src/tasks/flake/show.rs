//! `flake show`: the outputs of a flake, as a tree or as JSON.
//!
//! Only what is shown is evaluated: sets on the way, and of a derivation its type and name. A derivation for another system
//! is left alone. The first error ends it, except below `legacyPackages`, where there always are some.

mod cursor;
mod kind;
mod page;

use super::command;
use super::incremental::{Kept, Parts};
use super::installable::outputs;
use super::verbosity::Verbosity;
use crate::command_line::args::Arguments;
use crate::command_line::options::{FlakeOptions, Format};
use crate::config::settings::Configuration;
use crate::output::stdio;
use crate::tasks::outcome::{Failure, Outcome};
use kind::Kind;
use nivis::codec::nix_string::write_attribute_name;
use nivis::value::attrs::by_name;
use nivis::{Error, ErrorKind, Eval, Result, Value};
use page::{Page, below};
use serde_json::{Map, Value as Json, json};

/// Shows the flake that the command line names.
///
/// # Errors
/// Fails if the flake can't be locked or evaluated, or the output can't be written.
pub(super) fn perform(
    cx: &mut Eval<'_>,
    arguments: &Arguments,
    options: &FlakeOptions,
    configuration: &Configuration,
) -> Outcome {
    let mut parts = Parts::of(cx, "show", arguments, configuration);
    let locked = parts.enter(cx, |cx| command::locked(cx, arguments, |_| {}))?;
    let telling = Verbosity::of(arguments, configuration.errors);
    let mut show = Show {
        is_json: arguments.common.format == Format::Json,
        all_systems: options.all_systems,
        legacy: options.legacy,
        page: Page::new(telling.is_nix()),
        telling,
        path: Vec::new(),
        parts,
    };
    let header = show.page.bold(&locked.flake.locked.url());
    let shown = show.root(cx, &header, |cx| outputs(cx, &locked));
    show.parts.keep();
    if let Some(error) = show.page.broken.take() {
        return Err(Failure::Output(error));
    }
    let json = Json::Object(shown?);
    if show.is_json {
        stdio::print(&command::json_text(&json, arguments))?;
    }
    Ok(())
}

/// The output so far, and the current path.
struct Show {
    is_json: bool,
    all_systems: bool,
    legacy: bool,
    page: Page,
    telling: Verbosity,
    path: Vec<String>,
    parts: Parts,
}

/// An output that is not looked into: its line after the header, and its JSON description.
#[derive(Default)]
struct Leaf {
    line: Option<String>,
    told: Told,
}

impl Leaf {
    fn new<const N: usize>(line: String, members: [(&str, Option<String>); N]) -> Self {
        let members = members.into_iter().filter_map(|(name, text)| text.map(|text| (name.to_owned(), text.into())));
        Self { line: Some(line), told: members.collect() }
    }
}

/// A leaf, or a set to look into.
impl Kept for Option<Leaf> {
    fn to_json(&self) -> Json {
        self.as_ref().map_or(Json::Null, |leaf| json!({ "line": leaf.line, "told": leaf.told }))
    }

    fn from_json(json: &Json) -> Option<Self> {
        match json {
            Json::Null => Some(None),
            json => {
                let line = json.get("line")?.as_str().map(str::to_owned);
                Some(Some(Leaf { line, told: json.get("told")?.as_object()?.clone() }))
            }
        }
    }
}

/// The JSON description of an output.
type Told = Map<String, Json>;

/// Why something is left out.
const OF_OTHER_SYSTEM: &str = "omitted (use '--all-systems' to show)";
const LEGACY: &str = "omitted (use '--legacy' to show)";
const NEEDS_BUILDING: &str = "omitted due to use of import from derivation";

impl Show {
    fn root<'h>(
        &mut self,
        cx: &mut Eval<'h>,
        header: &str,
        outputs: impl FnOnce(&mut Eval<'h>) -> Result<Value<'h>>,
    ) -> Result<Told> {
        self.telling.detail("evaluating ''...");
        self.line(header)?;
        let outputs = self.parts.enter(cx, outputs)?;
        self.members(cx, outputs, "")
    }

    /// Shows the value at the path.
    fn visit<'h>(&mut self, cx: &mut Eval<'h>, value: Value<'h>, header: &str, lead: &str) -> Result<Told> {
        self.telling.detail(&format!("evaluating '{}'...", self.path.join(".")));
        let is_legacy = self.path.first().is_some_and(|name| name == "legacyPackages");
        let depth = self.parts.depth();
        let shown = self.kind(cx, value, header, lead);
        self.parts.leave(depth);
        match shown {
            Err(error) if is_legacy && cursor::is_of_program(&error) => Ok(Told::new()),
            // Only a command that looks for derivations names what would have to be built.
            Err(error) if matches!(error.kind(), ErrorKind::Unbuilt(_)) && self.forgives_building() => {
                self.omit(cx, header, NEEDS_BUILDING)
            }
            shown => shown,
        }
    }

    fn kind<'h>(&mut self, cx: &mut Eval<'h>, value: Value<'h>, header: &str, lead: &str) -> Result<Told> {
        match Kind::of(&self.names()) {
            Kind::Set => self.set(cx, value, header, lead),
            Kind::Derivation if self.is_of_other_system(cx) => self.omit(cx, header, OF_OTHER_SYSTEM),
            Kind::Derivation => {
                let leaf = self.leaf(cx, |it, cx| match it.derivation(cx, value)? {
                    Some(leaf) => Ok(Some(leaf)),
                    None => {
                        cx.warn(&Error::eval(format!("{}.name is not a derivation", it.path.join("."))));
                        Ok(Some(Leaf::default()))
                    }
                })?;
                self.print(header, leaf.unwrap_or_default())
            }
            Kind::Jobs => match self.leaf(cx, |it, cx| it.derivation(cx, value))? {
                Some(leaf) => self.print(header, leaf),
                None => self.set(cx, value, header, lead),
            },
            Kind::Legacy => self.legacy(cx, value, header, lead),
            Kind::App => {
                let leaf = self.leaf(cx, |it, cx| it.app(cx, value).map(Some))?;
                self.print(header, leaf.unwrap_or_default())
            }
            Kind::Template => {
                let leaf = self.leaf(cx, |it, cx| it.template(cx, value).map(Some))?;
                self.print(header, leaf.unwrap_or_default())
            }
            Kind::Other(name, words) => {
                let text = format!(": {}", self.page.odd(words));
                self.print(header, Leaf::new(text, [("type", Some(name.to_owned()))]))
            }
        }
    }

    /// Evaluates the leaf at the path, unless it is known from the last run.
    fn leaf<'h>(
        &mut self,
        cx: &mut Eval<'h>,
        body: impl FnOnce(&Self, &mut Eval<'h>) -> Result<Option<Leaf>>,
    ) -> Result<Option<Leaf>> {
        let mut parts = std::mem::take(&mut self.parts);
        let leaf = parts.part(cx, &Json::from(self.path.clone()).to_string(), |cx| body(self, cx));
        self.parts = parts;
        leaf
    }

    /// Prints the line of a leaf, and gives its JSON description.
    fn print(&mut self, header: &str, leaf: Leaf) -> Result<Told> {
        if let Some(line) = &leaf.line {
            self.line(&format!("{header}{line}"))?;
        }
        Ok(leaf.told)
    }

    fn names(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    fn is_of_other_system(&self, cx: &Eval<'_>) -> bool {
        !self.all_systems && self.path.get(1).is_some_and(|system| *system != cx.settings().system)
    }

    /// True where reading what a derivation makes leaves out that one thing.
    fn forgives_building(&self) -> bool {
        match Kind::of(&self.names()) {
            Kind::Derivation | Kind::Jobs => true,
            Kind::Legacy => self.path.len() > 1,
            _ => false,
        }
    }

    /// A set, with what is in it below.
    fn set<'h>(&mut self, cx: &mut Eval<'h>, value: Value<'h>, header: &str, lead: &str) -> Result<Told> {
        self.line(header)?;
        self.members(cx, value, lead)
    }

    fn members<'h>(&mut self, cx: &mut Eval<'h>, value: Value<'h>, lead: &str) -> Result<Told> {
        let path = &self.path;
        let set = self.parts.enter(cx, |cx| cursor::set(cx, value, path))?;
        let mut members = Vec::new();
        for (symbol, value, _) in by_name(cx.scope(), set) {
            let name = cx.symbol_text(symbol);
            self.path.push(String::from_utf8_lossy(name).into_owned());
            let has_content = self.has_content(cx, value);
            self.path.pop();
            if has_content? {
                members.push((name, value));
            }
        }
        let (mut told, count) = (Told::new(), members.len());
        for (index, (name, value)) in members.into_iter().enumerate() {
            let is_last = index + 1 == count;
            let mut quoted = Vec::new();
            write_attribute_name(&mut quoted, name);
            let header = self.page.name(lead, is_last, &String::from_utf8_lossy(&quoted));
            self.path.push(String::from_utf8_lossy(name).into_owned());
            let shown = cx.deeper(|cx| self.visit(cx, value, &header, &below(lead, is_last)));
            let name = self.path.pop().unwrap_or_default();
            told.insert(name, Json::Object(shown?));
        }
        Ok(told)
    }

    /// False for sets of nothing, which are left out.
    fn has_content<'h>(&mut self, cx: &mut Eval<'h>, value: Value<'h>) -> Result<bool> {
        if !kind::hides_when_empty(&self.names()) {
            return Ok(true);
        }
        match self.has_some_member(cx, value) {
            Err(error) if cursor::is_of_program(&error) => Ok(true),
            found => found,
        }
    }

    fn has_some_member<'h>(&mut self, cx: &mut Eval<'h>, value: Value<'h>) -> Result<bool> {
        let set = cursor::set(cx, value, &self.path)?;
        for (symbol, value, _) in by_name(cx.scope(), set) {
            self.path.push(String::from_utf8_lossy(cx.symbol_text(symbol)).into_owned());
            let has_content = self.has_content(cx, value);
            self.path.pop();
            if has_content? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn legacy<'h>(&mut self, cx: &mut Eval<'h>, value: Value<'h>, header: &str, lead: &str) -> Result<Told> {
        if self.path.len() == 1 {
            return self.set(cx, value, header, lead);
        }
        if !self.legacy {
            return self.omit(cx, header, LEGACY);
        }
        if self.is_of_other_system(cx) {
            return self.omit(cx, header, OF_OTHER_SYSTEM);
        }
        if let Some(leaf) = self.leaf(cx, |it, cx| it.derivation(cx, value))? {
            return self.print(header, leaf);
        }
        if self.path.len() == 2 { self.set(cx, value, header, lead) } else { Ok(Told::new()) }
    }

    /// The leaf for a derivation; `None` for anything else.
    fn derivation<'h>(&self, cx: &mut Eval<'h>, value: Value<'h>) -> Result<Option<Leaf>> {
        if !cursor::is_derivation(cx, value, &self.path)? {
            return Ok(None);
        }
        let name = cursor::needed_text(cx, value, &self.path, "name")?;
        if self.is_json {
            let description = cursor::description(cx, value, &self.path)?.unwrap_or_default();
            let told = [("type", "derivation".to_owned()), ("name", name), ("description", description)];
            return Ok(Some(Leaf::new(String::new(), told.map(|(name, text)| (name, Some(text))))));
        }
        let purpose = kind::purpose(&self.names());
        let aside = if self.telling.is_nix() { String::new() } else { self.aside(cx, value)? };
        Ok(Some(Leaf::new(format!(": {purpose} '{name}'{aside}"), [])))
    }

    /// The description after a package. Errors in it are ignored.
    fn aside<'h>(&self, cx: &mut Eval<'h>, value: Value<'h>) -> Result<String> {
        match cursor::description(cx, value, &self.path) {
            Ok(description) => Ok(self.page.aside(&description.unwrap_or_default())),
            Err(error) if error.kind().is_recoverable() => Err(error),
            Err(_) => Ok(String::new()),
        }
    }

    fn app<'h>(&self, cx: &mut Eval<'h>, value: Value<'h>) -> Result<Leaf> {
        let kind = cursor::attribute(cx, value, "type")?;
        let description = cursor::description(cx, value, &self.path)?;
        let kind = kind.map(|kind| cursor::text(cx, kind, &self.path, "type")).transpose()?;
        if kind.is_none_or(|kind| kind != "app") {
            return Err(Error::eval("not an app definition"));
        }
        let shown = self.page.bold(description.as_deref().unwrap_or("no description"));
        Ok(Leaf::new(format!(": app: {shown}"), [("type", Some("app".to_owned())), ("description", description)]))
    }

    fn template<'h>(&self, cx: &mut Eval<'h>, value: Value<'h>) -> Result<Leaf> {
        let description = cursor::needed_text(cx, value, &self.path, "description")?;
        let text = format!(": template: {}", self.page.bold(&description));
        Ok(Leaf::new(text, [("type", Some("template".to_owned())), ("description", Some(description))]))
    }

    /// Says that something is left out, and why.
    fn omit(&mut self, cx: &Eval<'_>, header: &str, reason: &str) -> Result<Told> {
        if self.is_json {
            cx.warn(&Error::eval(format!("{} {reason}", self.path.join("."))));
        } else {
            let (word, advice) = reason.split_once(" (").unwrap_or((reason, ""));
            let advice = if advice.is_empty() { String::new() } else { format!(" ({advice}") };
            self.line(&format!("{header} {}{advice}", self.page.odd(word)))?;
        }
        Ok(Told::new())
    }

    fn line(&mut self, text: &str) -> Result<()> {
        if self.is_json || self.page.line(text) { Ok(()) } else { Err(ErrorKind::Interrupted.into()) }
    }
}
