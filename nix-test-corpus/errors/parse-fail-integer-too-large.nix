# An integer literal must fit in 64 bits.
[ 1 99999999999999999999 ]
