# Attributes are bound in the order of symbols, not of the text.
[ { p = 1; q = 2; } { q = missing1; p = missing2; } ]
