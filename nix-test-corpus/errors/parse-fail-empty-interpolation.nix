# An interpolation needs an expression.
"a ${} b"
