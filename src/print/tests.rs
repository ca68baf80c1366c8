//! The parts of the printers that need no evaluator.

use super::escapes;

#[test]
fn escape_sequences_go_and_tabs_become_spaces() {
    let table = [
        ("a\tb\nc\td\re", "a       b\nc      de"),
        ("ab\n\tb", "ab\n      b"),
        ("é\tx", "é       x"),
        ("a\x1b[31mb\x1b]c\x1bd\x07", "abd"),
        ("\x1b[1;2", ""),
        ("\x1b", ""),
        ("\x1b(x", "(x"),
    ];
    for (text, filtered) in table {
        assert_eq!(escapes::without_escapes(text), filtered);
    }
}
