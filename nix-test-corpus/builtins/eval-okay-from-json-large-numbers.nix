# Integers of 64 bits are kept exactly; fractions and exponents make floats.
map (s: builtins.typeOf (builtins.fromJSON s)) [ "9223372036854775807" "-9223372036854775808" "1.0" "1e2" "123456789012345678.0" ]
