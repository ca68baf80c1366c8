//! The kind of an output, by its path in a flake.

/// The kind of an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A set to look into.
    Set,
    /// A derivation for one system.
    Derivation,
    /// A derivation, or a set of jobs.
    Jobs,
    /// A set of packages that is large.
    Legacy,
    App,
    Template,
    /// Something that isn't looked at: its name in JSON, and in words.
    Other(&'static str, &'static str),
}

impl Kind {
    /// The kind of the output at a path.
    pub(super) fn of(path: &[&str]) -> Self {
        match path {
            []
            | [
                "defaultPackage"
                | "devShell"
                | "formatter"
                | "nixosConfigurations"
                | "nixosModules"
                | "defaultApp"
                | "templates"
                | "overlays",
            ]
            | ["checks" | "packages" | "devShells" | "apps"]
            | ["checks" | "packages" | "devShells" | "apps", _] => Self::Set,
            ["defaultPackage" | "devShell" | "formatter", _] | ["checks" | "packages" | "devShells", _, _] => {
                Self::Derivation
            }
            ["hydraJobs", ..] => Self::Jobs,
            ["legacyPackages", ..] => Self::Legacy,
            ["defaultApp", _] | ["apps", _, _] => Self::App,
            ["defaultTemplate"] | ["templates", _] => Self::Template,
            ["overlay"] | ["overlays", _] => Self::Other("nixpkgs-overlay", "Nixpkgs overlay"),
            ["nixosConfigurations", _] => Self::Other("nixos-configuration", "NixOS configuration"),
            ["nixosModule"] | ["nixosModules", _] => Self::Other("nixos-module", "NixOS module"),
            _ => Self::Other("unknown", "unknown"),
        }
    }
}

/// The purpose of a derivation at a path.
pub(super) fn purpose(path: &[&str]) -> &'static str {
    match path {
        ["devShell", _] | ["devShells", _, ..] => "development environment",
        ["checks", _, _] | ["hydraJobs", ..] => "derivation",
        _ => "package",
    }
}

/// True for sets that are left out when nothing is in them. Frameworks make such sets, to be lazy.
pub(super) fn hides_when_empty(path: &[&str]) -> bool {
    matches!(
        path,
        ["apps" | "checks" | "devShells" | "legacyPackages" | "packages"]
            | ["apps" | "checks" | "devShells" | "legacyPackages" | "packages", _]
            | ["formatter" | "nixosConfigurations" | "nixosModules" | "overlays"]
    )
}
