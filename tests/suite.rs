//! All tests that are data: one binary, one trial per case.
//!
//! `NIVIS_ACCEPT=1 cargo test` rewrites expectations with the actual results; read the diff before you commit it.

mod api;
mod benches;
mod builtin_examples;
mod cache;
mod consoles;
mod corpus;
mod daemon;
mod depth;
mod examples;
mod fetch;
mod flakes;
mod front;
mod gallery;
mod git;
mod ir;
mod jobs;
mod kept_flakes;
mod kept_runs;
mod layers;
mod lessons;
mod lines;
mod markdown;
mod memory;
mod nixpkgs;
mod packaging;
mod pictures;
mod scratch;
mod sessions;
mod shells;
mod specs;
mod stepping;
mod store;
mod support;
mod transcripts;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = Vec::new();
    trials.extend(api::trials());
    trials.extend(benches::trials());
    trials.extend(builtin_examples::trials());
    trials.extend(cache::trials());
    trials.extend(corpus::trials());
    trials.extend(depth::trials());
    trials.extend(examples::trials());
    trials.extend(flakes::trials());
    trials.extend(fetch::trials());
    trials.extend(front::trials());
    trials.extend(gallery::trials());
    trials.extend(git::trials());
    trials.extend(ir::trials());
    trials.extend(jobs::trials());
    trials.extend(kept_runs::trials());
    trials.extend(kept_flakes::trials());
    trials.extend(layers::trials());
    trials.extend(lessons::trials());
    trials.extend(lines::trials());
    trials.extend(memory::trials());
    trials.extend(nixpkgs::trials());
    trials.extend(packaging::trials());
    trials.extend(pictures::trials());
    trials.extend(scratch::trials());
    trials.extend(sessions::trials());
    trials.extend(shells::trials());
    trials.extend(specs::trials());
    trials.extend(stepping::trials());
    trials.extend(store::trials());
    trials.extend(daemon::trials());
    trials.extend(transcripts::trials());
    libtest_mimic::run(&arguments, trials).exit();
}
