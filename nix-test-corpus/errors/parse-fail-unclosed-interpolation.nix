# An interpolation that is not closed.
"text ${1 + 1"
