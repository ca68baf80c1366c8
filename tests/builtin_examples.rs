//! Every builtin has documentation, and its example prints what the row says.

use libtest_mimic::Trial;
use nivis::builtins::{self, Builtin};
use nivis::{Engine, Settings};

/// One trial per builtin.
pub(crate) fn trials() -> Vec<Trial> {
    builtins::all()
        .map(|builtin| Trial::test(format!("builtins/{}", builtin.name), move || Ok(check(builtin)?)))
        .collect()
}

fn check(builtin: &Builtin) -> Result<(), String> {
    if builtin.doc.trim().is_empty() {
        return Err("no documentation".to_owned());
    }
    let Some((expression, wanted)) = builtin.example else { return Ok(()) };
    let mut engine = Engine::new(Settings::default());
    let value = engine.eval_str(expression).and_then(|value| engine.render(&value));
    let got = value.map_err(|error| format!("{expression}: {error}"))?;
    if got == wanted { Ok(()) } else { Err(format!("{expression}\nwanted {wanted}\ngot    {got}")) }
}
