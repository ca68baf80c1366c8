//! A session in a page: names that were bound, the last value, and the answers to requests.

use crate::graph;
use crate::lessons;
use crate::prompt::highlight::styles;
use crate::prompt::literal::is_literal;
use crate::prompt::reach::walk;
use nivis::codec::palette::Palette;
use nivis::error::Error;
use nivis::eval::{AutoArguments, Reductions};
use nivis::io::{Console, MemoryIo, Message};
use nivis::print::{self, Options};
use nivis::{Engine, Eval, Result, Root, Settings, Value, report};
use serde_json::{Value as Json, json};
use std::cell::RefCell;
use std::rc::Rc;

/// The deepest nesting of calls, for which the stack of a browser has room.
const MOST_CALLS: u32 = 500;
/// The most memory that values may take, in bytes.
const MOST_MEMORY: usize = 512 << 20;
/// The most steps that are shown.
const MOST_STEPS: usize = 400;
/// The most members of a value that are printed.
const MOST_PRINTED: usize = 500;

/// The classes of the page's style sheet, for each role.
const CLASSES: Palette = Palette {
    error: "error",
    failed: "failed",
    warning: "warning",
    frame: "frame",
    title: "title",
    faint: "comment",
    emphasis: "emphasis",
    keyword: "keyword",
    string: "string",
    number: "number",
    path: "path",
    function: "function",
    thunk: "thunk",
    code: "code",
};

/// Messages of `trace` and `warn`, and warnings.
#[derive(Debug, Default)]
struct Messages(RefCell<Vec<String>>);

impl Console for Messages {
    fn message(&self, message: &Message<'_>) {
        self.0.borrow_mut().push(String::from_utf8_lossy(&message.plain(false)).into_owned());
    }
}

/// A session.
pub(crate) struct Session {
    engine: Engine,
    messages: Rc<Messages>,
    names: Vec<(String, Root)>,
    last: Option<Root>,
    /// Inputs that bound names, each with these names: `:step` shows them as a part of the program.
    bindings: Vec<(Vec<String>, String)>,
    /// The value of the graph that is shown.
    drawn: Option<(String, Root)>,
}

impl Session {
    pub(crate) fn new() -> Self {
        let mut settings = Settings::default();
        settings.max_call_depth = MOST_CALLS;
        settings.memory_limit = MOST_MEMORY;
        settings.pure = true;
        settings.system = "x86_64-linux".to_owned();
        let messages = Rc::new(Messages::default());
        let engine = Engine::with_io(settings, Box::new(MemoryIo::default())).with_console(messages.clone());
        let mut session = Self { engine, messages, names: Vec::new(), last: None, bindings: Vec::new(), drawn: None };
        if let Ok(lib) = session.engine.eval_str(include_str!("lib.nix")) {
            session.names.push(("lib".to_owned(), lib));
        }
        session
    }

    /// Answers a request.
    pub(crate) fn answer(&mut self, request: &[u8]) -> String {
        let request: Json = serde_json::from_slice(request).unwrap_or_default();
        let text = request["text"].as_str().unwrap_or_default().to_owned();
        self.messages.0.borrow_mut().clear();
        let mut answer = match request["do"].as_str().unwrap_or_default() {
            "styles" => marked(&text),
            "lessons" => lessons::all(),
            "force" => self.force(request["node"].as_u64().unwrap_or_default() as usize),
            "check" => self.check(&request),
            "literal" => json!(is_literal(&text)),
            _ => self.input(text.trim()),
        };
        let messages = self.messages.0.take();
        if let (Json::Object(object), false) = (&mut answer, messages.is_empty()) {
            object.insert("messages".to_owned(), json!(messages));
        }
        answer.to_string()
    }

    fn input(&mut self, text: &str) -> Json {
        let (command, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        let answer = match command {
            ":p" | ":print" => self.value(rest),
            ":t" | ":type" => self.kind(rest),
            ":lazy" => self.lazy(rest),
            ":step" => self.steps(rest),
            ":graph" => self.graph(rest),
            ":access" => self.access(rest),
            _ if command.starts_with(':') => Ok(json!({
                "kind": "output",
                "text": format!("This page has no '{command}': it knows :p, :t, :lazy, :step, :graph and :access."),
            })),
            _ => self.value_or_bindings(text),
        };
        answer.unwrap_or_else(|error| self.shown_error(&error))
    }

    /// Runs `body` with the names of the session.
    fn inside<R>(&mut self, body: impl for<'h> FnOnce(&mut Eval<'h>, &[(&str, Value<'h>)]) -> Result<R>) -> Result<R> {
        let (names, last) = (&self.names, &self.last);
        self.engine.enter(|cx| {
            let mut scope = Vec::new();
            for (name, root) in names {
                scope.push((name.as_str(), cx.get(root)?));
            }
            if let Some(last) = last {
                scope.push(("it", cx.get(last)?));
            }
            body(cx, &scope)
        })
    }

    fn value(&mut self, text: &str) -> Result<Json> {
        let (root, shown) = self.inside(|cx, scope| {
            let value = cx.eval_text(text.into(), scope)?;
            let options = Options { force: true, ..options() };
            Ok((cx.keep(value), print::print(cx, value, &options)?))
        })?;
        self.last = Some(root);
        Ok(json!({ "kind": "value", "text": String::from_utf8_lossy(&shown) }))
    }

    fn value_or_bindings(&mut self, text: &str) -> Result<Json> {
        if !nivis::syntax::parse(text.as_bytes()).errors.is_empty()
            && nivis::syntax::parse_unclosed_bindings(text.as_bytes()).errors.is_empty()
        {
            return self.bind(text);
        }
        self.value(text)
    }

    /// Binds names. One that was not bound before may mean itself.
    fn bind(&mut self, text: &str) -> Result<Json> {
        let known: Vec<String> = self.names.iter().map(|(name, _)| name.clone()).collect();
        let bound = self.inside(|cx, scope| {
            let set = cx
                .delay_bindings(text.into(), scope)
                .or_else(|error| cx.delay_recursive_bindings(text.into(), scope).map_err(|_| error))?;
            let set = cx.force(set)?;
            let members = set.as_attrs().into_iter().flat_map(nivis::heap::Attrs::iter);
            let name = |name| String::from_utf8_lossy(cx.symbol_text(name)).into_owned();
            Ok(members.map(|(symbol, value, _)| (name(symbol), cx.keep(value))).collect::<Vec<_>>())
        })?;
        let names: Vec<String> = bound.iter().map(|(name, _)| name.clone()).collect();
        self.names.retain(|(name, _)| !names.contains(name));
        self.names.extend(bound);
        self.bindings.retain(|(earlier, _)| !earlier.iter().any(|name| names.contains(name)));
        self.bindings.push((names.clone(), text.to_owned()));
        let is_new = names.iter().all(|name| !known.contains(name));
        Ok(json!({ "kind": "bound", "names": names, "is_new": is_new }))
    }

    fn kind(&mut self, text: &str) -> Result<Json> {
        self.inside(|cx, scope| {
            let value = cx.eval_text(text.into(), scope)?;
            Ok(json!({ "kind": "output", "text": value.unpack().type_name() }))
        })
    }

    fn lazy(&mut self, text: &str) -> Result<Json> {
        self.inside(|cx, scope| {
            let value = cx.eval_text(text.into(), scope)?;
            let shown = print::print(cx, value, &Options { thunk_texts: true, ..options() })?;
            Ok(json!({ "kind": "value", "text": String::from_utf8_lossy(&shown) }))
        })
    }

    fn steps(&mut self, text: &str) -> Result<Json> {
        let program = self.with_bindings(text);
        let done = self.inside(|cx, scope| cx.reductions(program.into_bytes(), scope, MOST_STEPS))?;
        Ok(steps_as_json(&done))
    }

    /// The program with the bindings that it needs around it.
    fn with_bindings(&self, text: &str) -> String {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_'-".contains(c);
        let words = |text: &str| text.split(|c| !is_part(c)).map(str::to_owned).collect::<Vec<_>>();
        let (mut wanted, mut needed) = (words(text), String::new());
        for (names, binding) in self.bindings.iter().rev() {
            if names.iter().any(|name| wanted.contains(name)) {
                wanted.extend(words(binding));
                let end = if binding.trim_end().ends_with(';') { "" } else { ";" };
                needed = format!("{binding}{end}\n{needed}");
            }
        }
        if needed.is_empty() { text.to_owned() } else { format!("let\n{needed}in\n{text}") }
    }

    fn graph(&mut self, text: &str) -> Result<Json> {
        let root = self.inside(|cx, scope| {
            let value = cx.eval_text(text.into(), scope)?;
            Ok(cx.keep(value))
        })?;
        self.drawn = Some((text.to_owned(), root));
        self.force(usize::MAX)
            .as_object()
            .map(|graph| Json::Object(graph.clone()))
            .ok_or_else(|| Error::eval("there is no graph"))
    }

    /// Evaluates the thunk of a node, and draws the graph again.
    fn force(&mut self, node: usize) -> Json {
        let Some((title, root)) = &self.drawn else { return Json::Null };
        let drawn = self.engine.enter(|cx| {
            let value = cx.get(root)?;
            let thunk = walk(cx, title, value).1.get(node).copied();
            let failed = thunk.and_then(|thunk| cx.force(thunk).err());
            let mut graph = graph::as_json(&walk(cx, title, value).0);
            if let Some(error) = failed {
                graph["error"] = json!(error.to_string());
            }
            Ok(graph)
        });
        drawn.unwrap_or_else(|error: Error| self.shown_error(&error))
    }

    /// Both readings of a path such as `xs.0`.
    fn access(&mut self, path: &str) -> Result<Json> {
        self.inside(|cx, scope| {
            let here = cx.eval_text(path.into(), scope);
            let here = outcome(cx, here);
            let root = cx.attrs_of(scope);
            let there = cx.select_path(root, path, &AutoArguments::default());
            let there = there.and_then(|value| cx.force(value));
            let there = outcome(cx, there);
            Ok(json!({ "kind": "access", "path": path, "here": here, "there": there }))
        })
    }

    /// True if an input did a lesson's task.
    fn check(&mut self, request: &Json) -> Json {
        let check = request["check"].as_str().unwrap_or_default().to_owned();
        let [typed, reply] = ["typed", "reply"].map(|name| request[name].as_str().unwrap_or_default().to_owned());
        let failed = request["failed"].as_bool().unwrap_or_default();
        let done = self.inside(|cx, scope| {
            let mut names = scope.to_vec();
            names.push(("typed", cx.string(&typed)));
            names.push(("reply", cx.string(&reply)));
            names.push(("failed", Value::bool(failed)));
            cx.eval_text(check.into(), &names).map(|value| value == Value::TRUE)
        });
        json!(done.unwrap_or(false))
    }

    fn shown_error(&self, error: &Error) -> Json {
        let sources = self.engine.sources();
        let data: Vec<Json> =
            report::json(error, sources).lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        json!({ "kind": "error", "text": error.to_string(), "errors": data })
    }
}

fn options() -> Options {
    Options { indent: 2, max_items: MOST_PRINTED, max_attributes: MOST_PRINTED, fill: 72, ..Options::default() }
}

/// A value or error in one line.
fn outcome<'h>(cx: &mut Eval<'h>, result: Result<Value<'h>>) -> String {
    match result {
        Ok(value) => print::excerpt(cx, value),
        Err(error) => format!("error: {}", error.to_string().lines().next().unwrap_or_default()),
    }
}

/// The parts of a program with the classes of their styles.
fn marked(text: &str) -> Json {
    let offset = |bytes: usize| text.get(..bytes).map_or(0, |before| before.encode_utf16().count());
    let parts = styles(text, CLASSES).into_iter().filter(|(_, class)| !class.is_empty());
    json!(parts.map(|(range, class)| json!([offset(range.start), offset(range.end), class])).collect::<Vec<_>>())
}

fn steps_as_json(done: &Reductions) -> Json {
    let steps = done.steps.iter().map(|step| {
        let offset = |bytes: usize| step.program.get(..bytes).map_or(0, |before| before.encode_utf16().count());
        json!({
            "program": step.program,
            "styles": marked(&step.program),
            "redex": step.redex.clone().map(|range| [offset(range.start), offset(range.end)]),
            "inside": step.inside,
            "forced": step.forced,
        })
    });
    json!({
        "kind": "steps",
        "steps": steps.collect::<Vec<_>>(),
        "error": done.error.as_ref().map(ToString::to_string),
        "is_cut": done.is_cut,
    })
}
