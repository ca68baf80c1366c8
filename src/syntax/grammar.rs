//! The grammar of Nix, and the shape of the tree that each of its rules creates.
//!
//! A rule is `name ::= symbols`. `«KIND … »` wraps its contents in a tree node of that kind, so `«APPLY f x »` is the
//! tree of `f x`. Three kinds depend on their contents: `VARIABLE` (`__curPos` is a keyword in expressions only),
//! `PATH` (absolute, relative, home) and `IDENT` (which makes an `or` a name). `%NOT` gives a rule the precedence of
//! NOT.
//!
//! The nonterminals and the order of the rules must be those of Nix: they decide which tokens an error message lists.

use rnix::SyntaxKind::{self, *};

/// The grouping of operators of one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Associativity {
    /// `a - b - c` is `(a - b) - c`.
    Left,
    /// `a // b // c` is `a // (b // c)`.
    Right,
    /// `a == b == c` is an error.
    None,
}

/// The operators, loosest first.
pub(super) const PRECEDENCE: &[(Associativity, &str)] = &[
    (Associativity::Right, "->"),
    (Associativity::Left, "||"),
    (Associativity::Left, "&&"),
    (Associativity::None, "== !="),
    (Associativity::None, "< > <= >="),
    (Associativity::Right, "//"),
    (Associativity::Left, "NOT"),
    (Associativity::Left, "+ -"),
    (Associativity::Left, "* /"),
    (Associativity::Right, "++"),
    (Associativity::None, "?"),
    (Associativity::None, "NEGATE"),
];

/// The nonterminals that gather parts of a node, and its kind: if an error ends the text early, the parts become one
/// node.
pub(super) const GATHERED: [(&str, SyntaxKind); 4] =
    [("bindings", NODE_ATTR_SET), ("bindings1", NODE_ATTR_SET), ("names", NODE_INHERIT), ("elements", NODE_LIST)];

/// The rules, one to a line. The first names the start symbol.
pub(super) const RULES: &str = "
start ::= expr
start ::= «ATTR_SET bindings_only bindings1 »
expr ::= function
function ::= «LAMBDA «IDENT_PARAM «IDENT id » » : function »
function ::= «LAMBDA «PATTERN formal_set » : function »
function ::= «LAMBDA «PATTERN formal_set «PAT_BIND @ «IDENT id » » » : function »
function ::= «LAMBDA «PATTERN «PAT_BIND «IDENT id » @ » formal_set » : function »
function ::= «ASSERT assert expr ; function »
function ::= «WITH with expr ; function »
function ::= «LET_IN let bindings in function »
function ::= conditional
conditional ::= «IF_ELSE if expr then expr else expr »
conditional ::= pipe_from
conditional ::= pipe_into
conditional ::= operation
pipe_from ::= «BIN_OP operation <| pipe_from »
pipe_from ::= «BIN_OP operation <| operation »
pipe_into ::= «BIN_OP pipe_into |> operation »
pipe_into ::= «BIN_OP operation |> operation »
operation ::= «UNARY_OP ! operation » %NOT
operation ::= «UNARY_OP - operation » %NEGATE
operation ::= «BIN_OP operation == operation »
operation ::= «BIN_OP operation != operation »
operation ::= «BIN_OP operation < operation »
operation ::= «BIN_OP operation <= operation »
operation ::= «BIN_OP operation > operation »
operation ::= «BIN_OP operation >= operation »
operation ::= «BIN_OP operation && operation »
operation ::= «BIN_OP operation || operation »
operation ::= «BIN_OP operation -> operation »
operation ::= «BIN_OP operation // operation »
operation ::= «HAS_ATTR operation ? «ATTRPATH attrpath » »
operation ::= «BIN_OP operation + operation »
operation ::= «BIN_OP operation - operation »
operation ::= «BIN_OP operation * operation »
operation ::= «BIN_OP operation / operation »
operation ::= «BIN_OP operation ++ operation »
operation ::= application
application ::= «APPLY application selection »
application ::= selection
selection ::= «SELECT simple . «ATTRPATH attrpath » »
selection ::= «SELECT simple . «ATTRPATH attrpath » or selection »
selection ::= «APPLY simple «IDENT or » »
selection ::= simple
simple ::= «VARIABLE id »
simple ::= «LITERAL int »
simple ::= «LITERAL float »
simple ::= «STRING \" string_parts \" »
simple ::= «STRING ''( indented_parts )'' »
simple ::= «PATH path_start path_end »
simple ::= «PATH path_start interpolated path_end »
simple ::= «PATH_SEARCH search_path »
simple ::= «LITERAL uri »
simple ::= «PAREN ( expr ) »
simple ::= «LEGACY_LET let { bindings } »
simple ::= «ATTR_SET rec { bindings } »
simple ::= «ATTR_SET { bindings1 } »
simple ::= «ATTR_SET { } »
simple ::= «LIST [ elements ] »
string_parts ::= text
string_parts ::= interpolated
string_parts ::=
interpolated ::= interpolated text
interpolated ::= interpolated «INTERPOL ${ expr } »
interpolated ::= «INTERPOL ${ expr } »
interpolated ::= text «INTERPOL ${ expr } »
path_start ::= path
path_start ::= home_path
indented_parts ::= indented_parts indented_text
indented_parts ::= indented_parts «INTERPOL ${ expr } »
indented_parts ::=
bindings ::= bindings1
bindings ::=
bindings1 ::= bindings1 «ATTRPATH_VALUE «ATTRPATH attrpath » = expr ; »
bindings1 ::= bindings «INHERIT inherit names ; »
bindings1 ::= bindings «INHERIT inherit «INHERIT_FROM ( expr ) » names ; »
bindings1 ::= «ATTRPATH_VALUE «ATTRPATH attrpath » = expr ; »
names ::= names name
names ::= names quoted_name
names ::=
attrpath ::= attrpath . name
attrpath ::= attrpath . quoted_name
attrpath ::= name
attrpath ::= quoted_name
name ::= «IDENT id »
name ::= «IDENT or »
quoted_name ::= «STRING \" string_parts \" »
quoted_name ::= «DYNAMIC ${ expr } »
elements ::= elements selection
elements ::=
formal_set ::= { formals , ... }
formal_set ::= { ... }
formal_set ::= { formals , }
formal_set ::= { formals }
formal_set ::= { }
formals ::= formals , formal
formals ::= formal
formal ::= «PAT_ENTRY «IDENT id » »
formal ::= «PAT_ENTRY «IDENT id » ? expr »
";
