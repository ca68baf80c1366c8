//! The form that an output of a flake must have, by its name.

/// The kind of value at the end of the paths in an output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Thing {
    Derivation,
    /// A derivation that tests something.
    Check,
    App,
    Overlay,
    Module,
    Configuration,
    Template,
    Bundler,
    Jobs,
}

/// How an output is made of such things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The thing itself.
    One(Thing),
    /// `NAME = THING`
    Named(Thing),
    /// `SYSTEM = THING`
    OfSystems(Thing),
    /// `SYSTEM.NAME = THING`
    NamedOfSystems(Thing),
    /// `SYSTEM = …`, which isn't looked at.
    Systems,
    /// Known, but without a rule for its contents.
    Free,
    Unknown,
}

impl Form {
    /// The form of an output.
    pub(super) fn of(output: &[u8]) -> Self {
        match output {
            b"checks" => Self::NamedOfSystems(Thing::Check),
            b"packages" | b"devShells" => Self::NamedOfSystems(Thing::Derivation),
            b"apps" => Self::NamedOfSystems(Thing::App),
            b"bundlers" => Self::NamedOfSystems(Thing::Bundler),
            b"formatter" | b"defaultPackage" | b"devShell" => Self::OfSystems(Thing::Derivation),
            b"defaultApp" => Self::OfSystems(Thing::App),
            b"defaultBundler" => Self::OfSystems(Thing::Bundler),
            b"legacyPackages" => Self::Systems,
            b"overlays" => Self::Named(Thing::Overlay),
            b"nixosModules" => Self::Named(Thing::Module),
            b"nixosConfigurations" => Self::Named(Thing::Configuration),
            b"templates" => Self::Named(Thing::Template),
            b"overlay" => Self::One(Thing::Overlay),
            b"nixosModule" => Self::One(Thing::Module),
            b"hydraJobs" => Self::One(Thing::Jobs),
            b"defaultTemplate" => Self::One(Thing::Template),
            b"lib"
            | b"darwinConfigurations"
            | b"darwinModules"
            | b"flakeModule"
            | b"flakeModules"
            | b"herculesCI"
            | b"homeConfigurations"
            | b"homeModule"
            | b"homeModules"
            | b"nixopsConfigurations" => Self::Free,
            _ => Self::Unknown,
        }
    }
}

/// The new name of an output that has been renamed.
pub(super) fn replacement(output: &[u8]) -> Option<&'static str> {
    Some(match output {
        b"defaultPackage" => "packages.<system>.default",
        b"defaultApp" => "apps.<system>.default",
        b"defaultTemplate" => "templates.default",
        b"defaultBundler" => "bundlers.<system>.default",
        b"overlay" => "overlays.default",
        b"devShell" => "devShells.<system>.default",
        b"nixosModule" => "nixosModules.default",
        _ => return None,
    })
}
