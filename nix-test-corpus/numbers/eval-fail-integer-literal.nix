# A literal that does not fit in 64 bits.
9223372036854775808
