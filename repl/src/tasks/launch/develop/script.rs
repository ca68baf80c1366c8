//! An environment as a program for bash.

use super::super::rc::quoted;
use super::captured::{Captured, Variable};
use crate::command_line::options::RunOptions;
use crate::config::shells::BashPrompt;
use nivis::store::path::StorePath;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Variables of a build that mean nothing outside of it.
const LEFT_OUT: [&str; 15] = [
    "BASHOPTS",
    "HOME",
    "NIX_BUILD_TOP",
    "NIX_ENFORCE_PURITY",
    "NIX_LOG_FD",
    "NIX_REMOTE",
    "PPID",
    "SHELLOPTS",
    "SSL_CERT_FILE",
    "TEMP",
    "TEMPDIR",
    "TERM",
    "TMP",
    "TMPDIR",
    "TZ",
];
/// The user, who is another one in a build.
const USER_ID: &str = "UID";
/// Lists of folders, to which the environment adds.
const EXTENDED: [&str; 2] = ["PATH", "XDG_DATA_DIRS"];

/// An environment, and what replaces its paths.
pub(super) struct Script<'s> {
    pub(super) captured: &'s Captured,
    /// The folder below which outputs are.
    pub(super) outputs: &'s Path,
    /// Paths, and the folders that replace them.
    pub(super) redirects: &'s [(StorePath, PathBuf)],
}

impl Script<'_> {
    /// The program that sets variables and functions, and runs the shell's hook.
    pub(super) fn text(&self) -> Vec<u8> {
        let mut text = b"unset shellHook\n".to_vec();
        let mut add = |line: String| text.extend(line.into_bytes());
        for name in EXTENDED {
            add(format!("{name}=${{{name}-}}\n_nivis_{name}=${name}\n"));
        }
        let is_left_out = |name: &str| LEFT_OUT.contains(&name) || name == USER_ID;
        for (name, variable) in self.captured.variables.iter().filter(|(name, _)| !is_left_out(name)) {
            add(assignment(name, variable));
        }
        for (name, body) in &self.captured.functions {
            add(format!("{name} ()\n{{{body}}}\n"));
        }
        for name in EXTENDED {
            add(format!("{name}=${name}${{_nivis_{name}:+:$_nivis_{name}}}\nunset _nivis_{name}\n"));
        }
        add("export NIX_BUILD_TOP=$(mktemp -d -t nix-shell.XXXXXX)\n".to_owned());
        for name in ["TMP", "TMPDIR", "TEMP", "TEMPDIR"] {
            add(format!("export {name}=$NIX_BUILD_TOP\n"));
        }
        if let Some(attributes) = &self.captured.attributes {
            // The build's own files are gone.
            for (name, contents, variable) in [
                (".attrs.sh", &attributes.script, "NIX_ATTRS_SH_FILE"),
                (".attrs.json", &attributes.json, "NIX_ATTRS_JSON_FILE"),
            ] {
                let contents = word(contents);
                add(format!("export {variable}=$NIX_BUILD_TOP/{name}\nprintf %s {contents} > \"${variable}\"\n"));
            }
        }
        add("eval \"${shellHook-}\"\n".to_owned());
        self.redirected(text)
    }

    /// The program with outputs below a folder, and with other paths replaced.
    fn redirected(&self, text: Vec<u8>) -> Vec<u8> {
        let outputs = self.captured.outputs().into_iter();
        let outputs = outputs.map(|(name, path)| (path.as_bytes(), self.outputs.join(name)));
        let others = self.redirects.iter().map(|(path, folder)| (&path[..], folder.clone()));
        outputs
            .chain(others)
            .filter(|(path, _)| !path.is_empty())
            .fold(text, |text, (path, folder)| replaced(&text, path, folder.as_os_str().as_bytes()))
    }
}

fn assignment(name: &str, variable: &Variable) -> String {
    match variable {
        Variable::Text { value, exported } => {
            let export = if *exported { format!("export {name}\n") } else { String::new() };
            format!("{name}={}\n{export}", word(value))
        }
        Variable::List(items) => {
            let items: Vec<_> = items.iter().map(|item| word(item)).collect();
            format!("declare -a {name}=({})\n", items.join(" "))
        }
        Variable::Map(members) => {
            let members = members.iter().map(|(key, value)| format!("[{}]={}", word(key), word(value)));
            format!("declare -A {name}=({})\n", members.collect::<Vec<_>>().join(" "))
        }
    }
}

fn word(text: &str) -> String {
    String::from_utf8_lossy(&quoted(text.as_bytes())).into_owned()
}

fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.windows(from.len()).position(|window| window == from) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// The rest of the program if nobody types: a phase of the build, or a command.
pub(super) fn ending(options: &RunOptions) -> Vec<u8> {
    if let Some(phase) = &options.phase {
        let name = [&phase[..], b"Phase"].concat();
        let start = b"foundMakefile=1\nif declare -f runPhase > /dev/null; then runPhase ";
        return [&start[..], &name, b"; else runHook ", &name, b"; fi\n"].concat();
    }
    let words: Vec<_> = options.command.iter().map(|word| quoted(word)).collect();
    [b"exec ", &words.join(&b" "[..])[..], b"\n"].concat()
}

/// The whole program if somebody types: their own settings come first, without aliases for the environment.
pub(super) fn for_typing(text: Vec<u8>, prompt: &BashPrompt) -> Vec<u8> {
    let start = b"if [ -n \"$PS1\" ] && [ -e ~/.bashrc ]; then source ~/.bashrc; fi\nshopt -u expand_aliases\n";
    let mut whole = [&start[..], &text, b"shopt -s expand_aliases\n"].concat();
    let settings = [("PS1=", &prompt.whole, ""), ("PS1=", &prompt.prefix, "\"$PS1\""), ("PS1+=", &prompt.suffix, "")];
    for (assigned, value, rest) in settings.into_iter().filter(|(_, value, _)| !value.is_empty()) {
        whole.extend(format!("if [ -n \"$PS1\" ]; then {assigned}{}{rest}; fi\n", word(value)).into_bytes());
    }
    whole
}

/// Assignments that name the shell, and put a shell of the store before others.
pub(super) fn with_shell(shell: &OsStr) -> Vec<u8> {
    let folder = Path::new(shell).parent().filter(|folder| folder.is_absolute());
    let folder = folder.map(|folder| quoted(folder.as_os_str().as_bytes()));
    let path = folder.map(|folder| [b"PATH=", &folder[..], b"${PATH:+:$PATH}\n"].concat());
    [b"SHELL=", &quoted(shell.as_bytes())[..], b"\n", &path.unwrap_or_default()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_elsewhere() {
        let text = r#"{"bashFunctions":{"f":" \n    true\n"},"variables":{"out":{"type":"exported","value":"/s/o"},"TZ":{"type":"var","value":"x"},"a":{"type":"array","value":["it's","/s/o/x"]}}}"#;
        let captured = Captured::read(text.as_bytes()).expect("an environment");
        let script = Script { captured: &captured, outputs: Path::new("/w/outputs"), redirects: &[] };
        let text = String::from_utf8_lossy(&script.text()).into_owned();
        let expected =
            "declare -a a=('it'\\''s' '/w/outputs/out/x')\nout='/w/outputs/out'\nexport out\nf ()\n{ \n    true\n}\n";
        assert!(text.contains(expected), "{text}");
        assert!(!text.contains("TZ"), "{text}");
    }
}
