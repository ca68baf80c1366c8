//! Settings of the shells that are started.

/// Habits of `nix-shell` that settings change.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NixShellHabits {
    /// `shell.nix` comes before `default.nix` in any folder.
    pub(crate) looks_for_shell: bool,
    /// Relative paths in the command line of a script start beside the script.
    pub(crate) relative_to_script: bool,
}

/// The prompt of the shells that `develop` starts.
#[derive(Clone, Debug, Default)]
pub(crate) struct BashPrompt {
    pub(crate) whole: String,
    pub(crate) prefix: String,
    pub(crate) suffix: String,
}
