//! Pages at a terminal and elsewhere.

use super::render;
use nivis::codec::palette::{Look, Palette};
use nivis::codec::terminal::columns;

const COLOURED: Look = Look { palette: Some(Palette::DARK), width: None };

#[test]
fn pages_in_colour_and_without() {
    let page = "# A: `b`\n\nc `d` e\n\n```nix\nf: g\n\nh\n```\n\n```output\ni\nj\n```\n\n```error\nk\n```\n";
    let plain = "# A: `b`\n\nc `d` e\n\n    f: g\n\n    h\n    => i\n    j\n    error: k\n";
    assert_eq!(render(page, Look::PLAIN), plain);
    let coloured = render(page, COLOURED);
    let expected = "\x1b[1mA:\x1b[0m \x1b[36mb\x1b[0m\n\nc \x1b[36md\x1b[0m e\n\n    \x1b[36mf: g\x1b[0m\n\n    \x1b[36mh\x1b[0m\n    => i\n    j\n    \x1b[31merror: k\x1b[0m\n";
    assert_eq!(coloured, expected);
}

#[test]
fn marks_become_styles() {
    let table = [
        ("a **b** *c d*", "a \x1b[1mb\x1b[0m \x1b[3mc\x1b[0m \x1b[3md\x1b[0m"),
        ("2 * 3 * 4 ** 5", "2 * 3 * 4 ** 5"),
        ("a\\\n  b", "a\nb"),
        ("`*a*`, *b", "\x1b[36m*a*\x1b[0m, *b"),
        ("- a\n- b c", "• a\n• b c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("> do\n> it", "▸ do it"),
    ];
    for (text, expected) in table {
        assert_eq!(render(text, COLOURED), format!("{expected}\n"), "{text}");
        assert_eq!(render(text, Look::PLAIN), format!("{text}\n"));
    }
}

#[test]
fn lines_fit() {
    let page = "# A long title of a page\n\nMany words of prose, with `some code` in them, which are divided.\n\n- an item that is long as well, and more\n\n```nix\nlet a = 1; b = 2; in a + b + a + b\n```\n";
    for width in [20, 30, 40] {
        let text = render(page, Look { palette: None, width: Some(width) });
        assert!(text.lines().all(|line| columns(line) <= width), "{text}");
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>().join(" ");
        assert_eq!(
            words(&text),
            words(&page.replace("```nix", "").replace("```", "").replace("# A", "A").replace("- an", "• an"))
        );
    }
}
