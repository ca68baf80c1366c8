//! The user's choices: `:set`. Choices made at a terminal are kept in a file.

use super::Session;
use crate::command_line::words::usage;
use crate::output::style::ErrorFormat;
use crate::output::theme::Theme;
use nivis::Result;
use std::fs;
use std::path::Path;

/// The choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Preferences {
    /// The number of levels of a value that are printed.
    pub(crate) depth: usize,
    /// The text before the cursor.
    pub(crate) prompt: String,
    /// The prompt has the number of the input.
    pub(crate) numbers: bool,
    /// Keys as in vi.
    pub(crate) vi: bool,
    /// Long output goes through a pager.
    pub(crate) pager: bool,
    /// The user's choice whether errors have a trace, if there is one.
    pub(crate) trace: Option<bool>,
    /// The format of errors, if the user chose.
    pub(crate) format: Option<ErrorFormat>,
    /// The colours, if the user chose.
    pub(crate) theme: Option<Theme>,
}

impl Preferences {
    /// The preferences of a new user.
    pub(crate) fn new(prompt: &str) -> Self {
        Self {
            depth: 1,
            prompt: prompt.to_owned(),
            numbers: false,
            vi: false,
            pager: true,
            trace: None,
            format: None,
            theme: None,
        }
    }

    /// Changes one.
    ///
    /// # Errors
    /// Fails if there is no such choice, or the value doesn't fit.
    pub(crate) fn set(&mut self, name: &str, value: &str) -> Result<()> {
        match name {
            "depth" => self.depth = depth(value)?,
            "prompt" => self.prompt = format!("{} ", unquoted(value)),
            "numbers" => self.numbers = switch(value)?,
            "editing" => self.vi = one_of(value, &[("emacs", false), ("vi", true)])?,
            "pager" => self.pager = switch(value)?,
            "trace" => self.trace = Some(switch(value)?),
            "format" => {
                let formats = [("pretty", ErrorFormat::Pretty), ("nix", ErrorFormat::Nix), ("json", ErrorFormat::Json)];
                self.format = Some(one_of(value, &formats)?);
            }
            "theme" => self.theme = Some(one_of(value, &Theme::NAMES)?),
            _ => {
                let names: Vec<_> = self.list().into_iter().map(|(name, ..)| name).collect();
                return Err(usage(format!("there is no setting '{name}'; there are {}", names.join(", "))));
            }
        }
        Ok(())
    }

    /// All choices: name, value, and description.
    pub(crate) fn list(&self) -> Vec<(&'static str, String, &'static str)> {
        let switch = |on: bool| if on { "on" } else { "off" }.to_owned();
        let editing = if self.vi { "vi" } else { "emacs" };
        let depth = if self.depth == usize::MAX { "all".to_owned() } else { self.depth.to_string() };
        let format = match self.format {
            Some(ErrorFormat::Nix) => "nix",
            Some(ErrorFormat::Json) => "json",
            Some(ErrorFormat::Pretty) | None => "pretty",
        };
        vec![
            ("depth", depth, "how many levels of sets and lists to print: a number, or all"),
            ("trace", switch(self.trace.unwrap_or(false)), "show full traces of errors: on, off"),
            ("format", format.to_owned(), "how errors look: pretty, nix, json"),
            ("theme", self.theme.unwrap_or_default().name().to_owned(), "colours: auto, dark, light, colour-blind"),
            ("prompt", format!("\"{}\"", self.prompt.trim_end()), "the prompt's text"),
            ("numbers", switch(self.numbers), "number inputs, as in nivis 12>; out12 is the result: on, off"),
            ("editing", editing.to_owned(), "key bindings, from the next start on: emacs, vi"),
            ("pager", switch(self.pager), "show long output a screen at a time: on, off"),
        ]
    }

    /// Reads choices from a file of lines `name = value`. Other lines lead to a message.
    pub(crate) fn read(&mut self, path: &Path) -> Vec<String> {
        let Ok(text) = fs::read_to_string(path) else { return Vec::new() };
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut complaints = Vec::new();
        for line in lines {
            let set = line.split_once('=').map(|(name, value)| self.set(name.trim(), value.trim()));
            let problem = match set {
                None => "is not 'name = value'".to_owned(),
                Some(Err(error)) => error.to_string(),
                Some(Ok(())) => continue,
            };
            complaints.push(format!("{}: '{line}': {problem}", path.display()));
        }
        complaints
    }

    /// Writes those choices that are not a new user's.
    pub(crate) fn write(&self, path: &Path, new: &Self) -> std::io::Result<()> {
        let usual = new.list();
        let lines = self.list().into_iter().zip(usual).filter(|(own, usual)| own.1 != usual.1);
        let text: String = lines.map(|((name, value, _), _)| format!("{name} = {value}\n")).collect();
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, format!("# What ':set' has changed.\n{text}"))
    }
}

impl Session<'_> {
    /// The choices with their current values and descriptions.
    pub(crate) fn choices(&mut self) -> Vec<(&'static str, String, &'static str)> {
        let errors = self.configuration.errors;
        self.preferences.trace = Some(errors.show_trace);
        self.preferences.format = Some(errors.format);
        self.preferences.theme = Some(errors.theme);
        self.preferences.list()
    }

    /// The user's preferences.
    pub(crate) fn preferences(&self) -> &Preferences {
        &self.preferences
    }

    /// Takes these choices.
    pub(crate) fn prefer(&mut self, preferences: Preferences) {
        let errors = &mut self.configuration.errors;
        errors.show_trace = preferences.trace.unwrap_or(errors.show_trace);
        errors.format = preferences.format.unwrap_or(errors.format);
        errors.theme = preferences.theme.unwrap_or(errors.theme);
        self.preferences = preferences;
    }

    /// Changes one choice.
    ///
    /// # Errors
    /// Fails if there is no such choice, or the value doesn't fit.
    pub(crate) fn choose(&mut self, name: &str, value: &str) -> Result<()> {
        let mut preferences = self.preferences.clone();
        preferences.set(name, value)?;
        self.prefer(preferences);
        Ok(())
    }
}

fn depth(value: &str) -> Result<usize> {
    match value {
        "all" => Ok(usize::MAX),
        _ => value.parse().map_err(|_| usage(format!("'{value}' is neither a number nor 'all'"))),
    }
}

fn switch(value: &str) -> Result<bool> {
    one_of(value, &[("on", true), ("off", false), ("true", true), ("false", false)])
}

fn one_of<T: Copy>(value: &str, among: &[(&str, T)]) -> Result<T> {
    let names = || among.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let found = among.iter().find(|(name, _)| *name == value).map(|(_, meaning)| *meaning);
    found.ok_or_else(|| usage(format!("'{value}' is none of {}", names())))
}

fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value)
}
