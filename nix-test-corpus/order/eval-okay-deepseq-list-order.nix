# deepSeq goes through lists from left to right.
builtins.deepSeq [ (builtins.trace "1" 1) [ (builtins.trace "2" 2) ] (builtins.trace "3" 3) ] "done"
