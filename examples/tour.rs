//! A tour of the front door: configuration, errors, functions of the host, limits, threads.

#![allow(clippy::print_stdout)]

use nivis::front::{self, Files, Kind, Nix};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

#[derive(Debug, Deserialize)]
struct Config {
    name: String,
    ports: Vec<u16>,
}

#[derive(Serialize)]
struct Host<'a> {
    name: &'a str,
    cpus: u32,
}

fn main() -> anyhow::Result<()> {
    // Configuration: one line, as with `toml` or `serde_json`.
    let config: Config = front::from_str(r#"{ name = "edge"; ports = builtins.genList (n: 8000 + n) 3; }"#)?;
    println!("{} {:?}", config.name, config.ports);

    // Errors point into the Nix text, whether Nix or Rust found them, and need nothing else to be shown.
    let error = front::from_str::<Config>("{\n  name = \"edge\";\n  ports = [ 80 \"https\" ];\n}").unwrap_err();
    println!("{error:#}");

    // Functions of the host are closures with state; untrusted programs get limits and files of their own.
    let next = Arc::new(AtomicU16::new(9000));
    let ports = Arc::clone(&next);
    let nix = Nix::sandboxed()
        .files(Files::Memory(vec![("/lib.nix".into(), "{ double = x: x * 2; }".into())]))
        .memory_limit(64 << 20)
        .time_limit(Duration::from_secs(2))
        .value("version", "1.2")
        .function("allocatePort", move |wanted: Option<u16>| match wanted {
            Some(port @ 0..1024) => Err(format!("port {port} is the system's")),
            Some(port) => Ok(port),
            None => Ok(ports.fetch_add(1, Ordering::Relaxed)),
        })
        .function("join", |words: Vec<String>, by: String| Ok::<_, String>(words.join(&by)));

    // `Nix` is `Send + Sync`: each thread has a session, parsed files are shared, and a session's memory goes with it.
    std::thread::scope(|threads| {
        for number in 0..3 {
            let nix = &nix;
            threads.spawn(move || {
                let mut session = nix.session();
                let place = session.eval("hosts: map (h: h.name + host.version) (builtins.filter (h: h.cpus > (import /lib.nix).double 2) hosts)").unwrap();
                let hosts = [Host { name: "a", cpus: 8 }, Host { name: "b", cpus: 2 }];
                let names: Vec<String> = session.call(&place, &hosts[..]).unwrap();
                println!("thread {number}: {names:?}");
            });
        }
    });
    let mut session = nix.session();
    let value = session
        .eval("{ port = host.allocatePort null; words = host.join [ \"a\" \"b\" ] \"-\"; never = throw \"lazy\"; }")?;
    println!("{} {}", session.select::<u16>(&value, "port")?, session.select::<String>(&value, "words")?);

    let refused = session.eval("let wanted = 80; in {\n  port = host.allocatePort wanted;\n}.port").err().unwrap();
    println!("{refused:#}");
    let wrong = session.eval("host.allocatePort \"80\"").err().unwrap();
    println!("{wrong:#}");
    let endless = session.eval("let l = builtins.genList (x: x) 1000; in builtins.foldl' (a: b: builtins.foldl' (c: d: d) 0 l) 0 (builtins.genList (x: x) 1000000)");
    assert_eq!(endless.err().map(|error| error.kind()), Some(Kind::TimedOut));
    let greedy = session.eval("builtins.foldl' (a: b: a ++ a) [ 1 ] (builtins.genList (x: x) 60)");
    assert_eq!(greedy.err().map(|error| error.kind()), Some(Kind::OutOfMemory));
    let curious = session.eval("builtins.readFile /etc/passwd").err().unwrap();
    println!("{curious}; HOME is {:?}", front::from_str::<String>("builtins.getEnv \"HOME\""));
    Ok(())
}
