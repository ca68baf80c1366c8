# seq and deepSeq return their second argument.
[ (builtins.seq 1 "a") (builtins.deepSeq [ 1 { } ] "b") (builtins.seq null null) ]
