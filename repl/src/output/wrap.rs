//! Text in lines that fit the terminal.

/// The number of columns of the terminal that standard output is, if it is one.
pub(crate) fn columns() -> Option<usize> {
    let (_, columns) = console::Term::stdout().size_checked()?;
    (columns > 0).then_some(usize::from(columns))
}

/// The least room: if less is left, words begin on a line of their own.
const LEAST: usize = 24;
/// The indentation of those lines.
const INDENT: usize = 6;

/// Adds words after `lead`, in lines of at most `width` columns, the later ones aligned with the first.
pub(crate) fn add_wrapped(text: &mut String, lead: &str, words: &str, width: usize) {
    let mut indent = lead.chars().count();
    let mut line = lead.to_owned();
    if indent > INDENT && indent + LEAST > width {
        text.push_str(lead.trim_end());
        text.push('\n');
        indent = INDENT;
        line = " ".repeat(indent);
    }
    for word in words.split_whitespace() {
        let taken = line.chars().count();
        if taken > indent && taken + 1 + word.chars().count() > width {
            text.push_str(&line);
            text.push('\n');
            line = " ".repeat(indent);
        } else if taken > indent {
            line.push(' ');
        }
        line.push_str(word);
    }
    *text += &(line + "\n");
}

/// A text of at most `width` columns: the beginning of one that is too long.
pub(crate) fn cut(text: &str, width: usize) -> String {
    match text.char_indices().nth(width) {
        Some(_) => text.chars().take(width.saturating_sub(1)).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fit() {
        let table = [
            ("  -a  ", "one two three", 80, "  -a  one two three\n"),
            ("", "one two three", 8, "one two\nthree\n"),
            ("          ", "one two three four five", 34, "          one two three four five\n"),
            ("  --long-flag  ", "one two three", 20, "  --long-flag\n      one two three\n"),
        ];
        for (lead, words, width, expected) in table {
            let mut text = String::new();
            add_wrapped(&mut text, lead, words, width);
            assert_eq!(text, expected);
        }
    }
}
