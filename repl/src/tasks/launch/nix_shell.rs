//! `nix-shell`: bash with the environment in which a derivation is built.

use super::bash::Shell;
use super::rc::{RcFile, quoted};
use super::structured;
use super::{Environment, Launch, Launched, not_written, temporary_folder};
use crate::command_line::args::Arguments;
use crate::command_line::options::{BuildOptions, ClassicOptions, RunOptions};
use crate::command_line::words::usage;
use crate::config::shells::NixShellHabits;
use crate::tasks::automatic::auto_arguments_in;
use crate::tasks::build::{Reporting, built, check_builder, entries, plan};
use crate::tasks::classic::{Input, file_path, inputs, load};
use crate::tasks::instantiate::{derivation_path, derivations};
use crate::tasks::nix_build::in_store;
use crate::tasks::outcome::Failure;
use nivis::codec::lossy;
use nivis::codec::regex::Regex;
use nivis::eval::AutoArguments;
use nivis::source::Origin;
use nivis::store::daemon::types::{BuildMode, DerivedPath, Outputs};
use nivis::store::stored::{StoredDerivation, StoredUses};
use nivis::{Engine, Error, Eval, Result, Value};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, IsTerminal};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// True for functions that want to know that they are called for a shell.
const WANTS_SHELL: &[u8] = b"f: builtins.isFunction f && builtins.functionArgs f ? inNixShell";
/// Variables that stay in a pure shell.
const KEPT: &[&str] = &[
    "DISPLAY",
    "HOME",
    "IN_NIX_SHELL",
    "LOGNAME",
    "NIX_BUILD_SHELL",
    "NIX_SHELL_PRESERVE_PROMPT",
    "PAGER",
    "PATH",
    "SHLVL",
    "TERM",
    "TZ",
    "USER",
    "WAYLAND_DISPLAY",
    "WAYLAND_SOCKET",
    "XDG_RUNTIME_DIR",
    "http_proxy",
    "https_proxy",
    "ftp_proxy",
    "all_proxy",
    "no_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "FTP_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
];

/// Builds the inputs of the derivation that the command line names, for a shell.
///
/// # Errors
/// Fails if there is not one derivation, or something can't be evaluated or built.
pub(crate) fn perform(
    engine: &mut Engine,
    arguments: &Arguments,
    (classic, build, options): (&ClassicOptions, &BuildOptions, &RunOptions),
    habits: NixShellHabits,
    reporting: Reporting,
) -> Launched {
    let base = base_of_script(options).filter(|_| habits.relative_to_script);
    let plain = auto_arguments_in(engine, &arguments.common.automatic, base.as_deref())?;
    let mut with_shell = auto_arguments_in(engine, &arguments.common.automatic, base.as_deref())?;
    if !arguments.common.automatic.contains_key("inNixShell") {
        let is_shell = engine.enter(|cx| Ok::<_, Error>(cx.keep(Value::bool(true))))?;
        with_shell.set("inNixShell", is_shell);
    }
    let found = Find { plain: &plain, with_shell: &with_shell, base, looks_for_shell: habits.looks_for_shell };
    engine.enter(|cx| {
        check_builder(cx)?;
        let path = found.only_derivation(cx, arguments, classic, options)?;
        let shell = Shell::of_user(cx, reporting)?;
        let text = cx.derivation_text(&path)?;
        let invalid = || Error::eval(format!("error parsing derivation '{}'", lossy(&path)));
        let mut derivation = StoredDerivation::read(&text).ok_or_else(invalid)?;
        let mut targets = input_targets(&derivation, options)?;
        targets.extend(shell.target());
        plan::tell_if_wanted(cx, arguments, &targets)?;
        if build.dry_run {
            return Ok(None);
        }
        built(cx, &targets, BuildMode::Normal, reporting)?;
        resolve(cx, &targets, &mut derivation)?;
        let shell = shell.path(cx)?;
        Ok(Some(launch(cx, &derivation, options, shell)?))
    })
}

/// The ways in which functions are called, and files are found.
struct Find<'a> {
    plain: &'a AutoArguments,
    with_shell: &'a AutoArguments,
    /// The base of relative paths in expressions, if it is not the current folder.
    base: Option<Vec<u8>>,
    looks_for_shell: bool,
}

impl Find<'_> {
    /// The path of the one derivation that the command line means.
    fn only_derivation(
        &self,
        cx: &mut Eval<'_>,
        arguments: &Arguments,
        classic: &ClassicOptions,
        options: &RunOptions,
    ) -> Result<Vec<u8>> {
        let mut common = arguments.common.clone();
        if options.packages {
            if common.expressions {
                return Err(usage("'-p' and '-E' are mutually exclusive"));
            }
            common.inputs = vec![packages(&common.inputs)];
            common.expressions = true;
        } else if !common.expressions {
            common.inputs = self.files(cx, &common.inputs, classic.stdin, options)?;
        }
        let mut found = Vec::new();
        for input in inputs(&common, classic, b".") {
            if let Some((derivation, _)) = input.file().map(|word| in_store(cx, word)).transpose()?.flatten() {
                found.push(derivation.into());
                continue;
            }
            let root = match (&input, &self.base) {
                (Input::Expression(text), Some(base)) => {
                    let value = cx.delay_text_in(base, text.to_vec(), Origin::String)?;
                    cx.force(value)?
                }
                _ => load(cx, &input)?,
            };
            for path in &classic.paths {
                let automatic = self.arguments_for(cx, root)?;
                let value = cx.select_path(root, path, automatic)?;
                let value = cx.force(value)?;
                let automatic = self.arguments_for(cx, value)?;
                for derivation in derivations(cx, value, automatic)? {
                    found.push(derivation_path(cx, derivation)?);
                }
            }
        }
        match found.len() {
            1 => Ok(found.remove(0)),
            _ => Err(usage("nix-shell requires a single derivation")),
        }
    }

    /// The files that are meant: in a folder `shell.nix`, or else `default.nix`.
    fn files(
        &self,
        cx: &mut Eval<'_>,
        words: &[Vec<u8>],
        has_stdin: bool,
        options: &RunOptions,
    ) -> Result<Vec<Vec<u8>>> {
        if words.is_empty() && !has_stdin && !is_file(Path::new("shell.nix")) && !is_file(Path::new("default.nix")) {
            let text = "no argument specified and no 'shell.nix' or 'default.nix' file found in the working directory";
            return Err(Error::eval(text));
        }
        // The old way: this folder's alone.
        let usual = match !self.looks_for_shell && is_file(Path::new("shell.nix")) {
            true => [b"shell.nix".to_vec()],
            false => [b".".to_vec()],
        };
        let words = if words.is_empty() && !has_stdin { &usual[..] } else { words };
        words.iter().map(|word| self.file(cx, word, options)).collect()
    }

    fn file(&self, cx: &mut Eval<'_>, word: &[u8], options: &RunOptions) -> Result<Vec<u8>> {
        if in_store(cx, word)?.is_some() {
            return Ok(word.to_vec());
        }
        let path = PathBuf::from(OsString::from_vec(file_path(cx, &beside_script(word, options))?));
        if !path.is_dir() {
            return Ok(path.into_os_string().into_vec());
        }
        let [shell, usual] = ["shell.nix", "default.nix"].map(|name| path.join(name));
        if is_file(&shell) {
            if self.looks_for_shell {
                return Ok(shell.into_os_string().into_vec());
            }
            let (shell, setting) = (shell.display(), "nix-shell-always-looks-for-shell-nix");
            cx.warn(&Error::eval(format!(
                "Skipping '{shell}', because the setting '{setting}' is disabled. This is a deprecated behavior. \
                 Consider enabling '{setting}'."
            )));
        }
        if is_file(&usual) {
            return Ok(usual.into_os_string().into_vec());
        }
        let path = path.display();
        Err(Error::eval(format!("neither 'shell.nix' nor 'default.nix' found in '{path}'")))
    }

    fn arguments_for<'h>(&self, cx: &mut Eval<'h>, value: Value<'h>) -> Result<&AutoArguments> {
        let wants = cx.eval_text(WANTS_SHELL.into(), &[])?;
        let answer = cx.call(wants, &[value])?;
        Ok(if cx.force(answer)?.as_bool() == Some(true) { self.with_shell } else { self.plain })
    }
}

fn is_file(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// The folder of the script that has the command line.
fn base_of_script(options: &RunOptions) -> Option<Vec<u8>> {
    let path = std::path::absolute(OsStr::from_bytes(&options.script.as_ref()?.path)).ok()?;
    Some(path.parent()?.as_os_str().as_bytes().to_vec())
}

/// A file that a script names lies beside it.
fn beside_script(word: &[u8], options: &RunOptions) -> Vec<u8> {
    match base_of_script(options) {
        Some(folder) if !word.starts_with(b"<") => {
            Path::new(OsStr::from_bytes(&folder)).join(OsStr::from_bytes(word)).into_os_string().into_vec()
        }
        _ => word.to_vec(),
    }
}

/// The program for `--packages`.
fn packages(words: &[Vec<u8>]) -> Vec<u8> {
    let words: Vec<_> = words.iter().map(|word| [b"(", &word[..], b") "].concat()).collect();
    let words = words.concat();
    [
        &b"{ ... }@settings: let all = import <nixpkgs> settings; in "[..],
        b"(all.runCommandCC or all.runCommand) \"shell\" { buildInputs = with all; [ ",
        &words,
        b"]; } \"\"",
    ]
    .concat()
}

/// The entries that must be there before the shell: the inputs, but for those that are left out.
fn input_targets(derivation: &StoredDerivation, options: &RunOptions) -> Result<Vec<DerivedPath>> {
    let excluded = options.excluded.iter().map(|pattern| {
        let invalid = |_| usage(format!("'{}' is not a regular expression", lossy(pattern)));
        Regex::new(pattern).map_err(invalid)
    });
    let excluded = excluded.collect::<Result<Vec<_>>>()?;
    let is_excluded = |path: &[u8]| excluded.iter().any(|pattern| pattern.occurs_in(path));
    let is_used = |(path, uses): &&(Vec<u8>, StoredUses)| !uses.outputs.is_empty() && !is_excluded(path);
    let built = derivation.input_derivations.iter().filter(is_used);
    let built = built.map(|(path, outputs)| DerivedPath::Built {
        derivation: path.as_slice().into(),
        outputs: Outputs::Named(outputs.outputs.iter().map(|name| name.as_slice().into()).collect()),
    });
    let sources = derivation.input_sources.iter().map(|path| DerivedPath::Opaque(path.as_slice().into()));
    Ok(built.chain(sources).collect())
}

/// Puts paths that are known now in the place of what stood for them.
fn resolve(cx: &Eval<'_>, targets: &[DerivedPath], derivation: &mut StoredDerivation) -> Result<()> {
    for target in targets {
        let DerivedPath::Built { derivation: input, .. } = target else { continue };
        for (output, path) in entries(cx, target)? {
            let is_known =
                || cx.computed().computed_path(&(input.clone(), output.clone().unwrap_or_default())).is_some();
            if let Some(output) = output.as_deref().filter(|_| !is_known())
                && let Ok(placeholder) = cx.output_placeholder(input, output)
            {
                derivation.replace_text(placeholder.as_bytes(), &path);
            }
        }
    }
    Ok(())
}

/// Bash with the derivation's environment. Its files are in a temporary folder, which it removes at its end.
fn launch(
    cx: &Eval<'_>,
    derivation: &StoredDerivation,
    options: &RunOptions,
    shell: OsString,
) -> std::result::Result<Launch, Failure> {
    let folder = temporary_folder()?;
    let mut environment = base_environment(options);
    for name in ["NIX_BUILD_TOP", "TMPDIR", "TEMPDIR", "TMP", "TEMP"] {
        environment.insert(name.into(), folder.clone().into_os_string());
    }
    environment.insert("NIX_STORE".into(), OsString::from(&cx.settings().store_dir));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    environment.insert("NIX_BUILD_CORES".into(), cores.to_string().into());
    let attributes = structured::write(derivation, &folder, &mut environment)?;
    let runs = options.not_interactive || options.interpreter.is_some();
    let is_interactive = !runs && io::stdin().is_terminal() && io::stderr().is_terminal();
    let script = interpreted(options);
    let command = script.as_deref().or(options.command.first().map(Vec::as_slice));
    let rc = RcFile { folder: &folder, shell: &shell, pure: options.pure, attributes, command };
    let file = folder.join("rc");
    fs::write(&file, rc.text()).map_err(|error| not_written(&file, &error))?;
    let mut arguments: Vec<OsString> = Vec::new();
    arguments.extend(is_interactive.then(|| "--rcfile".into()));
    arguments.push(file.into_os_string());
    Ok(Launch { name: "bash".into(), arguments, ..Launch::of(shell, environment) })
}

/// The command that runs the script with its interpreter.
fn interpreted(options: &RunOptions) -> Option<Vec<u8>> {
    let (interpreter, script) = (options.interpreter.as_ref()?, options.script.as_ref()?);
    let is = |name: &[u8]| interpreter.windows(name.len()).any(|part| part == name);
    // Perl and Ruby would follow the first line of the script, and start this program again.
    let name: &[u8] = if is(b"perl") { b"-a PERL " } else { b"" };
    let loads: &[u8] = if is(b"ruby") { b" -e 'load(ARGV.shift)' --" } else { b"" };
    let mut command = [b"exec ", name, interpreter, loads].concat();
    for word in [&script.path].into_iter().chain(&script.arguments) {
        command.push(b' ');
        command.extend(quoted(word));
    }
    Some(command)
}

/// The environment before the derivation's variables.
fn base_environment(options: &RunOptions) -> Environment {
    let is_kept = |name: &OsStr| {
        KEPT.iter().any(|known| OsStr::new(known) == name) || options.kept.iter().any(|known| known == name.as_bytes())
    };
    let all = std::env::vars_os().filter(|(name, _)| !options.pure || is_kept(name));
    let mut environment: Environment = all.collect();
    environment.insert("IN_NIX_SHELL".into(), if options.pure { "pure" } else { "impure" }.into());
    if options.pure {
        // Keeps /etc/bashrc of NixOS from reading /etc/profile.
        environment.insert("__ETC_PROFILE_SOURCED".into(), "1".into());
    }
    environment
}
