//! The tokens of Nix, with their spelling in the grammar and their names in error messages.
//!
//! Example: the grammar writes `id`, a message says `identifier`. Messages list expected tokens in this order:
//! `expecting identifier or 'or' or '${' or '"'`.

macro_rules! terminals {
    ($($name:ident $spelling:literal $shown:literal,)*) => {
        /// A kind of token, as the grammar sees it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        #[allow(dead_code, reason = "two terminals are only precedences")]
        pub(super) enum Terminal { $($name,)* }

        /// For each terminal its spelling in the grammar and its name in messages.
        pub(super) static TERMINALS: &[(&str, &str)] = &[$(($spelling, $shown),)*];
    };
}

terminals! {
    End "end" "end of file",
    Invalid "invalid" "invalid token",
    Name "id" "identifier",
    Text "text" "string",
    IndentedText "indented_text" "indented string",
    Integer "int" "integer",
    Float "float" "floating-point literal",
    Path "path" "path",
    HomePath "home_path" "'~/…' path",
    SearchPath "search_path" "'<…>' path",
    PathEnd "path_end" "end of path",
    Uri "uri" "URI",
    If "if" "'if'",
    Then "then" "'then'",
    Else "else" "'else'",
    Assert "assert" "'assert'",
    With "with" "'with'",
    Let "let" "'let'",
    In "in" "'in'",
    Rec "rec" "'rec'",
    Inherit "inherit" "'inherit'",
    Equal "==" "'=='",
    NotEqual "!=" "'!='",
    LessEqual "<=" "'<='",
    GreaterEqual ">=" "'>='",
    Update "//" "'//'",
    Concat "++" "'++'",
    And "&&" "'&&'",
    OrOr "||" "'||'",
    Implies "->" "'->'",
    Or "or" "'or'",
    PipeFrom "<|" "'<|'",
    PipeInto "|>" "'|>'",
    Interpolation "${" "'${'",
    IndentedOpen "''(" "start of an indented string",
    IndentedClose ")''" "end of an indented string",
    Ellipsis "..." "'...'",
    Bindings "bindings_only" "start of REPL bindings",
    Less "<" "'<'",
    Greater ">" "'>'",
    NotPrecedence "NOT" "NOT",
    Plus "+" "'+'",
    Minus "-" "'-'",
    Times "*" "'*'",
    Slash "/" "'/'",
    Question "?" "'?'",
    NegatePrecedence "NEGATE" "NEGATE",
    Colon ":" "':'",
    At "@" "'@'",
    Semicolon ";" "';'",
    Not "!" "'!'",
    Dot "." "'.'",
    Quote "\"" "'\"'",
    ParenOpen "(" "'('",
    ParenClose ")" "')'",
    BraceOpen "{" "'{'",
    BraceClose "}" "'}'",
    BracketOpen "[" "'['",
    BracketClose "]" "']'",
    Assign "=" "'='",
    Comma "," "','",
    // Never seen by the grammar:
    Trivia "trivia" "blanks and comments",
    Refused "refused" "what the lexer itself refuses",
}

/// The name of the end of a text in messages.
pub(super) const END: &str = TERMINALS[Terminal::End as usize].1;

/// The number of terminals in the grammar. A set of them is a `u64`.
pub(super) const COUNT: usize = Terminal::Trivia as usize;
