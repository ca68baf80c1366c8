//! The settings that have to do with flakes.

use super::nix_conf::Environment;
use nivis::settings::FlakeSettings;

/// The registry used if none is configured.
pub(super) const GLOBAL_REGISTRY: &str = "https://channels.nixos.org/flake-registry.json";

/// The defaults: the registries of the user, the machine, and the world.
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
