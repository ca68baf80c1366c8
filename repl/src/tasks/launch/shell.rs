//! `shell`: packages in `PATH`.

use super::{Environment, Launch, Launched, check_in_place, environment};
use crate::command_line::args::Arguments;
use crate::command_line::options::RunOptions;
use crate::output::builds::tells_steps;
use crate::tasks::automatic::auto_arguments;
use crate::tasks::build::targets::followed;
use crate::tasks::build::{Reporting, built, check_builder, entries, plan, targets};
use nivis::store::daemon::types::BuildMode;
use nivis::store::path::StorePath;
use nivis::{Engine, Error, Eval, Result};
use std::collections::{BTreeSet, VecDeque};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

/// The file in a package that lists others which come with it.
const PROPAGATED: &str = "nix-support/propagated-user-env-packages";

/// Builds what the words name, for a shell or another command.
///
/// # Errors
/// Fails if something can't be evaluated or built.
pub(crate) fn perform(
    engine: &mut Engine,
    arguments: &Arguments,
    options: &RunOptions,
    reporting: Reporting,
) -> Launched {
    let automatic = auto_arguments(engine, &arguments.common.automatic)?;
    engine.enter(|cx| {
        check_builder(cx)?;
        let mut environment = environment(options)?;
        let targets = targets::of(cx, arguments, &options.source, &automatic)?;
        if tells_steps(arguments.common.verbosity) {
            plan::tell(cx, &targets)?;
        }
        built(cx, &targets, BuildMode::Normal, reporting)?;
        let paths = targets.iter().map(|target| entries(cx, target)).collect::<Result<Vec<_>>>()?.concat();
        let paths = with_propagated(cx, paths.into_iter().map(|(_, path)| path).collect())?;
        add_to_path(&mut environment, folders(cx, &paths)?);
        let mut words = options.command.iter().cloned().map(OsString::from_vec);
        let usual = || std::env::var_os("SHELL").unwrap_or_else(|| "bash".into());
        let program = words.next().unwrap_or_else(usual);
        Ok(Some(Launch { arguments: words.collect(), ..Launch::of(program, environment) }))
    })
}

/// Packages, and those that come with them.
fn with_propagated(cx: &Eval<'_>, mut pending: VecDeque<StorePath>) -> Result<Vec<StorePath>> {
    let (mut seen, mut all) = (BTreeSet::new(), Vec::new());
    while let Some(path) = pending.pop_front() {
        if !seen.insert(path.clone()) {
            continue;
        }
        check_in_place(cx, &path)?;
        let list = fs::read(Path::new(OsStr::from_bytes(&path)).join(PROPAGATED)).unwrap_or_default();
        let words = list.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        pending.extend(words.map(StorePath::from));
        all.push(path);
    }
    Ok(all)
}

/// The folders with the programs of packages. Links in them lead into the store.
fn folders(cx: &Eval<'_>, packages: &[StorePath]) -> Result<Vec<Vec<u8>>> {
    let store = Path::new(&cx.settings().store_dir);
    let store = store.canonicalize().unwrap_or_else(|_| store.to_owned());
    let folder = |package: &StorePath| {
        let folder = [&package[..], b"/bin"].concat();
        match Path::new(OsStr::from_bytes(&folder)).canonicalize() {
            Ok(place) if !place.starts_with(&store) => Err(outside(&place)),
            Ok(_) => Ok(folder),
            // A link that leads nowhere.
            Err(_) => match fs::read_link(Path::new(OsStr::from_bytes(package))) {
                Ok(target) if followed(cx, target.as_os_str().as_bytes()).is_none() => Err(outside(&target)),
                _ => Ok(folder),
            },
        }
    };
    packages.iter().map(folder).collect()
}

#[cold]
fn outside(place: &Path) -> Error {
    Error::eval(format!("path '{}' is not in the Nix store", place.display()))
}

/// Puts folders with programs before the others.
fn add_to_path(environment: &mut Environment, mut folders: Vec<Vec<u8>>) {
    folders.extend(environment.get(OsStr::new("PATH")).map(|path| path.as_bytes().to_vec()));
    environment.insert("PATH".into(), OsString::from_vec(folders.join(&b":"[..])));
}
