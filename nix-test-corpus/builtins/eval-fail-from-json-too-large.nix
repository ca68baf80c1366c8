# A number beyond 64 bits, without fraction.
builtins.fromJSON "18446744073709551615"
