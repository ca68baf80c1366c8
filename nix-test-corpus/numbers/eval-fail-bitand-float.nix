# Bit operations want integers.
builtins.bitAnd 1 2.0
