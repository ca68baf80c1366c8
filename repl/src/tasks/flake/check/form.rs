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

impl Thing {
    /// Its name in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Derivation => "derivation",
            Self::Check => "check",
            Self::App => "app",
            Self::Overlay => "overlay",
            Self::Module => "NixOS module",
            Self::Configuration => "NixOS configuration",
            Self::Template => "template",
            Self::Bundler => "bundler",
            Self::Jobs => "Hydra job",
        }
    }

    /// Its name in C++ Nix's traces.
    pub(super) fn name_in_traces(self) -> &'static str {
        match self {
            Self::App => "app definition",
            Self::Bundler => "template",
            _ => self.name(),
        }
    }
}

/// The structure of an output.
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

/// The forms of the outputs that have a meaning.
const FORMS: &[(&str, Form)] = &[
    ("checks", Form::NamedOfSystems(Thing::Check)),
    ("packages", Form::NamedOfSystems(Thing::Derivation)),
    ("devShells", Form::NamedOfSystems(Thing::Derivation)),
    ("apps", Form::NamedOfSystems(Thing::App)),
    ("bundlers", Form::NamedOfSystems(Thing::Bundler)),
    ("formatter", Form::OfSystems(Thing::Derivation)),
    ("defaultPackage", Form::OfSystems(Thing::Derivation)),
    ("devShell", Form::OfSystems(Thing::Derivation)),
    ("defaultApp", Form::OfSystems(Thing::App)),
    ("defaultBundler", Form::OfSystems(Thing::Bundler)),
    ("legacyPackages", Form::Systems),
    ("overlays", Form::Named(Thing::Overlay)),
    ("nixosModules", Form::Named(Thing::Module)),
    ("nixosConfigurations", Form::Named(Thing::Configuration)),
    ("templates", Form::Named(Thing::Template)),
    ("overlay", Form::One(Thing::Overlay)),
    ("nixosModule", Form::One(Thing::Module)),
    ("hydraJobs", Form::One(Thing::Jobs)),
    ("defaultTemplate", Form::One(Thing::Template)),
    ("lib", Form::Free),
    ("darwinConfigurations", Form::Free),
    ("darwinModules", Form::Free),
    ("flakeModule", Form::Free),
    ("flakeModules", Form::Free),
    ("herculesCI", Form::Free),
    ("homeConfigurations", Form::Free),
    ("homeModule", Form::Free),
    ("homeModules", Form::Free),
    ("nixopsConfigurations", Form::Free),
];

impl Form {
    /// The form of an output.
    pub(super) fn of(output: &[u8]) -> Self {
        let known = FORMS.iter().find(|(name, _)| name.as_bytes() == output);
        known.map_or(Self::Unknown, |(_, form)| *form)
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
