//! A Nix file as the configuration of a program, and what its author is told about mistakes.

#![allow(clippy::print_stdout)]

use nivis::front::{Error, from_file, from_str};
use serde::Deserialize;
use std::path::{Path, PathBuf};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    name: String,
    listen: Vec<Listen>,
    workers: u16,
    level: Level,
    backend: Backend,
    motd: PathBuf,
    #[serde(default)]
    tags: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Listen {
    host: String,
    port: u16,
    #[serde(default)]
    tls: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Debug,
    Info,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Backend {
    Http { url: String },
    Unix { path: PathBuf },
}

fn main() -> Result<(), Error> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/configuration/service.nix");
    let Config { name, listen, workers, level, backend, motd, tags } = from_file(file)?;
    let backend = match backend {
        Backend::Http { url } => url,
        Backend::Unix { path } => path.display().to_string(),
    };
    println!("{name}: {workers} workers, {level:?}, {backend}, {:?}, {tags:?}", motd.file_name());
    for Listen { host, port, tls } in &listen {
        println!("  {host}:{port}{}", if *tls { " with TLS" } else { "" });
    }

    let rest = "name = \"x\"; listen = [ ]; workers = 1; backend.unix.path = /run/x; motd = /motd;";
    for wrong in [
        "level = \"verbose\";",
        "level = 1 + \"info\";",
        "level = \"info\"; colour = \"red\";",
        "level = \"debug\"; listen = [ { host = \"x\";\n  port = 80000; } ];",
    ] {
        let rest = if wrong.contains("listen") { rest.replace("listen = [ ]; ", "") } else { rest.to_owned() };
        match from_str::<Config>(&format!("{{\n  {wrong}\n  {rest}\n}}")) {
            Ok(config) => println!("{config:?}"),
            Err(error) => println!("{error:#}"),
        }
    }
    Ok(())
}
