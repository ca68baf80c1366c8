# Functions on paths give paths or strings, never copies.
[ (builtins.isPath (dirOf ./x)) (builtins.isString (baseNameOf ./x)) (builtins.typeOf (./a + "/b")) (builtins.stringLength (toString /abc)) ]
