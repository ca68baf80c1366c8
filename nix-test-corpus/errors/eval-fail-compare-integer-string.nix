# < wants two values of one kind.
1 < "2"
