//! Keywords and operators, for `:doc`.

/// A word or sign of the language: its spelling, how it is written, and a page about it with an example.
type Entry = (&'static str, &'static str, &'static str, (&'static str, &'static str));

/// The page about a keyword or operator.
pub(super) fn page(word: &str) -> Option<String> {
    let (_, form, text, (program, result)) = entry(word)?;
    Some(format!("`{form}`\n\n{text}\n\n    {program}\n    => {result}"))
}

/// True for a keyword or operator.
pub(crate) fn is_documented(word: &str) -> bool {
    entry(word).is_some()
}

/// All keywords and operators, with what they do.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.iter().map(|(word, _, about, _)| (*word, *about))
}

fn entry(word: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|(known, ..)| *known == word)
}

#[rustfmt::skip]
const TABLE: &[Entry] = &[
    ("let", "let NAME = VALUE; … in EXPRESSION", "Names values for one expression. The values see all the names, in any order.",
        ("let a = 1; b = a + 1; in a + b", "3")),
    ("in", "let NAME = VALUE; … in EXPRESSION", "Ends the definitions of a `let`; the expression after it sees their names.",
        ("let a = 1; in a", "1")),
    ("if", "if CONDITION then VALUE else VALUE", "Chooses one of two values; the other one is not evaluated. The condition must be `true` or \
        `false`, and `else` can't be left out.", ("if 1 < 2 then \"less\" else throw \"no\"", "\"less\"")),
    ("then", "if CONDITION then VALUE else VALUE", "Comes before the value of a true condition.", ("if true then 1 else 2", "1")),
    ("else", "if CONDITION then VALUE else VALUE", "Comes before the value of a false condition.", ("if false then 1 else 2", "2")),
    ("with", "with SET; EXPRESSION", "Lets the expression use the set's attributes as variables. Names from `let` or parameters \
        win over them, however far out they are defined.", ("with { a = 1; }; a + 1", "2")),
    ("rec", "rec { NAME = VALUE; … }", "A set whose values see each other's names.", ("rec { a = 1; b = a + 1; }.b", "2")),
    ("inherit", "inherit NAME …; or inherit (SET) NAME …;", "In a set or `let`, defines each name with the variable of that name, or \
        with that attribute of the set.", ("let a = 1; in { inherit a; inherit ({ b = 2; }) b; }.b", "2")),
    ("assert", "assert CONDITION; EXPRESSION", "The value of the expression, or an error if the condition is false.",
        ("assert 1 < 2; \"checked\"", "\"checked\"")),
    ("or", "SET.PATH or DEFAULT", "A selection with a default: its value if a name of the path is missing. (Either of two conditions is `||`.)",
        ("{ a = 1; }.b or 2", "2")),
    ("true", "true", "The Boolean that is true. It is a name that can be bound again, not a keyword.", ("true && false", "false")),
    ("false", "false", "The Boolean that is false. It is a name that can be bound again, not a keyword.", ("!false", "true")),
    ("null", "null", "No value. It equals only itself.", ("null == { }", "false")),
    (".", "SET.NAME", "Selects an attribute. Numbers are not names: an element of a list is `builtins.elemAt xs 0`.", ("{ a.b = 1; }.a.b", "1")),
    ("?", "SET ? NAME, or { NAME ? DEFAULT }: …", "Whether a set has an attribute. In the parameters of a function, the default of an argument.",
        ("{ a = 1; } ? b", "false")),
    ("++", "LIST ++ LIST", "Joins two lists.", ("[ 1 ] ++ [ 2 ]", "[ 1 2 ]")),
    ("//", "SET // SET", "A set with the attributes of both; where both have one, the right one's. Nested sets are not merged.",
        ("({ a = 1; b = 1; } // { b = 2; }).b", "2")),
    ("+", "VALUE + VALUE", "Adds numbers, or joins strings or paths.", ("\"snow\" + \"man\"", "\"snowman\"")),
    ("-", "NUMBER - NUMBER", "Subtracts, or negates. Names may contain a dash, so leave spaces around it.", ("5 - 2", "3")),
    ("*", "NUMBER * NUMBER", "Multiplies.", ("2 * 3", "6")),
    ("/", "NUMBER / NUMBER", "Divides; between integers the result is cut to an integer. Without spaces, `a/b` is a path.", ("7 / 2", "3")),
    ("==", "VALUE == VALUE", "Whether two values are equal, compared to any depth. Functions never are.", ("[ 1 { a = 2; } ] == [ 1 { a = 2; } ]", "true")),
    ("!=", "VALUE != VALUE", "Whether two values differ.", ("1 != 2", "true")),
    ("<", "VALUE < VALUE", "Compares numbers, strings, paths, or lists of them.", ("\"a\" < \"b\"", "true")),
    (">", "VALUE > VALUE", "Compares numbers, strings, paths, or lists of them.", ("2 > 1", "true")),
    ("<=", "VALUE <= VALUE", "Compares numbers, strings, paths, or lists of them.", ("1 <= 1", "true")),
    (">=", "VALUE >= VALUE", "Compares numbers, strings, paths, or lists of them.", ("1 >= 2", "false")),
    ("&&", "CONDITION && CONDITION", "True if both are. The right one is evaluated only if the left one is true.", ("false && throw \"no\"", "false")),
    ("||", "CONDITION || CONDITION", "True if one is. The right one is evaluated only if the left one is false.", ("true || throw \"no\"", "true")),
    ("->", "CONDITION -> CONDITION", "Implication: `!a || b`. It doesn't make functions; those are `x: …`.", ("false -> throw \"no\"", "true")),
    ("!", "!CONDITION", "The opposite of a Boolean.", ("!true", "false")),
    ("=", "NAME = VALUE;", "Defines a name in a set or `let`. Comparing is `==`.", ("{ a = 1; }.a", "1")),
    (":", "NAME: BODY", "A function of one argument. Several arguments are functions that return functions: `a: b: …`.", ("(x: x + 1) 2", "3")),
    ("@", "NAME@{ … }: BODY", "Names the whole set that a function with a pattern is called with.", ("(all@{ a, ... }: all.b + a) { a = 1; b = 2; }", "3")),
    ("...", "{ NAME, ... }: BODY", "Lets a function with a pattern take attributes that the pattern doesn't name.", ("({ a, ... }: a) { a = 1; b = 2; }", "1")),
    ("${", "\"… ${EXPRESSION} …\"", "In a string or path, the text of a value. As the name of an attribute, a computed name.", ("let n = \"world\"; in \"hello ${n}\"", "\"hello world\"")),
    (";", "NAME = VALUE;", "Ends a definition in a set or `let`, and what follows `with` and `assert`.", ("with { a = 1; }; a", "1")),
    ("#", "# COMMENT", "A comment to the end of the line. `/* … */` can be longer.", ("1 # one", "1")),
    ("''", "'' TEXT ''", "A string of several lines. Their common indentation is removed; `''${` is a dollar and a brace.", ("''\n      a\n      b\n    ''", "\"a\\nb\\n\"")),
];

#[cfg(test)]
mod tests {
    use super::*;
    use nivis::{Engine, Settings};

    #[test]
    fn examples_are_true() {
        let mut engine = Engine::new(Settings::default());
        for (word, _, _, (program, result)) in TABLE {
            let value = engine.eval_str(program).and_then(|value| engine.render(&value));
            assert_eq!(value.ok().as_deref(), Some(*result), "{word}");
        }
        assert!(is_documented("let") && !is_documented("x"));
    }
}
