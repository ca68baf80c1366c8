# A float needs a dot; digits may be missing on one side of it.
[ 1.5 .5 1. 2.5e3 2.5E-3 1.0e+2 6.02e23 ]
