//! What an evaluation left in memory, for those who look for what takes it: `NIVIS_STATS=1`.

use crate::output;
use nivis::Engine;
use std::fmt::Write as _;

/// Says what the heap and the tables beside it hold, if the environment asks for it.
pub(crate) fn report(engine: &Engine) {
    if std::env::var_os("NIVIS_STATS").is_none() {
        return;
    }
    let mut text = format!("{:>12} {:>14}  kind\n", "objects", "bytes");
    for count in engine.census().into_iter().filter(|count| count.objects > 0) {
        let _ = writeln!(text, "{:>12} {:>14}  {}", count.objects, count.bytes, count.kind);
    }
    output::complain(text.trim_end());
}
