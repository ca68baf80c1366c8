//! A decision that users write in Nix: Rust data goes in, Rust data comes out, and functions pass both ways.

#![allow(clippy::print_stdout)]

use nivis::front::{Error, Function, Nix, OwnedValue, Serde, Session};
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Host<'a> {
    name: &'a str,
    cpus: u32,
    roles: &'a [&'a str],
}

#[derive(Deserialize)]
struct Placement {
    host: String,
    score: f64,
}

const POLICY: &str = r#"
hosts: wanted:
let
  score = it: (if builtins.elem "gpu" it.roles then 2.0 else 1.0) * it.cpus * host.load it.name;
  good = builtins.filter (it: it.cpus >= wanted) hosts;
in map (it: { host = it.name; score = score it; }) good
"#;

/// A policy, ready to be asked.
struct Policy {
    session: Session,
    function: OwnedValue,
}

impl Policy {
    fn new(nix: &Nix, text: &str) -> Result<Self, Error> {
        let mut session = nix.session();
        let function = session.eval_as("/policy.nix", text)?;
        Ok(Self { session, function })
    }

    fn place(&mut self, hosts: &[Host<'_>], wanted: u32) -> Result<Vec<Placement>, Error> {
        let Serde(placements) = self.session.apply(&self.function, &[Serde(hosts).into(), wanted.into()])?;
        Ok(placements)
    }
}

fn main() -> Result<(), Error> {
    let load = Function::new("load", |host: String| if host == "c" { 0.25 } else { 1.0 });
    let nix = Nix::sandboxed().value("load", load.documented(&["host"], "The share of *host* that is free."));
    let hosts = [
        Host { name: "a", cpus: 8, roles: &["gpu"] },
        Host { name: "b", cpus: 2, roles: &[] },
        Host { name: "c", cpus: 16, roles: &[] },
    ];
    let mut policy = Policy::new(&nix, POLICY)?;
    for Placement { host, score } in policy.place(&hosts, 4)? {
        println!("{host}: {score}");
    }

    let mut wrong = Policy::new(&nix, "hosts: wanted: map (h: { host = h.cpus; score = \"high\"; }) hosts")?;
    if let Err(error) = wrong.place(&hosts, 1) {
        println!("{error:#}");
    }
    for function in nix.functions() {
        println!("host.{} {}: {}", function.name(), function.arguments().collect::<Vec<_>>().join(" "), function.doc());
    }
    Ok(())
}
