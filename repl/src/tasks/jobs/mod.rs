//! `jobs`: all derivations of a set, one JSON object a line, as nix-eval-jobs prints them.
//!
//! ```text
//! coordinator ──a path──▶ worker ──walk──▶ derivation ──▶ line ──▶ coordinator ──▶ standard output
//!      ▲ queue                    └──────▶ names to look into ──▶ queue
//! ```
//!
//! The program starts itself once more for each worker and talks with it over pipes (`protocol`). A worker that passes the
//! memory limit, or that is killed, is replaced; its task is done again. There is always a worker, also if
//! there is only one: so the same limits hold, and evaluating goes on while lines are written.
//!
//! The memory of all workers is one budget, of which each has its share. What needs more than a share is left until the others
//! are done, and then has the whole budget to itself.

mod aggregates;
mod cache_status;
mod comparison;
mod constituents;
mod coordinator;
mod derivation;
mod earlier;
mod glob;
mod incremental;
mod line;
mod path;
mod progress;
mod protocol;
mod queue;
mod reasons;
mod rewrite;
mod stats;
mod walk;
mod worker;
mod worker_pool;

use crate::command_line::args::Arguments;
use crate::command_line::options::JobsOptions;
use crate::command_line::words::{lossy, usage};
use crate::config::settings::Configuration;
use crate::output::stdio;
use nivis::Result;

/// A worker's memory limit in MiB, if none is given.
const USUAL_MEMORY: u32 = 4096;

/// Does what `jobs` asks for, and gives the status to exit with.
pub(crate) fn run(arguments: &Arguments, options: &JobsOptions, mut configuration: Configuration) -> i32 {
    if let Err(error) = check(arguments, options) {
        stdio::eprint_line(&format!("error: {error}\n{}", arguments.try_help()));
        return 1;
    }
    let share = arguments.common.max_memory_size.unwrap_or(USUAL_MEMORY);
    let mebibytes = options.worker.unwrap_or(share);
    configuration.settings.memory_limit = (mebibytes as usize).saturating_mul(1 << 20);
    // Else the answer for an attribute would depend on which others its worker had before.
    configuration.settings.lasting_traces = false;
    match options.worker {
        Some(_) => worker::run(arguments, &of_worker(options), configuration),
        None => coordinator::run(arguments, options, &configuration, share),
    }
}

/// The options as workers have them: to compare lines, the coordinator needs the inputs in them.
fn of_worker(options: &JobsOptions) -> JobsOptions {
    let compares = options.against.is_some() && !options.no_instantiate;
    JobsOptions { show_input_drvs: options.show_input_drvs || compares, ..options.clone() }
}

fn check(arguments: &Arguments, jobs: &JobsOptions) -> Result<()> {
    match (&arguments.common.flakes.flake, &arguments.common.inputs[..]) {
        (None, []) => return Err(usage("give a file, an expression or a flake")),
        (None, [_]) | (Some(_), []) => {}
        (None, [_, more, ..]) | (Some(_), [more, ..]) => {
            return Err(usage(format!("unexpected argument '{}'", lossy(Some(more.clone())))));
        }
    }
    check_incremental(arguments, jobs)?;
    check_together(jobs)
}

/// Refuses flags that do something with each derivation, also with one that is as in the last run.
fn check_incremental(arguments: &Arguments, jobs: &JobsOptions) -> Result<()> {
    let needing = [
        (arguments.common.drv_dir.is_some(), "--drv-dir"),
        (jobs.roots.is_some(), "--gc-roots-dir"),
        (jobs.cache_status, "--check-cache-status"),
    ];
    match needing.iter().find(|(wanted, _)| *wanted && jobs.incremental) {
        Some((_, name)) => {
            Err(usage(format!("--incremental is incompatible with {name}, which needs each derivation again")))
        }
        None => Ok(()),
    }
}

/// Refuses flags that make no sense together.
fn check_together(jobs: &JobsOptions) -> Result<()> {
    if jobs.text && jobs.against.is_none() {
        return Err(usage("--text needs --against: only differences are printed for people"));
    }
    if jobs.shard.is_some() && jobs.constituents {
        return Err(usage("--shard is incompatible with --constituents, which needs all jobs"));
    }
    let wanting = [(jobs.show_input_drvs, "--show-input-drvs"), (jobs.constituents, "--constituents")];
    let names: Vec<_> = wanting.iter().filter(|(wanted, _)| *wanted).map(|(_, name)| *name).collect();
    if jobs.no_instantiate && !names.is_empty() {
        let names = names.join(", ");
        return Err(usage(format!(
            "--no-instantiate is incompatible with {names}, which need the contents of derivations"
        )));
    }
    Ok(())
}
