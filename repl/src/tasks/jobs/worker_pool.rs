//! The workers as processes: starting, talking, ending.

use super::protocol::{Reply, Request};
use crate::command_line::args::Arguments;
use crate::command_line::options::Automatic;
use crate::tasks::automatic::standard_input;
use nivis::{ErrorKind, Result};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Something that a worker's pipe brings.
pub(super) enum Event {
    /// A worker answers.
    Reply { worker: WorkerId, reply: Reply },
    /// A worker has ended, or no longer makes sense.
    Gone { worker: WorkerId },
    /// A line that a worker wrote to standard error, if that isn't its own.
    Message(Vec<u8>),
}

/// A worker: its seat, and the number of workers that sat there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WorkerId {
    pub(super) seat: usize,
    pub(super) generation: u64,
}

/// All processes that run, so that they can be ended from anywhere.
#[derive(Clone, Default)]
pub(super) struct Processes(Arc<Mutex<Vec<(WorkerId, Child)>>>);

impl Processes {
    fn lock(&self) -> MutexGuard<'_, Vec<(WorkerId, Child)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends one, and says how it ended.
    pub(super) fn end(&self, worker: WorkerId) -> Option<ExitStatus> {
        let mut all = self.lock();
        let index = all.iter().position(|(known, _)| *known == worker)?;
        let (_, mut child) = all.swap_remove(index);
        drop(all);
        // One that ended by itself can't be killed, and keeps its status.
        let _ = child.kill();
        child.wait().ok()
    }

    /// Ends all workers. None can be started until the returned guard is dropped.
    #[must_use]
    pub(super) fn end_all(&self) -> impl Drop + '_ {
        let mut all = self.lock();
        for (_, child) in all.iter_mut() {
            let _ = child.kill();
        }
        for (_, mut child) in all.drain(..) {
            let _ = child.wait();
        }
        all
    }
}

/// Starts workers.
pub(super) struct WorkerPool {
    pub(super) processes: Processes,
    events: Sender<Event>,
    /// The value of `--arg-from-stdin`, which can be read only once.
    input: Option<Vec<u8>>,
    /// Workers' standard error becomes events.
    messages: bool,
}

impl WorkerPool {
    /// A pool without workers.
    ///
    /// # Errors
    /// Fails if standard input can't be read, if an argument comes from there.
    pub(super) fn new(arguments: &Arguments, events: Sender<Event>, messages: bool) -> Result<Self> {
        let takes_input = arguments.common.automatic.values().any(|argument| *argument == Automatic::Stdin);
        let input = if takes_input { Some(standard_input()?) } else { None };
        Ok(Self { processes: Processes::default(), events, input, messages })
    }

    /// Starts a worker with this memory limit, and returns the writing end of its input.
    ///
    /// # Errors
    /// Fails if the process can't be started.
    pub(super) fn start(&self, worker: WorkerId, mebibytes: u32) -> Result<ChildStdin> {
        let failed = |error: io::Error| ErrorKind::Io(format!("starting a worker: {error}"));
        // Locked first: nothing is started while all are being ended.
        let mut processes = self.processes.lock();
        let mut child = self.command(mebibytes).map_err(failed)?.spawn().map_err(failed)?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (Some(mut input), Some(output)) = (input, output) else {
            return Err(failed(io::ErrorKind::BrokenPipe.into()).into());
        };
        let messages = child.stderr.take();
        processes.push((worker, child));
        drop(processes);
        let events = self.events.clone();
        thread::spawn(move || listen(worker, output, &events));
        if let Some(messages) = messages {
            let events = self.events.clone();
            thread::spawn(move || forward(messages, &events));
        }
        self.hand_on_input(&mut input);
        Ok(input)
    }

    /// Gives a worker the program's own standard input, if the command reads it.
    fn hand_on_input(&self, worker: &mut ChildStdin) {
        if let Some(text) = &self.input {
            // If it ended already, that is seen where its answers are read.
            let _ = writeln!(worker, "{}", text.len()).and_then(|()| worker.write_all(text));
        }
    }

    /// This program with the same command line, and a flag in front that makes it a worker.
    fn command(&self, mebibytes: u32) -> io::Result<Command> {
        let mut words = std::env::args_os();
        let name: OsString = words.next().unwrap_or_else(|| "nivis".into());
        let mut command = Command::new(this_program()?);
        command.arg0(name).arg("--jobs-worker").arg(mebibytes.to_string()).args(words);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        if self.messages {
            command.stderr(Stdio::piped());
        }
        Ok(command)
    }
}

/// The program's own file. On Linux also if it was replaced or deleted since.
fn this_program() -> io::Result<OsString> {
    if cfg!(target_os = "linux") { Ok("/proc/self/exe".into()) } else { Ok(std::env::current_exe()?.into()) }
}

fn listen(worker: WorkerId, output: ChildStdout, events: &Sender<Event>) {
    let mut output = BufReader::new(output);
    let mut line = Vec::new();
    while matches!(output.read_until(b'\n', &mut line), Ok(length) if length > 0) {
        // A line that was cut off doesn't count.
        let Some(reply) = line.strip_suffix(b"\n").and_then(Reply::read) else { break };
        line.clear();
        if events.send(Event::Reply { worker, reply }).is_err() {
            return;
        }
    }
    // The other end is closed only if everything is done.
    let _ = events.send(Event::Gone { worker });
}

fn forward(messages: ChildStderr, events: &Sender<Event>) {
    for line in BufReader::new(messages).split(b'\n').map_while(io::Result::ok) {
        let _ = events.send(Event::Message(line));
    }
}

/// Gives a worker something to do. If it has ended, that is seen where its answers are read.
pub(super) fn ask(input: &mut ChildStdin, request: &Request) {
    let mut line = request.write();
    line.push(b'\n');
    let _ = input.write_all(&line);
}

/// Arguments for automatic calls, by name.
pub(super) type Named = BTreeMap<String, Automatic>;

/// In a worker: the arguments with the text that was standard input, which comes first.
///
/// # Errors
/// Fails if the input can't be read.
pub(super) fn receive_arguments(input: &mut impl BufRead, arguments: &Named) -> io::Result<Named> {
    let mut arguments = arguments.clone();
    let mut from_stdin: Vec<_> = arguments.values_mut().filter(|argument| **argument == Automatic::Stdin).collect();
    if from_stdin.is_empty() {
        return Ok(arguments);
    }
    let mut line = String::new();
    input.read_line(&mut line)?;
    let length = line.trim_end().parse().map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
    let mut text = vec![0; length];
    input.read_exact(&mut text)?;
    from_stdin.iter_mut().for_each(|argument| **argument = Automatic::Text(text.clone()));
    Ok(arguments)
}

/// Signals that others send: to hang up, to interrupt, to kill, to terminate.
const FROM_OUTSIDE: [i32; 4] = [1, 2, 9, 15];

/// True if the process was killed from outside, or by the kernel when memory was used up.
pub(super) fn is_from_outside(status: Option<ExitStatus>) -> bool {
    status.and_then(|status| status.signal()).is_some_and(|signal| FROM_OUTSIDE.contains(&signal))
}

/// The end of a process that should not have ended, for people.
pub(super) fn describe(status: Option<ExitStatus>) -> String {
    match status.map(|status| (status.signal(), status.code())) {
        Some((Some(9), _)) => "by signal 9, maybe because the machine's memory was used up".to_owned(),
        Some((Some(signal), _)) => format!("by signal {signal}"),
        Some((None, Some(code))) => format!("with status {code}"),
        _ => "without a word".to_owned(),
    }
}
