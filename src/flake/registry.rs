//! Registries: the meaning of short flake names.

use crate::error::{Error, ErrorKind, Result};
use crate::eval::Eval;
use crate::flake_ref::{InputAttrs, Registry, RegistryEntry, input, input_rev};
use crate::io::Io;
use std::rc::Rc;

/// The largest number of lookups for one name.
const MOST_STEPS: usize = 100;

/// The registry of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RegistryKind {
    /// The command line.
    Flag,
    /// The user's own.
    User,
    /// The registry of this machine.
    System,
    /// The registry at `flake-registry`.
    Global,
}

/// The registries to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UseRegistries {
    /// None.
    No,
    /// Only the command line and the global registry, which don't differ between machines.
    Limited,
    /// All.
    All,
}

/// The entries of a registry. An unreadable registry is empty, with a warning.
///
/// # Errors
///
/// Fails if the global registry cannot be downloaded.
pub fn registry(cx: &Eval<'_>, kind: RegistryKind) -> Result<Rc<Registry>> {
    let (settings, known) = (&cx.settings().flakes, &cx.shared().flakes.registries);
    let (cell, path) = match kind {
        RegistryKind::Flag => return Ok(Rc::new(Registry { entries: settings.flag_registry.clone() })),
        RegistryKind::User => (&known.user, settings.user_registry.clone()),
        RegistryKind::System => (&known.system, settings.system_registry.clone()),
        RegistryKind::Global => (&known.global, None),
    };
    if let Some(known) = &*cell.borrow() {
        return Ok(Rc::clone(known));
    }
    let path = if kind == RegistryKind::Global { global_path(cx)? } else { path };
    let read = Rc::new(path.map(|path| read_registry(cx, &path)).unwrap_or_default());
    *cell.borrow_mut() = Some(Rc::clone(&read));
    Ok(read)
}

/// The location of the global registry on this machine.
fn global_path(cx: &Eval<'_>) -> Result<Option<Vec<u8>>> {
    let address = &cx.settings().flakes.global_registry;
    if !is_remote(address) {
        return Ok(Some(address.clone().into_bytes()).filter(|path| !path.is_empty()));
    }
    let file = cx.with_fetcher(|fetcher, context| fetcher.file(context, address, b"flake-registry.json"))?;
    Ok(Some(file.place))
}

fn read_registry(cx: &Eval<'_>, path: &[u8]) -> Registry {
    let io: &dyn Io = cx.shared().world.outside();
    let name = String::from_utf8_lossy(path);
    let parsed = match io.read_file(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Registry::default(),
        Err(error) => Err(ErrorKind::Io(format!("cannot read flake registry '{name}': {error}")).into()),
        Ok(text) => Registry::parse(&text, &name),
    };
    parsed.unwrap_or_else(|error| {
        cx.warn(&error);
        Registry::default()
    })
}

/// The target of an input, and the folder that a registry adds to it.
///
/// # Errors
///
/// Fails if no registry has a name, or if the lookups do not end.
pub fn look_up(cx: &Eval<'_>, input: &InputAttrs, used: UseRegistries) -> Result<(InputAttrs, Option<Vec<u8>>)> {
    use RegistryKind::{Flag, Global, System, User};
    let kinds: &[RegistryKind] = match used {
        UseRegistries::No => return Ok((input.clone(), None)),
        UseRegistries::Limited => &[Flag, Global],
        UseRegistries::All => &[Flag, User, System, Global],
    };
    let (mut current, mut dir) = (input.clone(), None);
    for _ in 0..MOST_STEPS {
        let Some((next, next_dir)) = step(cx, &current, kinds)? else {
            return if input::is_indirect(&current) { Err(unknown(&current)) } else { Ok((current, dir)) };
        };
        (current, dir) = (next, next_dir);
    }
    Err(Error::fetch(format!("cycle detected in flake registry for '{}'", input::url(&current))))
}

#[cold]
fn unknown(input: &InputAttrs) -> Error {
    Error::fetch(format!("cannot find flake '{}' in the flake registries", input::url(input)))
}

/// The replacement of an input by the first matching entry.
fn step(cx: &Eval<'_>, input: &InputAttrs, kinds: &[RegistryKind]) -> Result<Option<(InputAttrs, Option<Vec<u8>>)>> {
    for kind in kinds {
        if *kind == RegistryKind::Global
            && !input::is_indirect(input)
            && is_remote(&cx.settings().flakes.global_registry)
        {
            // It is for names, and other inputs must not wait for the network.
            continue;
        }
        for entry in &registry(cx, *kind)?.entries {
            if let Some(next) = replaced(entry, input)? {
                let dir = Some(entry.to.subdir.clone()).filter(|dir| !dir.is_empty());
                return Ok(Some((next, dir)));
            }
        }
    }
    Ok(None)
}

/// True if a registry at this address must be downloaded.
fn is_remote(address: &str) -> bool {
    !address.is_empty() && !address.starts_with('/')
}

fn replaced(entry: &RegistryEntry, input: &InputAttrs) -> Result<Option<InputAttrs>> {
    if entry.exact {
        return Ok((entry.from == *input).then(|| entry.to.attrs.clone()));
    }
    let mut plain = input.clone();
    plain.retain(|name, _| !matches!(name.as_slice(), b"ref" | b"rev"));
    if entry.from != *input && entry.from != plain {
        return Ok(None);
    }
    let branch = input::text(input, "ref").filter(|_| input::text(&entry.from, "ref").is_none());
    let rev = input_rev(input)?.filter(|_| input::text(&entry.from, "rev").is_none());
    input::with_revision(&entry.to.attrs, branch, rev.as_deref()).map(Some)
}
