# genList counts from 0.
[ (builtins.genList (i: i * i) 5) (builtins.genList (i: throw "none") 0) ]
