//! The file that the bash of `nix-shell` reads first.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Everything that the file depends on.
pub(super) struct RcFile<'a> {
    /// The folder that the shell removes at its end.
    pub(super) folder: &'a Path,
    pub(super) shell: &'a OsStr,
    pub(super) pure: bool,
    /// Assignments for the attributes of a derivation that has them in JSON.
    pub(super) attributes: Vec<u8>,
    pub(super) command: Option<&'a [u8]>,
}

impl RcFile<'_> {
    /// The text of the file.
    pub(super) fn text(&self) -> Vec<u8> {
        let folder = quoted(self.folder.as_os_str().as_bytes());
        let shell = quoted(self.shell.as_bytes());
        let shells = quoted(Path::new(self.shell).parent().unwrap_or(Path::new("")).as_os_str().as_bytes());
        let zone = std::env::var_os("TZ");
        let zone = zone.map(|zone| [b"export TZ=", &quoted(zone.as_bytes())[..], b"\n"].concat());
        let colour: &[u8] = if nix::unistd::geteuid().is_root() { b"31" } else { b"32" };
        let mut text = Vec::new();
        let mut add = |parts: &[&[u8]]| text.extend(parts.concat());
        add(&[b"_nix_shell_remove() { command rm -rf ", &folder, b"; }\ntrap _nix_shell_remove EXIT\n"]);
        add(&[b"exitHooks+=(_nix_shell_remove)\nfailureHooks+=(_nix_shell_remove)\n"]);
        if !self.pure {
            add(&[b"if [ -n \"$PS1\" ] && [ -e ~/.bashrc ]; then source ~/.bashrc; fi\n_nix_shell_path=$PATH\n"]);
        }
        add(&[b"unset PATH\ndontAddDisableDepTrack=1\n", &self.attributes]);
        add(&[b"if [ -e \"$stdenv/setup\" ]; then source \"$stdenv/setup\"; fi\n"]);
        if !self.pure {
            add(&[b"PATH=$PATH:$_nix_shell_path\nunset _nix_shell_path\n"]);
        }
        add(&[b"PATH=", &shells, b":\"$PATH\"\nSHELL=", &shell, b"\nBASH=", &shell, b"\nset +e\n"]);
        add(&[b"if [ -n \"$PS1\" ] && [ -z \"$NIX_SHELL_PRESERVE_PROMPT\" ]; then\n"]);
        add(&[b"  PS1='\\n\\[\\033[1;", colour, b"m\\][nix-shell:\\w]\\$\\[\\033[0m\\] '\nfi\n"]);
        add(&[b"if [ \"$(type -t runHook)\" = function ]; then runHook shellHook; fi\n"]);
        add(&[b"unset NIX_ENFORCE_PURITY\nshopt -u nullglob\nunset TZ\n", &zone.unwrap_or_default()]);
        add(&[b"shopt -s execfail\n"]);
        if let Some(command) = self.command {
            add(&[command, b"\nexit\n"]);
        }
        text
    }
}

/// A text as one word of bash.
pub(super) fn quoted(text: &[u8]) -> Vec<u8> {
    let mut word = vec![b'\''];
    for &byte in text {
        match byte {
            b'\'' => word.extend(b"'\\''"),
            byte => word.push(byte),
        }
    }
    word.push(b'\'');
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (text, word) in [("", "''"), ("a b", "'a b'"), ("it's", "'it'\\''s'")] {
            assert_eq!(quoted(text.as_bytes()), word.as_bytes());
        }
    }
}
