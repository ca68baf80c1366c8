//! `nivis jobs` when its reader closes the pipe, and when processes are killed. Its normal output is in
//! `tests/specs/jobs.md`.

use crate::support::{difference, nivis, project};
use libtest_mimic::{Failed, Trial};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

/// One trial per ending.
pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![Trial::test("jobs/a reader that goes away", reader_goes_away)];
    if cfg!(target_os = "linux") {
        trials.push(Trial::test("jobs/workers are killed", workers_are_killed));
        trials.push(Trial::test("jobs/interrupted", interrupted));
        trials.push(Trial::test("jobs/the program itself is killed", program_is_killed));
    }
    trials
}

/// Many jobs, with this many workers.
fn many(workers: &str) -> Command {
    let mut command = nivis();
    command.args(["jobs", "many.nix", "--no-stats", "--workers", workers]).current_dir(project().join("tests/jobs"));
    command
}

fn sorted_lines(output: &Output) -> Vec<String> {
    let mut lines: Vec<_> = String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

/// The processes that a process started.
fn children(parent: u32) -> Vec<u32> {
    let text = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
    text.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

fn signal(name: &str, process: u32) {
    // It may have ended already.
    let _ = Command::new("kill").args([name, &process.to_string()]).stderr(std::process::Stdio::null()).status();
}

/// Waits until workers have begun to print.
fn wait_for_line(child: &mut Child) -> Result<BufReader<std::process::ChildStdout>, Failed> {
    let mut lines = BufReader::new(child.stdout.take().ok_or("standard output is a pipe")?);
    lines.read_line(&mut String::new())?;
    Ok(lines)
}

fn wait_until_gone(processes: &[u32]) -> Result<(), Failed> {
    let start = Instant::now();
    while processes.iter().any(|process| Path::new(&format!("/proc/{process}")).exists()) {
        if start.elapsed() > Duration::from_secs(20) {
            return Err("workers are still there".into());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}

/// A job is given up when so many workers in a row have died of it.
const DEATHS_OF_A_JOB: u64 = 10;

/// Workers are killed at random moments: no line is lost, and none is printed twice. On a busy machine the same job may
/// be hit each time, so there are fewer deaths than make the program give up a job.
fn workers_are_killed() -> Result<(), Failed> {
    let expected = sorted_lines(&many("1").output()?);
    let child = many("2").spawn()?;
    let parent = child.id();
    let waiting = std::thread::spawn(move || child.wait_with_output());
    let mut killed = 0;
    while !waiting.is_finished() {
        std::thread::sleep(Duration::from_millis(40 + 17 * (killed % 3)));
        if killed + 1 < DEATHS_OF_A_JOB
            && let Some(worker) = children(parent).last()
        {
            signal("-KILL", *worker);
            killed += 1;
        }
    }
    let output = waiting.join().map_err(|_| "waiting failed")??;
    if killed == 0 || !output.status.success() {
        return Err(format!("{killed} workers were killed; {}", output.status).into());
    }
    let got = sorted_lines(&output);
    if got == expected { Ok(()) } else { Err(difference("lines", &joined(&expected), &joined(&got))) }
}

fn joined(lines: &[String]) -> Vec<u8> {
    lines.join("\n").into_bytes()
}

/// Ctrl-C ends the workers too.
fn interrupted() -> Result<(), Failed> {
    let mut child = many("2").spawn()?;
    let lines = wait_for_line(&mut child)?;
    let workers = children(child.id());
    signal("-INT", child.id());
    let status = child.wait()?;
    drop(lines);
    if status.code() != Some(130) || workers.is_empty() {
        return Err(format!("{} workers; {status}", workers.len()).into());
    }
    wait_until_gone(&workers)
}

/// Workers end when the main process is killed.
fn program_is_killed() -> Result<(), Failed> {
    let mut child = many("2").spawn()?;
    let _lines = wait_for_line(&mut child)?;
    let workers = children(child.id());
    child.kill()?;
    child.wait()?;
    if workers.is_empty() { Err("there are no workers".into()) } else { wait_until_gone(&workers) }
}

/// As with `head`: this is not a failure, and there is no message.
fn reader_goes_away() -> Result<(), Failed> {
    let mut child = many("2").spawn()?;
    drop(wait_for_line(&mut child)?);
    let mut messages = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        stderr.read_to_string(&mut messages)?;
    }
    let status = child.wait()?;
    if status.success() && messages.is_empty() { Ok(()) } else { Err(format!("{status}: {messages}").into()) }
}
