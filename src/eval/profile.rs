//! The profiler: which calls were running when time passed, and when memory was taken.
//!
//! Calls come here as traced calls do: the evaluation starts without levels, so each call is refused at first. An
//! evaluation without a profiler pays nothing. A thread counts the ticks of a clock. A call that begins or ends after
//! a tick charges it to the calls that were running until then; what they allocated is charged likewise.

use super::Eval;
use super::shared::Shared;
use crate::heap::{CodeRef, PosId, Str, Symbol, Unpacked, Value};
use crate::symbol;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

/// The bytes after which memory is charged, so that not every call is looked up.
const MEMORY_STEP: usize = 64 << 10;

/// The function that is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Callee {
    Function(CodeRef),
    Builtin(&'static str),
    /// `derivationStrict`, with the name of the derivation.
    Derivation(Symbol),
    Functor,
    /// Not callable.
    Other,
}

/// A running call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Call {
    place: PosId,
    callee: Callee,
}

/// The weight of the calls that were running together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// The number of ticks; of calls, for a profiler that counts them.
    pub samples: u64,
    /// The allocated bytes.
    pub bytes: u64,
}

/// A call with the calls around it: a node of a tree.
#[derive(Debug)]
struct Node {
    /// The index of the call around it; its own for the root.
    around: usize,
    call: Call,
    weight: Weight,
}

/// The profiler of an engine.
#[derive(Debug)]
pub(crate) struct Profiler {
    /// `None` if each call counts.
    clock: Option<Clock>,
    running: Vec<Call>,
    tree: Vec<Node>,
    children: FxHashMap<(usize, Call), usize>,
    bytes: usize,
}

impl Profiler {
    /// A profiler with so many samples in a second; with 0, each call counts.
    pub(crate) fn new(frequency: u32) -> Self {
        let root = Call { place: PosId::NONE, callee: Callee::Other };
        Self {
            clock: (frequency > 0).then(|| Clock::new(Duration::from_secs(1) / frequency)),
            running: Vec::new(),
            tree: vec![Node { around: 0, call: root, weight: Weight::default() }],
            children: FxHashMap::default(),
            bytes: 0,
        }
    }

    fn begin(&mut self, call: Call, used: usize) {
        self.charge(used);
        self.running.push(call);
        if self.clock.is_none() {
            self.add(Weight { samples: 1, bytes: 0 });
        }
    }

    fn end(&mut self, used: usize) {
        self.charge(used);
        self.running.pop();
    }

    /// Charges what has passed to the running calls.
    #[inline]
    fn charge(&mut self, used: usize) {
        let ticks = self.clock.as_mut().map_or(0, Clock::passed);
        let bytes = used.saturating_sub(self.bytes);
        // After a collection less is used.
        if ticks > 0 || bytes >= MEMORY_STEP || used < self.bytes {
            self.bytes = used;
            self.add(Weight { samples: ticks, bytes: bytes as u64 });
        }
    }

    #[cold]
    fn add(&mut self, weight: Weight) {
        let mut node = 0;
        for call in &self.running {
            node = *self.children.entry((node, *call)).or_insert_with(|| {
                self.tree.push(Node { around: node, call: *call, weight: Weight::default() });
                self.tree.len() - 1
            });
        }
        self.tree[node].weight.samples += weight.samples;
        self.tree[node].weight.bytes += weight.bytes;
    }

    /// The samples so far, ordered by the text of their calls.
    pub(crate) fn profile(&self, shared: &Shared) -> Profile {
        let frames: Vec<ProfileFrame> = self.tree.iter().map(|node| shared.frame(node.call)).collect();
        let calls = |mut node: usize| {
            let mut calls = Vec::new();
            while node != 0 {
                calls.push(frames[node].clone());
                node = self.tree[node].around;
            }
            calls.reverse();
            calls
        };
        let weighty = self.tree.iter().enumerate().filter(|(_, node)| node.weight != Weight::default());
        let mut stacks: Vec<_> = weighty.map(|(index, node)| (calls(index), node.weight)).collect();
        stacks.sort_by(|a, b| a.0.cmp(&b.0));
        Profile { stacks }
    }
}

/// A thread that counts ticks until the clock is dropped.
#[derive(Debug)]
struct Clock {
    ticks: Arc<AtomicU64>,
    seen: u64,
    _running: Sender<()>,
}

impl Clock {
    fn new(period: Duration) -> Self {
        let ticks = Arc::new(AtomicU64::new(0));
        let (running, ended) = channel();
        let counter = Arc::clone(&ticks);
        thread::spawn(move || {
            while ended.recv_timeout(period) == Err(RecvTimeoutError::Timeout) {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        });
        Self { ticks, seen: 0, _running: running }
    }

    /// The ticks since the last time.
    fn passed(&mut self) -> u64 {
        let ticks = self.ticks.load(Ordering::Relaxed);
        ticks - std::mem::replace(&mut self.seen, ticks)
    }
}

/// The calls that were running when samples were taken. Made by [`Engine::profile`](crate::Engine::profile).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// The stacks of calls, each once, outermost call first. The last one was running itself.
    pub stacks: Vec<(Vec<ProfileFrame>, Weight)>,
}

/// A call in a [`Profile`].
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProfileFrame {
    /// The file or text of the call; empty if it is not known. The function's own if the call has none.
    pub file: String,
    /// The line and column, counted from 1, as in `12:3`.
    pub place: String,
    /// The name of the function, `primop map` or `functor`; empty for a function without a name.
    pub name: String,
}

impl std::fmt::Display for ProfileFrame {
    /// Its parts with colons between them, as C++ Nix writes it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [&self.file[..], &self.place, &self.name];
        let mut parts = parts.into_iter().filter(|part| !part.is_empty());
        f.write_str(parts.next().unwrap_or("«none»:0"))?;
        parts.try_for_each(|part| write!(f, ":{part}"))
    }
}

impl Profile {
    /// The stacks as text: in each line the calls with `;` between them, a space and their samples. This is the
    /// format of flame graph tools, and of C++ Nix's `--eval-profiler flamegraph`.
    pub fn folded(&self) -> String {
        self.lines(|weight| weight.samples, |frame| Some(frame.to_string()))
    }

    /// The same with allocated bytes.
    pub fn folded_bytes(&self) -> String {
        self.lines(|weight| weight.bytes, |frame| Some(frame.to_string()))
    }

    /// Folded stacks of the weight that `measure` chooses. `name` is the text of a call; calls without one, and a
    /// call right inside one with the same text, are left out.
    pub fn lines(&self, measure: fn(&Weight) -> u64, name: fn(&ProfileFrame) -> Option<String>) -> String {
        let mut lines = std::collections::BTreeMap::<String, u64>::new();
        for (calls, weight) in self.stacks.iter().filter(|(_, weight)| measure(weight) > 0) {
            let mut names: Vec<String> = calls.iter().filter_map(name).collect();
            names.dedup();
            if !names.is_empty() {
                *lines.entry(names.join(";")).or_default() += measure(weight);
            }
        }
        lines.into_iter().map(|(calls, weight)| format!("{calls} {weight}\n")).collect()
    }
}

impl Shared {
    /// The text of a call.
    fn frame(&self, call: Call) -> ProfileFrame {
        let (name, own) = match call.callee {
            Callee::Function(code) => self.function(code),
            Callee::Builtin(name) => (format!("primop {name}"), PosId::NONE),
            Callee::Derivation(name) => (format!("primop derivationStrict:{}", self.text(name)), PosId::NONE),
            Callee::Functor => ("functor".to_owned(), PosId::NONE),
            Callee::Other => (String::new(), PosId::NONE),
        };
        let position = if call.place == PosId::NONE { own } else { call.place };
        match self.sources.locate(position) {
            Some(at) => ProfileFrame { file: at.source.name(), place: format!("{}:{}", at.line, at.column), name },
            None => ProfileFrame { name, ..ProfileFrame::default() },
        }
    }

    /// The name and position of a function.
    fn function(&self, code: CodeRef) -> (String, PosId) {
        let unit = self.units.of(code);
        let Some(lambda) = unit.code(code).lambda.as_deref() else { return (String::new(), PosId::NONE) };
        let name = unit.function_name(lambda).map_or_else(String::new, |name| self.text(name));
        (name, lambda.parameters.first().map_or(PosId::NONE, |parameter| unit.position(parameter.start)))
    }

    fn text(&self, symbol: Symbol) -> String {
        self.heap.enter(|scope| String::from_utf8_lossy(scope.symbol_name(symbol).as_bytes()).into_owned())
    }
}

impl<'h> Eval<'h> {
    /// The callee of a call with these arguments.
    pub(super) fn callee(&self, function: Value<'h>) -> Callee {
        match function.unpack() {
            Unpacked::Closure(closure) => Callee::Function(closure.code()),
            Unpacked::Partial(partial) => self.callee(partial.function()),
            Unpacked::Builtin(id) => Callee::Builtin(self.builtin(id).name),
            Unpacked::Attrs(attrs) if attrs.get(symbol::FUNCTOR).is_some() => Callee::Functor,
            _ => Callee::Other,
        }
    }

    /// The callee of a call of `derivationStrict`, as far as its argument is evaluated.
    pub(super) fn derivation_callee(&mut self, argument: Value<'h>) -> Option<Callee> {
        let Unpacked::Attrs(attrs) = argument.settled().unpack() else { return None };
        // It is the first attribute that `derivationStrict` needs too, and it reports the error.
        let name: Str<'h> = self.force(attrs.get(symbol::NAME)?).ok()?.as_str()?;
        Some(Callee::Derivation(self.intern_str(name)))
    }

    /// Notes the beginning of a call for the profiler, if there is one.
    pub(super) fn profile_begin(&self, place: PosId, callee: Callee) {
        if let Some(profiler) = &self.shared.profiler {
            profiler.borrow_mut().begin(Call { place, callee }, self.heap_bytes());
        }
    }

    /// Notes the end of a call for the profiler, if there is one.
    pub(super) fn profile_end(&self) {
        if let Some(profiler) = &self.shared.profiler {
            profiler.borrow_mut().end(self.heap_bytes());
        }
    }
}
