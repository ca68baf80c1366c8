//! What flakes want to have configured, in `nixConfig`. Nothing of it is done: settings are those of who runs the program.

use nivis::flake::LockedFlake;
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

/// Tells of wishes that are not granted.
pub(super) fn tell(cx: &Eval<'_>, locked: &LockedFlake) {
    if cx.settings().flakes.accept_config {
        return;
    }
    for (name, _) in locked.flake.config.iter().filter(|(name, _)| !HARMLESS.contains(&name.as_str())) {
        let advice = "Pass '--accept-flake-config' to trust it";
        cx.warn(&Error::eval(format!("ignoring untrusted flake configuration setting '{name}'.\n{advice}")));
    }
}
