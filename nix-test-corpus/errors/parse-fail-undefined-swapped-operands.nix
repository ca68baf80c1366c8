# What `>` and `<=` become takes the right operand first.
missing1 > (missing2 <= missing3)
