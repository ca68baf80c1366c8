//! Settings that flakes ask for, in `nixConfig`. They are not applied: only the user's own settings count.

use nivis::flake::Flake;
use nivis::{Error, Eval};

/// The settings that a flake may ask for without the user's consent.
const HARMLESS: [&str; 6] = [
    "bash-prompt",
    "bash-prompt-prefix",
    "bash-prompt-suffix",
    "commit-lock-file-summary",
    "commit-lockfile-summary",
    "flake-registry",
];

/// Warns about settings that a flake asks for and doesn't get.
pub(super) fn tell(cx: &Eval<'_>, flake: &Flake) {
    if cx.settings().flakes.accept_config {
        return;
    }
    let is_harmless = |name: &str| HARMLESS.contains(&name.strip_prefix("extra-").unwrap_or(name));
    for (name, _) in flake.config.iter().filter(|(name, _)| !is_harmless(name)) {
        let advice = "Pass '--accept-flake-config' to trust it";
        cx.warn(&Error::eval(format!("ignoring untrusted flake configuration setting '{name}'.\n{advice}")));
    }
}
