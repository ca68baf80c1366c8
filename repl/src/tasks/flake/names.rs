//! Meanings that the command line gives to names of flakes: `--override-flake` and `--inputs-from`.

use super::options::Locking;
use crate::command_line::args::Arguments;
use crate::config::engine_parts::EngineParts;
use crate::config::settings::Configuration;
use crate::output::console::ProgramConsole;
use nivis::flake::{Edge, LockedFlake, Wanted, find_flake, lock};
use nivis::flake_ref::{FlakeRef, InputAttr, InputAttrs, RegistryEntry};
use nivis::io::SystemIo;
use nivis::{Eval, Result};
use std::rc::Rc;

/// Puts it into the configuration.
///
/// # Errors
/// Fails on an invalid reference, and if a flake whose inputs are meant can't be locked.
pub(crate) fn configure(arguments: &Arguments, configuration: &mut Configuration) -> Result<()> {
    let flags = &arguments.common.flakes;
    if flags.registry.is_empty() && flags.inputs_from.is_empty() {
        return Ok(());
    }
    let console = Rc::new(ProgramConsole::new(configuration.errors));
    let mut engine = EngineParts::of(configuration).engine(configuration.settings.clone(), Box::new(SystemIo), console);
    configuration.settings.flakes.flag_registry = engine.enter(|cx| flag_registry(cx, arguments))?;
    Ok(())
}

fn flag_registry(cx: &mut Eval<'_>, arguments: &Arguments) -> Result<Vec<RegistryEntry>> {
    let flags = &arguments.common.flakes;
    let base = cx.io().current_dir();
    let wanted = Wanted { may_be_missing: true, ..Wanted::default() };
    let mut entries = Vec::new();
    for (from, to) in &flags.registry {
        let (from, _) = find_flake(cx, from, &base, wanted)?;
        let (to, _) = find_flake(cx, to, &base, wanted)?;
        entries.push(RegistryEntry { from: from.attrs, to, exact: false });
    }
    for word in &flags.inputs_from {
        let (reference, _) = find_flake(cx, word, &base, wanted)?;
        let mut locking = Locking::of(cx, arguments)?;
        locking.only_read();
        entries.extend(inputs(&lock(cx, &reference, &locking.options())?)?);
    }
    Ok(entries)
}

/// The inputs of a flake as lines of a registry.
fn inputs(locked: &LockedFlake) -> Result<Vec<RegistryEntry>> {
    let mut entries = Vec::new();
    for (name, edge) in &locked.lock_file.root().inputs {
        let node = match edge {
            Edge::Node(node) => Some(*node),
            Edge::Follows(path) => locked.lock_file.find(path)?,
        };
        let Some(lock) = node.and_then(|node| locked.lock_file.node(node).lock.as_ref()) else { continue };
        let text = |text: &str| InputAttr::String(text.as_bytes().to_vec());
        let from = InputAttrs::from([(b"type".to_vec(), text("indirect")), (b"id".to_vec(), text(name))]);
        let to = FlakeRef { attrs: lock.locked.attrs.clone(), subdir: lock.locked.subdir.clone() };
        entries.push(RegistryEntry { from, to, exact: false });
    }
    Ok(entries)
}
