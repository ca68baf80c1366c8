//! What flakes want to have configured, in `nixConfig`. Nothing of it is done: settings are those of who runs the program.

use nivis::flake::Flake;
use nivis::{Error, Eval};

/// What may be asked for without anybody's consent.
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
