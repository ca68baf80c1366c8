//! Loading files and adding sets to what is in scope.

use super::{Reply, Session, members};
use crate::automatic::auto_arguments;
use crate::run::file_path;
use nivis::codec::nix_string::write_attribute_name;
use nivis::eval::AutoArguments;
use nivis::{Engine, Eval, Result, Value};
use std::mem::ManuallyDrop;
use std::sync::PoisonError;

/// Names shown when many were added.
const MOST_NAMES: usize = 20;

impl Session<'_> {
    /// Adds the attributes of a set that `find` makes, and tells their names.
    pub(crate) fn add(
        &mut self,
        find: impl for<'h> FnOnce(&mut Eval<'h>, &[(&str, Value<'h>)], &AutoArguments) -> Result<Value<'h>>,
    ) -> Result<Reply> {
        let automatic = std::mem::take(&mut self.automatic);
        let found = self.inside(|cx, scope| {
            let value = find(cx, scope, &automatic)?;
            members(cx, value)
        });
        self.automatic = automatic;
        let found = found?;
        let names: Vec<String> = found.iter().map(|(name, _)| name.clone()).collect();
        self.scope.extend(found);
        let text = tell_added(&names);
        self.last_loaded = Some(names);
        Ok(Reply::Output(text))
    }

    /// Loads a file: its value, called automatically, is a set whose attributes are added.
    pub(crate) fn load(&mut self, word: &str) -> Result<Reply> {
        let reply = self.add(|cx, _, automatic| {
            let home = cx.settings().home.clone();
            let word = match word.strip_prefix("~/") {
                Some(rest) => [&home[..], b"/", rest.as_bytes()].concat(),
                None => word.as_bytes().to_vec(),
            };
            let path = file_path(cx, &word)?;
            // Read anew each time: the user may have changed it.
            let nothing = cx.force_attrs(cx.attrs(Vec::new()), "")?;
            let value = cx.scoped_import(nothing, cx.path(path))?;
            cx.auto_call(value, automatic)
        })?;
        self.files.retain(|file| file != word);
        self.files.push(word.to_owned());
        Ok(reply)
    }

    /// Loads several files. Those that fail are kept for the next `:r`.
    pub(crate) fn load_all(&mut self, files: Vec<String>) -> Reply {
        let mut replies = Vec::new();
        for file in files {
            replies.push(Reply::Output(format!("Loading \"{file}\"...")));
            replies.push(self.load(&file).unwrap_or_else(|error| {
                self.files.push(file);
                Reply::Error(error)
            }));
        }
        Reply::Several(replies)
    }

    /// Forgets all names and all that was evaluated, and loads the files again. Memory goes back to the system.
    pub(crate) fn reload(&mut self) -> Result<Reply> {
        let files = std::mem::take(&mut self.files);
        self.scope.clear();
        self.last_loaded = None;
        self.automatic = AutoArguments::default();
        let engine = Engine::with_io(self.configuration.settings.clone(), (self.make_io)());
        drop(ManuallyDrop::into_inner(std::mem::replace(&mut self.engine, ManuallyDrop::new(engine))));
        *self.stop.0.lock().unwrap_or_else(PoisonError::into_inner) = self.engine.stop_flags();
        self.automatic = auto_arguments(&mut self.engine, &self.arguments.automatic)?;
        Ok(self.load_all(files))
    }
}

fn tell_added(names: &[String]) -> String {
    let mut sorted: Vec<&String> = names.iter().collect();
    sorted.sort();
    let shown: Vec<String> = sorted.into_iter().take(MOST_NAMES).map(|name| quoted(name)).collect();
    let mut text = format!("Added {} variables.\n{}", names.len(), shown.join(", "));
    if names.len() > MOST_NAMES {
        text.push_str(&format!("\n... and {} more; view with :ll", names.len() - MOST_NAMES));
    }
    text
}

/// A name as a program writes it.
fn quoted(name: &str) -> String {
    let mut text = Vec::new();
    write_attribute_name(&mut text, name.as_bytes());
    String::from_utf8_lossy(&text).into_owned()
}
