//! The coordinator: hands out paths to look at, prints the answers, and replaces workers that end.
//!
//! One thread decides everything. Others bring it the workers' answers. The task of a worker that ended is done again
//! by another one, so no attribute is lost; no line of it was printed yet, so none is doubled.

use super::aggregates::Ledger;
use super::comparison::Comparison;
use super::earlier;
use super::incremental::KeptAnswers;
use super::line::{Line, joined};
use super::progress::Progress;
use super::protocol::{Aggregate, Answer, Reply, Request};
use super::queue::{Queue, Task};
use super::reasons::Derivations;
use super::worker_pool::{Event, Processes, WorkerId, WorkerPool, ask, describe, is_from_outside};
use crate::command_line::args::Arguments;
use crate::command_line::options::JobsOptions;
use crate::config::engine_parts::EngineParts;
use crate::config::settings::Configuration;
use crate::output::stdio;
use crate::tasks::outcome::Failure;
use nivis::{Error, ErrorKind};
use std::collections::VecDeque;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::process::ChildStdin;
use std::sync::mpsc::{self, Receiver};

/// The number of workers that may be killed from outside over one attribute; many, as it need not be the reason.
const KILLED: u32 = 10;
/// The number that may end by themselves over one.
const CRASHED: u32 = 2;
/// The status of a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// Coordinates until everything was looked at, and gives the status to exit with.
///
/// `share` is how much memory each worker may take, in MiB.
pub(super) fn run(arguments: &Arguments, options: &JobsOptions, configuration: &Configuration, share: u32) -> i32 {
    let comparison = match comparison(arguments, options, configuration) {
        Ok(comparison) => comparison,
        Err(error) => {
            stdio::eprint_line(&format!("error: {error}"));
            return 1;
        }
    };
    let (sender, events) = mpsc::channel();
    let progress = Progress::new();
    let pool = match WorkerPool::new(arguments, sender, progress.is_shown()) {
        Ok(pool) => pool,
        Err(error) => {
            stdio::eprint_line(&format!("error: {error}"));
            return 1;
        }
    };
    end_on_interrupt(pool.processes.clone(), progress.clone());
    let kept = options.incremental.then(|| KeptAnswers::of(arguments, configuration));
    let is_verbose = arguments.common.verbosity > 0;
    let mut coordinator =
        Coordinator { comparison, kept, is_verbose, ..Coordinator::new(pool, progress, options, share) };
    let done = coordinator.work(&events);
    coordinator.progress.end();
    drop(coordinator.pool.processes.end_all());
    match done {
        Ok(()) => 0,
        Err(Failure::Output(error)) => stdio::failure(&error),
        Err(Failure::Program(error) | Failure::Builds(error, _)) => {
            // Its text was made where it happened, sources and all.
            stdio::eprint_line(&error.to_string());
            1
        }
    }
}

/// The run to compare with, if there is one.
fn comparison(
    arguments: &Arguments,
    options: &JobsOptions,
    configuration: &Configuration,
) -> nivis::Result<Option<Comparison>> {
    let Some(file) = &options.against else { return Ok(None) };
    let store = EngineParts::of(configuration).open_store(&configuration.settings);
    let folder = arguments.common.drv_dir.as_ref().map(|folder| OsStr::from_bytes(folder).into());
    let derivations = Derivations { folder, store };
    Ok(Some(Comparison::new(earlier::read(file)?, derivations, options.text, options.shard)))
}

fn end_on_interrupt(processes: Processes, progress: Progress) {
    let handled = ctrlc::set_handler(move || {
        let _nothing_is_started = processes.end_all();
        progress.end();
        std::process::exit(INTERRUPTED);
    });
    if let Err(error) = handled {
        stdio::eprint_line(&format!("warning: Ctrl-C will end the program at once: {error}"));
    }
}

/// A place for a worker.
#[derive(Default)]
struct Seat {
    generation: u64,
    /// The worker's standard input.
    input: Option<ChildStdin>,
    /// Its current task.
    task: Option<Task>,
    /// It has done something before, which may have taken memory.
    is_used: bool,
}

/// The memory that workers may take, in MiB, and the jobs that need more than one worker has.
struct Memory {
    share: u32,
    /// The memory of all workers together.
    budget: u32,
    /// Jobs left for the end, when one worker has the whole budget.
    large: VecDeque<Task>,
    /// True if the only worker has all of it.
    is_alone: bool,
}

struct Coordinator {
    pool: WorkerPool,
    seats: Vec<Seat>,
    queue: Queue,
    memory: Memory,
    /// The facts about all jobs by which the parts of aggregates are found.
    ledger: Option<Ledger>,
    comparison: Option<Comparison>,
    kept: Option<KeptAnswers>,
    is_verbose: bool,
    progress: Progress,
}

impl Coordinator {
    fn new(pool: WorkerPool, progress: Progress, options: &JobsOptions, share: u32) -> Self {
        let workers = options.workers.unwrap_or(1);
        let seats = (0..workers).map(|_| Seat::default()).collect::<Vec<_>>();
        let queue = Queue::new(seats.len());
        let memory = Memory { share, budget: share.saturating_mul(workers), large: VecDeque::new(), is_alone: false };
        let ledger = options.constituents.then(Ledger::default);
        Self { pool, seats, queue, memory, ledger, comparison: None, kept: None, is_verbose: false, progress }
    }

    fn work(&mut self, events: &Receiver<Event>) -> Result<(), Failure> {
        // The answers of the last run may be all that is needed.
        let first = if self.kept.is_some() { 0 } else { self.seats.len() };
        (0..first).try_for_each(|seat| self.start(seat))?;
        self.queue.put(0, [Task::new(Request::Look(Vec::new()))].into_iter());
        self.work_off(events)?;
        if let Some(ledger) = self.ledger.take() {
            self.rewrite_aggregates(&ledger, events)?;
        }
        if let Some(kept) = &self.kept {
            let told = kept.keep();
            if self.is_verbose {
                self.progress.eprint_line(told.as_bytes());
            }
        }
        match &mut self.comparison {
            Some(comparison) => Ok(self.progress.print(&comparison.end())?),
            None => Ok(()),
        }
    }

    /// Works until nothing is left.
    fn work_off(&mut self, events: &Receiver<Event>) -> Result<(), Failure> {
        loop {
            for seat in 0..self.seats.len() {
                self.hand_out(seat)?;
            }
            if self.seats.iter().all(|seat| seat.task.is_none()) {
                let is_done = self.memory.large.is_empty();
                self.be_alone(!is_done);
                if is_done {
                    return Ok(());
                }
                continue;
            }
            match events.recv() {
                Ok(Event::Reply { worker, reply }) => self.receive(worker, reply)?,
                Ok(Event::Gone { worker }) => self.lose(worker)?,
                Ok(Event::Message(line)) => self.progress.eprint_line(&line),
                // The pool has the other end.
                Err(mpsc::RecvError) => return Ok(()),
            }
        }
    }

    fn rewrite_aggregates(&mut self, ledger: &Ledger, events: &Receiver<Event>) -> Result<(), Failure> {
        let plan = ledger.plan();
        for complaint in plan.complaints {
            self.progress.eprint_line(format!("warning: {complaint}").as_bytes());
        }
        if plan.aggregates.is_empty() {
            return Ok(());
        }
        // Uses a new worker: the others have forgotten the contents of the derivations that they computed.
        for seat in 0..self.seats.len() {
            self.retire(seat);
        }
        self.queue.put(0, [Task::new(Request::Rewrite(plan.aggregates))].into_iter());
        self.work_off(events)
    }

    /// Gives an idle worker a task, if there is one, and starts a worker if there are none.
    fn hand_out(&mut self, seat: usize) -> Result<(), Failure> {
        if self.seats[seat].task.is_some() {
            return Ok(());
        }
        let Some(task) = self.next_task(seat)? else { return Ok(()) };
        if self.seats[seat].input.is_none() {
            self.start(seat)?;
        }
        if let Request::Look(path) = &task.request {
            self.progress.begin(path);
        }
        if let Some(input) = &mut self.seats[seat].input {
            ask(input, &task.request);
        }
        self.seats[seat].task = Some(task);
        Ok(())
    }

    /// The next task for a seat that a worker has to do. Those before it were done in an earlier run.
    fn next_task(&mut self, seat: usize) -> Result<Option<Task>, Failure> {
        loop {
            let task = match (self.memory.is_alone, seat) {
                (false, _) => self.queue.next(seat),
                (true, 0) => self.memory.large.pop_front(),
                (true, _) => None,
            };
            let Some(task) = task else { return Ok(None) };
            let Some(answer) = self.kept.as_mut().and_then(|kept| kept.answer(&task.request)) else {
                return Ok(Some(task));
            };
            if let Answer::Failed(_, shown) = &answer {
                self.progress.eprint_line(shown.as_bytes());
            }
            self.answer(seat, task, true, answer)?;
        }
    }

    fn start(&mut self, seat: usize) -> Result<(), Failure> {
        let place = &mut self.seats[seat];
        place.generation += 1;
        let worker = WorkerId { seat, generation: place.generation };
        place.is_used = false;
        let mebibytes = if self.memory.is_alone { self.memory.budget } else { self.memory.share };
        place.input = Some(self.pool.start(worker, mebibytes)?);
        Ok(())
    }

    /// Begins or ends the time of one worker that has all memory. No other works meanwhile.
    fn be_alone(&mut self, alone: bool) {
        if self.memory.is_alone != alone {
            self.memory.is_alone = alone;
            (0..self.seats.len()).for_each(|seat| self.retire(seat));
        }
    }

    /// Nothing more is asked of the worker there, which therefore ends.
    fn retire(&mut self, seat: usize) {
        self.seats[seat].generation += 1;
        self.seats[seat].input = None;
    }

    fn is_current(&self, worker: WorkerId) -> bool {
        self.seats.get(worker.seat).is_some_and(|seat| seat.generation == worker.generation)
    }

    fn receive(&mut self, worker: WorkerId, reply: Reply) -> Result<(), Failure> {
        if !self.is_current(worker) {
            return Ok(());
        }
        let task = self.seats[worker.seat].task.take();
        let was_used = std::mem::replace(&mut self.seats[worker.seat].is_used, true);
        if reply.is_last {
            self.retire(worker.seat);
        }
        let Some(task) = task else { return self.unasked(reply.answer) };
        if let Some(kept) = &mut self.kept {
            kept.hear(worker, &task.request, &reply);
        }
        self.answer(worker.seat, task, was_used, reply.answer)
    }

    fn answer(&mut self, seat: usize, task: Task, was_used: bool, answer: Answer) -> Result<(), Failure> {
        match answer {
            Answer::Job(line) => self.print(line)?,
            Answer::Failed(line, _) => self.print_failed(line)?,
            Answer::Names(names) => self.look_into(seat, &task, names),
            Answer::Rewritten(lines) => lines.into_iter().try_for_each(|line| self.print(line.into_bytes()))?,
            Answer::NoRoot(text) => return Err(no_root(text)),
            Answer::OutOfMemory(text) => return self.out_of_memory(seat, task, was_used, &text),
        }
        self.progress.advance(self.left());
        Ok(())
    }

    /// Keeps a task for a worker with more memory, if there can be one.
    fn out_of_memory(&mut self, seat: usize, task: Task, was_used: bool, text: &str) -> Result<(), Failure> {
        let has_more = !self.memory.is_alone && self.memory.budget > self.memory.share;
        if has_more && !was_used {
            self.memory.large.push_back(task);
            return Ok(());
        }
        if !was_used && task.request == Request::Look(Vec::new()) {
            return Err(no_root(text.to_owned()));
        }
        // A worker that did something else before may have been nearly full.
        self.again_or_failed(seat, task, was_used, text)
    }

    /// A worker that was asked nothing has something to say only if the program has no value.
    fn unasked(&mut self, answer: Answer) -> Result<(), Failure> {
        match answer {
            Answer::NoRoot(text) => Err(no_root(text)),
            _ => Ok(()),
        }
    }

    fn look_into(&mut self, seat: usize, task: &Task, names: Vec<String>) {
        let Request::Look(path) = &task.request else { return };
        let below = |name| Task::new(Request::Look([&path[..], &[name]].concat()));
        let found = names.into_iter().map(below);
        if self.memory.is_alone {
            // To come here took more than a share.
            found.rev().for_each(|task| self.memory.large.push_front(task));
        } else {
            self.queue.put(seat, found);
        }
    }

    /// A worker has ended. If it wasn't time, its task is another one's now.
    fn lose(&mut self, worker: WorkerId) -> Result<(), Failure> {
        let status = self.pool.processes.end(worker);
        if !self.is_current(worker) {
            return Ok(());
        }
        self.retire(worker.seat);
        let Some(mut task) = self.seats[worker.seat].task.take() else { return Ok(()) };
        let most = if is_from_outside(status) { KILLED } else { CRASHED };
        task.ended += 1;
        let again = task.ended < most;
        let text = format!("error: {most} processes ended while they evaluated this, the last {}", describe(status));
        self.again_or_failed(worker.seat, task, again, &text)
    }

    fn again_or_failed(&mut self, seat: usize, task: Task, again: bool, text: &str) -> Result<(), Failure> {
        if again {
            match self.memory.is_alone {
                true => self.memory.large.push_front(task),
                false => self.queue.put(seat, [task].into_iter()),
            }
            return Ok(());
        }
        let aggregates = match task.request {
            Request::Look(path) => vec![Aggregate { path, ..Aggregate::default() }],
            Request::Rewrite(aggregates) => aggregates,
        };
        for aggregate in aggregates {
            let mut line = Line::about(&aggregate.path);
            line.text("error", text);
            self.progress.eprint_line(format!("In '{}':\n{text}", joined(&aggregate.path)).as_bytes());
            self.print_failed(line.into_json())?;
        }
        self.progress.advance(self.left());
        Ok(())
    }

    fn print_failed(&mut self, line: Vec<u8>) -> Result<(), Failure> {
        self.progress.count_error();
        self.print(line)
    }

    fn print(&mut self, mut line: Vec<u8>) -> Result<(), Failure> {
        if self.ledger.as_mut().is_some_and(|ledger| ledger.note(&line)) {
            return Ok(());
        }
        if let Some(comparison) = &mut self.comparison {
            let Some(told) = comparison.told(&line) else { return Ok(()) };
            line = told;
        }
        line.push(b'\n');
        Ok(self.progress.print(&line)?)
    }

    fn left(&self) -> usize {
        self.queue.len() + self.memory.large.len() + self.seats.iter().filter(|seat| seat.task.is_some()).count()
    }
}

fn no_root(text: String) -> Failure {
    Failure::Program(Error::from(ErrorKind::Eval(text)))
}
