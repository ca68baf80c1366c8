//! The table of the REPL's commands.

use crate::session::{Reply, Session};
use nivis::{ErrorKind, Result};

/// What follows a command's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    /// Nothing.
    Nothing,
    /// An expression, which may go on over several lines.
    Expression,
    /// A word.
    Word,
}

/// A command.
pub(crate) struct Command {
    /// Its spellings, with the colon.
    pub(crate) names: &'static [&'static str],
    /// What it takes.
    pub(crate) takes: Takes,
    /// What the help text calls that.
    pub(crate) argument: &'static str,
    /// What it does.
    pub(crate) help: &'static str,
    /// Does it.
    pub(crate) run: Run,
}

type Run = fn(&mut Session<'_>, &str) -> Result<Reply>;

/// The command with this name.
pub(crate) fn find(name: &str) -> Option<&'static Command> {
    TABLE.iter().find(|command| command.names.contains(&name))
}

const fn row(
    names: &'static [&'static str],
    (takes, argument): (Takes, &'static str),
    help: &'static str,
    run: Run,
) -> Command {
    Command { names, takes, argument, help, run }
}

const NOTHING: (Takes, &str) = (Takes::Nothing, "");
const EXPRESSION: (Takes, &str) = (Takes::Expression, "<expr>");

const TABLE: &[Command] = &[
    row(&[":a", ":add"], EXPRESSION, "Add the attributes of a set to scope", add),
    row(&[":l", ":load"], (Takes::Word, "<path>"), "Load a file and add its attributes to scope", load),
    row(&[":ll", ":last-loaded"], NOTHING, "Show the names added last", last_loaded),
    row(&[":p", ":print"], EXPRESSION, "Evaluate and print all of a value; strings as they are", print),
    row(&[":q", ":quit"], NOTHING, "Leave", |_, _| Ok(Reply::Quit)),
    row(&[":r", ":reload"], NOTHING, "Forget all names and load all files again", |session, _| session.reload()),
    row(&[":t", ":type"], EXPRESSION, "Tell the type of a value", type_of),
    row(&[":te", ":trace-enable"], (Takes::Word, "[bool]"), "Show what led to an error, or stop it", trace_enable),
    row(&[":?", ":h", ":help"], NOTHING, "Show this", |_, _| Ok(Reply::Output(help()))),
];

fn help() -> String {
    let mut text = String::from("  <expr>                     Evaluate and print, sets and lists one level deep\n");
    text.push_str("  <x> = <expr>               Bind a name; also a.b = 1; inherit (s) c;\n");
    for command in TABLE {
        let spelling = format!("{} {}", command.names.join(", "), command.argument);
        text.push_str(&format!("  {spelling:26} {}\n", command.help));
    }
    text.trim_end().to_owned()
}

/// The argument, which must not be empty.
fn needed<'t>(name: &str, argument: &'t str) -> Result<&'t str> {
    if argument.is_empty() {
        return Err(ErrorKind::Usage(format!("'{name}' needs something after it; see ':?'")).into());
    }
    Ok(argument)
}

fn add(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    let text = needed(":a", argument)?;
    session.add(|cx, scope, _| cx.eval_text(text.into(), scope))
}

fn load(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    session.load(needed(":l", argument)?)
}

fn last_loaded(session: &mut Session<'_>, _: &str) -> Result<Reply> {
    match session.last_loaded() {
        Some(names) => Ok(Reply::Output(names.join("\n"))),
        None => Err(ErrorKind::Usage("nothing has been loaded yet".to_owned()).into()),
    }
}

fn print(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    session.print_all(needed(":p", argument)?)
}

fn type_of(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    let text = needed(":t", argument)?;
    session.inside(|cx, scope| {
        let value = cx.eval_text(text.into(), scope)?;
        Ok(Reply::Output(cx.show_type(value)))
    })
}

fn trace_enable(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    let shown = &mut session.errors().show_trace;
    *shown = match argument {
        "" => !*shown,
        "true" => true,
        "false" => false,
        _ => return Err(ErrorKind::Usage(format!("unexpected argument '{argument}' to :te")).into()),
    };
    let text = if *shown { "showing error traces" } else { "not showing error traces" };
    Ok(Reply::Output(text.to_owned()))
}
