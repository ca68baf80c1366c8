//! `profile COMMAND…` draws a flame graph of a command's evaluation; `--eval-profiler` writes the stacks as text.

use crate::command_line::program::Program;
use crate::command_line::words::{lossy, usage};
use crate::config::files;
use crate::config::profiling::{Picture, Profiling};
use crate::config::settings::Configuration;
use crate::output::stdio;
use inferno::flamegraph;
use nivis::eval::profile::{Profile, ProfileFrame, Weight};
use nivis::{Engine, ErrorKind, Result};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The words of the command that `profile` runs, and how it is profiled. `None` if it is not `profile` with a command.
///
/// # Errors
///
/// Fails if a flag has no value, or a wrong one.
pub(crate) fn asked(program: Program, words: &[OsString]) -> Result<Option<(Vec<OsString>, Profiling)>> {
    let [first, profile, rest @ ..] = words else { return Ok(None) };
    if program != Program::Nivis
        || profile != "profile"
        || matches!(rest, [] | [_] if rest.iter().all(|word| word == "--help" || word == "-h"))
    {
        return Ok(None);
    }
    let mut picture = Picture::default();
    let mut profiling = Profiling { file: PathBuf::from("profile.svg"), ..Profiling::default() };
    let mut rest = rest.iter();
    let command = loop {
        let Some(word) = rest.next() else { return Err(needs_command()) };
        let mut value = || rest.next().ok_or_else(|| usage(format!("'{}' requires an argument", shown(word))));
        match word.as_bytes() {
            b"--output" | b"-o" => profiling.file = PathBuf::from(value()?),
            b"--frequency" => profiling.frequency = frequency(value()?)?,
            b"--memory" => picture.shows_memory = true,
            b"--by-file" => picture.shows_files = true,
            _ => break word,
        }
    };
    profiling.picture = Some(picture);
    let words = [first, command].into_iter().chain(rest).cloned().collect();
    Ok(Some((words, profiling)))
}

/// The error of `profile` without a command.
pub(crate) fn needs_command() -> nivis::Error {
    usage("'profile' needs a command: nivis profile eval --file file.nix")
}

fn frequency(word: &OsStr) -> Result<u32> {
    let number = word.to_str().and_then(|word| word.parse().ok());
    number.ok_or_else(|| usage(format!("'--frequency' takes a number, not '{}'", shown(word))))
}

fn shown(word: &OsStr) -> String {
    lossy(Some(word.as_bytes().to_vec()))
}

/// A profile that is being made, and its file.
#[derive(Debug)]
pub(crate) struct Profiled {
    profiling: Profiling,
    file: File,
}

impl Profiled {
    /// Begins to profile if the configuration asks for it.
    ///
    /// # Errors
    ///
    /// Fails if the file can't be written.
    pub(crate) fn begin(engine: &mut Engine, configuration: &Configuration) -> Result<Option<Self>> {
        let Some(profiling) = configuration.profiling() else { return Ok(None) };
        let file = File::create(&profiling.file).map_err(|error| not_opened(&profiling.file, &error))?;
        engine.profile(profiling.frequency);
        Ok(Some(Self { profiling: profiling.clone(), file }))
    }

    /// Writes the profile. For a picture, says where it is.
    ///
    /// # Errors
    ///
    /// Fails if the file can't be written.
    pub(crate) fn end(mut self, engine: &mut Engine) -> Result<()> {
        let Some(profile) = engine.take_profile() else { return Ok(()) };
        let contents = match self.profiling.picture {
            Some(picture) => drawing(&profile, picture)?,
            None => profile.folded().into_bytes(),
        };
        let path = &self.profiling.file;
        self.file.write_all(&contents).map_err(|error| files::not_written(path, &error))?;
        if self.profiling.picture.is_some() {
            stdio::eprint_line(&format!("the flame graph is in {}: open it in a browser", path.display()));
        }
        Ok(())
    }
}

fn not_opened(path: &Path, error: &std::io::Error) -> nivis::Error {
    ErrorKind::Io(format!("opening file \"{}\": {}", path.display(), stdio::reason(error))).into()
}

/// The flame graph of a profile, as SVG.
///
/// # Errors
///
/// Fails if there is nothing to draw.
pub(crate) fn drawing(profile: &Profile, picture: Picture) -> Result<Vec<u8>> {
    let measure = if picture.shows_memory { |weight: &Weight| weight.bytes } else { |weight: &Weight| weight.samples };
    let name = if picture.shows_files { file } else { function };
    let stacks = profile.lines(measure, name);
    if stacks.is_empty() {
        return Err(nivis::Error::eval(
            "the evaluation was too short for a profile; try --frequency 0, which counts calls",
        ));
    }
    let mut options = flamegraph::Options::default();
    let (what, unit) = if picture.shows_memory { ("memory", "bytes") } else { ("time", "samples") };
    options.title = format!("Evaluation {what} by {}", if picture.shows_files { "file" } else { "function" });
    unit.clone_into(&mut options.count_name);
    options.hash = true;
    let mut drawing = Vec::new();
    let drawn = flamegraph::from_lines(&mut options, stacks.lines(), &mut drawing);
    drawn.map_err(|error| nivis::Error::eval(format!("drawing the flame graph: {error}")))?;
    Ok(drawing)
}

fn file(frame: &ProfileFrame) -> Option<String> {
    (!frame.file.is_empty()).then(|| frame.file.replace(';', ":"))
}

/// The name of a call first, since boxes are narrow.
fn function(frame: &ProfileFrame) -> Option<String> {
    let place = match Path::new(&frame.file).file_name() {
        Some(file) => format!("{}:{}", file.to_string_lossy(), frame.place),
        None => String::new(),
    };
    let parts = [&frame.name[..], &place].into_iter().filter(|part| !part.is_empty());
    Some(parts.collect::<Vec<_>>().join(" ").replace(';', ":"))
}
