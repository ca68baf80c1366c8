# length counts elements without evaluating them.
[ (builtins.length [ ]) (builtins.length [ (throw "a") (throw "b") ]) (builtins.length (builtins.genList (x: x) 10000)) ]
