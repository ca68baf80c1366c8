//! The settings that have to do with flakes.

use super::nix_conf::Environment;
use crate::command_line::setting_values as values;
use nivis::Result;
use nivis::flake::FlakeSettings;

/// Where names of flakes are looked up if nobody says otherwise.
pub(super) const GLOBAL_REGISTRY: &str = "https://channels.nixos.org/flake-registry.json";

/// What is configured if nothing is: the registries of the user, the machine, and the world.
pub(super) fn usual(variable: Environment<'_>) -> FlakeSettings {
    let user = variable("NIX_CONFIG_HOME").or_else(|| {
        let absolute = |name: &str| variable(name).filter(|path| path.starts_with(b"/"));
        let in_home = || absolute("HOME").map(|home| [&home[..], b"/.config"].concat());
        absolute("XDG_CONFIG_HOME").or_else(in_home).map(|folder| [&folder[..], b"/nix"].concat())
    });
    let system = variable("NIX_CONF_DIR").unwrap_or_else(|| b"/etc/nix".to_vec());
    let in_folder = |folder: Vec<u8>| [&folder[..], b"/registry.json"].concat();
    FlakeSettings {
        global_registry: GLOBAL_REGISTRY.to_owned(),
        user_registry: user.map(in_folder),
        system_registry: Some(in_folder(system)),
        ..FlakeSettings::default()
    }
}

/// Sets what has to do with flakes.
///
/// # Errors
/// A value that the setting can't have.
pub(super) fn set(settings: &mut FlakeSettings, name: &str, value: &str) -> Result<()> {
    match name {
        "use-registries" => settings.use_registries = values::switch(name, value)?,
        "flake-registry" => value.clone_into(&mut settings.global_registry),
        "allow-dirty-locks" => settings.allow_dirty_locks = values::switch(name, value)?,
        "allow-dirty" => settings.allow_dirty = values::switch(name, value)?,
        "warn-dirty" => settings.warn_dirty = values::switch(name, value)?,
        "trust-tarballs-from-git-forges" => settings.trust_forges = values::switch(name, value)?,
        "accept-flake-config" => settings.accept_config = values::switch(name, value)?,
        "commit-lock-file-summary" => value.clone_into(&mut settings.commit_summary),
        _ => {}
    }
    Ok(())
}
