//! The table of the REPL's commands, and their help.

mod building;
mod calls;
mod choices;
mod debugger;
mod described;
mod difference;
mod documentation;
mod documented_words;
mod errors;
mod explore;
mod export;
mod fields;
mod finding;
mod graph;
mod insight;
mod laziness;
mod learn;
mod names;
mod option_page;
mod options;
mod peek;
mod present;
mod short_docs;
mod stepping;
mod values;

use crate::command_line::words::usage;
use crate::output::wrap::{add_wrapped, columns};
use crate::prompt::session::{Reply, Session};
pub(crate) use documented_words::is_documented;
use nivis::Result;
pub(crate) use options::option_names;
pub(crate) use short_docs::{first_sentence, short_docs};
use std::fmt::Write as _;

/// The kind of argument that a command takes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Takes {
    /// Nothing.
    Nothing,
    /// An expression, which may go on over several lines.
    Expression,
    /// Words.
    Words,
    /// One of these words; others may follow it, which depend on it.
    OneOf(fn(&str) -> Vec<String>),
    /// The name of a file, and perhaps more.
    File,
    /// A reference to a flake.
    Flake,
    /// The path to an option.
    Option,
}

/// A command.
pub(crate) struct Command {
    /// Its spellings, with the colon.
    pub(crate) names: &'static [&'static str],
    /// The argument's kind.
    pub(crate) takes: Takes,
    /// The argument's name in the help text.
    pub(crate) argument: &'static str,
    /// The command's description.
    pub(crate) help: &'static str,
    /// The command's group in the help text.
    group: Group,
    run: Run,
}

impl Command {
    /// Runs the command with an argument, which may be empty.
    ///
    /// # Errors
    /// Fails if the command does, or if it needs an argument and there is none.
    pub(crate) fn perform(&self, session: &mut Session<'_>, argument: &str) -> Result<Reply> {
        let is_optional = self.argument.is_empty() || self.argument.starts_with('[');
        // These have an error of their own.
        let is_left = self.group == Group::Building || matches!(self.takes, Takes::Flake);
        if argument.is_empty() && !is_optional && !is_left {
            return Err(usage(format!("usage: {} {}", self.names[0], self.argument)));
        }
        (self.run)(session, argument)
    }
}

type Run = fn(&mut Session<'_>, &str) -> Result<Reply>;

/// A group of commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Values,
    Names,
    Insight,
    Debugger,
    Session,
    Building,
}

const GROUPS: [(Group, &str); 6] = [
    (Group::Values, "Values"),
    (Group::Names, "Names and files"),
    (Group::Insight, "How it works"),
    (Group::Debugger, "Debugger"),
    (Group::Session, "This session"),
    (Group::Building, "Building, with a Nix daemon"),
];

/// The command with this name.
pub(crate) fn find(name: &str) -> Option<&'static Command> {
    TABLE.iter().find(|command| command.names.contains(&name))
}

/// All commands' names.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().flat_map(|command| command.names.iter().copied())
}

const fn row(
    group: Group,
    names: &'static [&'static str],
    (takes, argument): (Takes, &'static str),
    help: &'static str,
    run: Run,
) -> Command {
    Command { names, takes, argument, help, group, run }
}

const NOTHING: (Takes, &str) = (Takes::Nothing, "");
const EXPRESSION: (Takes, &str) = (Takes::Expression, "<expr>");
const FILE: (Takes, &str) = (Takes::File, "<path>");

const TABLE: &[Command] = &[
    row(Group::Values, &[":p", ":print"], EXPRESSION, "Print a value in full; strings without quotes", values::print),
    row(Group::Values, &[":t", ":type"], EXPRESSION, "Show the type of a value", values::type_of),
    row(Group::Values, &[":doc"], EXPRESSION, "Show the documentation of a function or attribute", documentation::doc),
    row(Group::Values, &[":pos"], EXPRESSION, "Show where something is defined", documentation::position),
    row(
        Group::Values,
        &[":e", ":edit"],
        EXPRESSION,
        "Open the definition in $EDITOR, then reload",
        documentation::edit,
    ),
    row(Group::Values, &[":src"], EXPRESSION, "Show the source of a definition", documentation::source),
    row(Group::Values, &[":find"], (Takes::Words, "<text>"), "Find names and descriptions", finding::find),
    row(
        Group::Values,
        &[":option"],
        (Takes::Option, "<path>"),
        "Show an option of NixOS: its type, value and definitions",
        options::option,
    ),
    row(Group::Values, &[":error"], (Takes::Words, "[<n>]"), "Show the last error again, or the n-th", errors::error),
    row(Group::Values, &[":explore"], EXPRESSION, "Look into a value, and evaluate what is opened", explore::explore),
    row(Group::Values, &[":diff"], (Takes::Expression, "<a> <b>"), "Show how two values differ", difference::diff),
    row(Group::Values, &[":time"], EXPRESSION, "Evaluate, and show how long it took", values::time),
    row(Group::Names, &[":a", ":add"], EXPRESSION, "Add the attributes of a set to scope", names::add),
    row(Group::Names, &[":l", ":load"], FILE, "Load a file and add its attributes to scope", names::load),
    row(
        Group::Names,
        &[":lf", ":load-flake"],
        (Takes::Flake, "<ref>"),
        "Load a flake and add its attributes to scope",
        names::load_flake,
    ),
    row(Group::Names, &[":ll", ":last-loaded"], NOTHING, "Show the names that were loaded last", names::last_loaded),
    row(Group::Names, &[":r", ":reload"], NOTHING, "Reload all files; your own names stay", names::reload),
    row(Group::Names, &[":r!", ":reload!"], NOTHING, "Reload all files; forget your own names", names::reload_only),
    row(Group::Names, &[":vars"], NOTHING, "List the names in scope", names::variables),
    row(Group::Names, &[":forget"], (Takes::Words, "[<x>...]"), "Forget these names, or all", names::forget),
    row(Group::Names, &[":undo"], NOTHING, "Undo the last binding", names::undo),
    row(Group::Names, &[":save"], FILE, "Write your names to a file that :l reads", names::save),
    row(
        Group::Insight,
        &[":access"],
        (Takes::Words, "<xs.0>"),
        "Show what a path means here and after -A",
        insight::access,
    ),
    row(Group::Insight, &[":lazy"], EXPRESSION, "Print a value without forcing its parts", laziness::lazy),
    row(
        Group::Insight,
        &[":step"],
        (Takes::Expression, "[<expr>]"),
        "Show an evaluation step by step; in the debugger, like :s",
        stepping::step,
    ),
    row(Group::Insight, &[":calls"], EXPRESSION, "Show the calls that an evaluation makes, as a tree", calls::calls),
    row(Group::Insight, &[":trace"], EXPRESSION, "Show what is forced, in which order, and why", laziness::trace),
    row(Group::Insight, &[":why"], (Takes::Words, "<x.a>"), "Show what forced a thunk", laziness::why),
    row(
        Group::Insight,
        &[":graph"],
        (Takes::Expression, "<expr> <file>"),
        "Draw a value as a .svg or .dot file",
        graph::graph,
    ),
    row(Group::Insight, &[":desugar"], EXPRESSION, "Show the desugared expression", insight::desugar),
    row(Group::Insight, &[":ir"], EXPRESSION, "Show what the evaluator runs", insight::ir),
    row(
        Group::Insight,
        &[":explain"],
        (Takes::OneOf(insight::topics), "[<code>]"),
        "Explain an error or topic",
        insight::explain,
    ),
    row(Group::Debugger, &[":debug"], EXPRESSION, "Evaluate, and stop at errors and 'break'", debugger::debug),
    row(
        Group::Debugger,
        &[":bt", ":backtrace"],
        NOTHING,
        "Show where it stopped, and how it got there",
        debugger::backtrace,
    ),
    row(
        Group::Debugger,
        &[":st"],
        (Takes::Words, "[<line>]"),
        "Go to a line of the backtrace, or show it",
        debugger::frame,
    ),
    row(Group::Debugger, &[":env"], NOTHING, "Show the names in scope there", debugger::environment),
    row(Group::Debugger, &[":c", ":continue"], NOTHING, "Continue", debugger::go_on),
    row(Group::Debugger, &[":s"], NOTHING, "Continue to the next call, selection or body", debugger::step),
    row(
        Group::Session,
        &[":learn"],
        (Takes::OneOf(learn::words), "[<lesson>]"),
        "Learn Nix in lessons with tasks",
        learn::learn,
    ),
    row(
        Group::Session,
        &[":set"],
        (Takes::OneOf(choices::words), "[<what> <value>]"),
        "Show or change settings",
        choices::set,
    ),
    row(
        Group::Session,
        &[":export"],
        FILE,
        "Write the session as a page (.html, .md) or picture (.svg)",
        export::export,
    ),
    row(
        Group::Session,
        &[":present"],
        FILE,
        "Show a page of Markdown as slides, and run its programs",
        present::present,
    ),
    row(
        Group::Session,
        &[":te", ":trace-enable"],
        (Takes::OneOf(choices::switches), "[bool]"),
        "Show traces of errors",
        choices::trace,
    ),
    row(Group::Session, &[":q", ":quit"], NOTHING, "Leave; in the debugger, end the evaluation", |_, _| {
        Ok(Reply::Quit)
    }),
    row(Group::Session, &[":?", ":h", ":help"], NOTHING, "Show this help", |_, _| Ok(Reply::Output(help()))),
    row(Group::Building, &[":b"], EXPRESSION, "Build a derivation", building::build),
    row(Group::Building, &[":bl"], EXPRESSION, "Build a derivation, and link the result", building::build_and_link),
    row(Group::Building, &[":i"], EXPRESSION, "Not here: install a derivation", building::install),
    row(
        Group::Building,
        &[":sh"],
        EXPRESSION,
        "Not here: open a shell with a derivation's dependencies",
        building::shell,
    ),
    row(Group::Building, &[":u"], EXPRESSION, "Not here: open a shell with a derivation", building::shell),
    row(Group::Building, &[":log"], EXPRESSION, "Show the log of a build", building::log),
];

/// Inputs that are not commands, each with its effect.
const INPUTS: [(&str, &str); 2] = [
    ("<expr>", "Print its value; refer to it later as 'it', then _2"),
    ("<x> = <expr>", "Bind a name; a.b = 1; inherit (s) c; works too"),
];

fn help() -> String {
    let mut text = String::new();
    let width = columns().unwrap_or(usize::MAX);
    for (spelling, what) in INPUTS {
        add_wrapped(&mut text, &format!("  {spelling:26} "), what, width);
    }
    for (group, heading) in GROUPS {
        let _ = writeln!(text, "\n{heading}:");
        for command in TABLE.iter().filter(|command| command.group == group) {
            let spelling = format!("{} {}", command.names.join(", "), command.argument);
            add_wrapped(&mut text, &format!("  {spelling:26} "), command.help, width);
        }
    }
    text.trim_end().to_owned()
}
