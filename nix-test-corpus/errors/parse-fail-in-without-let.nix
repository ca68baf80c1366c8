# in needs let.
1 in 2
