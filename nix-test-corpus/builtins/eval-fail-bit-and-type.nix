# Bit operations want integers.
builtins.bitOr 1 null
